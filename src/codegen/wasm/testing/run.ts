// For tests: runs a Loop IR function as WASM over a memory of its own, with the workers of a device where they are asked for.
import { STATUS, type WasmCode } from "../../../abi.js";
import type { LoopFunction } from "../../../ir/loop.js";
import type { Failure, Memory } from "../../../ir/loop-evaluate.js";
import { bytesOf } from "../../../ir/loop-types.js";
import { WasmMemory } from "../../../runtime/cpu/memory.js";
import { importsFor, type LoadedModule } from "../../../runtime/cpu/module.js";
import { Team } from "../../../runtime/cpu/threads.js";
import { emitWasm } from "../index.js";

export interface WasmRun {
  readonly code: number;
  readonly failure: Failure | undefined;
  /** Scratch bytes that the kernel says it needs. */
  readonly needed: number;
  readonly results: readonly (readonly number[])[];
}

/** A function in a module of its own, over a memory of its own. */
export class Instance {
  private constructor(
    readonly f: LoopFunction,
    readonly memory: WasmMemory,
    private readonly exports: Readonly<Record<string, (...args: number[]) => number>>,
    readonly team: Team,
  ) {}

  static async create(f: LoopFunction, options: { relaxed?: boolean; threads?: number } = {}): Promise<Instance> {
    const memory = new WasmMemory();
    const module = await WebAssembly.compile(emitWasm([f], { relaxed: options.relaxed ?? false }) as BufferSource);
    const instance = await WebAssembly.instantiate(module, importsFor(memory.memory, memory.team, 1));
    const exports = instance.exports as Readonly<Record<string, (...args: number[]) => number>>;
    const team = await Team.start(memory, options.threads ?? 1);
    const loaded: LoadedModule = { id: 1, code: {} as WasmCode, module, exports };
    await team.load(loaded);
    return new Instance(f, memory, exports, team);
  }

  estimate(scalars: readonly number[]): number {
    return this.exports[`${this.f.name}$scratch`]?.(...scalars) ?? Number.NaN;
  }

  run(scalars: readonly number[], buffers: readonly Memory[], scratchBytes = 1 << 16): WasmRun {
    const { memory, f } = this;
    const addresses = buffers.map((b) => memory.allocator.allocate(Math.max(16, b.data.length * bytesOf(b.scalar))));
    const scratch = memory.allocator.allocate(Math.max(16, scratchBytes));
    buffers.forEach((b, k) => {
      b.data.forEach((x, i) => {
        this.write(b, addresses[k] ?? 0, i, x);
      });
    });
    const kernel = this.exports[f.name];
    if (!kernel) throw new Error(`no export ${f.name}`);
    const code = kernel(memory.status, scratch, scratch + scratchBytes, ...scalars, ...addresses);
    const { view, status } = memory;
    const failure: Failure | undefined =
      view.getInt32(status + STATUS.check, true) < 0
        ? undefined
        : {
            check: view.getInt32(status + STATUS.check, true),
            point: view.getInt32(status + STATUS.point, true),
            values: [0, 1, 2, 3].map((k) => view.getFloat64(status + STATUS.values + 8 * k, true)),
          };
    const results = buffers.map((b, k) => b.data.map((_, i) => this.read(b, addresses[k] ?? 0, i)));
    for (const a of [...addresses, scratch]) memory.allocator.free(a);
    return { code, failure, needed: view.getFloat64(status + STATUS.needed, true), results };
  }

  private write(b: Memory, base: number, i: number, x: number): void {
    const { view } = this.memory;
    const at = base + i * bytesOf(b.scalar);
    if (b.scalar === "f32") view.setFloat32(at, x, true);
    else if (b.scalar === "f64") view.setFloat64(at, x, true);
    else view.setInt32(at, x, true);
  }

  private read(b: Memory, base: number, i: number): number {
    const { view } = this.memory;
    const at = base + i * bytesOf(b.scalar);
    if (b.scalar === "f32") return view.getFloat32(at, true);
    if (b.scalar === "f64") return view.getFloat64(at, true);
    return b.scalar === "u32" ? view.getUint32(at, true) : view.getInt32(at, true);
  }
}
