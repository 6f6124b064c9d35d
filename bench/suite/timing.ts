// How long a call takes: over as many calls as fill a sample, after warming up.
import type { Run } from "./peer.js";

/** Waits for a device that works on its own. */
export type Settle = () => Promise<void>;

/** Seconds a call, over so many calls one after the other. */
export async function sample(run: Run, calls: number, settle?: Settle): Promise<number> {
  await settle?.();
  const start = performance.now();
  for (let k = 0; k < calls; k++) {
    const pending = run();
    if (pending instanceof Promise) await pending;
  }
  await settle?.();
  return (performance.now() - start) / 1000 / calls;
}

/** How many calls fill a sample of so many seconds, after the peer has warmed up. */
export async function callsFor(run: Run, sampleSeconds: number, settle?: Settle): Promise<number> {
  const first = await sample(run, 1, settle);
  if (first > sampleSeconds * 4) return 1;
  let calls = 1;
  for (;;) {
    const seconds = (await sample(run, calls, settle)) * calls;
    if (seconds >= sampleSeconds) return calls;
    calls = Math.ceil(calls * Math.min(10, 1.2 * (sampleSeconds / Math.max(seconds, 1e-6))));
  }
}
