// `bifold explain S02`: the long form of an error code.
import { explain as explanation } from "../compiler/codes/index.js";

export function explain(code: string): number {
  const found = explanation(code.toUpperCase());
  if (!found) {
    process.stderr.write(
      `there is no code ${code}. Codes are a letter (P, N, S, T, L, U, R) and two digits, such as S02\n`,
    );
    return 1;
  }
  process.stdout.write(`${code.toUpperCase()}: ${found.title}\n\n${found.text}\n`);
  return 0;
}
