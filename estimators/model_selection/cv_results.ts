// cvResults_: what a search found, by column; the keys are scikit-learn's in camelCase, names of scores and parameters are kept.
import type { FoldResult, Scores } from "./fit_and_score.js";
import type { Candidate } from "./parameter_grid.js";
import { deviation, mean, ranks } from "./statistics.js";

/**
 * Columns with an entry for each candidate: `params`, `param_ridge__alpha` (`undefined` where a candidate has none), `meanFitTime`, `stdFitTime`,
 * `meanScoreTime`, `stdScoreTime`; and `split0TestScore`, `meanTestScore`, `stdTestScore`, `rankTestScore`, of train scores likewise (without ranks).
 * Of several scores `split0_test_r2`, `mean_test_r2` and so on.
 */
export type CvResults = Times & {
  readonly params: readonly Candidate[];
  readonly [column: `param_${string}`]: readonly unknown[];
} & { readonly [K in `${"mean" | "std"}${"Test" | "Train"}Score` | "rankTestScore"]?: readonly number[] } & {
  readonly [column: `split${number}${"Test" | "Train"}Score`]: readonly number[];
  readonly [column: `${"mean" | "std" | "rank" | `split${number}`}_${Part}_${string}`]: readonly number[];
};

type Times = { readonly [K in `${"mean" | "std"}${"Fit" | "Score"}Time`]: readonly number[] };

type Part = "test" | "train";

/** `folds` has the folds of each candidate. */
export function cvResults(
  candidates: readonly Candidate[],
  folds: readonly (readonly FoldResult[])[],
  single: boolean,
) {
  const over = (of: (r: FoldResult) => number): number[][] => folds.map((results) => results.map(of));
  const columns: [string, readonly unknown[]][] = [];
  const times = { FitTime: over((r) => r.fitTime), ScoreTime: over((r) => r.scoreTime) };
  for (const [name, values] of Object.entries(times))
    columns.push([`mean${name}`, values.map(mean)], [`std${name}`, values.map(deviation)]);
  const names = [...new Set(candidates.flatMap((candidate) => Object.keys(candidate)))];
  for (const name of names) columns.push([`param_${name}`, candidates.map((candidate) => candidate[name])]);
  columns.push(["params", candidates]);
  const first = folds[0]?.[0];
  for (const name of Object.keys(first?.test ?? {}))
    for (const [part, scores] of [
      ["test", (r: FoldResult) => r.test],
      ["train", (r: FoldResult) => r.train],
    ] as const)
      if (part === "test" || first?.train)
        columns.push(...scoreColumns(part, name, over(scoreIn(scores, name)), single));
  return Object.fromEntries(columns) as unknown as CvResults;
}

const scoreIn =
  (scores: (r: FoldResult) => Scores | undefined, name: string) =>
  (r: FoldResult): number =>
    scores(r)?.[name] ?? Number.NaN;

/** The column of a statistic of a score. */
export const scoreColumn = (statistic: string, part: Part, name: string, single: boolean): string =>
  single ? `${statistic}${part === "test" ? "Test" : "Train"}Score` : `${statistic}_${part}_${name}`;

function scoreColumns(part: Part, name: string, values: readonly (readonly number[])[], single: boolean) {
  const column = (statistic: string) => scoreColumn(statistic, part, name, single);
  const splits = (values[0] ?? []).map((_, k) => [column(`split${k}`), values.map((v) => v[k])] as const);
  const means = values.map(mean);
  const columns: [string, readonly unknown[]][] = [
    ...splits.map(([key, v]): [string, readonly unknown[]] => [key, v]),
    [column("mean"), means],
    [column("std"), values.map(deviation)],
  ];
  if (part === "test") columns.push([column("rank"), ranks(means)]);
  return columns;
}
