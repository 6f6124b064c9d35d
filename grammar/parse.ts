// From text to the syntax tree: lexer, layout, parser. Never throws; a broken file gives what could be read of it.
import type { ILexingError, IToken } from "chevrotain";
import type { Diagnostic, SourceFile } from "../src/compiler/diagnostic.js";
import type { Declaration, Import, Module } from "../src/compiler/syntax.js";
import { tooDeep } from "./depth.js";
import { layOut, spanOf } from "./layout.js";
import { ModuleParser } from "./parser.js";
import { NumberLiteral, OpenString, scan, Word } from "./tokens.js";

export interface Parsed {
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

let parser: ModuleParser | undefined;

export function parseModule(source: SourceFile): Parsed {
  const scanned = scan(source.text);
  const joined = checkTokens(source, scanned.tokens);
  const layout = layOut(source, joined.tokens);
  const known = [
    ...scanned.errors.map((error) => unknownCharacters(source, error)),
    ...joined.diagnostics,
    ...layout.diagnostics,
  ];
  // Made once: chevrotain analyses the grammar each time.
  parser ??= new ModuleParser();
  const docs = docsAbove(source.text, scanned.groups["comments"] ?? []);
  const read = parser.parse({ file: source.name, tokens: layout.tokens, docs, diagnostics: known });
  const diagnostics = [...read.diagnostics];

  const imports: Import[] = [];
  const declarations: Declaration[] = [];
  for (const item of read.items) {
    const deep = tooDeep(item);
    if (deep) diagnostics.push(deep);
    else if (item.kind !== "import") declarations.push(item);
    else {
      const { kind, ...rest } = item;
      imports.push(rest);
      if (declarations.length > 0) diagnostics.push(lateImport(item));
    }
  }
  const at = { file: source.name, start: 0, end: source.text.length };
  return {
    module: { file: source.name, imports, declarations, at },
    diagnostics: firstOf(
      withoutEchoes(
        source.text,
        diagnostics.sort((a, b) => a.at.start - b.at.start),
      ),
    ),
  };
}

/** A keyword that was given as a name is used as one further down: what the parser makes of that is not another error. */
function withoutEchoes(text: string, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const names: string[] = [];
  return diagnostics.filter(({ code, at }) => {
    if (code === "P07") {
      names.push(text.slice(at.start, at.end));
      return true;
    }
    const line = text.slice(text.lastIndexOf("\n", at.start - 1) + 1, at.end);
    return !names.some((name) => line.match(/\w+/g)?.includes(name));
  });
}

/** More errors than this help no one: the text isn't Fold. */
const most = 100;

function firstOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const last = diagnostics[most - 1];
  if (!last || diagnostics.length === most) return diagnostics;
  const more = `${diagnostics.length - most} more errors are not shown`;
  return [...diagnostics.slice(0, most - 1), { ...last, notes: [...(last.notes ?? []), more] }];
}

const lateImport = ({ at }: Import): Diagnostic => ({
  code: "P11",
  severity: "error",
  message: "an import stands above the declarations",
  at,
  help: "move it to the top of the file",
});

const replacements: Readonly<Record<string, string>> = {
  "&": "write `and`; bits are combined by bitAnd(a, b)",
  "|": "write `or`; bits are combined by bitOr(a, b)",
  "!": "write `not a`, or `a != b`",
  ";": "a statement ends with its line",
  "?": "write `if c then a else b`",
  "~": "bits are turned by bitNot(a)",
  "`": "strings are in double quotes",
  "\u00a0": "this is a no-break space; write a plain one",
  "−": "write `-`",
  "–": "write `-`",
  "—": "write `-`",
  "×": "write `*`",
  "≤": "write `<=`",
  "≥": "write `>=`",
  "≠": "write `!=`",
  "“": 'strings are in plain double quotes: "…"',
  "”": 'strings are in plain double quotes: "…"',
};

function unknownCharacters(source: SourceFile, { offset, length }: ILexingError): Diagnostic {
  const text = source.text.slice(offset, offset + length);
  const char = [...text][0] ?? "";
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(char)
    ? `\`${char}\``
    : `the character U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return {
    code: "P01",
    severity: "error",
    message: `${shown} means nothing in Fold`,
    at: { file: source.name, start: offset, end: offset + length },
    help: replacements[char] ?? (/\p{L}/u.test(char) ? "names are of A-Z, a-z, 0-9 and _" : "remove it"),
  };
}

/** Strings without an end, and numbers that run into what follows them. */
function checkTokens(source: SourceFile, scanned: readonly IToken[]): { tokens: IToken[]; diagnostics: Diagnostic[] } {
  const tokens: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  const isWord = ({ tokenType }: IToken) =>
    tokenType === Word || tokenType.CATEGORIES?.some((c) => c === Word || c.CATEGORIES?.includes(Word));
  for (const token of scanned) {
    const at = spanOf(source.name, token);
    const last = tokens.at(-1);
    if (token.tokenType === OpenString)
      diagnostics.push({
        code: "P02",
        severity: "error",
        message: "this string doesn't end on its line",
        at,
        help: 'close it with `"`; a new line in it is written \\n',
      });
    const touches = last?.endOffset === token.startOffset - 1 && last.tokenType === NumberLiteral;
    if (touches && (token.tokenType === NumberLiteral || isWord(token))) {
      const text = last.image + token.image;
      const start = last.startOffset;
      diagnostics.push({
        code: "P03",
        severity: "error",
        message: `\`${text}\` is no number`,
        at: { ...at, start },
        help: numberHelp(last.image, token.image),
      });
      tokens[tokens.length - 1] = { ...last, endOffset: token.endOffset!, endColumn: token.endColumn! };
    } else tokens.push(token);
  }
  return { tokens, diagnostics };
}

function numberHelp(number: string, rest: string): string {
  if (/^[xX]/.test(rest) && number === "0") return "a hexadecimal number is 0x and digits of 0-9 and A-F";
  if (rest.startsWith("_")) return "write the digits without `_`";
  if (/^[eE]$/.test(rest)) return "an exponent has digits: 1e5, 1e-5";
  if (/^[fuihl]$/i.test(rest)) return "a number has no suffix; its type comes from where it stands";
  return /^[A-Za-z]/.test(rest) ? `to multiply, write ${number} * ${rest}` : "a number is 12, 1.5, 1e-3 or 0xFF";
}

/** The `##` lines, by the line of what stands directly below them. */
function docsAbove(text: string, comments: readonly IToken[]): Map<number, string> {
  const docs = new Map<number, string>();
  for (const comment of comments) {
    const line = comment.startLine!;
    const above = docs.get(line);
    docs.delete(line);
    const ownLine = /(^|[\r\n])[ \t\uFEFF]*$/.test(
      text.slice(Math.max(0, comment.startOffset - comment.startColumn!), comment.startOffset),
    );
    if (!comment.image.startsWith("##") || !ownLine) continue;
    const words = comment.image.slice(2).replace(/^ /, "").trimEnd();
    docs.set(line + 1, above === undefined ? words : `${above}\n${words}`);
  }
  return docs;
}
