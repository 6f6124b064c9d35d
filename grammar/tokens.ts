// The words of Fold: token types and the lexer. Lines and brackets are the layout's business (layout.ts).
import { createToken, type ILexingResult, Lexer, type TokenType } from "chevrotain";

// biome-ignore format: a list of words
export const keywords = [
  "import", "from", "export", "type", "fn", "host", "let", "var", "each", "for", "in", "loop", "until", "if", "then",
  "else", "require", "return", "test", "expect", "near", "within", "where", "and", "or", "not", "div", "as", "true", "false",
] as const;
export type Keyword = (typeof keywords)[number];

/** Names with a meaning of their own before `[`; elsewhere they are names, which the checker keeps from being taken. */
export const reducers = ["sum", "prod", "min", "max", "argmin", "argmax", "any", "all", "count"] as const;

const category = (name: string): TokenType => createToken({ name, pattern: Lexer.NA });

/** What may name a field: any name, any keyword. */
export const Word = category("Word");
export const AssignOp = category("AssignOp");
export const CompareOp = category("CompareOp");
export const SumOp = category("SumOp");
export const TermOp = category("TermOp");

export const Name = createToken({ name: "Name", pattern: /[A-Za-z_][A-Za-z0-9_]*/, categories: [Word] });
export const Reducer = createToken({
  name: "Reducer",
  pattern: new RegExp(`(?:${reducers.join("|")})(?![A-Za-z0-9_])`),
  start_chars_hint: [...new Set(reducers.map((word) => word[0]!))],
  categories: [Name],
});

// `1.` is no number where a second dot follows, so that `0..n` is a range.
export const NumberLiteral = createToken({
  name: "Number",
  pattern: /0[xX][0-9A-Fa-f]+|(?:\d+\.(?!\.)\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/,
  start_chars_hint: [..."0123456789."],
});
export const StringLiteral = createToken({
  name: "String",
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/,
  start_chars_hint: ['"'],
});
/** A string whose line ends first; the layout reports it, the parser takes it for a string. */
export const OpenString = createToken({
  name: "OpenString",
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/,
  start_chars_hint: ['"'],
  categories: [StringLiteral],
});

const keywordTokens = keywords.map((word) =>
  createToken({
    name: `'${word}'`,
    label: word,
    pattern: word,
    longer_alt: Name,
    categories: word === "div" ? [Word, TermOp] : [Word],
  }),
);
/** The token type of each keyword. */
export const kw = Object.fromEntries(keywordTokens.map((token) => [token.LABEL!, token])) as Readonly<
  Record<Keyword, TokenType>
>;

// Longer ones first: the lexer takes the first that fits.
// biome-ignore format: a list of symbols
const symbols = [
  "==", "!=", "<=", ">=", "+=", "-=", "->", "=>", "..", "<", ">", "=", "+", "-", "*", "/", "%", "@", "^",
  "'", "(", ")", "[", "]", ",", ":", ".",
] as const;
export type SymbolText = (typeof symbols)[number];
const symbolCategory = (text: string): TokenType[] => {
  if (["==", "!=", "<=", ">=", "<", ">"].includes(text)) return [CompareOp];
  if (["=", "+=", "-="].includes(text)) return [AssignOp];
  if (["+", "-"].includes(text)) return [SumOp];
  return ["*", "/", "%", "@"].includes(text) ? [TermOp] : [];
};
const symbolTokens = symbols.map((text) =>
  createToken({ name: `'${text}'`, label: text, pattern: text, categories: symbolCategory(text) }),
);
/** The token type of each operator and bracket, by its text. */
export const sym = Object.fromEntries(symbolTokens.map((token) => [token.LABEL!, token])) as Readonly<
  Record<SymbolText, TokenType>
>;

// The lexer knows one kind of brace; the layout tells those of a block from those of a record.
export const LeftBrace = createToken({ name: "LeftBrace", label: "{", pattern: "{" });
export const RightBrace = createToken({ name: "RightBrace", label: "}", pattern: "}" });
const made = (name: string, label: string): TokenType => createToken({ name, label, pattern: Lexer.NA });
export const BlockOpen = made("BlockOpen", "{");
export const BlockClose = made("BlockClose", "}");
export const RecordOpen = made("RecordOpen", "{");
export const RecordClose = made("RecordClose", "}");
/** Stands between two statements, or two declarations. Made by the layout. */
export const NewLine = made("NewLine", "newline");

const Space = createToken({ name: "Space", pattern: /[ \t\r\n\uFEFF]+/, group: Lexer.SKIPPED, line_breaks: true });
const Comment = createToken({
  name: "Comment",
  pattern: /#[^\r\n]*/,
  group: "comments",
  start_chars_hint: ["#"],
});

const categories = [Word, AssignOp, CompareOp, SumOp, TermOp];
const layoutTokens = [BlockOpen, BlockClose, RecordOpen, RecordClose, NewLine];
const texts = [StringLiteral, OpenString, LeftBrace, RightBrace];

/** Everything the lexer and the parser speak of. */
export const vocabulary: TokenType[] = [
  ...[Space, Comment, ...texts, ...keywordTokens, Reducer, Name],
  ...symbolTokens.filter((token) => token.LABEL !== "."),
  // A number may begin with a dot, so it comes before the dot, and after `..`.
  ...[NumberLiteral, sym["."]],
  ...[...categories, ...layoutTokens],
];

const lexer = new Lexer(vocabulary, { positionTracking: "full" });

export const scan = (text: string): ILexingResult => lexer.tokenize(text);
