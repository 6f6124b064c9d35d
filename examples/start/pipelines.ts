// Runs the pipelines on every device, shows how far it is, and prints scores beside scikit-learn's and times by step.
import type { ArrayInput } from "bifold";
import type { Place } from "./fit.js";
import { type ByStep, fitByStep, type Shape, type Validated, validate } from "./pipeline.js";
import { formatTable } from "./table.js";

export interface Example {
  readonly what: string;
  readonly shape: Shape;
  readonly X: ArrayInput;
  readonly y: ArrayInput;
  /** Where else predictions are wanted. */
  readonly elsewhere: ArrayInput;
  /** scikit-learn's scores on the same folds. */
  readonly reference: readonly number[];
}

const seconds = (s: number): string => (s < 10 ? `${(s * 1000).toFixed(0)} ms` : `${s.toFixed(1)} s`);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** A line that is written over, where there is a screen. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** What the pipeline of the first example gave on the first device is given back, for the picture. */
export async function runPipelines(
  examples: readonly Example[],
  places: readonly Place[],
  version: string,
): Promise<readonly ByStep[]> {
  const learned: ByStep[] = [];
  for (const e of examples) {
    const rows: string[][] = [["scikit-learn", version, ...scoresOf(e.reference), "", "", ""]];
    const times: string[][] = [];
    for (const where of places) {
      const name = `${e.what} on ${where.device.name}, ${where.dtype}`;
      progress(`${name} …`);
      const run: Validated = await validate(e.shape, e.X, e.y, where, ({ done, total }) => {
        progress(`${name}: fold ${done} of ${total}`);
      });
      const steps = await fitByStep(e.shape, e.X, e.y, e.elsewhere, where);
      progress("");
      learned.push(steps);
      const difference = Math.max(...run.testScore.map((s, k) => Math.abs(s - (e.reference[k] ?? Number.NaN))));
      rows.push([
        where.device.name,
        where.dtype,
        ...scoresOf(run.testScore),
        seconds(run.fitTime),
        seconds(run.scoreTime),
        difference.toExponential(1),
      ]);
      times.push([where.device.name, where.dtype, ...Object.values(steps.seconds).map(seconds)]);
      if (times.length === 1) times.unshift(["one fit on all rows", "", ...Object.keys(steps.seconds)]);
    }
    console.log(
      `\n${e.what}\n${formatTable([["device", "dtype", "R² of each fold", "mean", "fit", "score", "from scikit-learn"], ...rows], 2)}\n\n${formatTable(times, 2)}`,
    );
  }
  return learned;
}

const scoresOf = (scores: readonly number[]): readonly string[] => [
  scores.map((s) => s.toFixed(5)).join(" "),
  mean(scores).toFixed(6),
];
