// The long form of an error code: what it means, a program that has it, and one that does not.

export interface CodeEntry {
  readonly title: string;
  readonly text: string;
}

const indented = (program: string): string =>
  program
    .trim()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n");

/** `wrong` and `right` are whole programs, which the tests run through the compiler. */
export const entry = (title: string, prose: string, wrong: string, right: string): CodeEntry => ({
  title,
  text: `${prose.trim()}\n\nWrong:\n\n${indented(wrong)}\n\nRight:\n\n${indented(right)}\n`,
});
