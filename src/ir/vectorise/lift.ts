// Lift: takes what is the same in every turn out of loops that ask for lanes.
//
// Needs: loops marked `vector`. Adds: the statements that it takes out, in front of the loop, in an `if` where the loop may have no turn and
// they would then read what nobody promised to be there. A row's place in a table is thus found once for all the columns that come of it, and
// not once for each vector of them.
import type { LoopBlock, LoopExpr, LoopFunction, LoopStmt } from "../loop.js";
import { integerOf, operation, scalarType } from "../loop-types.js";
import { blocksOf, buffersWritten, exprsOf, mapStmt, walkBlock, walkExpr } from "../loop-walk.js";
import type { ForLoop } from "./analysis.js";

export function lift(f: LoopFunction): LoopFunction {
  return { ...f, body: liftIn(f.body) };
}

function liftIn(block: LoopBlock): LoopBlock {
  return block.flatMap((s): LoopBlock => {
    const inner = mapStmt(s, (e) => e, liftIn);
    return inner.kind === "for" && inner.vector ? lifted(inner) : [inner];
  });
}

function lifted(loop: ForLoop): LoopBlock {
  const out = sameInAllTurns(loop);
  if (out.size === 0) return [loop];
  const moved = loop.body.filter((s) => out.has(s));
  const stays: LoopStmt = { ...loop, body: loop.body.filter((s) => !out.has(s)) };
  const [lo, hi] = [integerOf(loop.lo), integerOf(loop.hi)];
  if ((lo !== undefined && hi !== undefined && lo < hi) || !moved.some(mayTrap)) return [...moved, stays];
  const condition = operation("lt", scalarType("bool"), loop.lo, loop.hi);
  return [{ kind: "if", condition, then: [...moved, stays], otherwise: [] }];
}

/** Whether a statement reads memory, or divides integers. */
function mayTrap(s: LoopStmt): boolean {
  let found = false;
  walkBlock(
    [s],
    () => undefined,
    (e) => {
      found ||= e.kind === "load" || e.kind === "gather" || (e.kind === "op" && (e.op === "idiv" || e.op === "imod"));
    },
  );
  return found;
}

/**
 * The statements of a loop's body that only make values, the same in each turn. One that sets a variable goes with all that set it, and none of
 * those may come behind a statement that stays and reads it.
 */
function sameInAllTurns(loop: ForLoop): ReadonlySet<LoopStmt> {
  const { body } = loop;
  const out = new Set(body.filter(isPure));
  const written = buffersWritten(body);
  const made = new Map(body.flatMap((s, at) => (s.kind === "let" ? [[s.var.id, at] as const] : [])));
  for (let before = -1; before !== out.size; ) {
    before = out.size;
    const differs = new Set([loop.var.id]);
    const readByStaying = new Map<number, number>();
    body.forEach((s, at) => {
      if (out.has(s)) return;
      for (const id of [...makes(s), ...sets(s)]) differs.add(id);
      for (const id of reads(s)) if (!readByStaying.has(id)) readByStaying.set(id, at);
    });
    body.forEach((s, at) => {
      if (!out.has(s)) return;
      const stays =
        [...reads(s), ...sets(s), ...makes(s)].some((id) => differs.has(id)) ||
        loads(s).some((id) => written.has(id)) ||
        // A variable from outside the loop, or one that a statement that stays reads before.
        sets(s).some((id) => !made.has(id) || (readByStaying.get(id) ?? at) < at);
      if (stays) out.delete(s);
    });
  }
  return out;
}

/** Whether all that a statement does is to make and to set variables. */
const isPure = (s: LoopStmt): boolean =>
  (s.kind === "let" || s.kind === "set" || (s.kind === "for" && !s.vector) || s.kind === "if") &&
  blocksOf(s).every((b) => b.every(isPure));

const idsIn = (s: LoopStmt, note: (s: LoopStmt, add: (id: number) => void) => void): number[] => {
  const ids: number[] = [];
  walkBlock([s], (inner) => note(inner, (id) => ids.push(id)));
  return ids;
};

const makes = (s: LoopStmt): number[] =>
  idsIn(s, (x, add) => {
    if (x.kind === "let" || x.kind === "for" || x.kind === "parallel") add(x.var.id);
  });

/** Variables that a statement sets and does not make. */
function sets(s: LoopStmt): number[] {
  const own = new Set(makes(s));
  return idsIn(s, (x, add) => {
    if (x.kind === "set" && !own.has(x.var.id)) add(x.var.id);
  });
}

const inExprs = (s: LoopStmt, note: (e: LoopExpr, add: (id: number) => void) => void): number[] =>
  idsIn(s, (x, add) => {
    for (const e of exprsOf(x)) walkExpr(e, (part) => note(part, add));
  });

const reads = (s: LoopStmt): number[] =>
  inExprs(s, (e, add) => {
    if (e.kind === "var") add(e.var.id);
  });

const loads = (s: LoopStmt): number[] =>
  inExprs(s, (e, add) => {
    if (e.kind === "load" || e.kind === "gather") add(e.buffer.id);
  });
