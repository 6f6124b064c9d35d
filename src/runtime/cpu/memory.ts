// The one WASM memory of the process: arrays, scratch and the team record live in it.
import { STATUS, TEAM } from "../../abi.js";
import { BifoldError } from "../errors.js";
import { Allocator } from "./allocator.js";

const PAGE = 65536;
const MAX_PAGES = 65536;
const FIRST_PAGES = 16;

/** Threads need a shared memory: in Node always, in a browser where the page is cross-origin isolated. */
export const canShare = (): boolean =>
  typeof SharedArrayBuffer === "function" &&
  (typeof crossOriginIsolated === "boolean" ? crossOriginIsolated : typeof process === "object");

/** A memory with its allocator and the two records that every kernel is given. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly allocator: Allocator;
  /** Address of the status record that kernels report failures in. */
  readonly status: number;
  /** Address of the team record (`abi.ts`). */
  readonly team: number;
  private cached: { readonly buffer: ArrayBufferLike; readonly bytes: Uint8Array; readonly view: DataView } | undefined;

  constructor(shared = canShare()) {
    this.shared = shared;
    this.memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MAX_PAGES, shared });
    // Address 0 stays unused, so that 0 can mean "none".
    this.allocator = new Allocator(1024, FIRST_PAGES * PAGE, (needed) => this.grow(needed));
    this.status = this.allocator.allocate(STATUS.bytes);
    this.team = this.allocator.allocate(TEAM.bytes);
    this.bytes.fill(0, this.status, this.team + TEAM.bytes);
  }

  /** All of the memory, as it is now: never kept across anything that may allocate. */
  get bytes(): Uint8Array {
    return this.current().bytes;
  }

  get view(): DataView {
    return this.current().view;
  }

  private current() {
    const { buffer } = this.memory;
    if (this.cached?.buffer !== buffer)
      this.cached = { buffer, bytes: new Uint8Array(buffer), view: new DataView(buffer) };
    return this.cached;
  }

  /** Grows by at least an eighth, so that a run of small allocations does not grow each time. */
  private grow(needed: number): number {
    const have = this.memory.buffer.byteLength;
    const limit = MAX_PAGES * PAGE;
    if (needed > limit)
      throw new BifoldError(
        "out-of-memory",
        `the CPU's memory is full: ${needed} bytes are needed and a WebAssembly memory holds ${limit}. Dispose of arrays, or work in parts`,
      );
    const pages = Math.max(1, Math.ceil((Math.min(limit, Math.max(needed, have + have / 8)) - have) / PAGE));
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new BifoldError(
        "out-of-memory",
        `the engine would not give ${pages * PAGE} more bytes of memory (${have} in use). Dispose of arrays, or work in parts`,
        { cause },
      );
    }
    return this.memory.buffer.byteLength;
  }
}
