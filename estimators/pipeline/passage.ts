// Data on their way through steps: each result is freed when the next step has used it, and what goes beside them follows to another device.
import type { ArrayInput } from "../../src/runtime/asarray.js";
import { asarray } from "../../src/runtime/asarray.js";
import { device } from "../../src/runtime/devices.js";
import { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";

export class Passage {
  /** Where the data are now: X, or what the last step made. */
  data: ArrayInput;
  private readonly moved = new Map<NDArray, NDArray>();

  constructor(
    private readonly own: Own,
    private readonly start: ArrayInput,
  ) {
    this.data = start;
  }

  /** Puts what a step makes of the data in their place. */
  async through(step: (data: ArrayInput) => Promise<NDArray>): Promise<void> {
    const before = this.data;
    const next = await step(before);
    if (next !== this.start) this.own(next);
    this.data = next;
    if (before instanceof NDArray && before !== this.start && before !== next) before.dispose();
  }

  /**
   * `value` (a target, weights) where the data are. What was on X's device follows when a step has moved the data to another: once, `n` numbers.
   * Anything else is left as it is, for the step to check.
   */
  async beside<T>(value: T): Promise<T | NDArray> {
    if (!(value instanceof NDArray) || !(this.data instanceof NDArray) || value.device === this.data.device)
      return value;
    const home = this.start instanceof NDArray ? this.start.device : await device("cpu");
    if (value.device !== home) return value;
    const known = this.moved.get(value);
    if (known?.device === this.data.device) return known;
    const there = this.own(await value.to(this.data.device));
    this.moved.set(value, there);
    return there;
  }

  /** A record of such values. */
  async allBeside(values: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const entries: [string, unknown][] = [];
    for (const [name, value] of Object.entries(values)) entries.push([name, await this.beside(value)]);
    return Object.fromEntries(entries);
  }

  /** What came of the data, to be disposed of on its own. */
  async result(): Promise<NDArray> {
    const { data } = this;
    if (!(data instanceof NDArray)) return asarray(data);
    return data === this.start ? data.share() : data;
  }
}
