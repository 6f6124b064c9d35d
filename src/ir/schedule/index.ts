// A kernel as Loop IR for the CPU.
import type { LoopFunction } from "../loop.js";
import type { Kernel } from "../nest.js";
import { lowerKernel, sequentialStrategy } from "./scalar/kernel.js";
import { parseSchedule, type Schedule } from "./schedule.js";

export interface Scheduled {
  readonly function: LoopFunction;
  readonly schedule: Schedule;
  /** What could not be done as asked, and why. */
  readonly notes: readonly string[];
}

/** `scheduleText` replaces the compiler's own schedule for the sites that it names. */
export function scheduleKernel(kernel: Kernel, scheduleText?: string): Scheduled {
  const schedule = scheduleText === undefined ? [] : parseSchedule(scheduleText);
  return { function: lowerKernel(kernel, sequentialStrategy), schedule, notes: [] };
}
