// Jobs of the project's own programs: every export of `src/array/` and `estimators/`, every function of `stdlib/`, every scalar function. Arguments are drawn
// by what a parameter's name stands for, over sizes from the generator's lengths.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { exportsOf, loadProgram } from "../../src/compiler/load.js";
import { evaluateSize } from "../../src/compiler/size.js";
import type { FunctionDef, Program, ScalarType, Type, ValueType } from "../../src/compiler/typed.js";
import { makeHostData } from "../../src/ir/interpret/value.js";
import { makeRandom, type Random } from "../generate/random.js";
import { lengths } from "../generate/sizes.js";
import type { HostValue, Job } from "./variants.js";
import { builtinWrappers, libraryWrappers, type Wrapper } from "./wrappers.js";

/** Every file below the folder, by its path from the checkout. */
function foldFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".fold"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();
}

export function libraryJobs(seed: number): readonly Job[] {
  const random = makeRandom(seed);
  const exported = ["src/array", "estimators"].flatMap(foldFiles).flatMap((main) => {
    const files: Record<string, string> = {};
    // The file and what it imports.
    const program = loaded(main, (path) => {
      if (existsSync(path)) files[path] = readFileSync(path, "utf8");
      return files[path];
    });
    return exportsOf(program).map((def) => jobOf(random, `${def.name} of ${main}`, files, main, def, def.name));
  });
  const wrapped = (w: Wrapper): Job => {
    const files = { "main.fold": w.text };
    const [def] = exportsOf(loaded("main.fold", () => w.text));
    if (!def) throw new Error(`${w.of} has no wrapper`);
    return jobOf(random, w.of, files, "main.fold", def, w.of);
  };
  const modules = foldFiles("stdlib").map((path) => path.replace(/^stdlib\/(.*)\.fold$/, "std/$1"));
  return [...exported, ...modules.flatMap(libraryWrappers).map(wrapped), ...builtinWrappers().map(wrapped)];
}

function loaded(main: string, read: (path: string) => string | undefined): Program {
  const { program, diagnostics } = loadProgram(main, read);
  if (!program) throw new Error(`${main}: ${diagnostics.map((d) => `${d.code}: ${d.message}`).join("; ")}`);
  return program;
}

const CALLS = 5;
/** What one run may take, in points. */
const MOST_WORK = 60_000;

function jobOf(
  random: Random,
  title: string,
  files: Job["files"],
  main: string,
  def: FunctionDef,
  subject: string,
): Job {
  const names = def.sizes.map((s) => s.local.name);
  // Every length turns up for every size: each size walks through them by a step of its own.
  const start = random.whole(0, lengths.length);
  const calls = Array.from({ length: CALLS }, (_, call) => {
    const at = names.map((name, k) => {
      const turned = (start + call * ([2, 4, 5, 7][k % 4] ?? 1) + k) % lengths.length;
      // More clusters than samples are refused: that, too, is tried, but not most of the time.
      const clusters = /kmeans/.test(title) && name !== "n";
      // All bounds of splines of a high degree are loose.
      const degree = subject === "splines" && name === "d";
      return clusters || degree ? turned % 5 : turned;
    });
    const sizes = (): ReadonlyMap<string, number> => new Map(names.map((n, k) => [n, lengths[at[k] ?? 0] ?? 1]));
    while (workOf(def, sizes(), subject) > MOST_WORK) {
      const largest = at.indexOf(Math.max(...at));
      at[largest] = (at[largest] ?? 1) - 1;
    }
    // A factorisation by the Gram matrix, or with a square Q, is of what has at least as many rows as columns.
    if (/^(qrTall|qrOfGram|qrComplete|choleskyQr2)/.test(subject)) at.sort((a, b) => b - a);
    const chosen = sizes();
    return def.params.map((p) => {
      if (p.type.kind === "function") throw new Error(`${p.name} of ${title} is a function`);
      const bound = def.sizes.find((s) => s.local.name === p.name && s.from.kind === "param");
      if (bound) return chosen.get(p.name) ?? 0;
      return draw(random, p.type, p.name, subject, chosen);
    });
  });
  return { title, files, main, fn: def.name, calls };
}

/**
 * Factorisations take the cube of a square's side, and sweeps of rotations some tens of times as much. What is made of the standard library's
 * decompositions need not meet them again where these have their edges.
 */
function workOf(def: FunctionDef, sizes: ReadonlyMap<string, number>, subject: string): number {
  const all = [...sizes.values()].map((n) => Math.max(n, 1));
  const product = all.reduce((a, b) => a * b, 1);
  const largest = Math.max(...all, 1);
  const sweeps = /jacobi|leastSquares|eig|svd|divide|idiagonal/i.test(subject) ? 2000 : decomposes(def) ? 400 : 1;
  // Where loops end by what rounding leaves, no bound tells what a large result has to be: residuals do, in tests of their own.
  const tables = sweeps > 1 ? [...def.params.map((p) => p.type), def.result] : def.params.map((p) => p.type);
  const square = tables.some(isTable);
  // Every pair of eigenvalues is looked at for every count of components.
  const pairs = /InferCount/.test(subject) ? largest ** 2 : 1;
  // What splines are made of is a table for each knot, half of which holds what rounding leaves: large ones would drown all else.
  const table = subject === "splines" ? 20 : 1;
  return product * (square ? largest : 1) * sweeps * pairs * table;
}

const isTable = (t: Type): boolean =>
  t.kind === "record" ? t.fields.some((f) => isTable(f.type)) : t.kind === "array" && t.shape.length === 2;

const decompositions: ReadonlySet<string> = new Set([
  "std/bidiagonal",
  "std/divide",
  "std/eigen",
  "std/rotations",
  "std/svd",
  "std/sweeps",
]);

/** Whether a function calls, through others or not, one of the decompositions. */
function decomposes(def: FunctionDef): boolean {
  const seen = new Set<unknown>();
  const reaches = (part: unknown): boolean => {
    if (typeof part !== "object" || part === null || seen.has(part)) return false;
    seen.add(part);
    if ("at" in part && "body" in part && "params" in part && decompositions.has((part as FunctionDef).at.file))
      return true;
    return Object.values(part).some(reaches);
  };
  return reaches(def.body);
}

function draw(
  r: Random,
  type: ValueType,
  name: string,
  subject: string,
  sizes: ReadonlyMap<string, number>,
): HostValue {
  switch (type.kind) {
    case "scalar": {
      const x = drawScalar(r, type.scalar, name, subject, sizes);
      return type.scalar === "bool" ? x === 1 : x;
    }
    case "array": {
      const shape = type.shape.map((s) => evaluateSize(s, (symbol) => sizes.get(symbol.name) ?? 0));
      const data = makeHostData(
        type.element,
        shape.reduce((a, b) => a * b, 1),
        "float64",
      );
      for (let k = 0; k < data.length; k++) data[k] = drawScalar(r, type.element, name, subject, sizes);
      const [rows = 0, columns = 0] = shape;
      if (columns === rows && /^(cholesky|factorGram|qrOfGram|pcaTriangle)|solve/i.test(subject))
        makeDefinite(data, rows);
      if (rows >= columns && /^(qr|choleskyQr|lu|inv|det|slogdet)/i.test(subject)) makeDominant(data, rows, columns);
      if (name === "inner") makeAscending(data, rows, columns);
      if (name === "poles") {
        if (/^bordered\b/.test(subject)) data[0] = 0;
        makeAscending(data, rows, 1);
      }
      return { shape, data };
    }
    case "record":
      return { fields: Object.fromEntries(type.fields.map((f) => [f.name, draw(r, f.type, f.name, subject, sizes)])) };
  }
}

/** Symmetric, with a diagonal that outweighs the rest: positive definite, and a triangle of it is well conditioned. */
function makeDefinite(data: ReturnType<typeof makeHostData>, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) data[j * n + i] = data[i * n + j] ?? 0;
    data[i * n + i] = 2 * n + (data[i * n + i] ?? 0);
  }
}

/** With a first square whose diagonal outweighs all else: which pivot is taken, and which sign a reflection has, is no matter of rounding. */
function makeDominant(data: ReturnType<typeof makeHostData>, n: number, p: number): void {
  for (let j = 0; j < p; j++) data[j * p + j] = 4 * n + Math.abs(data[j * p + j] ?? 0);
}

/** Each column goes up from row to row, by steps that rounding can't hide. */
function makeAscending(data: ReturnType<typeof makeHostData>, n: number, p: number): void {
  for (let i = 1; i < n; i++)
    for (let j = 0; j < p; j++) data[i * p + j] = (data[(i - 1) * p + j] ?? 0) + 0.1 + Math.abs(data[i * p + j] ?? 0);
}

function drawScalar(
  r: Random,
  type: ScalarType,
  name: string,
  subject: string,
  sizes: ReadonlyMap<string, number>,
): number {
  switch (type) {
    case "real":
    case "wide":
      return drawReal(r, name, subject);
    case "i32":
      if (name === "indices" || name === "rows") return r.whole(0, Math.max(sizes.get("n") ?? 1, 1));
      if (name === "columns") return r.whole(0, Math.max(sizes.get("p") ?? 1, 1));
      // Of features that are informative, redundant or useless.
      if (name === "source")
        return r.whole(
          0,
          Math.max(
            ["q", "r", "u"].reduce((n, s) => n + (sizes.get(s) ?? 0), 0),
            1,
          ),
        );
      if (/labels/i.test(name)) return r.whole(0, Math.max(sizes.get("k") ?? 1, 1));
      return name === "maxTurns" ? 4 : r.whole(0, 6) - (/^x\d$/.test(name) ? 2 : 0);
    case "u32":
      return Math.floor(r.next() * 2 ** 32);
    case "bool":
      return r.whole(0, 2);
  }
}

const between = (r: Random, lo: number, hi: number): number => lo + (hi - lo) * (r.whole(1, 1000) / 1000);

/** Where a function is defined, or its helper is asked to work. */
function drawReal(r: Random, name: string, subject: string): number {
  // Between poles an eigenvalue or a singular value has its own place only if no part of `z` is near zero.
  if (/^(weights?|alpha|scale|spread|rho)$/.test(name) || (/^(rankOne|bordered)\b/.test(subject) && name === "z"))
    return between(r, 0.1, 2);
  if (/^(first|draws|part)$/.test(name)) return between(r, 0, 1);
  if (/^(tolerance|cutoff)$/.test(name)) return 1e-4;
  if (/LogErrors|deviance/i.test(subject)) return between(r, 0.05, 3);
  if (!/^x\d$/.test(name)) return between(r, -2, 2);
  if (/^(asin|acos|erfinv)/.test(subject)) return between(r, -0.95, 0.95);
  if (/Reduced|Tail|ofParts/i.test(subject)) return between(r, -0.3, 0.3);
  if (/^(log|sqrt|pow|lgamma|digamma|split|normalised)/.test(subject)) return between(r, 0.05, 3);
  return r.chance(0.5) ? between(r, -2, 2) : between(r, -40, 40);
}
