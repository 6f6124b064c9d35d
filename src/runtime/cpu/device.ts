// The CPU as a device: storages are ranges of the WASM memory, a kernel is one synchronous call of an export.
import {
  ABI_VERSION,
  type AbiCheck,
  type Dtype,
  STATUS,
  WASM_CHECK_FAILED,
  WASM_NEEDS_SCRATCH,
  WASM_OK,
} from "../../abi.js";
import type { Artifact, Device, KernelCall, Storage } from "../device.js";
import { itemBytes } from "../dtype.js";
import { BifoldError } from "../errors.js";
import { checkFailure } from "../failure.js";
import { WasmMemory } from "./memory.js";
import { checkWasmCode, type LoadedModule, loadModule } from "./module.js";
import { Team } from "./threads.js";

/** A range of the WASM memory. */
class CpuStorage implements Storage {
  private references = 1;

  constructor(
    readonly device: CpuDevice,
    readonly address: number,
    readonly bytes: number,
  ) {}

  retain(): void {
    this.references++;
  }

  release(): void {
    if (--this.references === 0) this.device.memory.allocator.free(this.address);
  }
}

/** How the CPU device is set up, once, before its first use. */
export interface CpuOptions {
  /** Threads that work on one kernel; all cores unless said. */
  readonly threads?: number;
  /** A script for the workers, where a content security policy forbids `blob:` and `data:`. */
  readonly workerUrl?: string;
}

const cores = (): number => {
  if (typeof navigator === "object" && navigator.hardwareConcurrency) return navigator.hardwareConcurrency;
  return typeof process === "object" ? process.getBuiltinModule("node:os").availableParallelism() : 1;
};

/** A module of one relaxed instruction (`i32x4.relaxed_trunc_f32x4_s`): valid just where relaxed SIMD is. */
const relaxedProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
];
let relaxed: boolean | undefined;
/** Whether the engine runs relaxed SIMD (fused multiply-add). */
export const hasRelaxedSimd = (): boolean => {
  relaxed ??= WebAssembly.validate(new Uint8Array(relaxedProbe));
  return relaxed;
};

const MIN_SCRATCH = 65536;

/** Runs kernels as WebAssembly, on one memory and a team of threads. */
export class CpuDevice implements Device {
  readonly kind = "cpu";
  readonly floats = ["float64", "float32"] as const;
  readonly memory: WasmMemory;
  private readonly modules = new WeakMap<Artifact, Map<string, Promise<LoadedModule>>>();
  private readonly ready = new WeakMap<Artifact, Map<string, LoadedModule>>();
  private readonly fixedBytes: number;
  private nextModule = 1;
  private scratch = 0;
  private scratchBytes = 0;

  private constructor(
    memory: WasmMemory,
    private readonly team: Team,
  ) {
    this.memory = memory;
    this.fixedBytes = memory.allocator.liveBytes;
  }

  static async create(options: CpuOptions = {}): Promise<CpuDevice> {
    const memory = new WasmMemory();
    return new CpuDevice(memory, await Team.start(memory, options.threads ?? cores(), options.workerUrl));
  }

  get name(): string {
    return `cpu (${this.team.size === 1 ? "1 thread" : `${this.team.size} threads`})`;
  }

  get threads(): number {
    return this.team.size;
  }

  get liveBytes(): number {
    return this.memory.allocator.liveBytes - this.scratchBytes - this.fixedBytes;
  }

  /** Ends the workers. Arrays stay readable; kernels go on with one thread. */
  stop(): void {
    this.team.stop();
  }

  allocate(bytes: number): CpuStorage {
    return new CpuStorage(this, this.memory.allocator.allocate(bytes), bytes);
  }

  upload(storage: Storage, data: Uint8Array): void {
    this.memory.bytes.set(data, own(storage).address);
  }

  async download(storage: Storage): Promise<ArrayBuffer> {
    const { address, bytes } = own(storage);
    // A slice is not shared, though the memory may be.
    return this.memory.bytes.slice(address, address + bytes).buffer as ArrayBuffer;
  }

  async run(call: KernelCall): Promise<readonly (Storage | number)[]> {
    const variant = `wasm-${call.real}`;
    const loaded = this.ready.get(call.artifact)?.get(variant) ?? (await this.load(call.artifact, variant));
    return this.runLoaded(loaded, call);
  }

  private async load(artifact: Artifact, variant: string): Promise<LoadedModule> {
    const started = this.modules.get(artifact) ?? new Map<string, Promise<LoadedModule>>();
    this.modules.set(artifact, started);
    const loading = started.get(variant) ?? this.fetch(artifact, variant);
    started.set(variant, loading);
    try {
      const loaded = await loading;
      const ready = this.ready.get(artifact) ?? new Map<string, LoadedModule>();
      this.ready.set(artifact, ready.set(variant, loaded));
      return loaded;
    } catch (error) {
      started.delete(variant);
      throw error;
    }
  }

  private async fetch(artifact: Artifact, variant: string): Promise<LoadedModule> {
    if (artifact.abi !== ABI_VERSION)
      throw new BifoldError(
        "abi",
        `${artifact.file} was built for ABI ${artifact.abi} and this runtime speaks ${ABI_VERSION}: rebuild it with \`bifold build\``,
      );
    const open = (hasRelaxedSimd() ? artifact.code[`${variant}-relaxed`] : undefined) ?? artifact.code[variant];
    if (!open)
      throw new BifoldError(
        "unsupported",
        `${artifact.file} was built without ${variant}: found ${Object.keys(artifact.code).join(", ")}. Build it with that dtype, or convert the data`,
      );
    const loaded = await loadModule(checkWasmCode(await open()), this.memory, this.nextModule++);
    await this.team.load(loaded);
    return loaded;
  }

  private runLoaded(loaded: LoadedModule, call: KernelCall): (Storage | number)[] {
    const { name } = call.signature;
    const kernel = loaded.exports[name];
    const estimate = loaded.exports[`${name}$scratch`];
    if (!kernel || !estimate) throw new BifoldError("abi", `${call.artifact.file} has no kernel ${name}: rebuild it`);
    const results: CpuStorage[] = [];
    try {
      for (const r of call.results) results.push(this.allocate(r.scalar ? 8 : reachOf(r)));
      // An array without elements may be read at: it stands where scratch is, which is there.
      const reach = call.arrays.filter(isEmpty).reduce((n, a) => Math.max(n, reachOf(a)), 0);
      let wanted = Math.max(MIN_SCRATCH, reach, estimate(...call.sizes, ...call.scalars));
      for (;;) {
        this.needScratch(wanted);
        const { status } = this.memory;
        const addresses = [
          ...call.arrays.map((a) => (isEmpty(a) ? this.scratch : own(a.storage).address)),
          ...results.map((r) => r.address),
        ];
        const code = kernel(
          status,
          this.scratch,
          this.scratch + this.scratchBytes,
          ...call.sizes,
          ...call.scalars,
          ...addresses,
        );
        if (code === WASM_OK) break;
        if (code === WASM_NEEDS_SCRATCH)
          wanted = Math.max(this.scratchBytes * 2, this.memory.view.getFloat64(status + STATUS.needed, true));
        else if (code === WASM_CHECK_FAILED) throw this.failure(loaded.code.checks[name] ?? []);
        else throw new Error(`internal: kernel ${name} returned ${code}`);
      }
      return call.results.map((r, k) => (r.scalar ? this.takeScalar(results[k]!, r.dtype) : results[k]!));
    } catch (error) {
      for (const r of results) r.release();
      throw error;
    }
  }

  /** Scratch is one range that is kept between calls: kernels run one after another. */
  private needScratch(bytes: number): void {
    if (bytes <= this.scratchBytes) return;
    if (this.scratchBytes > 0) this.memory.allocator.free(this.scratch);
    this.scratchBytes = 0;
    const rounded = Math.ceil(bytes / 4096) * 4096;
    this.scratch = this.memory.allocator.allocate(rounded);
    this.scratchBytes = rounded;
  }

  private takeScalar(cell: CpuStorage, dtype: KernelCall["results"][number]["dtype"]): number {
    const { view } = this.memory;
    const read = (): number => {
      switch (dtype) {
        case "float32":
          return view.getFloat32(cell.address, true);
        case "float64":
          return view.getFloat64(cell.address, true);
        case "int32":
          return view.getInt32(cell.address, true);
        case "uint32":
        case "bool":
          return view.getUint32(cell.address, true);
      }
    };
    const value = read();
    cell.release();
    return value;
  }

  private failure(checks: readonly AbiCheck[]): BifoldError {
    const { view, status } = this.memory;
    const check = checks[view.getInt32(status + STATUS.check, true)];
    if (!check)
      return new BifoldError("abi", "a kernel failed at a place that its code file does not name: rebuild it");
    return checkFailure(
      check,
      [0, 1, 2, 3].map((k) => view.getFloat64(status + STATUS.values + 8 * k, true)),
    );
  }
}

const isEmpty = (a: { readonly shape: readonly number[] }): boolean => a.shape.includes(0);

/** Bytes within which a kernel stays, also where it goes on after a subscript that no element has: of an empty dimension it takes 0. */
const reachOf = (a: { readonly shape: readonly number[]; readonly dtype: Dtype }): number =>
  a.shape.reduce((n, d) => n * Math.max(d, 1), itemBytes(a.dtype));

function own(storage: Storage): CpuStorage {
  if (!(storage instanceof CpuStorage))
    throw new BifoldError(
      "device",
      'an array of another device was handed to the CPU: move it with `await a.to("cpu")`',
    );
  return storage;
}
