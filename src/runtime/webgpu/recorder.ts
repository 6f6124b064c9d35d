// Recording commands: one encoder at a time, dispatches gathered in one pass, frames in pages of uniform memory. What a recorder takes from
// the pool goes back after the commands are submitted.
import type { PlanKernel } from "../../abi.js";
import type { BifoldError } from "../errors.js";
import type { Pipeline } from "./pipelines.js";
import { type BufferPool, sizeClass } from "./pool.js";

/** The alignment of dynamic offsets. A frame that needs more takes several. */
const SLOT = 256;
const PAGE = 256 * SLOT;
/** WebGPU's limit of workgroups in one dimension. */
const MAX_GROUPS = 65535;
/** Dispatches after which commands are handed to the device, so that it has something to do. */
const SUBMIT_AFTER = 1024;

interface Page {
  readonly buffer: GPUBuffer;
  readonly bytes: ArrayBuffer;
  used: number;
}

export class Recorder {
  private encoder: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;
  private pages: Page[] = [];
  private readonly given: GPUBuffer[] = [];
  private readonly groups = new Map<
    GPUBindGroupLayout,
    { readonly buffers: readonly GPUBuffer[]; readonly group: GPUBindGroup }[]
  >();
  private dispatches = 0;
  /** What validation said to submitted commands, if it said something. */
  readonly complaints: Promise<GPUError | null>[] = [];
  /** What the device said to large buffers that were asked for here. */
  readonly refusals: Promise<BifoldError | undefined>[] = [];

  constructor(
    private readonly device: GPUDevice,
    private readonly pool: BufferPool,
  ) {}

  private get commands(): GPUCommandEncoder {
    this.encoder ??= this.device.createCommandEncoder();
    return this.encoder;
  }

  private endPass(): void {
    this.pass?.end();
    this.pass = undefined;
  }

  /** `frame` writes the words of the frame. */
  dispatch(
    kernel: PlanKernel,
    pipeline: Pipeline,
    buffers: readonly GPUBuffer[],
    groups: number,
    frame: (view: DataView, at: number) => void,
  ): void {
    const size = Math.ceil(Math.max(1, kernel.frame.length) / 4) * 16;
    const slots = Math.ceil(size / SLOT) * SLOT;
    let page = this.pages[this.pages.length - 1];
    if (!page || page.used + slots > PAGE) {
      page = { buffer: this.pool.take("uniform", PAGE), bytes: new ArrayBuffer(PAGE), used: 0 };
      this.pages.push(page);
    }
    frame(new DataView(page.bytes), page.used);
    this.pass ??= this.commands.beginComputePass();
    this.pass.setPipeline(pipeline.pipeline);
    this.pass.setBindGroup(0, this.group(pipeline.layout, page.buffer, size, buffers), [page.used]);
    page.used += slots;
    const rows = Math.ceil(groups / MAX_GROUPS);
    this.pass.dispatchWorkgroups(Math.ceil(groups / rows), rows);
    if (++this.dispatches >= SUBMIT_AFTER) this.submit();
  }

  private group(
    layout: GPUBindGroupLayout,
    frame: GPUBuffer,
    size: number,
    buffers: readonly GPUBuffer[],
  ): GPUBindGroup {
    const all = [frame, ...buffers];
    const known = this.groups.get(layout) ?? [];
    this.groups.set(layout, known);
    const same = known.find((k) => k.buffers.every((b, n) => b === all[n]));
    if (same) return same.group;
    const group = this.device.createBindGroup({
      layout,
      entries: all.map((buffer, binding) => ({ binding, resource: binding === 0 ? { buffer, size } : { buffer } })),
    });
    if (known.length >= 8) known.shift();
    known.push({ buffers: all, group });
    return group;
  }

  copy(from: GPUBuffer, fromByte: number, to: GPUBuffer, toByte: number, bytes: number): void {
    if (bytes === 0) return;
    this.endPass();
    this.commands.copyBufferToBuffer(from, fromByte, to, toByte, bytes);
  }

  clear(buffer: GPUBuffer, bytes: number): void {
    this.endPass();
    this.commands.clearBuffer(buffer, 0, bytes);
  }

  /** A storage buffer: one that was given back here, or the pool's. */
  take(bytes: number): GPUBuffer {
    const size = sizeClass(bytes);
    const at = this.given.findIndex((b) => b.size === size);
    if (at >= 0) return this.given.splice(at, 1)[0]!;
    const { buffer, refused } = this.pool.takeWatched("storage", bytes);
    if (refused) this.refusals.push(heard(refused));
    return buffer;
  }

  /** Gives a storage buffer back: to later commands of this recorder at once, to the pool when what is recorded so far is submitted. */
  give(buffer: GPUBuffer): void {
    this.given.push(buffer);
  }

  submit(): void {
    this.endPass();
    if (this.encoder) {
      this.device.pushErrorScope("validation");
      for (const p of this.pages) this.device.queue.writeBuffer(p.buffer, 0, p.bytes, 0, p.used);
      this.device.queue.submit([this.encoder.finish()]);
      this.complaints.push(heard(this.device.popErrorScope()));
    }
    this.encoder = undefined;
    this.dispatches = 0;
    for (const p of this.pages) this.pool.give("uniform", p.buffer);
    for (const b of this.given) this.pool.give("storage", b);
    this.pages = [];
    this.given.length = 0;
  }

  /** The first bytes of a buffer as they are after all that is recorded. Submits. */
  async read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const staging = this.pool.take("staging", bytes);
    this.copy(buffer, 0, staging, 0, Math.ceil(bytes / 4) * 4);
    this.submit();
    try {
      await staging.mapAsync(1, 0, Math.ceil(bytes / 4) * 4);
      const copy = staging.getMappedRange(0, Math.ceil(bytes / 4) * 4).slice(0, bytes);
      staging.unmap();
      return copy;
    } finally {
      this.pool.give("staging", staging);
    }
  }

  /** Drops what is recorded and not submitted. */
  abandon(): void {
    this.pass = undefined;
    this.encoder = undefined;
    for (const p of this.pages) this.pool.give("uniform", p.buffer);
    for (const b of this.given) this.pool.give("storage", b);
    this.pages = [];
    this.given.length = 0;
  }
}

/** A promise that nobody may come to await: where a call ends early, its rejection is no news. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
