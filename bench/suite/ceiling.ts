// The best loops that we can write by hand straight in binaryen, as the ceiling of what a compiler can reach here: a matrix product on
// packed panels (no packing, no edges), a bare polynomial for exp, and a copy.
import { compileText, productText, tiles } from "../../src/cli/peak.js";
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

const DEPTH = 256;

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

export async function ceilingPeer(): Promise<Peer> {
  const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
  const products = {
    float32: await compileText(productText("float32"), memory),
    float64: await compileText(productText("float64"), memory),
  };
  const exponential = await compileText(expText, memory);
  return {
    name: "ceiling",
    title: "hand-written loops, no packing, no edges, no range checks",
    async prepare(task: Task, _operands: readonly Operand[]): Promise<Run | undefined> {
      switch (task.kind) {
        case "matmul":
        case "crossProduct":
        case "gram": {
          const { rows, vectors } = tiles[task.dtype];
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
