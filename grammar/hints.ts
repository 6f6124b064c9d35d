// What to try after a syntax error: what people who come from other languages write.
import type { IToken } from "chevrotain";
import type { Diagnostic } from "../src/compiler/diagnostic.js";
import { BlockOpen, keywords, NewLine, RecordOpen, Reducer, StringLiteral } from "./tokens.js";

export interface Situation {
  readonly token: IToken;
  readonly previous: IToken;
  readonly next: IToken;
  readonly wanted: string;
  readonly rule: string;
}

type Hint = Partial<Pick<Diagnostic, "code" | "message" | "help" | "notes">>;

const isKeyword = (token: IToken) => (keywords as readonly string[]).includes(token.image);

export function hintFor({ token, previous, next, wanted, rule }: Situation): Hint {
  const image = token.image;
  if (wanted === "a name" && isKeyword(token))
    return {
      code: "P07",
      message: `\`${image}\` is a keyword and can't be a name`,
      help: "take another name; only a field may be any word",
    };
  if (wanted === "a statement" || wanted === "`=`, `+=` or `-=`") return statementHint(token, previous, rule);
  if (image === "=" && next.image !== "=") return { help: "`=` gives a value to a name; to compare, write `==`" };
  if (["*", "/"].includes(image) && previous.image === image)
    return {
      help: image === "*" ? "a power is written `a ^ b`" : "whole division is written `a div b`, a comment `# …`",
    };
  if (image === "=" && ["*", "/", "^", "%"].includes(previous.image))
    return { help: "only `+=` and `-=` exist; write `x = x * a`" };
  if (image === "'" || previous.image === "'")
    return { help: "strings are in double quotes; `'` behind a matrix is its transpose" };
  if (token.tokenType === RecordOpen)
    return {
      help: "a record is made after `return`, or directly after the `=` of a `let` or `var`; give it a name first",
    };
  if (token.tokenType === BlockOpen && wanted === "`then`")
    return { help: "an expression is chosen by `if c then a else b`" };
  if (image === "fn") return { help: "a function is made with `fn(x) => e` only as an argument of a call" };
  if (image === "not") return { help: "put `not …` in parentheses" };
  if (image === "if" && rule !== "line") return { help: "put the `if` in parentheses" };
  if (wanted === "`(`" && previous.image === "]") return { help: "a reducer's body is in parentheses: `sum[i](x[i])`" };
  if (wanted === "`[`" && previous.tokenType === Reducer)
    return { help: "a reducer names its binders: `sum[i](x[i])`" };
  if (wanted === "`else`" && rule === "require")
    return { help: 'every `require` has its message: `require c else "…"`' };
  if (wanted === "`else`") return { help: "both sides are needed: `if c then a else b`" };
  if (wanted === "`until`")
    return { help: "`loop t < max { … } until c` ends with its condition; a counted loop is `for k in 0..n { … }`" };
  if (wanted === "`->`") return { help: "a function says what it gives: `fn f(x: real) -> real { … }`" };
  if (wanted === "`{`" && token.tokenType === NewLine) return { help: "the `{` stands at the end of the line" };
  if (wanted === "`..`") return { help: "a range is `lo..hi`, without `hi`" };
  if (wanted === "a string in double quotes") return { help: 'write the text in double quotes: "…"' };
  if (image === "]" && previous.image === "[")
    return { help: "an array literal has at least one element, and a subscript one for each dimension" };
  if (image === "}" && wanted === "the name of a field") return { help: "a record has at least one field" };
  if (rule === "line") return lineHint(token, previous);
  if (token.tokenType === NewLine)
    return { help: "a line goes on in brackets, or where it ends with an operator or a comma" };
  if (token.tokenType === StringLiteral)
    return { help: "a string is only the message of a `require`, the title of a `test` or the place of an import" };
  return { help: `write ${wanted} here` };
}

const otherLanguages: Readonly<Record<string, string>> = {
  while: "a loop with a condition is `loop t < max { … } until c`",
  const: "a name is given with `let`",
  function: "a function is declared with `fn`",
  def: "a function is declared with `fn`",
  elif: "write `else if`",
  print: "a program has no output but its result",
  assert: 'write `require c else "…"`, or `expect c` in a test',
  break: "a loop ends at its `until`",
  continue: "put what follows into an `if`",
};

function statementHint(token: IToken, previous: IToken, rule: string): Hint {
  const known = otherLanguages[token.image] ?? otherLanguages[previous.image];
  if (known) return { help: known };
  if (token.image === "else" || token.image === "until")
    return { help: `\`${token.image}\` follows the \`}\` of its block` };
  if (token.image === "fn") return { help: "functions are declared outside of functions" };
  if (token.image === "(" || token.image === ")" || token.tokenType === NewLine)
    return { help: "a value alone does nothing; give it a name with `let`" };
  if (token.image === "==") return { help: "to give a value, write `=`" };
  if (token.image === ":" && rule === "assigned") return { help: "a new name is made with `let` or `var`" };
  if (token.image === "." && previous.image === "]") return { help: "fields come before subscripts: `r.field[i] = e`" };
  return {
    help: "a statement begins with `let`, `var`, `each`, `for`, `loop`, `if`, `require`, `expect`, `return`, or the place that it assigns to",
  };
}

function lineHint(token: IToken, previous: IToken): Hint {
  if (token.image === "..") return { help: "a range stands only in subscripts, binders and `for`" };
  if (token.image === ":") return { help: "a type stands after the name: `let x: real = e`" };
  if (token.image === "as") return { help: "put the first `as …` in parentheses" };
  if (previous.image === "]" && token.image === "(")
    return { help: "only a name can be called; what you call may be the element of an array" };
  return { help: "one statement a line" };
}
