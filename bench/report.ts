// Tables for people: Markdown, and the part of a page that a program keeps up to date.
import fs from "node:fs";

/** A table in Markdown; the first column is text, the others are numbers and stand to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((h, k) => Math.max(3, h.length, ...rows.map((r) => (r[k] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((w, k) => (k === 0 ? (cells[k] ?? "").padEnd(w) : (cells[k] ?? "").padStart(w))).join(" | ")} |`;
  const rule = `| ${widths.map((w, k) => (k === 0 ? "-".repeat(w) : `${"-".repeat(w - 1)}:`)).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

/** Seconds as milliseconds, three digits. */
export const milliseconds = (seconds: number): string => Number((seconds * 1000).toPrecision(3)).toString();

/** `file` with what stands between the marks of `name` made new; the marks are put at the end where they are not there. */
export function writeSection(file: string, name: string, text: string): void {
  const [start, end] = [`<!-- ${name}: written by a program -->`, `<!-- end of ${name} -->`];
  const page = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const section = `${start}\n\n${text}\n\n${end}`;
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  const made =
    from >= 0 && to > from
      ? page.slice(0, from) + section + page.slice(to + end.length)
      : `${page.trimEnd()}\n\n${section}\n`;
  fs.writeFileSync(file, made.trimStart());
}
