// The last pass over a plan: host expressions are simplified, and those that stand more than once are given names, by a `let` where all of
// their uses are still to come. A plan is shipped as text, so this is size as well as readability; and each is worked out once.
import type { HostExpr, PlanArray, PlanStep } from "../../abi.js";
import type { GpuKernel, GpuPlan } from "../plan.js";
import { HostSimplifier } from "./simplify.js";
import { mapStepExprs, namesOfStep, nestedSteps, withNested } from "./steps.js";

type Operation = Extract<HostExpr, readonly unknown[]>;

/** A list of steps, and the step of the list around it that it is a part of. */
interface Block {
  readonly parent?: { readonly block: Block; readonly at: number };
  readonly depth: number;
  /** Its steps may run many times. */
  readonly repeats: boolean;
}
interface Place {
  readonly block: Block;
  readonly at: number;
}

interface Use {
  count: number;
  /** The last place before which it must have a name. */
  place: Place;
  hint?: string;
}

/** Repetitions times operations that a name of its own must save. */
const WORTH = 4;

export function shareExpressions(plan: GpuPlan): GpuPlan {
  const simplifier = new HostSimplifier(new Set(plan.sizes));
  const simple = (e: HostExpr): HostExpr => simplifier.simplify(e);
  const simplified: GpuPlan = {
    ...plan,
    arrays: plan.arrays.map((a) => ({ ...a, length: simple(a.length) })),
    kernels: plan.kernels.map((k) => ({ ...k, frame: k.frame.map(simple) })),
    steps: mapSteps(plan.steps, simple),
    results: plan.results.map((r) => ("word" in r ? r : { ...r, value: simple(r.value) })),
  };
  return new Sharing(simplified).run();
}

const mapSteps = (steps: readonly PlanStep[], f: (e: HostExpr) => HostExpr): readonly PlanStep[] =>
  steps.map((s) => {
    const own = mapStepExprs(s, f);
    return withNested(own, (inner) => mapSteps(inner, f));
  });

class Sharing {
  private readonly uses = new Map<Operation, Use>();
  /** Where names are set: those of sizes and scalars are known from the start, and those of two steps nowhere for sure. */
  private readonly defined = new Map<string, Place | "start" | "unknown">();
  private readonly taken = new Set<string>(["nan", "inf"]);
  private readonly named = new Map<Operation, string>();
  private readonly lets = new Map<Block, Map<number, PlanStep[]>>();
  private readonly blocks = new Map<readonly PlanStep[], Block>();

  constructor(private readonly plan: GpuPlan) {}

  run(): GpuPlan {
    const { plan } = this;
    for (const name of [...plan.sizes, ...plan.scalars.map((s) => s.name)]) this.defined.set(name, "start");
    const root: Block = { depth: 0, repeats: false };
    this.visit(plan.steps, root);
    const end: Place = { block: root, at: plan.steps.length };
    for (const r of plan.results) if (!("word" in r)) this.use(r.value, end);
    for (const name of this.defined.keys()) this.taken.add(name);
    // Operands come before what they are part of, so that their names can stand in it.
    for (const e of this.inOrder()) this.consider(e);
    return {
      ...plan,
      arrays: plan.arrays.map((a) => ({ ...a, length: this.renamed(a.length) })),
      kernels: plan.kernels.map((k) => ({ ...k, frame: k.frame.map(this.renamed) })),
      steps: this.rebuilt(plan.steps),
      results: plan.results.map((r) => ("word" in r ? r : { ...r, value: this.renamed(r.value) })),
    };
  }

  private define(name: string, place: Place): void {
    this.defined.set(name, this.defined.has(name) ? "unknown" : place);
  }

  private visit(steps: readonly PlanStep[], block: Block): void {
    this.blocks.set(steps, block);
    for (const [at, s] of steps.entries()) {
      const place = { block, at };
      mapStepExprs(s, (e) => {
        this.use(e, place, s.step === "dispatch" ? "groups" : undefined);
        return e;
      });
      if (s.step === "make") this.useLength(this.plan.arrays[s.array], place);
      if (s.step === "dispatch") this.useFrame(this.plan.kernels[s.kernel], place);
      const repeats = s.step === "for" || s.step === "loop";
      for (const inner of nestedSteps(s)) {
        const own: Block = { parent: place, depth: block.depth + 1, repeats };
        if (repeats) for (const name of namesOfStep(s)) this.define(name, { block: own, at: -1 });
        this.visit(inner, own);
      }
      if (!repeats) for (const name of namesOfStep(s)) this.define(name, place);
    }
  }

  private useLength(array: PlanArray | undefined, place: Place): void {
    if (array) this.use(array.length, place, `${array.name}Length`);
  }

  private useFrame(kernel: GpuKernel | undefined, place: Place): void {
    for (const [n, e] of kernel?.frame.entries() ?? []) this.use(e, place, kernel?.body.scalars[n]?.name);
  }

  /** Parts of what is used again are not: they stand in its one value. */
  private use(e: HostExpr, place: Place, hint?: string): void {
    if (typeof e !== "object") return;
    const known = this.uses.get(e);
    if (known) {
      known.count++;
      this.meet(e, place);
      if (known.hint === undefined && hint !== undefined) known.hint = hint;
      return;
    }
    this.uses.set(e, { count: 1, place, ...(hint === undefined ? {} : { hint }) });
    for (const x of e.slice(2)) this.use(x as HostExpr, place);
  }

  private meet(e: HostExpr, place: Place): void {
    if (typeof e !== "object") return;
    const use = this.uses.get(e);
    if (!use) return;
    const met = meeting(use.place, place);
    if (met.block === use.place.block && met.at === use.place.at) return;
    use.place = met;
    for (const x of e.slice(2)) this.meet(x as HostExpr, met);
  }

  private inOrder(): readonly Operation[] {
    const order = new Set<Operation>();
    const add = (e: HostExpr): void => {
      if (typeof e !== "object" || order.has(e)) return;
      for (const x of e.slice(2)) add(x as HostExpr);
      order.add(e);
    };
    for (const e of this.uses.keys()) add(e);
    return [...order];
  }

  private consider(e: Operation): void {
    const use = this.uses.get(e);
    if (!use || (use.count - 1) * this.operations(e) < WORTH) return;
    const place = this.outOfLoops(e, use.place);
    if (!place) return;
    const value = this.renamedParts(e);
    const name = this.fresh(use.hint ?? "common");
    this.named.set(e, name);
    const at = this.lets.get(place.block) ?? new Map<number, PlanStep[]>();
    this.lets.set(place.block, at);
    at.set(place.at, [...(at.get(place.at) ?? []), { step: "let", name, value }]);
    this.define(name, { block: place.block, at: place.at - 1 });
  }

  /** Operations that stand where the expression stands, those with names left out. */
  private operations(e: HostExpr): number {
    if (typeof e !== "object" || this.named.has(e)) return 0;
    return e.slice(2).reduce<number>((n, x) => n + this.operations(x as HostExpr), 1);
  }

  /** The place, or one before the loops around it that set nothing that the expression reads; none where what it reads is not set there. */
  private outOfLoops(e: Operation, from: Place): Place | undefined {
    const names = [...namesIn(this.renamedParts(e))];
    if (!names.every((n) => this.isKnown(n, from))) return undefined;
    let place = from;
    for (let p: Place | undefined = from; p; p = p.block.parent) {
      const outside: Place | undefined = p.block.parent;
      if (!outside || !names.every((n) => this.isKnown(n, outside))) break;
      if (p.block.repeats) place = outside;
    }
    return place;
  }

  private isKnown(name: string, place: Place): boolean {
    const defined = this.defined.get(name);
    if (defined === "start") return true;
    if (defined === undefined || defined === "unknown") return false;
    for (let p: Place | undefined = place; p; p = p.block.parent)
      if (p.block === defined.block) return defined.at < p.at;
    return false;
  }

  private fresh(hint: string): string {
    let name = hint;
    for (let n = 2; this.taken.has(name); n++) name = `${hint}.${n}`;
    this.taken.add(name);
    return name;
  }

  private renamed = (e: HostExpr): HostExpr =>
    typeof e === "object" ? (this.named.get(e) ?? this.renamedParts(e)) : e;

  private renamedParts([op, type, ...args]: Operation): Operation {
    return [op, type, ...args.map(this.renamed)];
  }

  private rebuilt(steps: readonly PlanStep[]): readonly PlanStep[] {
    const block = this.blocks.get(steps);
    const lets = block && this.lets.get(block);
    const before = (at: number): readonly PlanStep[] => lets?.get(at) ?? [];
    return [
      ...steps.flatMap((s, at) => [
        ...before(at),
        withNested(mapStepExprs(s, this.renamed), (inner) => this.rebuilt(inner)),
      ]),
      ...before(steps.length),
    ];
  }
}

/** The place that comes before both, in the innermost list that holds both. */
function meeting(a: Place, b: Place): Place {
  let [x, y] = [a, b];
  const out = (p: Place): Place => {
    if (!p.block.parent) throw new Error("internal: two places of different plans");
    return p.block.parent;
  };
  while (x.block !== y.block) {
    if (x.block.depth >= y.block.depth) x = out(x);
    else y = out(y);
  }
  return x.at <= y.at ? x : y;
}

function* namesIn(e: HostExpr): Generator<string> {
  if (typeof e === "string") yield e;
  else if (typeof e === "object") for (const x of e.slice(2)) yield* namesIn(x as HostExpr);
}
