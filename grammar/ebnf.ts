// The grammar as EBNF (ISO 14977, with `? … ?` for the words' own patterns), for `grammar/fold.ebnf`.
import { type GrammarRule, grammarRules, lexical, type Production } from "./productions.js";

const width = 100;

function show(production: Production, inSequence: boolean): string {
  switch (production.kind) {
    case "literal":
      return production.text.includes('"') ? `'${production.text}'` : `"${production.text}"`;
    case "name":
      return production.name;
    case "sequence":
      return production.parts.map((part) => show(part, true)).join(", ");
    case "choice": {
      const parts = production.parts.map((part) => show(part, false)).join(" | ");
      return inSequence ? `( ${parts} )` : parts;
    }
    case "optional":
      return `[ ${show(production.part, false)} ]`;
    case "repeat":
      return `{ ${show(production.part, false)} }`;
  }
}

function rule({ name, definition }: GrammarRule): string {
  const flat = `${name} = ${show(definition, false)} ;`;
  if (flat.length <= width) return flat;
  const indent = " ".repeat(name.length);
  if (definition.kind === "choice")
    return `${name} = ${definition.parts.map((part) => show(part, false)).join(`\n${indent} | `)} ;`;
  const parts = definition.kind === "sequence" ? definition.parts : [definition];
  const lines: string[] = [];
  for (const text of parts.map((part) => show(part, true))) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + text.length + 6 <= width)
      lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(text);
  }
  return `${name} = ${lines.join(`,\n${indent}   `)} ;`;
}

const header =
  "(* The grammar of Fold, made from the parser by `npm run grammar`.\n   Where a line goes on, docs/language.md says in its section 2. *)";

export function ebnf(): string {
  const kinds = lexical.map(({ name, meaning }) => `${name} = ? ${meaning} ? ;`);
  return `${[header, grammarRules().map(rule).join("\n"), kinds.join("\n")].join("\n\n")}\n`;
}
