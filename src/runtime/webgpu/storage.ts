// Arrays on the GPU.
import type { Storage } from "../device.js";
import type { Fate } from "./control.js";
import type { WebGpuDevice } from "./device.js";

export class GpuStorage implements Storage {
  private references = 1;
  /** What may still fail of all that this was computed from. */
  private fates: readonly Fate[];

  constructor(
    readonly device: WebGpuDevice,
    readonly buffer: GPUBuffer,
    readonly bytes: number,
    /** Which of the device's lives it belongs to: a lost device takes its buffers with it. */
    readonly generation: number,
    fates: readonly Fate[] = [],
  ) {
    this.fates = fates;
  }

  /** Those that are not known to be good. */
  get pending(): readonly Fate[] {
    this.fates = this.fates.filter((f) => !f.good);
    return this.fates;
  }

  addFate(fate: Fate): void {
    this.fates = [...this.fates, fate];
  }

  retain(): void {
    this.references++;
  }

  release(): void {
    if (--this.references === 0) this.device.forget(this);
  }
}
