// The most that this engine does on this machine, measured: multiply-adds in registers, and bytes through memory.
import binaryen from "binaryen";

export type Real = "float32" | "float64";

/** Rows, and vectors a row, of the tile that was fastest; with more than 8 accumulators V8 spills. */
export const tiles = { float32: { rows: 4, vectors: 2 }, float64: { rows: 2, vectors: 4 } } as const;

/** A module whose `run(a, b, c, depth, turns)` multiplies a packed panel of rows by one of columns, `turns` times: no packing, no edges. */
export function productText(dtype: Real): string {
  const { rows, vectors } = tiles[dtype];
  const type = dtype === "float32" ? "f32x4" : "f64x2";
  const splat = dtype === "float32" ? "v128.load32_splat" : "v128.load64_splat";
  const size = dtype === "float32" ? 4 : 8;
  const each = <T>(n: number, f: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => f(k));
  const sums = each(rows, (i) => each(vectors, (j) => `$s${i}_${j}`)).flat();
  const columns = each(vectors, (j) => `$b${j}`);
  const locals = [...sums, ...columns, "$x"].map((name) => `(local ${name} v128)`).join("");
  const loads = columns.map((b, j) => `(local.set ${b} (v128.load offset=${16 * j} (local.get $q)))`).join("\n");
  const multiplied = each(rows, (i) =>
    [
      `(local.set $x (${splat} offset=${size * i} (local.get $p)))`,
      ...columns.map(
        (b, j) =>
          `(local.set $s${i}_${j} (${type}.add (local.get $s${i}_${j}) (${type}.mul (local.get $x) (local.get ${b}))))`,
      ),
    ].join("\n"),
  ).join("\n");
  const stores = sums.map((s, k) => `(v128.store offset=${16 * k} (local.get $c) (local.get ${s}))`).join("\n");
  return `(module (memory (import "env" "memory") 1 65536 shared)
    (func (export "run") (param $a i32) (param $b i32) (param $c i32) (param $depth i32) (param $turns i32)
      (local $p i32) (local $q i32) (local $end i32) ${locals}
      (loop $again
        (local.set $p (local.get $a))
        (local.set $q (local.get $b))
        (local.set $end (i32.add (local.get $b) (i32.mul (local.get $depth) (i32.const ${16 * vectors}))))
        (loop $k
          ${loads}
          ${multiplied}
          (local.set $p (i32.add (local.get $p) (i32.const ${rows * size})))
          (br_if $k (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const ${16 * vectors}))) (local.get $end))))
        ${stores}
        (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))`;
}

/** A module whose `run(from, to, bytes)` copies by vectors. */
export const copyText = `(module (memory (import "env" "memory") 1 65536 shared)
  (func (export "run") (param $x i32) (param $y i32) (param $bytes i32) (local $end i32)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (loop $next
      (v128.store (local.get $y) (v128.load (local.get $x)))
      (v128.store offset=16 (local.get $y) (v128.load offset=16 (local.get $x)))
      (local.set $y (i32.add (local.get $y) (i32.const 32)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 32))) (local.get $end))))))`;

export type Export = (...args: number[]) => void;

/** The `run` of a module's text, on this memory. */
export async function compileText(text: string, memory: WebAssembly.Memory): Promise<Export> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary() as BufferSource;
  module.dispose();
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance.exports["run"] as Export;
}

/** Of several times, each the least of a few calls. */
function fastest(f: () => void, times: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < times; k++) {
    const start = performance.now();
    f();
    least = Math.min(least, performance.now() - start);
  }
  return least / 1000;
}

export interface Peak {
  /** Operations a second, a multiplication and an addition being two. */
  readonly flops: number;
  /** Bytes read and written a second, by a copy that no cache holds. */
  readonly bytes: number;
}

export async function measurePeak(dtype: Real): Promise<Peak> {
  const MIB = 2 ** 20;
  const memory = new WebAssembly.Memory({ initial: 2200, maximum: 65536, shared: true });
  const product = await compileText(productText(dtype), memory);
  const copy = await compileText(copyText, memory);
  const { rows, vectors } = tiles[dtype];
  const [depth, turns] = [256, 2000];
  const lanes = dtype === "float32" ? 4 : 2;
  product(0, 65536, 131072, depth, turns);
  const flops = 2 * rows * vectors * lanes * depth * turns;
  const bytes = 64 * MIB;
  copy(0, bytes, bytes);
  return {
    flops: flops / fastest(() => product(0, 65536, 131072, depth, turns), 10),
    bytes: (2 * bytes) / fastest(() => copy(0, bytes, bytes), 5),
  };
}
