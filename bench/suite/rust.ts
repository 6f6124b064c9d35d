// Rust through wasm-pack: faer and nalgebra, as `bench/rust` builds them.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

const folder = "bench/rust/pkg";

/** What `bench/rust/src/lib.rs` exports: a bench holds its operands, and `run` does its task once. */
interface RustModule {
  readonly Bench: new (
    task: string,
    dtype: string,
    sizes: Uint32Array,
    a: Float64Array,
    b: Float64Array,
  ) => {
    run(): void;
    readonly known: boolean;
  };
}

/** @throws where it has not been built */
export async function rustPeer(library: "faer" | "nalgebra" | "wide"): Promise<Peer> {
  const file = path.resolve(folder, "bifold_bench.js");
  if (!fs.existsSync(file)) throw new Error(`not built: \`bash bench/rust/build.sh\` needs cargo and wasm-pack`);
  const rust = createRequire(import.meta.url)(file) as RustModule;
  return {
    name: library,
    title: `Rust, ${library}, through wasm-pack with +simd128`,
    async prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined> {
      const what = task.kind === "map" || task.kind === "decomposition" ? task.f : task.kind;
      const [A, B] = operands;
      if (!A) return undefined;
      const sizes = Uint32Array.from([...A.shape, ...(B?.shape ?? [])]);
      const bench = new rust.Bench(
        `${library} ${what}`,
        task.dtype,
        sizes,
        Float64Array.from(A.data),
        Float64Array.from(B?.data ?? []),
      );
      return bench.known ? () => bench.run() : undefined;
    },
  };
}
