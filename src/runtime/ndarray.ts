// NDArray: numbers in a shape, on a device. Contiguous and row-major; reading and moving return promises.
import type { Dtype } from "../abi.js";
import type { ArrayLeaf, Device, DeviceKind, Storage } from "./device.js";
import { resolveDevice } from "./devices.js";
import { exportElements, itemBytes, type TypedArray, viewOf } from "./dtype.js";
import { BifoldError } from "./errors.js";

/** Numbers or booleans, nested to the rank of the array. */
export type Nested = number | boolean | readonly Nested[];

/** Storage that was never disposed of is given back when its array is collected: the last resort. */
const forgotten = new FinalizationRegistry<Storage>((storage) => storage.release());

/** An array on a device. It is a value: nothing in the library changes its elements after it was made. */
export class NDArray {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  private held: Storage | undefined;

  /** Takes over one reference to `storage`. */
  constructor(storage: Storage, dtype: Dtype, shape: readonly number[]) {
    this.held = storage;
    this.dtype = dtype;
    this.shape = shape;
    forgotten.register(this, storage, this);
  }

  get device(): Device {
    return this.storage.device;
  }

  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return this.shape.reduce((n, d) => n * d, 1);
  }

  /** In elements, row-major. */
  get strides(): readonly number[] {
    return this.shape.map((_, k) => this.shape.slice(k + 1).reduce((n, d) => n * d, 1));
  }

  get disposed(): boolean {
    return this.held === undefined;
  }

  /** @throws {BifoldError} `disposed` */
  get storage(): Storage {
    if (!this.held)
      throw new BifoldError("disposed", `this ${describeArray(this)} was disposed of: keep it until its last use`);
    return this.held;
  }

  /** What a kernel call needs of it. */
  get leaf(): ArrayLeaf {
    return { storage: this.storage, dtype: this.dtype, shape: this.shape };
  }

  /** A copy of the elements in row-major order. A `bool` array gives bytes. Rejects with what failed on the way to it. */
  async data(): Promise<TypedArray> {
    const bytes = await this.storage.device.download(this.storage);
    return exportElements(this.dtype, viewOf(this.dtype, bytes, 0, this.size));
  }

  /** The elements as nested lists; a rank-0 array gives the number. */
  async toArray(): Promise<Nested> {
    const flat = await this.data();
    const element = (k: number): number | boolean => (this.dtype === "bool" ? flat[k] !== 0 : (flat[k] ?? Number.NaN));
    const build = (axis: number, at: number): Nested => {
      const count = this.shape[axis];
      if (count === undefined) return element(at);
      const stride = this.strides[axis] ?? 1;
      return Array.from({ length: count }, (_, k) => build(axis + 1, at + k * stride));
    };
    return build(0, 0);
  }

  /**
   * The same elements on another device (this array, if it is there already). `float64` becomes `float32` on a device without it.
   * @throws {BifoldError} `device`, `out-of-memory`
   */
  async to(device: Device | DeviceKind): Promise<NDArray> {
    const target = await resolveDevice(device);
    if (target === this.device) return this;
    const bytes = await this.device.download(this.storage);
    await target.restored?.();
    if (this.dtype === "float64" && !target.floats.includes("float64")) {
      const narrow = Float32Array.from(new Float64Array(bytes));
      return place(target, new Uint8Array(narrow.buffer), "float32", this.shape);
    }
    return place(target, new Uint8Array(bytes), this.dtype, this.shape);
  }

  /** The same elements under another shape, without a copy. One size may be -1: what is left. */
  reshape(shape: readonly number[]): NDArray {
    const known = shape.reduce((n, d) => (d === -1 ? n : n * d), 1);
    const filled = shape.map((d) => (d === -1 ? this.size / known : d));
    if (filled.reduce((n, d) => n * d, 1) !== this.size || filled.some((d) => !Number.isInteger(d) || d < 0))
      throw new BifoldError(
        "shape",
        `${describeArray(this)} has ${this.size} elements, which do not fill [${shape.join(", ")}]`,
      );
    this.storage.retain();
    return new NDArray(this.storage, this.dtype, filled);
  }

  /** Another array that shows the same elements, to be disposed of on its own. */
  share(): NDArray {
    return this.reshape(this.shape);
  }

  /** Frees its memory now, if nothing else shows it. Harmless when repeated. */
  dispose(): void {
    const storage = this.held;
    this.held = undefined;
    if (!storage) return;
    forgotten.unregister(this);
    storage.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** `float64[10, 3] on cpu`. */
  toString(): string {
    return `${describeArray(this)} ${this.held ? `on ${this.held.device.kind}` : "(disposed of)"}`;
  }

  /** What Node's console shows: reading the elements takes a promise. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `NDArray ${this.toString()}`;
  }
}

/** `float64[10, 3]`, for messages. */
export const describeArray = (a: { readonly dtype: Dtype; readonly shape: readonly number[] }): string =>
  `${a.dtype}[${a.shape.join(", ")}]`;

/** A new array of these bytes on a device. */
export function place(device: Device, bytes: Uint8Array, dtype: Dtype, shape: readonly number[]): NDArray {
  const storage = device.allocate(shape.reduce((n, d) => n * d, itemBytes(dtype)));
  try {
    device.upload(storage, bytes);
  } catch (error) {
    storage.release();
    throw error;
  }
  return new NDArray(storage, dtype, shape);
}
