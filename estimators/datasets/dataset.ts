// A data set that comes with the package: unpacked when it is first asked for, and placed on a device.
import { asarray } from "../../src/runtime/asarray.js";
import { inflate } from "../../src/runtime/cpu/module.js";
import type { Device, DeviceKind } from "../../src/runtime/device.js";
import { resolveDevice } from "../../src/runtime/devices.js";
import type { FloatDtype } from "../../src/runtime/dtype.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";

export interface Placement {
  /** The CPU unless said. */
  readonly device?: Device | DeviceKind;
  /** Of what is a floating-point number; the widest that the device has unless said. */
  readonly dtype?: FloatDtype;
}

/** How the data come back: with names and a description unless said, or `[X, y]` alone. */
export interface LoadOptions extends Placement {
  readonly returnXy?: boolean;
}

/** scikit-learn's Bunch. */
export interface Dataset {
  /** `real[n, p]` */
  readonly data: NDArray;
  /** `i32[n]` of classes, `real[n]` of numbers. */
  readonly target: NDArray;
  readonly featureNames: readonly string[];
  /** The names of the classes; none where the target is a number. */
  readonly targetNames: readonly string[];
  /** What the data are, who measured them, and where they are from. */
  readonly DESCR: string;
}

/** Gives a data set as its options ask for it. */
export interface Loader<O, D> {
  (options: O & { readonly returnXy: true }): Promise<readonly [X: NDArray, y: NDArray]>;
  (options?: O & { readonly returnXy?: false }): Promise<D>;
}

/** What is packed: names, the description, and rows of numbers, the target last. */
interface Content extends Omit<Dataset, "data" | "target"> {
  readonly csv: string;
}

export interface Table extends Omit<Dataset, "data" | "target"> {
  readonly rows: readonly (readonly number[])[];
}

/** A data module. */
type Module = Promise<{ readonly packed: string }>;

async function unpack(module: Module): Promise<Table> {
  const { csv, ...names } = JSON.parse(new TextDecoder().decode(await inflate((await module).packed))) as Content;
  return { ...names, rows: csv.split("\n").map((line) => line.split(",").map(Number)) };
}

/** Where the data go. @throws {BifoldError} `dtype` for a type that the device does not have, `device`, `unsupported` */
export async function placement({
  device,
  dtype,
}: Placement): Promise<{ readonly device: Device; readonly dtype: FloatDtype }> {
  const target = await resolveDevice(device ?? "cpu");
  const type = dtype ?? target.floats[0] ?? "float32";
  if (!target.floats.includes(type))
    throw new BifoldError("dtype", `${target.name} has no ${type}: it has ${target.floats.join(", ")}`);
  return { device: target, dtype: type };
}

/** A floating array that was made on the CPU, where it is asked for. */
export async function deliver(
  own: Own,
  made: NDArray,
  { device, dtype }: { readonly device: Device; readonly dtype: FloatDtype },
): Promise<NDArray> {
  const typed = made.dtype === dtype ? made : own(await asarray(made, { dtype }));
  return own(await typed.to(device));
}

/** A loader: `open` imports the module; `keep` says which rows the options ask for, and `finish` what becomes of data and target. */
export function loader<O extends LoadOptions, D extends Dataset = Dataset>(
  open: () => Module,
  parts: {
    readonly keep?: (table: Table, options: O) => Table;
    readonly classes: boolean;
    readonly finish?: (own: Own, data: NDArray, options: O) => Promise<NDArray>;
    readonly more?: (set: Dataset) => D;
  },
): Loader<O, D> {
  const load = async (options: O = {} as O): Promise<Dataset | readonly [NDArray, NDArray]> => {
    const where = await placement(options);
    const table = await unpack(open());
    const { rows, ...names } = parts.keep?.(table, options) ?? table;
    return scope(async (own) => {
      const raw = own(
        await asarray(
          rows.map((row) => row.slice(0, -1)),
          { dtype: "float64" },
        ),
      );
      const data = await deliver(own, (await parts.finish?.(own, raw, options)) ?? raw, where);
      const last = rows.map((row) => row.at(-1) ?? 0);
      const target = own(await asarray(last, { device: where.device, dtype: parts.classes ? "int32" : where.dtype }));
      const set = { data, target, ...names };
      return options.returnXy ? ([data, target] as const) : own(parts.more?.(set) ?? set);
    });
  };
  // Which of the two comes back follows `returnXy`, as the overloads say.
  return load as Loader<O, D>;
}
