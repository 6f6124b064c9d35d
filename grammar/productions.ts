// The parser's grammar as data: what the EBNF and the railroad page are made from.
import type { ISerializedGast, TokenType } from "chevrotain";
import { ModuleParser } from "./parser.js";
import {
  AssignOp,
  CompareOp,
  Name,
  NewLine,
  NumberLiteral,
  Reducer,
  StringLiteral,
  SumOp,
  TermOp,
  vocabulary,
  Word,
} from "./tokens.js";

export type Production =
  | { readonly kind: "literal"; readonly text: string }
  /** A rule, or a kind of word that the lexer knows. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "sequence"; readonly parts: readonly Production[] }
  | { readonly kind: "choice"; readonly parts: readonly Production[] }
  | { readonly kind: "optional"; readonly part: Production }
  | { readonly kind: "repeat"; readonly part: Production };

export interface GrammarRule {
  readonly name: string;
  readonly definition: Production;
}

/** Kinds of words, by token type: how the grammar calls them, and what they are. */
export const lexical: readonly { readonly type: TokenType; readonly name: string; readonly meaning: string }[] = [
  { type: Name, name: "name", meaning: `${source(Name)}, but no keyword` },
  { type: Word, name: "word", meaning: "a name or a keyword" },
  { type: Reducer, name: "reducer", meaning: `${source(Reducer)}; elsewhere a name` },
  { type: NumberLiteral, name: "number", meaning: source(NumberLiteral) },
  { type: StringLiteral, name: "string", meaning: source(StringLiteral) },
  { type: NewLine, name: "newline", meaning: "a line's end that ends a statement, or a block's closing brace" },
];

function source({ PATTERN }: TokenType): string {
  return PATTERN instanceof RegExp ? PATTERN.source : String(PATTERN);
}

// The types of chevrotain's serialized productions are one interface each; only these properties are used.
interface Serialized {
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly Serialized[];
  readonly separator?: Serialized;
}

const operators = new Map([AssignOp, CompareOp, SumOp, TermOp].map((type) => [type.name, type]));
const byName = new Map(lexical.map((entry) => [entry.type.name, entry.name]));

function terminal({ name = "", label = name }: Serialized): Production {
  const kind = byName.get(name);
  if (kind) return { kind: "name", name: kind };
  const category = operators.get(name);
  if (!category) return { kind: "literal", text: label };
  const members = vocabulary.filter((token) => token.CATEGORIES?.includes(category));
  return { kind: "choice", parts: members.map((token) => ({ kind: "literal", text: token.LABEL ?? token.name })) };
}

function sequence(parts: readonly Serialized[]): Production {
  const made = parts.map(convert).flatMap((part) => (part.kind === "sequence" ? part.parts : [part]));
  return made.length === 1 ? made[0]! : { kind: "sequence", parts: made };
}

function convert(node: Serialized): Production {
  const inner = () => sequence(node.definition ?? []);
  switch (node.type) {
    case "Terminal":
      return terminal(node);
    case "NonTerminal":
      return { kind: "name", name: node.name ?? "" };
    case "Rule":
    case "Alternative":
      return inner();
    case "Alternation":
      return { kind: "choice", parts: (node.definition ?? []).map(convert) };
    case "Option":
      return { kind: "optional", part: inner() };
    case "Repetition":
      return { kind: "repeat", part: inner() };
    case "RepetitionWithSeparator": {
      const separator = convert(node.separator!);
      const more: Production = { kind: "repeat", part: { kind: "sequence", parts: [separator, inner()] } };
      return { kind: "optional", part: { kind: "sequence", parts: [inner(), more] } };
    }
    default:
      throw new Error(`internal: the grammar has a production of the unknown type ${node.type}`);
  }
}

export function namesIn(production: Production): readonly string[] {
  switch (production.kind) {
    case "literal":
      return [];
    case "name":
      return [production.name];
    case "sequence":
    case "choice":
      return production.parts.flatMap(namesIn);
    case "optional":
    case "repeat":
      return namesIn(production.part);
  }
}

/** Every rule, each behind the first that speaks of it, from `module` on. */
export function grammarRules(): readonly GrammarRule[] {
  const serialized: readonly (ISerializedGast & Serialized)[] = new ModuleParser().getSerializedGastProductions();
  const definitions = new Map(serialized.map((rule) => [rule.name ?? "", sequence(rule.definition ?? [])]));
  const ordered: GrammarRule[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const definition = definitions.get(name);
    if (!definition || seen.has(name)) return;
    seen.add(name);
    ordered.push({ name, definition });
    for (const next of namesIn(definition)) visit(next);
  };
  visit("module");
  return ordered;
}
