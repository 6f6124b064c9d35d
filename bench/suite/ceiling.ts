// The best loops that we can write by hand straight in binaryen, as the ceiling of what a compiler can reach here: a matrix product on
// packed panels (no packing, no edges), a bare polynomial for exp, and a copy.
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

interface Micro {
  readonly dtype: "float32" | "float64";
  /** Rows, and vectors a row, of the tile that stays in registers. */
  readonly rows: number;
  readonly vectors: number;
}

/** Tiles that were fastest among 2x4 to 8x1; with more than 8 accumulators V8 spills. */
const micro: Readonly<Record<"float32" | "float64", Micro>> = {
  float32: { dtype: "float32", rows: 4, vectors: 2 },
  float64: { dtype: "float64", rows: 2, vectors: 4 },
};

const DEPTH = 256;

/** A module whose `run(a, b, c, depth, turns)` multiplies a panel of rows by a panel of columns, `turns` times. */
function productText({ dtype, rows, vectors }: Micro): string {
  const [type, splat, size] =
    dtype === "float32" ? ["f32x4", "v128.load32_splat", 4] : ["f64x2", "v128.load64_splat", 8];
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
          (local.set $p (i32.add (local.get $p) (i32.const ${rows * (size as number)})))
          (br_if $k (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const ${16 * vectors}))) (local.get $end))))
        ${stores}
        (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))`;
}

/** exp by a polynomial of degree 5 on what is left of x / log 2, without a look at its range: nothing that is right for all x is faster. */
const expText = `(module (memory (import "env" "memory") 1 65536 shared)
  (func (export "run") (param $x i32) (param $y i32) (param $bytes i32)
    (local $end i32) (local $k v128) (local $r v128) (local $v v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (loop $next
      (local.set $v (v128.load (local.get $x)))
      (local.set $k (f32x4.nearest (f32x4.mul (local.get $v) (f32x4.splat (f32.const 1.44269504)))))
      (local.set $r (f32x4.sub (f32x4.sub (local.get $v) (f32x4.mul (local.get $k) (f32x4.splat (f32.const 0.693359375))))
        (f32x4.mul (local.get $k) (f32x4.splat (f32.const -0.000212194440)))))
      (v128.store (local.get $y)
        (f32x4.mul
          (f32x4.add (f32x4.splat (f32.const 1)) (f32x4.mul (local.get $r)
          (f32x4.add (f32x4.splat (f32.const 1)) (f32x4.mul (local.get $r)
          (f32x4.add (f32x4.splat (f32.const 0.5)) (f32x4.mul (local.get $r)
          (f32x4.add (f32x4.splat (f32.const 0.16666577)) (f32x4.mul (local.get $r)
          (f32x4.add (f32x4.splat (f32.const 0.04166655)) (f32x4.mul (local.get $r)
          (f32x4.splat (f32.const 0.0083632)))))))))))) 
          (i32x4.shl (i32x4.add (i32x4.trunc_sat_f32x4_s (local.get $k)) (i32x4.splat (i32.const 127))) (i32.const 23))))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end))))))`;

type Export = (...args: number[]) => void;

export async function ceilingPeer(): Promise<Peer> {
  const { default: binaryen } = await import("binaryen");
  const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
  const compile = async (text: string): Promise<Export> => {
    const module = binaryen.parseText(text);
    module.setFeatures(binaryen.Features.All);
    const { instance } = await WebAssembly.instantiate(module.emitBinary() as BufferSource, { env: { memory } });
    module.dispose();
    return instance.exports["run"] as Export;
  };
  const products = {
    float32: await compile(productText(micro.float32)),
    float64: await compile(productText(micro.float64)),
  };
  const exponential = await compile(expText);
  return {
    name: "ceiling",
    title: "hand-written loops, no packing, no edges, no range checks",
    async prepare(task: Task, _operands: readonly Operand[]): Promise<Run | undefined> {
      switch (task.kind) {
        case "matmul":
        case "crossProduct":
        case "gram": {
          const { rows, vectors } = micro[task.dtype];
          const lanes = task.dtype === "float32" ? 4 : 2;
          const work = task.kind === "matmul" ? task.n * task.m * task.p : task.n * task.p * task.p;
          // As many turns of the tile as the task has multiplications: fractions of a turn are nothing beside them.
          const turns = Math.max(1, Math.round(work / (rows * vectors * lanes * DEPTH)));
          return () => products[task.dtype](65536, 131072, 262144, DEPTH, turns);
        }
        case "map":
          return task.f === "exp" && task.dtype === "float32"
            ? () => exponential(65536, 65536 + 8 * task.n, 4 * task.n)
            : undefined;
        default:
          return undefined;
      }
    },
  };
}
