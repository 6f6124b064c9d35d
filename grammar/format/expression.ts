// How an expression, or the head of a statement, is broken into lines: at its loosest operators first, then inside brackets.
import { type Doc, fill, group, indent, line, softline } from "./doc.js";
import { type Bracket, type Leaf, leafDoc, type Piece } from "./pieces.js";

const keyword = (piece: Piece | undefined, text: string): boolean =>
  piece?.kind === "leaf" && piece.role === "keyword" && piece.text === text;
const symbol = (piece: Piece, texts: readonly string[]): piece is Leaf =>
  piece.kind === "leaf" && piece.role !== "word" && piece.role !== "prefix" && texts.includes(piece.text);

/** Loosest first. The glue is never broken. */
const levels: readonly { readonly ops: readonly string[]; readonly breaks: "none" | "all" | "fill" }[] = [
  { ops: ["=>", "->", "where", ":"], breaks: "none" },
  { ops: ["in"], breaks: "none" },
  { ops: [".."], breaks: "none" },
  { ops: ["as"], breaks: "none" },
  { ops: ["or"], breaks: "all" },
  { ops: ["and"], breaks: "all" },
  { ops: ["==", "!=", "<", "<=", ">", ">="], breaks: "all" },
  { ops: ["+", "-"], breaks: "fill" },
  { ops: ["*", "/", "div", "%", "@"], breaks: "fill" },
];

/** Pieces one behind the other, with their spaces. */
function concat(pieces: readonly Piece[]): Doc {
  return pieces.map((piece, index) => {
    const content = piece.kind === "leaf" ? leafDoc(piece) : bracketDoc(piece);
    return piece.space && index > 0 ? [" ", content] : content;
  });
}

/** Where the loosest operators are. An `if` takes all that is right of it, so only what stands before it can be split. */
function splitPoints(pieces: readonly Piece[]): {
  readonly at: readonly number[];
  readonly breaks: "none" | "all" | "fill";
} {
  const choice = pieces.findIndex((piece) => keyword(piece, "if"));
  const end = choice < 0 ? pieces.length : choice;
  for (const { ops, breaks } of levels) {
    const at = pieces.flatMap((piece, index) => (index > 0 && index < end && symbol(piece, ops) ? [index] : []));
    if (at.length > 0) return { at, breaks };
  }
  return { at: [], breaks: "none" };
}

export function expressionDoc(pieces: readonly Piece[]): Doc {
  const { at, breaks } = splitPoints(pieces);
  if (at.length > 0) return chain(pieces, at, breaks);
  const choice = pieces.findIndex((piece) => keyword(piece, "if"));
  if (choice < 0) return concat(pieces);
  if (choice === 0) return choiceDoc(pieces);
  return [concat(pieces.slice(0, choice)), pieces[choice]!.space ? " " : "", choiceDoc(pieces.slice(choice))];
}

/** Whether it can be broken only inside its brackets. */
function isOneValue(pieces: readonly Piece[]): boolean {
  const ops = levels.flatMap((level) => level.ops);
  return !pieces.some((piece) => symbol(piece, ops) || keyword(piece, "if"));
}

/** What is wider can't stand on a line of its own, so it is broken where it stands. */
const wide = 80;
const flatWidth = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece, index) => {
    if (piece.kind === "bracket") return sum + flatWidth(piece.inner) + 2;
    // A comma at the end stands there only in a broken list.
    if (piece.role === "comma" && index === pieces.length - 1) return sum;
    return sum + piece.text.length + (piece.space ? 1 : 0);
  }, 0);

/** Lines that follow the first stand further in, unless only brackets are broken. */
const follow = (pieces: readonly Piece[]): Doc => {
  const doc = expressionDoc(pieces);
  return isOneValue(pieces) ? doc : indent(doc);
};

const spaced = (operand: readonly Piece[], doc: Doc): Doc => (operand[0]?.space ? [" ", doc] : doc);

function chain(pieces: readonly Piece[], at: readonly number[], breaks: "none" | "all" | "fill"): Doc {
  if (breaks === "fill") return fill(flow(pieces, at));
  const operands = split(pieces, at);
  const parts = operands.map((operand, k): Doc => {
    const doc = breaks === "none" || k === 0 ? expressionDoc(operand) : follow(operand);
    const op = pieces[at[k] ?? -1];
    return op === undefined ? doc : [doc, op.space ? " " : "", leafDoc(op as Leaf)];
  });
  if (breaks === "none") return parts.map((part, k) => (k > 0 ? spaced(operands[k]!, part) : part));
  return group(parts.map((part, k) => (k > 0 ? [line, part] : part)));
}

const split = (pieces: readonly Piece[], at: readonly number[]): Piece[][] =>
  [...at, pieces.length].map((end, k) => pieces.slice(k === 0 ? 0 : at[k - 1]! + 1, end));

/** The parts of a sum or product, each with its operator; of an operand too wide for a line, its own parts. */
function flow(pieces: readonly Piece[], at: readonly number[]): Doc[] {
  const parts: Doc[] = [];
  for (const [k, operand] of split(pieces, at).entries()) {
    const own = (flatWidth(operand) > wide ? wideParts(operand) : undefined) ?? [follow(operand)];
    // What is in brackets opens them on the line of its factor.
    if (k > 0 && isWideBracket(operand)) own.unshift([parts.pop()!, " ", own.shift()!]);
    const op = pieces[at[k] ?? -1];
    if (op !== undefined) own.push([own.pop()!, op.space ? " " : "", leafDoc(op as Leaf)]);
    parts.push(...own);
  }
  return parts;
}

/** Of `a * (b + …)`, or `(b + …)`: Horner's form is read from left to right, not as a staircase. */
function wideParts(operand: readonly Piece[]): Doc[] | undefined {
  const { at, breaks } = splitPoints(operand);
  if (at.length > 0) return breaks === "fill" ? flow(operand, at) : undefined;
  const last = operand.at(-1);
  if (last?.kind !== "bracket" || last.list || last.open.text !== "(") return undefined;
  if (!operand.slice(0, -1).every((piece) => piece.kind === "leaf" && piece.role === "prefix")) return undefined;
  const inner = splitPoints(last.inner);
  if (inner.breaks !== "fill") return undefined;
  const parts = flow(last.inner, inner.at);
  parts[0] = [concat(operand.slice(0, -1)), leafDoc(last.open), parts[0]!];
  parts.push([parts.pop()!, leafDoc(last.close)]);
  return parts;
}

/** `if c then a else if d then b else e`, all of it in one group. */
function choiceDoc(pieces: readonly Piece[]): Doc {
  const parts: Doc[] = [];
  let rest = pieces;
  for (;;) {
    const { then, otherwise } = partsOf(rest);
    const body = branchDoc(rest.slice(then + 1, otherwise));
    parts.push(leafDoc(rest[0] as Leaf), " ", follow(rest.slice(1, then)), " ", leafDoc(rest[then] as Leaf), body);
    parts.push(line, leafDoc(rest[otherwise] as Leaf));
    rest = rest.slice(otherwise + 1);
    if (!keyword(rest[0], "if")) return group([...parts, branchDoc(rest)]);
    parts.push(" ");
  }
}

const isWideBracket = (pieces: readonly Piece[]): boolean =>
  pieces.length === 1 && pieces[0]!.kind === "bracket" && flatWidth(pieces) > wide;

const branchDoc = (pieces: readonly Piece[]): Doc =>
  isWideBracket(pieces) ? [" ", concat(pieces)] : group(indent([line, expressionDoc(pieces)]));

/** Where the first `if`'s own `then` and `else` are. */
function partsOf(pieces: readonly Piece[]): { readonly then: number; readonly otherwise: number } {
  let open = 0;
  let then = -1;
  for (const [index, piece] of pieces.entries()) {
    if (keyword(piece, "if")) open += 1;
    else if (keyword(piece, "then") && open === 1 && then < 0) then = index;
    else if (keyword(piece, "else")) {
      open -= 1;
      if (open === 0) return { then, otherwise: index };
    }
  }
  throw new Error("internal: an `if` without its `else` was formatted");
}

const isNumber = (piece: Piece): boolean =>
  piece.kind === "leaf" && (piece.role === "prefix" || /^[\d.]/.test(piece.text));

function bracketDoc({ open, inner, close, list }: Bracket): Doc {
  const edge = open.text === "{" ? line : softline;
  const items: Piece[][] = [[]];
  // The comments of the commas go to what stands before them.
  const commas: Leaf[] = [];
  for (const piece of inner) {
    if (piece.kind === "leaf" && piece.role === "comma") {
      commas.push(piece);
      items.push([]);
    } else items.at(-1)!.push(piece);
  }
  const trailing = items.length > 1 && items.at(-1)!.length === 0;
  if (trailing) items.pop();
  if (items[0]!.length === 0) return [leafDoc(open), leafDoc(close)];
  const docs = items.map((item, k): Doc => {
    const comma = commas[k];
    const last = k === items.length - 1;
    const notes = comma ? (leafDoc({ ...comma, text: "" }) as Doc) : "";
    const mark: Doc = !last ? "," : list ? { kind: "broken", text: "," } : "";
    return [expressionDoc(item), mark, notes];
  });
  const parts =
    items.flat().every(isNumber) && items.length > 1 ? fillOf(docs) : docs.map((doc, k) => (k > 0 ? [line, doc] : doc));
  const notes = leafDoc({ ...open, text: "" });
  return group([open.text, indent([notes, edge, ...parts]), edge, leafDoc(close)]);
}

/** Numbers in rows. The last one's comma hangs on the brackets' group, so it stands outside of the fill. */
function fillOf(docs: readonly Doc[]): Doc[] {
  const last = docs.at(-1) as readonly Doc[];
  return [fill([...docs.slice(0, -1), last[0]!]), ...last.slice(1)];
}

const assigns = ["=", "+=", "-="];

/** A statement without its blocks, or the head of one with a block. */
export function statementDoc(pieces: readonly Piece[]): Doc {
  const first = pieces[0]!;
  const head = (): Doc => leafDoc(first as Leaf);
  if (keyword(first, "require") && pieces.length > 2) {
    const split = pieces.length - 2;
    const tail = concat(pieces.slice(split));
    return group([head(), " ", follow(pieces.slice(1, split)), indent([line, tail])]);
  }
  if (keyword(first, "expect")) return expectDoc(pieces);
  const at = pieces.findIndex((piece) => symbol(piece, assigns));
  if (at > 0) {
    const value = pieces.slice(at + 1);
    const left: Doc = [expressionDoc(pieces.slice(0, at)), " ", leafDoc(pieces[at] as Leaf)];
    if (isOneValue(value)) return [left, " ", expressionDoc(value)];
    return [left, group(indent([line, expressionDoc(value)]))];
  }
  if (["return", "if", "until", "else"].some((word) => keyword(first, word))) {
    const rest = pieces.slice(1);
    if (rest.length === 0) return head();
    const inner = keyword(first, "else") ? statementDoc(rest) : follow(rest);
    return [head(), rest[0]!.space ? " " : "", inner];
  }
  return expressionDoc(pieces);
}

function expectDoc(pieces: readonly Piece[]): Doc {
  const near = pieces.findIndex((piece) => keyword(piece, "near"));
  const within = pieces.findIndex((piece) => keyword(piece, "within"));
  const head: Doc = [leafDoc(pieces[0] as Leaf), " "];
  if (near < 0) return [...head, follow(pieces.slice(1))];
  const part = (from: number, to: number): Doc => [
    leafDoc(pieces[from] as Leaf),
    " ",
    expressionDoc(pieces.slice(from + 1, to)),
  ];
  return group([
    ...head,
    follow(pieces.slice(1, near)),
    indent([line, part(near, within), line, part(within, pieces.length)]),
  ]);
}
