// What a measurement was made on, for the tables.
import os from "node:os";

export const describeMachine = (): string => {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus[0]?.model.trim() ?? "unknown CPU"}, ${cpus.length} cores, ${memory} GiB, Node ${process.versions.node} (V8 ${process.versions.v8}), ${new Date().toISOString().slice(0, 10)}`;
};

/** How busy the machine was in the last minute, beyond what was measured itself: figures of a busy machine are noise. */
export const load = (): number => os.loadavg()[0] ?? 0;

/** The most bytes that this process held in memory so far, whatever for. */
export const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

/**
 * Lets the threads of whoever ran last go to sleep: those of OpenBLAS look for work for 2^26 cycles (some 25 ms), and whoever runs beside them
 * has a core less.
 */
export const rest = (): Promise<void> => new Promise((done) => setTimeout(done, 80));
