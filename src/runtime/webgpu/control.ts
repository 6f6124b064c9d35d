// The control buffer of a call: the record of failures, and the scalars that live on the device.
import { type AbiCheck, GPU_FAILURES, GPU_VALUE_TYPES, type Word } from "../../abi.js";
import { BifoldError } from "../errors.js";
import { checkFailure } from "../failure.js";

/** The scalar of a 32-bit word. */
export function wordValue(type: Word, bytes: ArrayBuffer, word: number): number {
  const view = new DataView(bytes);
  switch (type) {
    case "f32":
      return view.getFloat32(4 * word, true);
    case "i32":
      return view.getInt32(4 * word, true);
    case "u32":
    case "bool":
      return view.getUint32(4 * word, true);
  }
}

/** The failure that comes first: in the earliest dispatch, of its first check, at its lowest point. */
export function firstFailure(bytes: ArrayBuffer, checks: readonly AbiCheck[]): BifoldError | undefined {
  const words = new Uint32Array(bytes);
  const count = Math.min(words[0] ?? 0, GPU_FAILURES);
  if (count === 0) return undefined;
  const begin = (k: number): number => 1 + checks.length + 8 * k;
  const before = (a: number, b: number): boolean => {
    for (let k = 0; k < 3; k++) {
      const x = words[begin(a) + k] ?? 0;
      const y = words[begin(b) + k] ?? 0;
      if (x !== y) return x < y;
    }
    return false;
  };
  let first = 0;
  for (let k = 1; k < count; k++) if (before(k, first)) first = k;
  const at = begin(first);
  const check = checks[words[at + 1] ?? 0];
  if (!check) return new BifoldError("abi", "a kernel failed at a place that its code file does not name: rebuild it");
  const types = words[at + 3] ?? 0;
  return checkFailure(
    check,
    [0, 1, 2, 3].map((k) => {
      const type = GPU_VALUE_TYPES[(types >> (2 * k)) & 3] ?? "u32";
      const value = wordValue(type, bytes, at + 4 + k);
      return type === "bool" ? value !== 0 : value;
    }),
  );
}

/**
 * Whether a call has failed, known once the device is done with it. Arrays carry the fates of all that went into them; whoever reads one
 * awaits them.
 */
export class Fate {
  private outcome: BifoldError | undefined;
  private pending: Promise<void> | undefined;

  constructor(outcome: Promise<BifoldError | undefined>) {
    this.pending = outcome
      .catch((error: unknown) =>
        error instanceof BifoldError ? error : new BifoldError("device-lost", `the GPU was lost: ${String(error)}`),
      )
      .then((failure) => {
        this.outcome = failure;
        this.pending = undefined;
      });
  }

  /** It is known, and good: nobody need carry it on. */
  get good(): boolean {
    return this.pending === undefined && this.outcome === undefined;
  }

  /** @throws {BifoldError} what failed */
  async settled(): Promise<void> {
    await this.pending;
    if (this.outcome) throw this.outcome;
  }
}
