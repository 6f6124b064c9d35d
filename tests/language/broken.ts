// Programs with something wrong: real texts whose words are deleted, doubled, swapped or exchanged for others of their kind, so that most
// get past the parser and trouble the checker.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { keywords } from "../../grammar/tokens.js";

/** Every program of the project, by its path from the checkout. */
export const programs: ReadonlyMap<string, string> = new Map(
  ["stdlib", "src/array", "estimators", "tests/language"]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".fold"))
        .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
    )
    .sort()
    .map((path) => [path, readFileSync(path, "utf8")]),
);

const wordPattern = /#[^\n]*|"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*|\d[\w.]*|\.\.|[-+=!<>]=|->|=>|\n|[^\s\w]/g;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const wordsOf = (text: string): Word[] =>
  [...text.matchAll(wordPattern)]
    .map((m) => ({ text: m[0], start: m.index, end: m.index + m[0].length }))
    .filter((w) => !w.text.startsWith("#") && w.text !== "\n");

const kinds: readonly (readonly string[])[] = [
  ["real", "wide", "i32", "u32", "bool", "size"],
  ["+", "-", "*", "/", "div", "%", "^", "@"],
  ["==", "!=", "<", "<=", ">", ">=", "and", "or"],
  ["sum", "prod", "min", "max", "argmin", "argmax", "any", "all", "count"],
  ["=", "+=", "-="],
  ["let", "var"],
];
const marks = ["(", ")", "[", "]", "{", "}", ":", ",", ".", "'", "..", ...kinds.flat()];
const numbers = ["0", "1", "2", "3", "7", "100", "2147483647", "4294967296", "0.5", "1e300", "0xffffffff"];
const suffixes = [" + 1", "[0]", "'", "(1)", ".x", " as real", "[i]", ".."];

const isName = (word: string): boolean => /^[A-Za-z_]/.test(word) && !(keywords as readonly string[]).includes(word);

/** What may stand in the place of a word without the parser minding. */
function others(word: string, all: readonly Word[]): readonly string[] {
  const kind = kinds.find((k) => k.includes(word));
  if (kind) return kind;
  if (/^\d/.test(word)) return numbers;
  return isName(word) ? [...new Set(all.map((w) => w.text).filter(isName))] : [];
}

const pick = <T>(list: readonly T[], k: number): T | undefined => list[k % list.length];

type Change = (text: string, a: number, b: number) => string;

const splice = (text: string, at: Word, by: string): string => text.slice(0, at.start) + by + text.slice(at.end);

const onLines =
  (change: (lines: string[], a: number, b: number) => void): Change =>
  (text, a, b) => {
    const lines = text.split("\n");
    change(lines, a % lines.length, b % lines.length);
    return lines.join("\n");
  };

const onWord =
  (change: (text: string, word: Word, all: readonly Word[], b: number) => string, of = (_: string) => true): Change =>
  (text, a, b) => {
    const all = wordsOf(text);
    const word = pick(
      all.filter((w) => of(w.text)),
      a,
    );
    return word ? change(text, word, all, b) : text;
  };

const byItsKind = onWord(
  (text, word, all, b) => splice(text, word, pick(others(word.text, all), b) ?? ""),
  (word) => others(word, []).length > 0 || isName(word),
);
const valued = onWord((text, word, _, b) => splice(text, word, word.text + pick(suffixes, b)), isName);
const exchanged = (of: (word: string) => boolean): Change =>
  onWord((text, word, all, b) => {
    const other =
      pick(
        all.filter((w) => of(w.text)),
        b,
      ) ?? word;
    const [first, second] = word.start <= other.start ? [word, other] : [other, word];
    return first === second ? text : splice(splice(text, second, first.text), first, second.text);
  }, of);
/** A statement of one line: without braces. */
const isWhole = (line: string): boolean => !/[{}]/.test(line);

/** Most of these are read by the parser. */
const gentle: readonly Change[] = [
  byItsKind,
  byItsKind,
  byItsKind,
  exchanged(isName),
  valued,
  onLines((lines, a) => isWhole(lines[a] ?? "") && lines.splice(a, 1)),
  onLines((lines, a) => isWhole(lines[a] ?? "") && lines.splice(a, 0, lines[a] ?? "")),
  onLines((lines, a, b) => isWhole(lines[a] ?? "") && lines.splice(b, 0, ...lines.splice(a, 1))),
];
/** And most of these are not. */
const rough: readonly Change[] = [
  onWord((text, word) => splice(text, word, "")),
  onWord((text, word) => splice(text, word, `${word.text} ${word.text}`)),
  onWord((text, word, all, b) => splice(text, word, pick([...marks, ...numbers, ...all.map((w) => w.text)], b) ?? "")),
  exchanged(() => true),
  onLines((lines, a, b) => lines.splice(b, 0, ...lines.splice(a, 1))),
  (text, a) => text.slice(0, a % (text.length + 1)),
];

export interface Broken {
  readonly file: string;
  readonly text: string;
}

const changed = (changes: readonly Change[]): fc.Arbitrary<Broken> =>
  fc
    .tuple(
      fc.constantFrom(...programs.keys()),
      fc.array(fc.tuple(fc.constantFrom(...changes), fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }),
    )
    .map(([file, steps]) => ({
      file,
      text: steps.reduce((text, [change, a, b]) => change(text, a, b), programs.get(file) ?? ""),
    }));

/** A program with one to four changes, in four of five cases such as leave its form. */
export const broken: fc.Arbitrary<Broken> = fc.oneof(
  { arbitrary: changed(gentle), weight: 4 },
  { arbitrary: changed(rough), weight: 1 },
);
