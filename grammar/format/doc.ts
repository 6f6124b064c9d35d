// A document that can be laid out in several ways, and its printing in lines of a given width (after Wadler and Prettier).

export type Doc =
  | string
  | readonly Doc[]
  /** A break between lines, when its group doesn't fit on one; else `flat`. */
  | { readonly kind: "line"; readonly flat: string }
  | { readonly kind: "hardline" }
  | { readonly kind: "indent"; readonly content: Doc }
  /** All its own lines are broken, or none. */
  | { readonly kind: "group"; readonly content: Doc }
  /** Contents with a line between any two, each line broken only when what follows it doesn't fit. */
  | { readonly kind: "fill"; readonly parts: readonly Doc[] }
  /** Stands there only in a group that is broken. */
  | { readonly kind: "broken"; readonly text: string }
  /** Ends its line. `own`: it stands on a line of its own. */
  | { readonly kind: "comment"; readonly text: string; readonly own: boolean };

export const line: Doc = { kind: "line", flat: " " };
export const softline: Doc = { kind: "line", flat: "" };
export const hardline: Doc = { kind: "hardline" };
export const indent = (content: Doc): Doc => ({ kind: "indent", content });
export const group = (content: Doc): Doc => ({ kind: "group", content });
export const fill = (parts: readonly Doc[]): Doc => ({ kind: "fill", parts });

interface Command {
  readonly indent: number;
  readonly broken: boolean;
  readonly doc: Doc;
}

const step = 2;

export function print(doc: Doc, width: number): string {
  const out = new Output();
  const stack: Command[] = [{ indent: 0, broken: true, doc }];
  for (let command = stack.pop(); command; command = stack.pop()) {
    const { indent, broken, doc } = command;
    const push = (docs: readonly Doc[], now = broken, at = indent) => {
      for (let i = docs.length - 1; i >= 0; i--) stack.push({ indent: at, broken: now, doc: docs[i]! });
    };
    if (typeof doc === "string") out.text(doc, indent);
    else if (isConcat(doc)) push(doc);
    else
      switch (doc.kind) {
        case "line":
          if (broken) out.newline(indent);
          else out.text(doc.flat, indent);
          break;
        case "hardline":
          out.newline(indent);
          break;
        case "indent":
          push([doc.content], broken, indent + step);
          break;
        case "group":
          push([doc.content], !fits([{ ...command, broken: false, doc: doc.content }], stack, width - out.column));
          break;
        case "fill": {
          const [first, second, ...rest] = doc.parts;
          if (first === undefined) break;
          const content: Command = { indent, broken: false, doc: first };
          const open = { ...content, broken: !fits([content], [], width - out.column) };
          if (second === undefined) {
            stack.push(open);
            break;
          }
          const pair = fits([{ ...content, doc: [first, line, second] }], [], width - out.column);
          push([fill([second, ...rest])]);
          stack.push({ indent, broken: !pair, doc: line }, open);
          break;
        }
        case "broken":
          if (broken) out.text(doc.text, indent);
          break;
        case "comment":
          out.comment(doc.text, doc.own, indent);
          break;
      }
  }
  return out.finish();
}

const isConcat = (doc: Doc): doc is readonly Doc[] => Array.isArray(doc);

/** Whether the commands, and what follows them up to the next break, fit in the width. */
function fits(commands: Command[], rest: readonly Command[], width: number): boolean {
  let left = width;
  let next = rest.length;
  const own = commands.length;
  const stack = [...commands];
  let beyond = false;
  while (left >= 0) {
    let command = stack.pop();
    if (!command) {
      if (next === 0) return true;
      next -= 1;
      command = rest[next]!;
      beyond = true;
    }
    const { broken, doc } = command;
    if (typeof doc === "string") left -= doc.length;
    else if (isConcat(doc)) for (let i = doc.length - 1; i >= 0; i--) stack.push({ ...command, doc: doc[i]! });
    else
      switch (doc.kind) {
        case "line":
          if (broken) return true;
          left -= doc.flat.length;
          break;
        case "hardline":
          return beyond || own === 0;
        case "indent":
          stack.push({ ...command, doc: doc.content });
          break;
        case "group":
          stack.push({ ...command, broken: beyond && broken, doc: doc.content });
          break;
        case "fill":
          for (let i = doc.parts.length - 1; i >= 0; i--) {
            stack.push({ ...command, doc: doc.parts[i]! });
            if (i > 0) stack.push({ ...command, doc: line });
          }
          break;
        case "broken":
          if (broken) left -= doc.text.length;
          break;
        case "comment":
          // A comment behind all of it takes no room; one inside breaks what it is in.
          return beyond;
      }
  }
  return false;
}

/** The lines as they grow. Comments wait until their line ends, so that a comma goes before them and nothing behind. */
class Output {
  private readonly lines: string[] = [];
  private current = "";
  private waiting: { readonly text: string; readonly own: boolean; readonly indent: number }[] = [];

  get column(): number {
    return this.current.length;
  }

  text(text: string, indent: number): void {
    if (text === "") return;
    if (this.waiting.length > 0 && text !== ",") {
      if (text.trim() === "") return;
      this.newline(indent);
    }
    this.current += this.current.trim() === "" ? text.trimStart() : text;
  }

  comment(text: string, own: boolean, indent: number): void {
    this.waiting.push({ text, own, indent });
  }

  newline(indent: number): void {
    this.flush();
    this.lines.push(this.current.trimEnd());
    this.current = " ".repeat(indent);
  }

  private flush(): void {
    for (const { text, own, indent } of this.waiting) {
      if (!own) this.current += `${this.current.trim() === "" ? "" : "  "}${text}`;
      else {
        if (this.current.trim() !== "") this.lines.push(this.current.trimEnd());
        this.current = " ".repeat(indent) + text;
      }
    }
    this.waiting = [];
  }

  finish(): string {
    this.flush();
    this.lines.push(this.current.trimEnd());
    return this.lines.join("\n");
  }
}
