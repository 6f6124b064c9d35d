// Where functions are measured: every so many of all f32 bit patterns, pairs of them, and the f64 points of the fixtures.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** `count` f32 numbers from the pattern `start` on, each `step` patterns from the last. */
export function patterns(start: number, count: number, step: number): Float32Array {
  const numbers = new Uint32Array(count);
  for (let k = 0; k < count; k++) numbers[k] = start + k * step;
  return new Float32Array(numbers.buffer);
}

/** A second argument for each of `count` first ones: patterns scattered by a multiplicative hash, half of them of moderate size. */
export function partners(start: number, count: number): Float32Array {
  const numbers = new Uint32Array(count);
  const values = new Float32Array(numbers.buffer);
  for (let k = 0; k < count; k++) {
    const hash = Math.imul(start + k, 0x9e3779b1) >>> 0;
    numbers[k] = hash;
    if (k % 2 === 0) values[k] = ((hash >>> 8) * 2 ** -24 - 0.5) * 2 ** ((hash & 15) - 4);
  }
  return values;
}

export interface Fixture {
  readonly x: Float64Array;
  /** The second argument, where there is one. */
  readonly y: Float64Array | undefined;
  readonly nearest: Float64Array;
  /** The exact value less the nearest double, in units in its last place. */
  readonly rest: Float32Array;
}

export function readFixture(folder: string, name: string, arity: 1 | 2): Fixture {
  const bytes = readFileSync(join(folder, `${name}.bin`));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = 8 * arity + 12;
  const count = bytes.byteLength / size;
  if (!Number.isInteger(count) || count === 0) throw new Error(`${name}.bin has no whole number of records`);
  const column = (at: number): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => view.getFloat64(k * size + at, true));
  return {
    x: column(0),
    y: arity === 2 ? column(8) : undefined,
    nearest: column(8 * arity),
    rest: Float32Array.from({ length: count }, (_, k) => view.getFloat32(k * size + size - 4, true)),
  };
}
