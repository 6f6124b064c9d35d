// What to try after a syntax error: what people forget, and what they write who come from other languages.
import type { IToken } from "chevrotain";
import type { Diagnostic } from "../src/compiler/diagnostic.js";
import {
  BlockClose,
  BlockOpen,
  keywords,
  NewLine,
  NumberLiteral,
  RecordOpen,
  Reducer,
  StringLiteral,
  sym,
} from "./tokens.js";

export interface Situation {
  /** What was found, where `wanted` was expected by the rule. */
  readonly token: IToken;
  readonly next: IToken;
  readonly previous: IToken;
  readonly beforePrevious: IToken;
  readonly wanted: string;
  readonly rule: string;
}

type Hint = Partial<Pick<Diagnostic, "code" | "message" | "help">>;

const isKeyword = (token: IToken) => (keywords as readonly string[]).includes(token.image);

export const keywordAsName = (word: string): Hint & Pick<Diagnostic, "message"> => ({
  code: "P07",
  message: `\`${word}\` is a keyword and can't be a name`,
  help: "take another name; only a field may be any word",
});

export function hintFor(situation: Situation): Hint {
  const { token, next, wanted, rule } = situation;
  if (wanted.startsWith("a name") && isKeyword(token)) return keywordAsName(token.image);
  if (wanted === "`)`" && ["(", ","].includes(situation.previous.image) && isKeyword(token) && next.image === ":")
    return keywordAsName(token.image);
  const places = ["=", "+=", "-=", ".", "["];
  if (rule === "statement" && isKeyword(token) && places.includes(next.image)) return keywordAsName(token.image);
  if (rule === "statement" || rule === "assigned") return { help: statementHelp(situation) };
  if (rule === "line") return { help: lineHelp(situation) };
  return { help: operatorHelp(situation) ?? ruleHelp(situation) ?? generalHelp(situation) };
}

const otherLanguages: Readonly<Record<string, string>> = {
  while: "a loop with a condition is `loop t < max { … } until c`",
  const: "a name is given with `let`",
  function: "a function is declared with `fn`",
  def: "a function is declared with `fn`",
  class: "values are grouped in a record: `type Name = { field: real }`",
  struct: "values are grouped in a record: `type Name = { field: real }`",
  elif: "write `else if`",
  print: "a program has no output but its result",
  assert: 'write `require c else "…"`, or `expect c` in a test',
  break: "a loop ends at its `until`",
  continue: "put what follows into an `if`",
};

function statementHelp({ token, next, previous, rule }: Situation): string {
  const known = otherLanguages[token.image] ?? otherLanguages[previous.image];
  if (known) return known;
  const { image, tokenType } = token;
  if (image === "else" || image === "until") return `\`${image}\` follows the \`}\` of its block`;
  if (image === "fn") return "functions are declared outside of functions";
  if (image === "==") return "to give a value, write `=`";
  if (rule === "assigned" && next.image === "=") return "only `+=` and `-=` exist; write `x = x * a`";
  if (rule === "assigned" && image === ":") return "a new name is made with `let` or `var`";
  if (image === "." && previous.image === "]") return "fields come before subscripts: `r.field[i] = e`";
  const ends = [NewLine, BlockClose, NumberLiteral].includes(tokenType) || tokenType.CATEGORIES?.length;
  if (rule === "assigned" && (ends || Object.values(sym).includes(tokenType)))
    return "a value alone does nothing; give it a name with `let`";
  return "a statement begins with `let`, `var`, `each`, `for`, `loop`, `if`, `require`, `expect`, `return`, or the place that it assigns to";
}

function lineHelp({ token, previous }: Situation): string {
  if (token.image === "..") return "a range stands only in subscripts, binders and `for`";
  if (token.image === ",") return "a list stands in brackets";
  if (token.image === ":") return "a type stands after the name: `let x: real = e`";
  if (token.image === "as") return "put the first `as …` in parentheses";
  if (token.image === "(" && previous.image === "]")
    return "only a function's name can be called; the reducers are `sum prod min max argmin argmax any all count`";
  if (token.image === "(") return "only a function's name can be called";
  if (previous.image === "}") return "give the record a name first; then the name can be used";
  return "one statement a line";
}

/** What is told by the word that was found. */
function operatorHelp({ token, next, previous }: Situation): string | undefined {
  const image = token.image;
  if (image === "=" && ["*", "/", "^", "%"].includes(previous.image))
    return "only `+=` and `-=` exist; write `x = x * a`";
  if (image === "=" && next.image !== "=") return "`=` gives a value to a name; to compare, write `==`";
  if (image === "*" && previous.image === "*") return "a power is written `a ^ b`";
  if (image === "/" && previous.image === "/") return "whole division is written `a div b`, a comment `# …`";
  if (image === "'" || previous.image === "'")
    return "strings are in double quotes; `'` behind a matrix is its transpose";
  if (image === "fn") return "a function is made with `fn(x) => e` only as an argument of a call";
  if (image === "not") return "put `not …` in parentheses";
  if (image === "if") return "put the `if` in parentheses";
  return undefined;
}

/** What is told by the place. */
function ruleHelp({ token, previous, beforePrevious, wanted, rule }: Situation): string | undefined {
  const { image, tokenType } = token;
  if (rule === "item" || rule === "declaration")
    return otherLanguages[image] ?? "outside of functions stand imports, types, functions and tests";
  if (rule === "param") return "every parameter has a type: `x: real[n]`";
  if (rule === "recordType" && previous.image === "=")
    return "a type names a record: `type Name[n] = { field: real[n] }`";
  if (rule === "valueType" && tokenType !== RecordOpen)
    return "a type is `real`, `i32[n]`, a named one, or a record `{ field: T }`";
  if (rule === "binder" && beforePrevious.tokenType === Reducer)
    return `\`${beforePrevious.image}\` reduces over binders, \`${beforePrevious.image}[i](…)\`; it can't be a variable's name`;
  if (rule === "reduction" && wanted === "`(`") return "a reducer's body is in parentheses: `sum[i](x[i])`";
  if (rule === "require") return 'every `require` has its message: `require c else "…"`';
  if (rule === "expect") return "`near` has its tolerance: `expect a near b within 1e-6`";
  if (rule === "untilLoop" && wanted === "`until`")
    return "`loop t < max { … } until c` ends with its condition; a counted loop is `for k in 0..n { … }`";
  if (wanted === "`..`") return "a range is `lo..hi`, without `hi`";
  if (wanted === "`->`") return "a function says what it gives: `fn f(x: real) -> real { … }`";
  if (wanted === "`else`") return "both sides are needed: `if c then a else b`";
  if (wanted === "`then`" && tokenType === BlockOpen) return "an expression is chosen by `if c then a else b`";
  return undefined;
}

function generalHelp({ token, previous, wanted }: Situation): string {
  const { image, tokenType } = token;
  if (tokenType === RecordOpen)
    return "a record is made after `return`, or directly after the `=` of a `let` or `var`; give it a name first";
  if (image === "]" && previous.image === "[")
    return wanted === "a name" ? "leave the brackets out" : "brackets hold at least one element or subscript";
  if (image === "}" && previous.image === "{") return "braces hold at least one name";
  if (tokenType === StringLiteral)
    return "a string is only the message of a `require`, the title of a `test` or the place of an import";
  if (wanted === "a string in double quotes") return 'write the text in double quotes: "…"';
  if (tokenType === NewLine && !wanted.startsWith("`"))
    return "a line goes on in brackets, or where it ends with an operator or a comma";
  return `write ${wanted} here`;
}
