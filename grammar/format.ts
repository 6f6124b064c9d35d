// `bifold fmt`: the one layout of a Fold text. Every comment stays, single blank lines too; the tree stays the same.
import type { IToken } from "chevrotain";
import type { Diagnostic, SourceFile } from "../src/compiler/diagnostic.js";
import { type Doc, hardline, indent, print } from "./format/doc.js";
import { statementDoc } from "./format/expression.js";
import { type Comment, piecesOf } from "./format/pieces.js";
import { layOut } from "./layout.js";
import { parseModule } from "./parse.js";
import { BlockClose, BlockOpen, NewLine, scan } from "./tokens.js";

const width = 100;

export interface Formatted {
  /** The text as it was where there are diagnostics. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function formatSource(source: SourceFile): Formatted {
  const { diagnostics } = parseModule(source);
  if (diagnostics.length > 0) return { text: source.text, diagnostics };
  const scanned = scan(source.text);
  const { tokens } = layOut(source, scanned.tokens);
  const text = new Formatter(tokens, scanned.groups["comments"] ?? []).format();
  const again = parseModule({ name: source.name, text });
  if (again.diagnostics.length > 0) throw new Error(`internal: the formatted text of ${source.name} can't be read`);
  return { text, diagnostics: [] };
}

interface Block {
  readonly open: IToken;
  readonly statements: readonly Line[];
  readonly close: IToken;
}
/** A statement or declaration: runs of tokens, and the blocks between them. */
interface Line {
  readonly parts: readonly (readonly IToken[] | Block)[];
  readonly first: IToken;
  readonly last: IToken;
}

class Formatter {
  private next = 0;
  /** Behind a token, on its line or inside its statement. */
  private readonly behind = new Map<IToken, (Comment & { readonly line: number })[]>();
  /** On lines of their own above a statement, a closing brace or (`undefined`) the end of the file. */
  private readonly above = new Map<IToken | undefined, { readonly text: string; readonly line: number }[]>();

  constructor(
    private readonly tokens: readonly IToken[],
    private readonly comments: readonly IToken[],
  ) {}

  format(): string {
    const lines = this.readLines();
    this.placeComments(lines);
    const text = print(this.linesDoc(lines, undefined, 0, 0), width);
    return text === "" ? "" : `${text}\n`;
  }

  private readLines(): Line[] {
    const lines: Line[] = [];
    while (this.next < this.tokens.length && this.tokens[this.next]!.tokenType !== BlockClose) {
      if (this.tokens[this.next]!.tokenType === NewLine) this.next += 1;
      else lines.push(this.readLine());
    }
    return lines;
  }

  private readLine(): Line {
    const parts: (IToken[] | Block)[] = [];
    const first = this.tokens[this.next]!;
    let last = first;
    for (; this.next < this.tokens.length; this.next++) {
      const token = this.tokens[this.next]!;
      if (token.tokenType === NewLine || token.tokenType === BlockClose) break;
      last = token;
      const part = parts.at(-1);
      if (token.tokenType === BlockOpen) {
        this.next += 1;
        const statements = this.readLines();
        last = this.tokens[this.next]!;
        parts.push({ open: token, statements, close: last });
      } else if (part && !("open" in part)) part.push(token);
      else parts.push([token]);
    }
    return { parts, first, last };
  }

  private placeComments(lines: readonly Line[]): void {
    const starts = new Set<IToken>();
    const collect = (each: readonly Line[]) => {
      for (const line of each) {
        starts.add(line.first);
        for (const part of line.parts) if ("open" in part) collect(part.statements);
      }
    };
    collect(lines);
    const solid = this.tokens.filter((token) => token.tokenType !== NewLine);
    let at = 0;
    for (const comment of this.comments) {
      while (at < solid.length && solid[at]!.startOffset < comment.startOffset) at += 1;
      const [previous, next] = [solid[at - 1], solid[at]];
      const text = comment.image.trimEnd();
      const line = comment.startLine!;
      const own = previous?.endLine !== line;
      const between = next === undefined || next.tokenType === BlockClose || starts.has(next);
      if (previous && !(own && between)) append(this.behind, previous, { text, own, line });
      else append(this.above, next, { text, line });
    }
  }

  /** Lines, with what stands above `end`. `before` is the source line on which the block's `{` and its comments end. */
  private linesDoc(lines: readonly Line[], end: IToken | undefined, before: number, from: number): Doc[] {
    const docs: Doc[] = [];
    let last = before;
    const add = (doc: Doc, first: number, until: number) => {
      if (docs.length > 0) docs.push(hardline, ...(first > last + 1 ? [hardline] : []));
      docs.push(doc);
      last = until;
    };
    for (const line of lines) {
      for (const comment of this.above.get(line.first) ?? []) add(comment.text, comment.line, comment.line);
      const behind = this.behind.get(line.last) ?? [];
      const doc = [this.lineDoc(line, from), ...behind.map(commentDoc)];
      add(doc, line.first.startLine!, behind.at(-1)?.line ?? line.last.endLine!);
    }
    for (const comment of this.above.get(end) ?? []) add(comment.text, comment.line, comment.line);
    return docs;
  }

  private lineDoc(line: Line, depth: number): Doc {
    const short = this.oneLine(line);
    if (short !== undefined && depth * 2 + short.length <= width) return short;
    return line.parts.map((part, index): Doc => {
      if ("open" in part) return [" ", this.blockDoc(part, line, depth)];
      const pieces = piecesOf(part, (token) => (token === line.last ? [] : (this.behind.get(token) ?? [])));
      return [index > 0 ? " " : "", statementDoc(pieces)];
    });
  }

  private blockDoc({ open, statements, close }: Block, { last }: Line, depth: number): Doc {
    const behind = this.behind.get(open) ?? [];
    const after = close === last ? [] : (this.behind.get(close) ?? []);
    const start = behind.at(-1)?.line ?? open.startLine!;
    const inner = this.linesDoc(statements, close, start, depth + 1);
    const content = inner.length > 0 ? [indent([hardline, ...inner]), hardline] : behind.length > 0 ? [hardline] : [];
    return ["{", ...behind.map(commentDoc), ...content, "}", ...after.map(commentDoc)];
  }

  /** A statement with blocks that the author wrote on one line, where that can stay so. */
  private oneLine(line: Line): string | undefined {
    const { parts, first, last } = line;
    if (!parts.some((part) => "open" in part) || first.startLine !== last.endLine) return undefined;
    const texts = parts.map((part) => {
      if ("open" in part) {
        if (part.statements.length > 1 || this.above.has(part.close)) return undefined;
        const [inner] = part.statements;
        const text = inner && (this.oneLine(inner) ?? this.flat(inner));
        return inner === undefined ? "{}" : text === undefined ? undefined : `{ ${text} }`;
      }
      return this.flatRun(part);
    });
    return texts.includes(undefined) ? undefined : texts.join(" ");
  }

  private flat({ parts }: Line): string | undefined {
    const [run, ...more] = parts;
    return run && more.length === 0 && !("open" in run) ? this.flatRun(run) : undefined;
  }

  private flatRun(run: readonly IToken[]): string {
    return print(statementDoc(piecesOf(run, () => [])), Number.POSITIVE_INFINITY);
  }
}

const commentDoc = ({ text, own }: Comment): Doc => ({ kind: "comment", text, own });

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
