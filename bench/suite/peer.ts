// What a library that is measured must say: how it does a task, if it can.
import type { Operand, Task } from "./tasks.js";

/** Does the task once, and leaves its result where the library keeps results. */
export type Run = () => unknown;

export interface Peer {
  readonly name: string;
  /** With its version. */
  readonly title: string;
  /** Waits until the device has done all that it was given, where a run does not wait for that itself. */
  readonly settle?: () => Promise<void>;
  /** The task made ready on its operands; nothing where the library has no such operation, or not in that type. */
  prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined>;
}
