// Holds what a backend gives against a reference: every decided number must lie within its bound; errors must be the same.
// It imports no code of the interpreter: references are plain data (`references.ts`).
import type { HostValue, Job, Outcome, Reference, Variant } from "./variants.js";
import { variantName } from "./variants.js";

export type BackendResult =
  | { readonly value: HostValue }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Something that runs a function. `prepare` compiles a job's program once for all of its calls. */
export interface Backend {
  readonly name: string;
  readonly variant: Variant;
  readonly prepare: (job: Job) => Promise<(args: readonly HostValue[]) => Promise<BackendResult>>;
}

export interface Comparison {
  /** Numbers that were compared, of these those that agree, and those of which nothing is known. */
  readonly compared: number;
  readonly undecided: number;
  /** Decided numbers whose bound is above a hundredth of the array's largest: they say little. */
  readonly loose: number;
  readonly disagreements: readonly string[];
}

const agreement: Comparison = { compared: 1, undecided: 0, loose: 0, disagreements: [] };
const unknown: Comparison = { compared: 1, undecided: 1, loose: 0, disagreements: [] };
const disagreement = (text: string): Comparison => ({ compared: 1, undecided: 0, loose: 0, disagreements: [text] });

export const addComparisons = (a: Comparison, b: Comparison): Comparison => ({
  compared: a.compared + b.compared,
  undecided: a.undecided + b.undecided,
  loose: a.loose + b.loose,
  disagreements: [...a.disagreements, ...b.disagreements],
});

export const nothingCompared: Comparison = { compared: 0, undecided: 0, loose: 0, disagreements: [] };

/** Numbers in a message that carries rounded values may differ in their last digits. */
const withoutNumbers = (text: string): string => text.replace(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, "#");

const bare = (code: string, message: string): string =>
  message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;

export function compare(reference: Outcome, got: BackendResult): Comparison {
  if ("unknown" in reference) return unknown;
  if ("error" in reference) {
    const { code, message, inexact } = reference.error;
    if (!("error" in got)) return disagreement(`no error, the reference has ${code}: ${message}`);
    const said = bare(got.error.code, got.error.message);
    const same = inexact ? withoutNumbers(said) === withoutNumbers(message) : said === message;
    return got.error.code === code && same
      ? agreement
      : disagreement(`error ${got.error.code}: ${said}, the reference has ${code}: ${message}`);
  }
  if ("error" in got) {
    if (reference.mayFail) return unknown;
    return disagreement(`error ${got.error.code}: ${got.error.message}, the reference has a value`);
  }
  return compareValues("result", got.value, reference.value, reference.bounds);
}

function compareValues(at: string, got: HostValue, wanted: HostValue, bounds: HostValue): Comparison {
  if (typeof wanted !== "object") {
    if (typeof got === "object") return disagreement(`${at} is no scalar`);
    if (typeof got !== typeof wanted)
      return disagreement(`${at} is a ${typeof got}, the reference is a ${typeof wanted}`);
    return compareNumbers(at, [1], [Number(got)], [Number(wanted)], [Number(bounds)]);
  }
  if (typeof got !== "object" || typeof bounds !== "object") return disagreement(`${at} is a scalar`);
  if ("fields" in wanted) {
    if (!("fields" in got) || !("fields" in bounds)) return disagreement(`${at} is no record`);
    const names = Object.keys(wanted.fields);
    const others = Object.keys(got.fields).filter((name) => !names.includes(name));
    if (others.length > 0) return disagreement(`${at} has ${others.join(", ")} too much`);
    let all = nothingCompared;
    for (const name of names) {
      const [g, w, b] = [got.fields[name], wanted.fields[name], bounds.fields[name]];
      if (g === undefined || w === undefined || b === undefined) return disagreement(`${at}.${name} is missing`);
      all = addComparisons(all, compareValues(at === "result" ? name : `${at}.${name}`, g, w, b));
    }
    return all;
  }
  if ("fields" in got || "fields" in bounds) return disagreement(`${at} is no array`);
  if (got.shape.join() !== wanted.shape.join())
    return disagreement(`${at} has the shape [${got.shape}], the reference [${wanted.shape}]`);
  return compareNumbers(at, wanted.shape, got.data, wanted.data, bounds.data);
}

/** So many are named, then they are counted. */
const MOST_NAMED = 3;

function compareNumbers(
  at: string,
  shape: readonly number[],
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  bounds: ArrayLike<number>,
): Comparison {
  let undecided = 0;
  let loose = 0;
  let wrong = 0;
  let largest = 0;
  for (let k = 0; k < wanted.length; k++) largest = Math.max(largest, Math.abs(wanted[k] ?? 0));
  const disagreements: string[] = [];
  for (let k = 0; k < wanted.length; k++) {
    const [g, w, b] = [got[k] ?? Number.NaN, wanted[k] ?? Number.NaN, bounds[k] ?? Number.NaN];
    if (b === Number.POSITIVE_INFINITY) {
      undecided++;
      continue;
    }
    if (b > 0.01 * Math.max(largest, 1e-6)) loose++;
    if (g === w || (Number.isNaN(g) && Number.isNaN(w)) || Math.abs(g - w) <= b) continue;
    wrong++;
    if (wrong <= MOST_NAMED) {
      const times = b > 0 ? `, ${(Math.abs(g - w) / b).toPrecision(3)} times the bound` : "";
      disagreements.push(`${at}${placeOf(shape, k)} is ${g}, the reference has ${w} +- ${b}${times}`);
    }
  }
  if (wrong > MOST_NAMED) disagreements.push(`${at}: ${wrong} of ${wanted.length} numbers in all`);
  return { compared: wanted.length, undecided, loose, disagreements };
}

function placeOf(shape: readonly number[], k: number): string {
  if (shape.length === 1 && shape[0] === 1 && k === 0) return "";
  let rest = k;
  const index = [...shape].reverse().map((n) => {
    const i = rest % n;
    rest = Math.floor(rest / n);
    return i;
  });
  return `[${index.reverse().join(", ")}]`;
}

/** What came of many jobs on one backend. */
export interface Tally {
  readonly backend: string;
  readonly programs: number;
  readonly calls: number;
  readonly comparison: Comparison;
  /** Titles of the jobs that do not agree. */
  readonly failing: readonly string[];
  /** How many numbers of each job are undecided, by its title. */
  readonly undecided: ReadonlyMap<string, number>;
}

/** Of one backend, over several runs. */
export const addTallies = (a: Tally, b: Tally): Tally => ({
  backend: a.backend,
  programs: a.programs + b.programs,
  calls: a.calls + b.calls,
  comparison: addComparisons(a.comparison, b.comparison),
  failing: [...a.failing, ...b.failing],
  undecided: new Map([...a.undecided, ...b.undecided]),
});

const shapesOf = (args: readonly HostValue[]): string =>
  args.map((a) => (typeof a !== "object" ? String(a) : "data" in a ? `[${a.shape}]` : "{...}")).join(" ");

/** Runs every job on the backend, and holds each call against its reference. */
export async function holdAgainst(
  backend: Backend,
  jobs: readonly Job[],
  references: readonly Reference[],
): Promise<Tally> {
  let comparison = nothingCompared;
  let calls = 0;
  const failing: string[] = [];
  const undecided = new Map<string, number>();
  for (const [k, job] of jobs.entries()) {
    const where = `${job.title} on ${backend.name}`;
    const before = comparison;
    const note = (text: string): void => {
      comparison = addComparisons(comparison, disagreement(`${where}: ${text}`));
    };
    const reference = references[k];
    if (!reference || "problem" in reference) {
      note(reference ? reference.problem : "no reference");
      continue;
    }
    const outcomes = reference.outcomes[variantName(backend.variant)];
    if (!outcomes) throw new Error(`no references for ${variantName(backend.variant)}`);
    try {
      const run = await backend.prepare(job);
      for (const [c, args] of job.calls.entries()) {
        const outcome = outcomes[c];
        if (!outcome) throw new Error("a call without a reference");
        calls++;
        const one = compare(outcome, await run(args));
        const named = one.disagreements.map((text) => `${where}, call ${c} with ${shapesOf(args)}: ${text}`);
        comparison = addComparisons(comparison, { ...one, disagreements: named });
      }
    } catch (e) {
      note(`threw ${e instanceof Error ? (e.stack ?? e.message) : String(e)}`);
    }
    if (comparison.disagreements.length > before.disagreements.length) failing.push(job.title);
    if (comparison.undecided > before.undecided) undecided.set(job.title, comparison.undecided - before.undecided);
  }
  return { backend: backend.name, programs: jobs.length, calls, comparison, failing, undecided };
}

const share = (part: number, of: number): string => `${((100 * part) / Math.max(of, 1)).toFixed(2)} %`;

export function tallyReport(t: Tally): string {
  const { compared, undecided, loose, disagreements } = t.comparison;
  const head = `${t.backend}: ${t.programs} programs, ${t.calls} calls, ${compared} numbers compared, ${undecided} undecided (${share(undecided, compared)}), ${loose} with loose bounds (${share(loose, compared)}), ${disagreements.length} disagreements`;
  const most = [...t.undecided].sort(([, a], [, b]) => b - a).slice(0, 5);
  const where = most.map(([title, n]) => `${title} ${n}`).join(", ");
  const lines = [...(where ? [`undecided most in ${where}`] : []), ...disagreements.slice(0, 20)];
  return [head, ...lines.map((text) => `  ${text}`)].join("\n");
}
