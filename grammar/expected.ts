// Plain words for what the parser wanted and what it found. Chevrotain's exceptions carry the first as their message.
import { EOF, type IParserErrorMessageProvider, type IToken, type TokenType } from "chevrotain";
import { BlockClose, Name, NewLine, NumberLiteral, OpenString, StringLiteral, Word } from "./tokens.js";

/** What a rule stands for, where it is the choice between its alternatives that failed. */
const wanted: Readonly<Record<string, string>> = {
  module: "a declaration",
  item: "`import`, `type`, `fn` or `test`",
  declaration: "`type`, `fn` or `host fn`",
  statement: "a statement",
  define: "a name, or `{` and the fields of a record",
  definedBinder: "a binder or `:`",
  assigned: "`=`, `+=` or `-=`",
  value: "an expression or a record",
  subscript: "a subscript",
  valueType: "a type",
  paramType: "a type",
  otherwise: "`{` or `if`",
};

const tokenTypes = new Map<TokenType, string>([
  [Name, "a name"],
  [Word, "the name of a field"],
  [NumberLiteral, "a number"],
  [StringLiteral, "a string in double quotes"],
  [NewLine, "the end of the line"],
]);

export const nameOfType = (type: TokenType): string =>
  tokenTypes.get(type) ?? (type.name.endsWith("Op") ? "an operator" : `\`${type.LABEL ?? type.name}\``);

export const expected: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected: type, ruleName }) =>
    ruleName === "assigned" ? wanted[ruleName]! : nameOfType(type),
  buildNoViableAltMessage: ({ ruleName }) => wanted[ruleName] ?? "an expression",
  buildEarlyExitMessage: ({ ruleName }) => wanted[ruleName] ?? "an expression",
  buildNotAllInputParsedMessage: () => "the end of the file",
};

export function found(token: IToken): string {
  const type = token.tokenType;
  if (type === EOF) return "the end of the file";
  if (type === NewLine) return "the end of the line";
  if (type === BlockClose && token.image === "") return "the end of the block";
  if (type === StringLiteral || type === OpenString) return "a string";
  if (type === NumberLiteral) return `the number ${token.image}`;
  return `\`${token.image}\``;
}
