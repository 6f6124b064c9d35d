// What stands in a string literal: escapes, and in a message the names shown in braces.
import type { Diagnostic, Span } from "../src/compiler/diagnostic.js";
import type { MessagePart, Name } from "../src/compiler/syntax.js";
import { keywords } from "./tokens.js";

const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", n: "\n" };
const path = /^\s*[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*\s*$/;

type Report = (diagnostic: Diagnostic) => void;

/** The characters of a literal with the quotes off, each with the offset it was written at. */
function* characters(
  image: string,
  at: Span,
  report: Report,
): Generator<{ char: string; offset: number; raw: boolean }> {
  const end = image.length > 1 && image.endsWith('"') ? image.length - 1 : image.length;
  for (let i = 1; i < end; i++) {
    const offset = at.start + i;
    if (image[i] !== "\\") yield { char: image[i]!, offset, raw: true };
    else {
      i += 1;
      const char = escapes[image[i] ?? ""];
      if (char !== undefined) yield { char, offset, raw: false };
      else if (i < end)
        report({
          code: "P02",
          severity: "error",
          message: `\`\\${image[i]}\` means nothing in a string`,
          at: { file: at.file, start: offset, end: offset + 2 },
          help: 'a string knows \\" for a quote, \\\\ for a backslash and \\n for a new line',
        });
    }
  }
}

/** The text of a literal as written, quotes included. */
export function unquote(image: string, at: Span, report: Report): string {
  let text = "";
  for (const { char } of characters(image, at, report)) text += char;
  return text;
}

/** A message's parts: `{name}` and `{name.field}` show a value. */
export function messageParts(image: string, at: Span, report: Report): MessagePart[] {
  const parts: MessagePart[] = [];
  let text = "";
  let hole: { text: string; start: number } | undefined;
  const flush = () => {
    if (text !== "") parts.push({ text });
    text = "";
  };
  const refuse = (start: number, end: number) =>
    report({
      code: "P09",
      severity: "error",
      message: "braces in a message hold a name, or a name and its fields",
      at: { file: at.file, start, end },
      help: "write {name} or {name.field}; give an expression a name with `let` first",
    });
  for (const { char, offset, raw } of characters(image, at, report)) {
    if (hole && raw && char === "}") {
      const names = hole.text.split(".");
      if (path.test(hole.text) && !(keywords as readonly string[]).includes(names[0]!.trim())) {
        flush();
        parts.push({ path: namesIn(names, hole.start + 1, at.file) });
      } else refuse(hole.start, offset + 1);
      hole = undefined;
    } else if (hole) hole.text += char;
    else if (raw && char === "{") hole = { text: "", start: offset };
    else text += char;
  }
  if (hole) refuse(hole.start, at.end - 1);
  flush();
  return parts;
}

function namesIn(words: readonly string[], start: number, file: string): Name[] {
  let offset = start;
  return words.map((word) => {
    const text = word.trim();
    const from = offset + word.indexOf(text);
    offset += word.length + 1;
    return { text, at: { file, start: from, end: from + text.length } };
  });
}
