// What is worth knowing of a kernel and nobody has asked: reductions that are quadratic, and kernels that have little to do side by side.
import type { Span } from "../compiler/diagnostic.js";
import { effectsOf } from "./effects.js";
import type { Axis, Block, Expr, Kernel, Stmt } from "./nest.js";
import { walkExpr, walkKernel } from "./nest-walk.js";
import { scanOf } from "./scan.js";

export interface Note {
  readonly at: Span;
  readonly text: string;
}

type Reduce = Extract<Expr, { readonly kind: "reduce" }>;

/** Of the kernel after the passes. */
export function notesOf(kernel: Kernel): readonly Note[] {
  const notes: Note[] = [];
  walkKernel(kernel, {
    stmt: (s) => {
      if (s.kind === "nest") notes.push(...quadraticIn(s));
      return true;
    },
  });
  const scalars = mostlyScalars(kernel.body);
  return scalars ? [...notes, scalars] : notes;
}

/** Reductions over a range that grows with the point, which no scan makes linear. */
function quadraticIn(s: Extract<Stmt, { readonly kind: "nest" }>): readonly Note[] {
  const { axes, yields } = s.nest;
  const found: Note[] = [];
  const see = (e: Reduce): void => {
    const growing = e.axes.find((k) => axes.some((a) => speaksOf(k, a)));
    if (!growing || scanOf(e, axes)) return;
    const along = axes.find((a) => speaksOf(growing, a))?.var.name ?? "";
    found.push({
      at: s.at,
      text: `the ${e.reducer} over ${growing.var.name} is taken anew for each ${along}: it is quadratic, since what is reduced uses ${along} or the range is no prefix`,
    });
  };
  for (const y of yields)
    walkExpr(y.value, {
      expr: (e) => {
        if (e.kind === "reduce") see(e);
        return e.kind !== "reduce";
      },
    });
  return found;
}

const speaksOf = (k: Axis, a: Axis): boolean => [k.lo, k.hi].some((e) => effectsOf(e).readVars.has(a.var.id));

/** How many statements of their own, and how many for each nest, make it a kernel of scalars. */
const many = 8;
const perNest = 3;

/** Scalar statements in loops run one after the other, each waiting for the one before. */
function mostlyScalars(body: Block): Note | undefined {
  let alone = 0;
  let nests = 0;
  let loop: Span | undefined;
  const count = (block: Block, inLoop: boolean): void => {
    for (const s of block) {
      if (s.kind === "nest") nests++;
      else if (s.kind === "for" || s.kind === "loop") {
        loop ??= s.at;
        count(s.body, true);
      } else {
        if (inLoop) alone++;
        if (s.kind === "if") {
          count(s.then, inLoop);
          count(s.otherwise, inLoop);
        }
      }
    }
  };
  count(body, false);
  if (!loop || alone < many || alone <= perNest * nests) return undefined;
  return {
    at: loop,
    text: `it is made mostly of scalars that wait for each other (${alone} statements in loops, ${nests} nests): on the GPU one thread does them, and a \`host fn\` may be faster`,
  };
}
