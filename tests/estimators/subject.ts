// What the shared checks know of an estimator, and the data that they use.
import type { Estimator } from "../../estimators/base.js";
import { device } from "../../src/runtime/devices.js";
import { NDArray, type Nested } from "../../src/runtime/ndarray.js";
import { disposeAll, type Own } from "../../src/runtime/scope.js";
import { placeOn, type Setting } from "../settings.js";

/** What the checks call on an estimator; a transformer has no `predict`, a clusterer ignores `y`. */
export interface Checked extends Estimator<object> {
  fit(X: unknown, y?: unknown, options?: { sampleWeight?: unknown }): Promise<unknown>;
  predict?(X: unknown): Promise<NDArray>;
  transform?(X: unknown): Promise<NDArray>;
}

type MethodName = "predict" | "transform";

export interface Subject {
  readonly name: string;
  readonly make: () => Checked;
  /** One that takes `sampleWeight`, without draws; absent where there is none. */
  readonly weighted?: () => Checked;
  readonly allowsNaN: boolean;
  /** Whether `fit` looks at `y`. */
  readonly supervised: boolean;
  /** Whether one sample is enough to fit. */
  readonly oneSample: boolean;
  /** Whether there is nothing to learn: it works without a fit, and on every device. */
  readonly stateless?: true;
  /** Of one whose X is kernel values of samples with those fitted on, not the samples: the kernel. scikit-learn's tag `pairwise`. */
  readonly kernel?: (x: readonly number[], z: readonly number[]) => number;
  /** Of one that cross-validates: how many samples it fits first. */
  readonly firstFit?: number;
  /** The methods that it has; those of its class unless said. */
  readonly methods?: readonly MethodName[];
  /** Fitted arrays, by their public names. */
  readonly attributes: readonly string[];
}

export type Data = readonly (readonly number[])[];

/** 12 samples of 3 features, in two groups; a target. Few digits, so that every floating type holds them. */
export const rows: Data = Array.from({ length: 12 }, (_, i) => [i % 4, ((i * 7) % 5) / 2 + (i < 6 ? 8 : 0), i / 4]);
export const target: readonly number[] = rows.map(([a = 0, b = 0, c = 0]) => 2 * a - b + 0.5 * c + 1 + (a % 2) / 4);

/** What a subject takes for X of these samples, where it was or will be fitted on those of `basis`. */
export const inputOf = ({ kernel }: Subject, samples: Data, basis: Data = samples): Data =>
  kernel ? samples.map((x) => basis.map((z) => kernel(x, z))) : samples;

/** `predict` and `transform`, as far as they are there. */
export const methods = (s: Subject, e: Checked): ((X: unknown) => Promise<NDArray>)[] =>
  (s.methods ?? (["predict", "transform"] as const))
    .map((name) => e[name]?.bind(e))
    .filter((m): m is (X: unknown) => Promise<NDArray> => m !== undefined);

/** A fitted attribute. */
export const attribute = (e: Checked, name: string): NDArray => {
  const value: unknown = Reflect.get(e, name);
  if (!(value instanceof NDArray)) throw new Error(`${e.name} has no array ${name}`);
  return value;
};

/** The fitted arrays as lists. */
export const learned = (s: Subject, e: Checked): Promise<Nested[]> =>
  Promise.all(s.attributes.map((a) => attribute(e, a).toArray()));

/** What the methods give for `X`, as lists. */
export async function applied(s: Subject, e: Checked, X: unknown): Promise<Nested[]> {
  const all: Nested[] = [];
  for (const method of methods(s, e)) {
    const made = await method(X);
    all.push(await made.toArray());
    made.dispose();
  }
  return all;
}

/** What a check is given: everything marked with `own` is disposed of after it. */
export interface Bench {
  readonly setting: Setting;
  readonly own: Own;
  /** An array of the setting. */
  readonly place: ReturnType<typeof placeOn>;
  /** An array of the setting that the subject takes for X. */
  readonly data: (samples: Data, basis?: Data) => Promise<NDArray>;
  /** An estimator of the subject, fitted on samples and `y` (the data above unless said). */
  readonly fitted: (
    e: Checked,
    samples?: Data,
    y?: readonly number[],
    options?: { sampleWeight?: unknown },
  ) => Promise<Checked>;
}

export type Check = readonly [title: string, run: (s: Subject, bench: Bench) => Promise<void>];

/** Runs a check and disposes of what it made; memory must then be as it was. */
export async function runCheck([title, run]: Check, s: Subject, setting: Setting): Promise<void> {
  const there = await device(setting.kind);
  const before = there.liveBytes;
  const arrays = new Set<unknown>();
  const estimators = new Set<Checked>();
  const own: Own = (value) => {
    arrays.add(value);
    return value;
  };
  const place: Bench["place"] = async (values, options) => own(await placeOn(setting)(values, options));
  const data: Bench["data"] = (samples, basis) => place(inputOf(s, samples, basis));
  try {
    await run(s, {
      setting,
      own,
      place,
      data,
      fitted: async (e, samples = rows, y = target, options = {}) => {
        estimators.add(e);
        await e.fit(await data(samples), await place([...y]), options);
        return e;
      },
    });
  } finally {
    for (const e of estimators) e.dispose();
    for (const a of arrays) disposeAll(a);
  }
  if (there.liveBytes !== before) throw new Error(`"${title}" leaves ${there.liveBytes - before} bytes behind`);
}
