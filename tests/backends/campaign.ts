// Many jobs on all backends, two processes at a time: references first, then the CPU and WebGPU in turns.
import { addTallies, type Tally } from "./harness.js";
import { cpuSpecs, webgpuSpecs } from "./pairing.js";
import { computeReferences, runBackends, type Task } from "./processes.js";
import type { Job, Reference, Variant } from "./variants.js";

export interface Campaign {
  readonly tallies: readonly Tally[];
  readonly coverage: ReadonlyMap<string, number>;
  readonly forks: number;
}

const variants: readonly Variant[] = [
  { real: "float32", target: "wasm" },
  { real: "float64", target: "wasm" },
  { real: "float32", target: "wgsl" },
];

const PROCESSES = 2;

/** Runs what is waiting, so many at a time; results in order. */
async function inTurns<T>(work: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results = new Map<number, T>();
  let next = 0;
  const take = async (): Promise<void> => {
    for (let k = next++; k < work.length; k = next++) {
      const one = work[k];
      if (one) results.set(k, await one());
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, take));
  return work.map((_, k) => results.get(k) as T);
}

function parts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.max(Math.ceil(items.length / size), 1);
  // Dealt out like cards, so that no part has all the slow ones.
  return Array.from({ length: count }, (_, c) => items.filter((_, k) => k % count === c));
}

/** Which devices take part. */
export type Devices = "all" | "cpu" | "webgpu";

/** `first` is the number of the first job, by which its backends alternate. */
export async function runCampaign(
  jobs: readonly Job[],
  first: number,
  partSize: number,
  devices: Devices = "all",
): Promise<Campaign> {
  const numbered = jobs.map((job, k) => ({ job, k: first + k }));
  const dealt = parts(numbered, partSize);
  const references = new Map<Job, Reference>();
  const computed = await inTurns(
    dealt.map(
      (part) => () =>
        computeReferences(
          part.map((p) => p.job),
          variants,
        ),
    ),
  );
  dealt.forEach((part, c) => {
    part.forEach((p, k) => {
      const reference = computed[c]?.[k];
      if (reference) references.set(p.job, reference);
    });
  });
  const tasks = (part: typeof numbered, gpu: boolean): readonly Task[] =>
    part.map(({ job, k }) => ({
      job,
      reference: references.get(job) ?? { problem: "no reference" },
      specs: gpu ? webgpuSpecs(k) : cpuSpecs(k),
    }));
  const gpus = devices === "all" ? [true, false] : [devices === "webgpu"];
  const answers = await inTurns(dealt.flatMap((p) => gpus.map((gpu) => () => runBackends(tasks([...p], gpu)))));
  const tallies = new Map<string, Tally>();
  const coverage = new Map<string, number>();
  for (const a of answers) {
    for (const t of a.tallies) {
      const before = tallies.get(t.backend);
      tallies.set(t.backend, before ? addTallies(before, t) : t);
    }
    for (const [name, count] of a.coverage) coverage.set(name, (coverage.get(name) ?? 0) + count);
  }
  return { tallies: [...tallies.values()], coverage, forks: answers.reduce((n, a) => n + a.forks, 0) };
}

const share = (part: number, of: number): number => part / Math.max(of, 1);

/** The worst shares over the backends, and the sums. */
export function totals(c: Campaign): {
  readonly comparisons: number;
  readonly undecided: number;
  readonly loose: number;
  readonly disagreements: readonly string[];
} {
  const all = c.tallies.map((t) => t.comparison);
  return {
    comparisons: all.reduce((n, x) => n + x.compared, 0),
    undecided: Math.max(...all.map((x) => share(x.undecided, x.compared))),
    loose: Math.max(...all.map((x) => share(x.loose, x.compared))),
    disagreements: all.flatMap((x) => x.disagreements),
  };
}
