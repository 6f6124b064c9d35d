// The sides in turns: the whole cross-validation, and one fit on all rows by step, in several processes of several rounds.
import { type CrossValidated, FEATURES, type Memory, type Steps } from "./protocol.js";
import type { Side } from "./sides.js";

export interface Setting {
  readonly rows: number;
  readonly dtype: string;
  readonly threads: number;
}

/** How often: new processes, and rounds in each after a first that does not count. */
export interface Repeats {
  readonly processes: number;
  readonly rounds: number;
}

/** Seconds of each round, and the most bytes that a process held. */
export interface Measured {
  readonly totals: number[];
  readonly steps: Map<string, number[]>;
  scores: readonly number[];
  peak: number;
}

export async function measure(
  sides: readonly Side[],
  setting: Setting,
  repeats: Repeats,
): Promise<ReadonlyMap<string, Measured>> {
  const able = sides.filter((s) => s.dtypes.includes(setting.dtype));
  const found = new Map<string, Measured>();
  for (const { name } of able) found.set(name, { totals: [], steps: new Map(), scores: [], peak: 0 });
  for (let p = 0; p < repeats.processes; p++) {
    const running = able.map((s) => ({ name: s.name, peer: s.start(setting.threads) }));
    try {
      for (const { peer } of running) {
        await peer.ask({ op: "prepare", rows: setting.rows, features: FEATURES, dtype: setting.dtype });
        await peer.ask({ op: "crossValidate" });
      }
      for (let round = 0; round < repeats.rounds; round++)
        for (const { name, peer } of running) {
          const m = found.get(name);
          if (!m) continue;
          const run = await peer.ask<CrossValidated>({ op: "crossValidate" });
          m.totals.push(run.seconds);
          m.scores = run.scores;
          const { steps } = await peer.ask<Steps>({ op: "steps" });
          for (const [step, seconds] of Object.entries(steps))
            m.steps.set(step, [...(m.steps.get(step) ?? []), seconds]);
        }
      for (const { name, peer } of running) {
        const m = found.get(name);
        if (m) m.peak = Math.max(m.peak, (await peer.ask<Memory>({ op: "memory" })).peakBytes);
      }
    } finally {
      for (const { peer } of running) peer.stop();
    }
  }
  return found;
}
