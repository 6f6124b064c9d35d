// A kernel as Loop IR for the CPU: a schedule for each of its sites, the loops that the schedule says, and lanes.
import type { LoopFunction } from "../loop.js";
import { shareNames } from "../names.js";
import type { Kernel } from "../nest.js";
import { inRegisters } from "../registers.js";
import { vectorise } from "../vectorise/index.js";
import { lift } from "../vectorise/lift.js";
import { type Planned, strategyOf } from "./cpu/strategy.js";
import { lowerKernel } from "./scalar/kernel.js";
import { parseSchedule, printSchedule, type Schedule, ScheduleError } from "./schedule.js";
import { sitesOf } from "./sites.js";
import { siteOf } from "./table.js";

export interface Scheduled {
  readonly function: LoopFunction;
  readonly schedule: Schedule;
  /** What could not be done as asked, and why. */
  readonly notes: readonly string[];
}

/** The schedules of a kernel and of the functions that it calls, whose sites have their names in front. */
export const printSchedules = ([own, ...called]: readonly Scheduled[]): string =>
  [
    ...(own ? [printSchedule(own.schedule)] : []),
    ...called.map((s) =>
      printSchedule(s.schedule.map((site) => ({ ...site, name: `${s.function.name}.${site.name}` }))),
    ),
  ].join("");

/** `scheduleText` replaces the compiler's own schedule for the sites that it names. */
export function scheduleKernel(kernel: Kernel, scheduleText?: string): Scheduled {
  const places = sitesOf(kernel);
  const given = new Map(parseSchedule(scheduleText ?? "").map((s) => [s.name, s]));
  const unknown = [...given.keys()].find((name) => !places.some((p) => p.name === name));
  if (unknown !== undefined)
    throw new ScheduleError(`there is no site ${unknown}; the kernel's are ${places.map((p) => p.name).join(" ")}`);
  const plans = places.map((place): Planned => ({ place, site: given.get(place.name) ?? siteOf(place) }));
  const { function: f, notes } = vectorise(lift(lowerKernel(kernel, strategyOf(plans))));
  return { function: shareNames(inRegisters(f)), schedule: plans.map((p) => p.site), notes };
}
