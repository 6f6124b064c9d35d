// `bifold check`: the diagnostics of each file, and how many there are.
import { limitsOf } from "../ir/schedule-gpu/limits.js";
import { render } from "./failure.js";
import { openProgram, Reported } from "./source.js";

export function check(files: readonly string[]): number {
  let wrong = 0;
  for (const file of files) {
    try {
      const program = openProgram(file);
      const limits = limitsOf(program);
      if (limits.length === 0) continue;
      process.stderr.write(`${render(limits, program)}\n`);
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
    }
    wrong++;
  }
  process.stderr.write(
    wrong === 0
      ? `${files.length} ${files.length === 1 ? "file is" : "files are"} right\n`
      : `${wrong} of ${files.length} files have errors\n`,
  );
  return wrong === 0 ? 0 : 1;
}
