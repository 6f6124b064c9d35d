// Measures every function on one device: the largest error found in each floating type, and where.
import { artifactOf } from "../../src/compile.js";
import { loadProgram } from "../../src/compiler/load.js";
import { callKernel } from "../../src/runtime/call.js";
import type { Artifact, Device } from "../../src/runtime/device.js";
import type { FloatDtype, TypedArray } from "../../src/runtime/dtype.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import { type Measured, measuredFunctions, program } from "./functions.js";
import { partners, patterns, readFixture } from "./points.js";
import { ulpsOfDouble, ulpsOfSingle } from "./ulp.js";

export interface Worst {
  readonly name: string;
  readonly dtype: FloatDtype;
  readonly ulps: number;
  /** The arguments there, and what was found. */
  readonly at: readonly number[];
  readonly found: number;
  readonly exact: number;
  readonly points: number;
}

/** Calls one of the functions over arrays. */
export type Call = (f: Measured, x: TypedArray, y: TypedArray | undefined, dtype: FloatDtype) => Promise<TypedArray>;

export function compileFunctions(): Artifact {
  const { program: typed, diagnostics } = loadProgram("accuracy.fold", (f) =>
    f === "accuracy.fold" ? program : undefined,
  );
  if (!typed) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("\n"));
  return artifactOf(typed);
}

export const caller =
  (artifact: Artifact, device: Device): Call =>
  async ({ name }, x, y, dtype) => {
    const result = await callKernel(artifact, `${name}Of`, y ? [x, y] : [x], { device, dtype });
    if (!(result instanceof NDArray)) throw new Error(`${name} gives no array`);
    try {
      return await result.data();
    } finally {
      result.dispose();
    }
  };

/** The worst point of some. */
class Record {
  private ulps = -1;
  private at: readonly number[] = [];
  private found = 0;
  private exact = 0;
  private points = 0;

  take(ulps: number, x: number, y: number | undefined, found: number, exact: number): void {
    this.points++;
    if (ulps <= this.ulps) return;
    this.ulps = ulps;
    this.at = y === undefined ? [x] : [x, y];
    this.found = found;
    this.exact = exact;
  }

  worst({ name }: Measured, dtype: FloatDtype): Worst {
    return { name, dtype, ulps: this.ulps, at: this.at, found: this.found, exact: this.exact, points: this.points };
  }
}

const chunk = 1 << 18;

/** Over every `step`-th bit pattern. */
export async function measureSingle(f: Measured, call: Call, step: number): Promise<Worst> {
  const record = new Record();
  for (let start = 0; start < 2 ** 32; start += chunk * step) {
    const count = Math.min(chunk, Math.ceil((2 ** 32 - start) / step));
    const x = patterns(start, count, step);
    const y = f.arity === 2 ? partners(start, count) : undefined;
    const found = await call(f, x, y, "float32");
    const exact = f.reference ? undefined : await call(f, Float64Array.from(x), y && Float64Array.from(y), "float64");
    for (let k = 0; k < count; k++) {
      const a = x[k]!;
      const b = y?.[k];
      if (f.within && !f.within(a, true)) continue;
      const value = exact ? exact[k]! : f.reference!(a, b ?? 0);
      record.take(ulpsOfSingle(found[k]!, value), a, b, found[k]!, value);
    }
  }
  return record.worst(f, "float32");
}

/** Over the points of a fixture. */
export async function measureDouble(f: Measured, call: Call, folder: string): Promise<Worst> {
  const record = new Record();
  const { x, y, nearest, rest } = readFixture(folder, f.name, f.arity);
  const found = await call(f, x, y, "float64");
  for (let k = 0; k < x.length; k++) {
    if (f.within && !f.within(x[k]!, false)) continue;
    record.take(ulpsOfDouble(found[k]!, nearest[k]!, rest[k]!), x[k]!, y?.[k], found[k]!, nearest[k]!);
  }
  return record.worst(f, "float64");
}

export async function measureAll(call: Call, folder: string, step: number, only?: readonly string[]): Promise<Worst[]> {
  const all: Worst[] = [];
  for (const f of measuredFunctions) {
    if (only && !only.includes(f.name)) continue;
    all.push(await measureDouble(f, call, folder));
    all.push(await measureSingle(f, call, step));
  }
  return all;
}
