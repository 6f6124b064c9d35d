// The GPU as a device. A lost GPU rejects what is pending; the next call works on a fresh one, but for arrays of the old.
import { ABI_VERSION, type WgslCode } from "../../abi.js";
import type { Artifact, Device, KernelCall, Storage } from "../device.js";
import { itemBytes } from "../dtype.js";
import { BifoldError } from "../errors.js";
import { type Acquired, acquire } from "./adapter.js";
import { Fate } from "./control.js";
import { runOnCpu } from "./crossing.js";
import { Pipelines } from "./pipelines.js";
import { BufferPool } from "./pool.js";
import { Recorder } from "./recorder.js";
import { PlanRun } from "./run.js";
import { GpuStorage } from "./storage.js";

export interface WebGpuOptions {
  /** Ask for nothing beyond WebGPU's default limits. */
  readonly defaultLimits?: boolean;
  /** Bytes of unused buffers that are kept; 256 MiB unless said. */
  readonly keptBytes?: number;
  /** Turns of a data-dependent loop between two looks at whether it is over. No result depends on it. */
  readonly chunk?: number;
}

const KEPT_BYTES = 256 * 2 ** 20;

/** All that goes with one GPUDevice. */
interface Life extends Acquired {
  readonly generation: number;
  readonly pool: BufferPool;
  readonly pipelines: Pipelines;
  lost: boolean;
}

export class WebGpuDevice implements Device {
  readonly kind = "webgpu";
  readonly floats = ["float32"] as const;
  liveBytes = 0;
  private readonly codes = new WeakMap<Artifact, Promise<WgslCode>>();
  private reviving: Promise<Life> | undefined;

  private constructor(
    private life: Life,
    private readonly options: WebGpuOptions,
  ) {
    this.watch(life);
  }

  static async create(options: WebGpuOptions = {}): Promise<WebGpuDevice> {
    return new WebGpuDevice(await begin(options, 0), options);
  }

  get name(): string {
    return `webgpu (${this.life.name})`;
  }

  /** Bytes of GPU buffers that are in use, arrays and all others. */
  get usedBytes(): number {
    return this.life.pool.usedBytes;
  }

  /** Gives the GPU back. A later call starts a fresh one. */
  destroy(): void {
    this.life.device.destroy();
    this.life.lost = true;
  }

  async restored(): Promise<void> {
    await this.revive();
  }

  allocate(bytes: number): GpuStorage {
    const { pool, generation, bindingBytes } = this.alive();
    if (bytes > bindingBytes)
      throw new BifoldError(
        "out-of-memory",
        `an array of ${bytes} bytes is more than the ${bindingBytes} that ${this.name} binds at once: use smaller parts, or the device cpu`,
      );
    const { buffer, refused } = pool.takeWatched("storage", Math.max(4, bytes));
    this.liveBytes += bytes;
    return new GpuStorage(this, buffer, bytes, generation, refused ? [new Fate(refused)] : []);
  }

  /** Called by a storage that nobody holds any more. */
  forget(storage: GpuStorage): void {
    this.liveBytes -= storage.bytes;
    if (storage.generation === this.life.generation && !this.life.lost) this.life.pool.give("storage", storage.buffer);
  }

  upload(storage: Storage, data: Uint8Array): void {
    write(this.alive().device, this.own(storage).buffer, data);
  }

  async download(storage: Storage): Promise<ArrayBuffer> {
    const own = this.own(storage);
    const { device, pool } = this.alive();
    own.retain();
    try {
      const recorder = new Recorder(device, pool);
      const bytes = own.bytes === 0 ? new ArrayBuffer(0) : await this.guarded(recorder.read(own.buffer, own.bytes));
      for (const fate of own.pending) await fate.settled();
      return bytes;
    } finally {
      own.release();
    }
  }

  async run(call: KernelCall): Promise<readonly (Storage | number)[]> {
    const code = await this.load(call.artifact);
    const life = await this.revive();
    const { name } = call.signature;
    const plan = code.plans[name];
    const texts = code.kernelTexts[name]?.map((at) => code.texts[at] ?? "");
    if (!plan || !texts) throw new BifoldError("abi", `${call.artifact.file} has no kernel ${name}: rebuild it`);
    const inputs = call.arrays.map((a) => this.own(a.storage));
    for (const s of inputs) s.retain();
    const results: GpuStorage[] = [];
    const recorder = new Recorder(life.device, life.pool);
    let run: PlanRun | undefined;
    try {
      for (const r of call.results)
        if (!r.scalar) results.push(this.allocate(r.shape.reduce((n, d) => n * d, itemBytes(r.dtype))));
      run = new PlanRun(
        {
          plan,
          texts,
          checks: code.checks[name] ?? [],
          sizes: call.sizes,
          scalars: call.scalars,
          params: inputs.map((s) => s.buffer),
          results: results.map((s) => s.buffer),
          host: (h) => runOnCpu(call.artifact, h),
          ...(this.options.chunk === undefined ? {} : { chunk: this.options.chunk }),
        },
        recorder,
        life.pipelines,
        (buffer, data) => write(life.device, buffer, data),
      );
      await this.guarded(run.record());
      const numbers = await this.finish(run, recorder, inputs, results, plan.results.length > 0);
      let n = 0;
      let array = 0;
      return call.results.map((r) => (r.scalar ? numbers[n++]! : results[array++]!));
    } catch (error) {
      run?.release();
      recorder.abandon();
      for (const s of results) s.release();
      throw error;
    } finally {
      for (const s of inputs) s.release();
    }
  }

  /** Submits. Scalars are awaited, and whatever failed is thrown with them; otherwise the results carry the call's fate. */
  private async finish(
    run: PlanRun,
    recorder: Recorder,
    inputs: readonly GpuStorage[],
    results: readonly GpuStorage[],
    scalars: boolean,
  ): Promise<readonly number[]> {
    const inherited = inputs.flatMap((s) => s.pending);
    const reading = run.hasOutcome ? run.controlBytes() : Promise.resolve(undefined);
    recorder.submit();
    run.release();
    recorder.submit();
    const fate = new Fate(this.outcome(run, recorder, reading));
    for (const s of results) for (const f of [...inherited, fate]) s.addFate(f);
    if (!scalars) return run.scalarResults(undefined);
    await this.guarded(Promise.all([fate, ...inherited].map((f) => f.settled())));
    return run.scalarResults(await reading);
  }

  /** What went wrong with submitted commands, what the device had no room for first: the commands that use it are refused because of it. */
  private async outcome(
    run: PlanRun,
    recorder: Recorder,
    reading: Promise<ArrayBuffer | undefined>,
  ): Promise<BifoldError | undefined> {
    const noRoom = (await Promise.all(recorder.refusals)).find((r) => r !== undefined);
    if (noRoom) {
      reading.catch(() => undefined);
      return noRoom;
    }
    const bytes = await reading;
    const refused = (await Promise.all(recorder.complaints)).find((c) => c !== null);
    if (refused) return new BifoldError("unsupported", `the GPU refused a command: ${refused.message}`);
    return bytes && run.failure(bytes);
  }

  private load(artifact: Artifact): Promise<WgslCode> {
    const known = this.codes.get(artifact);
    if (known) return known;
    const loading = open(artifact);
    this.codes.set(artifact, loading);
    loading.catch(() => this.codes.delete(artifact));
    return loading;
  }

  private own(storage: Storage): GpuStorage {
    if (!(storage instanceof GpuStorage) || storage.device !== this)
      throw new BifoldError(
        "device",
        `an array of ${storage.device.name} was handed to ${this.name}: move it with \`await a.to(device)\``,
      );
    if (storage.generation !== this.life.generation || this.life.lost)
      throw new BifoldError("device-lost", "the GPU that held this array was lost: make the array again");
    return storage;
  }

  private alive(): Life {
    if (this.life.lost)
      throw new BifoldError("device-lost", "the GPU was lost: the next kernel call starts a fresh one");
    return this.life;
  }

  /** The GPU, a fresh one if it was lost. */
  private async revive(): Promise<Life> {
    if (!this.life.lost) return this.life;
    this.reviving ??= begin(this.options, this.life.generation + 1).finally(() => {
      this.reviving = undefined;
    });
    const next = await this.reviving;
    if (this.life !== next) {
      this.life = next;
      this.watch(next);
    }
    return next;
  }

  private watch(life: Life): void {
    void life.device.lost.then(() => {
      life.lost = true;
    });
  }

  /** What the GPU rejects with, as one of our errors. */
  private async guarded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof BifoldError) throw error;
      if (await isLost(this.life))
        throw new BifoldError(
          "device-lost",
          "the GPU was lost during a call: make its arrays again; the next call starts a fresh GPU",
          {
            cause: error,
          },
        );
      throw error;
    }
  }
}

/** Whether the GPU is gone: the news may come a little after what it broke. */
async function isLost(life: Life): Promise<boolean> {
  if (life.lost) return true;
  const later = new Promise<boolean>((done) => setTimeout(() => done(false), LOSS_MS));
  return Promise.race([life.device.lost.then(() => true), later]);
}
const LOSS_MS = 100;

async function begin(options: WebGpuOptions, generation: number): Promise<Life> {
  const acquired = await acquire(options.defaultLimits);
  const { device, bindingBytes } = acquired;
  return {
    ...acquired,
    generation,
    pool: new BufferPool(device, { bufferBytes: bindingBytes, keptBytes: options.keptBytes ?? KEPT_BYTES }),
    pipelines: new Pipelines(device),
    lost: false,
  };
}

async function open(artifact: Artifact): Promise<WgslCode> {
  const variant = "wgsl-float32";
  const source = artifact.code[variant];
  if (!source)
    throw new BifoldError(
      "unsupported",
      `${artifact.file} was built without ${variant}: found ${Object.keys(artifact.code).join(", ")}`,
    );
  const loaded = (await source()) as WgslCode | undefined;
  if (loaded?.target !== "wgsl" || loaded.abi !== ABI_VERSION || artifact.abi !== ABI_VERSION)
    throw new BifoldError(
      "abi",
      `${artifact.file} was built for ABI ${artifact.abi} and this runtime speaks ${ABI_VERSION}: rebuild it with \`bifold build\``,
    );
  return loaded;
}

/** Uploads come in words; what is left of the last one is filled up. */
function write(device: GPUDevice, buffer: GPUBuffer, data: Uint8Array): void {
  if (data.byteLength === 0) return;
  if (data.byteLength % 4 === 0) {
    device.queue.writeBuffer(buffer, 0, data as Uint8Array<ArrayBuffer>);
    return;
  }
  const words = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  words.set(data);
  device.queue.writeBuffer(buffer, 0, words);
}
