// From a kernel in Nest IR to its plan on the GPU.
import type { Kernel } from "../nest.js";
import type { GpuPlan } from "../plan.js";
import { planKernel } from "./body.js";
import { Planner } from "./planner.js";
import { shareExpressions } from "./share.js";
import { withPlaces } from "./unbounded.js";

/** WebGPU's default number of storage buffers that one kernel may bind. */
const BINDINGS = 8;

/**
 * Where more arrays meet in one dispatch than there are bindings, some of them move into a buffer that they share, and the plan is made
 * again. `resident`: small loops may be one workgroup's.
 */
export function scheduleGpu(kernel: Kernel, resident = true): GpuPlan {
  const slab = new Set<number>();
  for (;;) {
    const planner = new Planner(kernel, slab);
    const results = withPlaces(kernel, () => planKernel(planner, resident));
    const crowded = tooMany(planner, slab);
    if (crowded.length === 0) return shareExpressions(planner.plan(results));
    for (const id of crowded) slab.add(id);
  }
}

/** Arrays to move, so that every dispatch fits: those that meet in crowded ones, the kernel's own first. */
function tooMany(planner: Planner, slab: ReadonlySet<number>): readonly number[] {
  const moved = new Set<number>();
  for (const k of planner.kernels) {
    const own = k.buffers.flatMap((b) => (b.at.kind === "array" ? [b.at.array] : []));
    const ids = [...new Set(own)].map((index) => planner.arrayAt(index)).filter((id) => id !== undefined);
    // What moves for another dispatch is not bound here either.
    const left = ids.filter((id) => !moved.has(id));
    // The control buffer may need one, and the slab another.
    const shares = left.length < ids.length || k.buffers.some((b) => b.at.kind === "slab");
    if (left.length <= BINDINGS - (shares ? 2 : 1)) continue;
    const excess = left.length - (BINDINGS - 2);
    const free = left.filter((id) => !slab.has(id));
    const rank = (id: number): number => (planner.arrayVar(id).role === "local" ? 0 : 1);
    for (const id of free.sort((a, b) => rank(a) - rank(b)).slice(0, excess)) moved.add(id);
  }
  return [...moved];
}
