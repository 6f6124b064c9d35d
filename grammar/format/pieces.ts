// A statement's tokens by their brackets, with the space that stands before each, and the comments behind it.
import type { IToken } from "chevrotain";
import {
  AssignOp,
  CompareOp,
  kw,
  Name,
  NumberLiteral,
  RecordClose,
  RecordOpen,
  Reducer,
  StringLiteral,
  SumOp,
  sym,
  TermOp,
  Word,
} from "../tokens.js";
import type { Doc } from "./doc.js";

export interface Comment {
  readonly text: string;
  readonly own: boolean;
}

export interface Leaf {
  readonly kind: "leaf";
  readonly text: string;
  /** What it is, for the layout: `-` with one operand is a `prefix`. */
  readonly role: "word" | "keyword" | "operator" | "prefix" | "comma" | "other";
  readonly space: boolean;
  readonly comments: readonly Comment[];
}
export interface Bracket {
  readonly kind: "bracket";
  readonly open: Leaf;
  readonly inner: readonly Piece[];
  readonly close: Leaf;
  /** Whether commas part its inside, so that one more may stand at the end. */
  readonly list: boolean;
  readonly space: boolean;
}
export type Piece = Leaf | Bracket;

const is = (token: IToken, category: unknown): boolean =>
  token.tokenType === category || (token.tokenType.CATEGORIES ?? []).some((each) => each === category);
const opens = new Set([sym["("], sym["["], RecordOpen]);
const closes = new Set([sym[")"], sym["]"], RecordClose]);
const isOperator = (token: IToken) =>
  [AssignOp, CompareOp, SumOp, TermOp].some((category) => is(token, category)) ||
  [sym["^"], sym["->"], sym["=>"], kw.and, kw.or].includes(token.tokenType);

/** Whether a value ends with this token, so that `[`, `(`, `'` and `-` go on with it. */
function endsValue(token: IToken | undefined, before: IToken | undefined): boolean {
  if (!token) return false;
  if (before?.tokenType === sym["."]) return true;
  const { tokenType } = token;
  if (closes.has(tokenType) || tokenType === sym["'"] || tokenType === kw.true || tokenType === kw.false) return true;
  return [Name, Reducer, NumberLiteral, StringLiteral].includes(tokenType);
}

/** The tokens before the two tell a field from a keyword, and a sign from a difference. */
function spaceBetween(before2: IToken | undefined, before: IToken | undefined, left: IToken, right: IToken): boolean {
  const [a, b] = [left.tokenType, right.tokenType];
  if (a === RecordOpen || b === RecordClose) return true;
  if (opens.has(a) || closes.has(b)) return false;
  // `1...n` would be `1`, `..` and `.n`.
  if (b === sym[".."] && left.image.endsWith(".")) return true;
  if ([sym[","], sym["."], sym[".."], sym[":"], sym["'"]].includes(b)) return b === sym[":"] && a === sym[","];
  if (a === sym["."] || a === sym[".."]) return false;
  if (a === sym["-"] && !endsValue(before, before2)) return false;
  if (b === sym["["] || b === sym["("]) return !(endsValue(left, before) || a === kw.fn);
  return true;
}

function roleOf(tokens: readonly IToken[], index: number): Leaf["role"] {
  const token = tokens[index]!;
  const [before, before2] = [tokens[index - 1], tokens[index - 2]];
  if (before?.tokenType === sym["."]) return "word";
  if (token.tokenType === sym[","]) return "comma";
  if (token.tokenType === sym["-"] && !endsValue(before, before2)) return "prefix";
  // A field's name in a record may be any word.
  const field =
    tokens[index + 1] === undefined || [sym[":"], sym[","], RecordClose].includes(tokens[index + 1]!.tokenType);
  const first = before?.tokenType === RecordOpen || before?.tokenType === sym[","];
  if (is(token, Word) && first && field) return "word";
  if (isOperator(token)) return "operator";
  if (token.tokenType !== Name && token.tokenType !== Reducer && is(token, Word)) return "keyword";
  return is(token, Word) ? "word" : "other";
}

export type CommentsOf = (token: IToken) => readonly Comment[];

export function piecesOf(tokens: readonly IToken[], commentsOf: CommentsOf): Piece[] {
  const leaves = tokens.map((token, index): Leaf => {
    const before = tokens[index - 1];
    const space = before !== undefined && spaceBetween(tokens[index - 3], tokens[index - 2], before, token);
    return { kind: "leaf", text: token.image, role: roleOf(tokens, index), space, comments: commentsOf(token) };
  });
  let next = 0;
  const until = (): Piece[] => {
    const pieces: Piece[] = [];
    while (next < tokens.length && !closes.has(tokens[next]!.tokenType)) {
      const at = next;
      const open = leaves[at]!;
      next += 1;
      if (!opens.has(tokens[at]!.tokenType)) {
        pieces.push(open);
        continue;
      }
      const inner = until();
      const close = leaves[next]!;
      next += 1;
      // A `(` behind a name or `fn` holds arguments; another holds one expression. Behind `where` no comma may stand.
      const before = tokens[at - 1];
      const call =
        before !== undefined && (is(before, Name) || before.tokenType === Name || before.tokenType === kw.fn);
      const where = inner.some((piece) => piece.kind === "leaf" && piece.text === "where" && piece.role === "keyword");
      const list = !where && inner.length > 0 && (open.text !== "(" || call);
      pieces.push({ kind: "bracket", open, inner, close, list, space: open.space });
    }
    return pieces;
  };
  return until();
}

export const leafDoc = (leaf: Leaf): Doc =>
  leaf.comments.length === 0
    ? leaf.text
    : [leaf.text, ...leaf.comments.map(({ text, own }): Doc => ({ kind: "comment", text, own }))];
