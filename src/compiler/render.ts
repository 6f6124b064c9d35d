// Diagnostics as text (language, section 8): the one place where an error becomes what a person reads.
import type { Diagnostic, Label, SourceFile, Span } from "./diagnostic.js";
import { type Cell, cellsOf, widthOf } from "./screen.js";

export interface RenderOptions {
  /** With the colours of a terminal. */
  readonly color?: boolean;
}

/** Longer lines are shown in part. */
const widest = 160;

type Paint = (text: string) => string;
interface Palette {
  readonly error: Paint;
  readonly warning: Paint;
  readonly strong: Paint;
  readonly frame: Paint;
}
const ansi =
  (codes: string): Paint =>
  (text) =>
    text === "" ? "" : `\u001b[${codes}m${text}\u001b[0m`;
const coloured: Palette = { error: ansi("1;31"), warning: ansi("1;33"), strong: ansi("1"), frame: ansi("1;34") };
const plain: Palette = { error: (t) => t, warning: (t) => t, strong: (t) => t, frame: (t) => t };

/** A piece of one source line to be underlined. */
interface Mark {
  readonly line: number;
  /** UTF-16 offsets in the line. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly primary: boolean;
}

/** A source text by its lines. */
class Lines {
  private readonly starts: number[] = [0];
  private readonly shown = new Map<number, readonly Cell[]>();

  constructor(private readonly text: string) {
    for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) this.starts.push(index + end.length);
  }

  /** The line, from 0, that holds an offset; the end of the file is in the last. */
  lineOf(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  start(line: number): number {
    return this.starts[line]!;
  }

  content(line: number): string {
    return this.text.slice(this.starts[line], this.starts[line + 1]).replace(/[\r\n]+$/, "");
  }

  /** What is shown of a line. Kept: many errors may stand in one long line. */
  cells(line: number): readonly Cell[] {
    const known = this.shown.get(line);
    if (known) return known;
    const cells = cellsOf(this.content(line));
    this.shown.set(line, cells);
    return cells;
  }

  /** Line and column from 1; a column counts characters. */
  position(offset: number): string {
    const line = this.lineOf(offset);
    const before = this.content(line).slice(0, offset - this.start(line));
    return `${line + 1}:${[...before].length + 1}`;
  }
}

/** Several diagnostics, by their places in the sources, a blank line between two. Ends without a line break. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions = {},
): string {
  const palette = options.color ? coloured : plain;
  const cut = new Map([...sources].map(([name, { text }]) => [name, new Lines(text)]));
  const order = new Map([...sources.keys()].map((name, index) => [name, index]));
  const rank = ({ at }: Diagnostic) => order.get(at.file) ?? order.size;
  return [...diagnostics]
    .sort((a, b) => rank(a) - rank(b) || a.at.start - b.at.start || a.at.end - b.at.end)
    .map((diagnostic) => renderOne(diagnostic, cut, palette).join("\n"))
    .join("\n\n");
}

function renderOne(diagnostic: Diagnostic, sources: ReadonlyMap<string, Lines>, palette: Palette): string[] {
  const { severity, code, message, at, label, others = [], notes = [], help } = diagnostic;
  const primary: Label = { at, text: label ?? "" };
  const files = [...new Set([at.file, ...others.map((other) => other.at.file)])];
  const sections = files.map((file) => {
    const lines = sources.get(file);
    const labels = [primary, ...others].filter((each) => each.at.file === file);
    const marks = lines ? labels.flatMap((each) => marksOf(each.at, each.text, each === primary, lines)) : [];
    return { file, lines, labels, marks };
  });
  const last = Math.max(0, ...sections.flatMap(({ marks }) => marks.map(({ line }) => line + 1)));
  const width = Math.max(1, String(last).length);
  const margin = " ".repeat(width);
  const bar = palette.frame(`${margin} |`);

  const out = [`${palette[severity](`${severity} ${code}`)}${palette.strong(`: ${indented(message, "  ")}`)}`];
  for (const [index, { file, lines, labels, marks }] of sections.entries()) {
    const where = lines ? `${file}:${lines.position(labels[0]!.at.start)}` : file;
    out.push(`${palette.frame(`${margin}${index === 0 ? "-->" : ":::"}`)} ${where}`);
    if (lines) out.push(bar, ...snippet(lines, marks, width, palette[severity], palette));
    else out.push(...labels.filter(({ text }) => text !== "").map(({ text }) => `${margin} = ${text}`));
  }
  for (const note of notes) out.push(`${palette.frame(`${margin} =`)} ${indented(note, `${margin}   `)}`);
  if (help !== undefined) out.push(`${margin} ${palette.strong("help:")} ${indented(help, `${margin}       `)}`);
  return out;
}

/** Of a span over several lines the first line and the last are marked, and its text stands at the last. */
function marksOf(at: Span, text: string, primary: boolean, lines: Lines): Mark[] {
  const first = lines.lineOf(at.start);
  const last = Math.max(first, lines.lineOf(Math.max(at.start, at.end - 1)));
  const start = at.start - lines.start(first);
  if (first === last) return [{ line: first, start, end: at.end - lines.start(first), text, primary }];
  const content = lines.content(last);
  const indent = content.length - content.trimStart().length;
  return [
    { line: first, start, end: lines.content(first).length, text: "", primary },
    { line: last, start: indent, end: at.end - lines.start(last), text, primary },
  ];
}

function snippet(lines: Lines, marks: readonly Mark[], width: number, paint: Paint, palette: Palette): string[] {
  const out: string[] = [];
  const bar = palette.frame(`${" ".repeat(width)} |`);
  let shown: number | undefined;
  for (const line of [...new Set(marks.map((mark) => mark.line))].sort((a, b) => a - b)) {
    if (shown !== undefined && line === shown + 2) out.push(...sourceLine(lines, line - 1, [], width, palette).text);
    else if (shown !== undefined && line > shown + 1) out.push(palette.frame("..."));
    shown = line;
    const here = marks.filter((mark) => mark.line === line);
    const { text, cells } = sourceLine(lines, line, here, width, palette);
    out.push(...text);
    for (const mark of here) {
      const from = columnOf(cells, mark.start);
      const to = Math.max(columnOf(cells, mark.end), from + 1);
      const drawn = (mark.primary ? "^" : "-").repeat(to - from) + (mark.text ? ` ${oneLine(mark.text)}` : "");
      out.push(`${bar} ${" ".repeat(from)}${(mark.primary ? paint : palette.frame)(drawn)}`);
    }
  }
  return out;
}

/** A line of the source as it is shown, with the cells that its marks are placed by. */
function sourceLine(lines: Lines, line: number, marks: readonly Mark[], width: number, palette: Palette) {
  const cells = window(lines.cells(line), marks);
  const number = palette.frame(`${String(line + 1).padStart(width)} |`);
  const content = cells.map(({ shown }) => shown).join("");
  return { text: [`${number} ${content}`.trimEnd()], cells };
}

/** The part of a long line that shows its first mark. */
function window(cells: readonly Cell[], marks: readonly Mark[]): readonly Cell[] {
  if (widthOf(cells) <= widest) return cells;
  const offset = marks[0]?.start ?? 0;
  const at = cells.findIndex((cell) => cell.offset + cell.length > offset);
  const from = Math.max(0, (at < 0 ? cells.length : at) - widest / 2);
  const part = cells.slice(from, from + widest);
  const dots = (cell: Cell): Cell => ({ offset: cell.offset, length: 0, shown: "…", width: 1 });
  const end = from + widest < cells.length ? [dots(cells[from + widest]!)] : [];
  return [...(from > 0 ? [dots(cells[from]!)] : []), ...part, ...end];
}

/** The column at which an offset of the line is shown; behind the line's end there is nothing. */
function columnOf(cells: readonly Cell[], offset: number): number {
  let column = 0;
  for (const cell of cells) {
    if (cell.length > 0 && cell.offset + cell.length > offset) return column;
    column += cell.width;
  }
  return column;
}

const oneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, " ");
const indented = (text: string, indent: string) => text.replace(/\r\n|\n|\r/g, `\n${indent}`);
