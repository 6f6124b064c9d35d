// GPU buffers, by size class. A buffer may come back as soon as the commands that use it are submitted: the queue keeps their order.
import { BifoldError } from "../errors.js";

export const STORAGE = 0x80;
export const UNIFORM = 0x40;
export const COPY_DST = 0x8;
export const COPY_SRC = 0x4;
export const MAP_READ = 0x1;

const usages = {
  storage: STORAGE | COPY_SRC | COPY_DST,
  uniform: UNIFORM | COPY_DST,
  staging: MAP_READ | COPY_DST,
} as const;
export type BufferKind = keyof typeof usages;

export interface PoolLimits {
  /** Bytes of one buffer. */
  readonly bufferBytes: number;
  /** Bytes of buffers that nobody uses which are kept for the next one. */
  readonly keptBytes: number;
}

/** From here on an allocation is watched: the device may refuse it later, in an error scope. */
const LARGE = 64 * 2 ** 20;

export class BufferPool {
  /** By kind and size, those given back last at the end. */
  private readonly free = new Map<string, GPUBuffer[]>();
  /** All that are free, those given back first at the front: they are let go first. */
  private readonly order = new Map<GPUBuffer, string>();
  private kept = 0;
  /** Bytes of buffers that are in use. */
  usedBytes = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly limits: PoolLimits,
  ) {}

  /** @throws {BifoldError} `out-of-memory` where it is more than the device gives in one piece */
  take(kind: BufferKind, bytes: number): GPUBuffer {
    if (bytes > this.limits.bufferBytes)
      throw new BifoldError(
        "out-of-memory",
        `this needs a buffer of ${bytes} bytes and the GPU gives at most ${this.limits.bufferBytes}: use smaller parts, or the device cpu`,
      );
    const size = Math.min(sizeClass(bytes), Math.floor(this.limits.bufferBytes / 4) * 4);
    const key = `${kind}${size}`;
    const list = this.free.get(key);
    const buffer = list?.pop();
    this.usedBytes += size;
    if (!buffer) return this.device.createBuffer({ size, usage: usages[kind] });
    this.order.delete(buffer);
    this.kept -= size;
    return buffer;
  }

  /** As `take`, and what the device said to it: `undefined` if nothing. */
  takeWatched(
    kind: BufferKind,
    bytes: number,
  ): { readonly buffer: GPUBuffer; readonly refused?: Promise<BifoldError | undefined> } {
    if (bytes < LARGE) return { buffer: this.take(kind, bytes) };
    this.device.pushErrorScope("out-of-memory");
    const buffer = this.take(kind, bytes);
    const refused = this.device
      .popErrorScope()
      .then((e) =>
        e
          ? new BifoldError(
              "out-of-memory",
              `the GPU has no room for ${bytes} bytes: free arrays, or use the device cpu`,
            )
          : undefined,
      );
    return { buffer, refused };
  }

  /** Keeps a buffer for the next that needs one of its size. What has lain there longest makes room for it: sizes that are not asked for again go. */
  give(kind: BufferKind, buffer: GPUBuffer): void {
    this.usedBytes -= buffer.size;
    if (buffer.size > this.limits.keptBytes) {
      buffer.destroy();
      return;
    }
    const key = `${kind}${buffer.size}`;
    const list = this.free.get(key);
    if (list) list.push(buffer);
    else this.free.set(key, [buffer]);
    this.order.set(buffer, key);
    this.kept += buffer.size;
    for (const [oldest, itsKey] of this.order) {
      if (this.kept <= this.limits.keptBytes) break;
      this.order.delete(oldest);
      this.free.get(itsKey)?.shift();
      this.kept -= oldest.size;
      oldest.destroy();
    }
  }
}

/** Powers of two and the three steps between each and the next: at most a quarter is wasted. */
export function sizeClass(bytes: number): number {
  const least = Math.max(256, bytes);
  const step = 2 ** Math.max(6, Math.floor(Math.log2(least)) - 2);
  return Math.ceil(least / step) * step;
}
