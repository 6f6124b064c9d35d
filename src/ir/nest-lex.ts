// Cuts the text of Nest IR into tokens.

export interface Token {
  readonly kind: "name" | "number" | "string" | "sign" | "end";
  readonly text: string;
  readonly line: number;
}

/** The text of an IR is wrong: only hand-written text can be, so it is thrown. */
export class IrSyntaxError extends Error {}

const pattern =
  /(?<space>\s+|#[^\n]*)|(?<string>"(?:[^"\\]|\\.)*")|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[ufd]?(?![A-Za-z_]))|(?<name>[A-Za-z_$][\w$']*(?:\.\d+)?)|(?<sign>\.\.|==|!=|<=|>=|->|[-+*/%<>=(){}[\],:;?@])/y;

export function tokens(text: string): readonly Token[] {
  const out: Token[] = [];
  let line = 1;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (!groups) throw new IrSyntaxError(`line ${line}: what is ${JSON.stringify(text.slice(at, at + 10))}?`);
    const [kind, found] = Object.entries(groups).find(([, g]) => g !== undefined) ?? ["space", ""];
    if (kind === "name" || kind === "number" || kind === "string" || kind === "sign")
      out.push({ kind, text: found ?? "", line });
    line += (found ?? "").split("\n").length - 1;
  }
  out.push({ kind: "end", text: "", line });
  return out;
}
