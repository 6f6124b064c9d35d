// Prefix sums and their kin in three dispatches: blocks of values are reduced, what the blocks gave is scanned (a workgroup a line), and the
// blocks are gone through again, each from what came before it. A line is one scan; the points of the other axes have one each.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import { effectsOf } from "../effects.js";
import type { Buffer, LoopExpr, LoopVar } from "../loop.js";
import type { Nest } from "../nest.js";
import { asScan, type Scan } from "../scan.js";
import { add, and, compare, convert, int, load, minimum, mul, read, sub } from "../schedule/scalar/build.js";
import { guarded, lowerExpr } from "../schedule/scalar/expression.js";
import { linearIndex } from "../schedule/scalar/index.js";
import { identityOf } from "../schedule/scalar/reduce.js";
import {
  assign,
  branch,
  freshBuffer,
  freshVar,
  loopOver,
  named,
  placeOf,
  type Region,
  variable,
} from "../schedule/scalar/region.js";
import { atPoint, type Grid, planGrid } from "./grid.js";
import { hostAdd, hostCeilBy, hostMax, hostMul, hostSub } from "./host.js";
import { builtin, type KernelBuilder, type Uses } from "./kernel.js";
import type { Planner } from "./planner.js";
import { dispatchPoints, usesOf } from "./point.js";
import { joined, loadAt, quotient, remainder } from "./rows.js";

const GROUP = 256;
/** Blocks of one line at most: one workgroup scans what they gave. */
const MOST_BLOCKS = 4096;
/** Where a line is shorter, each point reduces its own range. */
const LEAST = 128;

interface Plan {
  readonly planner: Planner;
  readonly nest: Nest;
  readonly at: Span;
  readonly scan: Scan;
  readonly uses: Uses;
  readonly grid: Grid;
  /** The points of the other axes. */
  readonly lines: Grid;
  readonly start: HostExpr;
  readonly offset: HostExpr;
  /** Values of one line, of one invocation, and blocks of one line. */
  readonly values: HostExpr;
  readonly each: HostExpr;
  readonly blocks: HostExpr;
}

/** Plans the nest as a scan where it is a long one, and else by `otherwise`; whether it may be one at all. */
export function planScan(planner: Planner, nest: Nest, at: Span, grid: Grid, otherwise: () => void): boolean {
  const scan = asScan(nest);
  if (!scan || scan.reduce.reducer === "argmin" || scan.reduce.reducer === "argmax" || nest.where) return false;
  if (effectsOf(scan.reduce).fails || !grid.axes.every((g) => g.exact)) return false;
  const start = planner.host(scan.start);
  const offset = planner.host(planner.sizeExpr(scan.offset));
  const axis = grid.axes[scan.along];
  const lines = planGrid(
    planner,
    nest.axes.filter((_, d) => d !== scan.along),
  );
  if (start === undefined || offset === undefined || !axis || !lines) return false;
  const last = hostAdd(hostAdd(axis.lo, hostSub(axis.count, 1)), offset);
  const longest = scan.direction === "up" ? hostSub(last, start) : hostSub(start, hostAdd(axis.lo, offset));
  const values = hostMax(0, longest);
  const each = hostMax(1, hostCeilBy(values, GROUP * MOST_BLOCKS));
  const blocks = hostCeilBy(values, hostMul(each, GROUP));
  const uses = usesOf(planner, [{ kind: "nest", nest, at }]);
  const p: Plan = { planner, nest, at, scan, uses, grid, lines, start, offset, values, each, blocks };
  planner.step({
    step: "if",
    condition: ["ge", "bool", values, LEAST],
    yes: planner.collect(() => scanLines(p)),
    no: planner.collect(otherwise),
  });
  return true;
}

function scanLines(p: Plan): void {
  const { planner, scan } = p;
  const name = p.nest.yields[0]?.array.name ?? "scan";
  const { type } = scan.reduce;
  const identity = identityOf(scan.reduce.reducer, type);
  const groups = hostMul(p.lines.points, p.blocks);
  const shape = (what: string, note: string) => ({ name: what, at: p.at, note, workgroup: GROUP });
  const sums = planner.scratch(`${name}Blocks`, type, groups);

  planner.dispatch(shape(`${name}Blocks`, "what each block gives"), groups, (k) =>
    ofBlock(k, p, (inside, block) => {
      const total = variable(inside, "total", identity);
      ofEach(k, inside, p, block, (at, _index, value) => assign(at, total, joined(scan.reduce, read(total), value)));
      const shared = scanShared(k, inside, p, read(total));
      branch(inside, compare("eq", builtin("invocation"), int(GROUP - 1)), (last) => {
        const to = k.bind("blockSums", type, sums);
        const value = load(shared, int(GROUP - 1));
        last.out.push({ kind: "store", buffer: to.buffer, index: place(to.offset, block.group), value });
      });
    }),
  );

  planner.dispatch(shape(`${name}Blocks`, "what came before each block"), p.lines.points, (k) => {
    const { region } = k;
    const line = named(region, "line", builtin("workgroup"));
    branch(region, compare("lt", line, k.word("lines", "i32", p.lines.points)), (inside) => {
      const count = k.word("blocks", "i32", p.blocks);
      const from = k.bind("blockSums", type, sums);
      const carried = variable(inside, "carried", identity);
      const first = freshVar(inside.lowering, "first", "i32");
      loopOver(
        inside,
        first,
        int(0),
        count,
        (turn) => {
          const block = named(turn, "block", add(read(first), builtin("invocation")));
          const here = place(from.offset, named(turn, "cell", add(mul(line, count), block)));
          const mine = variable(turn, "mine", identity);
          branch(turn, compare("lt", block, count), (own) => assign(own, mine, load(from.buffer, here)));
          const shared = scanShared(k, turn, p, read(mine));
          const before = variable(turn, "before", read(carried));
          branch(turn, compare("lt", int(0), builtin("invocation")), (own) =>
            assign(own, before, joined(scan.reduce, read(before), load(shared, sub(builtin("invocation"), int(1))))),
          );
          branch(turn, compare("lt", block, count), (own) =>
            own.out.push({ kind: "store", buffer: from.buffer, index: here, value: read(before) }),
          );
          assign(turn, carried, joined(scan.reduce, read(carried), load(shared, int(GROUP - 1))));
          turn.out.push({ kind: "barrier", memory: "workgroup" });
        },
        { step: GROUP },
      );
    });
  });

  planner.dispatch(shape(name, "each block from what came before it"), groups, (k) =>
    ofBlock(k, p, (inside, block) => {
      const total = variable(inside, "total", identity);
      ofEach(k, inside, p, block, (at, _index, value) => assign(at, total, joined(scan.reduce, read(total), value)));
      const shared = scanShared(k, inside, p, read(total));
      const from = k.bind("blockSums", type, sums);
      const running = variable(inside, scan.reduce.reducer, loadAt(from, block.group));
      branch(inside, compare("lt", int(0), builtin("invocation")), (own) =>
        assign(own, running, joined(scan.reduce, read(running), load(shared, sub(builtin("invocation"), int(1))))),
      );
      ofEach(k, inside, p, block, (at, index, value) => {
        assign(at, running, joined(scan.reduce, read(running), value));
        yieldAfter(k, at, p, index, running);
      });
    }),
  );
  planner.drop(sums);

  // Elements whose range is empty.
  const shortest =
    p.scan.direction === "up" ? lengthAt(p, 0) : lengthAt(p, hostSub(p.grid.axes[scan.along]?.count ?? 1, 1));
  const condition: HostExpr = ["le", "bool", shortest, 0];
  const yes = planner.collect(() => {
    dispatchPoints(planner, { name, at: p.at, note: "of nothing" }, p.uses, p.grid, (region, k) => {
      const i = region.lowering.scalars.get(p.nest.axes[scan.along]?.var.id ?? -1) ?? int(0);
      const bound = add(i, k.word("offset", "i32", p.offset));
      const from = k.word("start", "i32", p.start);
      const empty = scan.direction === "up" ? compare("le", bound, from) : compare("le", from, bound);
      branch(region, empty, (own) => writeResult(own, p, identity));
    });
  });
  planner.step({ step: "if", condition, yes, no: [] });
}

/** Values in the range of the element with this place. */
function lengthAt(p: Plan, element: HostExpr): HostExpr {
  const bound = hostAdd(hostAdd(p.grid.axes[p.scan.along]?.lo ?? 0, element), p.offset);
  return p.scan.direction === "up" ? hostSub(bound, p.start) : hostSub(p.start, bound);
}

const place = (offset: LoopExpr | undefined, index: LoopExpr): LoopExpr => (offset ? add(offset, index) : index);

interface Block {
  /** Which block of all lines. */
  readonly group: LoopExpr;
  readonly line: LoopExpr;
  /** The first of the invocation's own values. */
  readonly first: LoopExpr;
}

function ofBlock(k: KernelBuilder, p: Plan, emit: (inside: Region, block: Block) => void): void {
  k.use(p.uses);
  const { region } = k;
  const group = named(region, "group", builtin("workgroup"));
  const blocks = k.word("blocks", "i32", p.blocks);
  branch(region, compare("lt", group, k.word("groups", "i32", hostMul(p.lines.points, p.blocks))), (inside) => {
    const line = named(inside, "line", quotient(group, blocks));
    const within = add(mul(remainder(group, blocks), int(GROUP)), builtin("invocation"));
    const first = named(inside, "first", mul(within, k.word("each", "i32", p.each)));
    emit(inside, { group, line, first });
  });
}

/** The invocation's own values, in the order in which ranges take them. */
function ofEach(
  k: KernelBuilder,
  region: Region,
  p: Plan,
  block: Block,
  emit: (at: Region, index: LoopExpr, value: LoopExpr) => void,
): void {
  const { reduce, direction } = p.scan;
  const [axis] = reduce.axes;
  if (!axis) throw new Error("internal: a scan without an axis");
  const index = freshVar(region.lowering, "index", "i32");
  const stop = minimum(k.word("values", "i32", p.values), add(block.first, k.word("each", "i32", p.each)));
  loopOver(region, index, block.first, stop, (turn) =>
    atPoint(k, turn, p.lines, block.line, (at) => {
      const start = k.word("start", "i32", p.start);
      const value = direction === "up" ? add(start, read(index)) : sub(sub(start, int(1)), read(index));
      at.lowering.scalars.set(axis.var.id, named(at, axis.var.name, value));
      const taken = variable(at, "value", identityOf(reduce.reducer, reduce.type));
      guarded(at, reduce.where, (here) => {
        const found = lowerExpr(here, reduce.value);
        assign(here, taken, reduce.reducer === "count" ? convert("i32", found) : found);
      });
      emit(at, read(index), read(taken));
    }),
  );
}

/** The element whose range ends with this value, if there is one. */
function yieldAfter(k: KernelBuilder, region: Region, p: Plan, index: LoopExpr, total: LoopVar): void {
  const axis = p.grid.axes[p.scan.along];
  if (!axis) throw new Error("internal: a scan without an axis");
  const offset = k.word("offset", "i32", p.offset);
  const from = sub(k.word("start", "i32", p.start), offset);
  const length = add(index, int(1));
  const i = named(region, axis.axis.var.name, p.scan.direction === "up" ? add(from, length) : sub(from, length));
  const lo = k.word(`${axis.axis.var.name}From`, "i32", axis.lo);
  const hi = add(lo, k.word(`${axis.axis.var.name}Count`, "i32", axis.count));
  branch(region, and(compare("le", lo, i), compare("lt", i, hi)), (own) => {
    own.lowering.scalars.set(axis.axis.var.id, i);
    writeResult(own, p, read(total));
  });
}

function writeResult(region: Region, p: Plan, value: LoopExpr): void {
  const [y] = p.nest.yields;
  if (!y) throw new Error("internal: a scan that yields nothing");
  const to = placeOf(region, y.array);
  const index = linearIndex(
    to,
    y.index.map((e) => lowerExpr(region, e)),
  );
  region.out.push({ kind: "store", buffer: to.buffer, index, value });
}

/** Every invocation hands in a value; cell `n` then holds what the first `n + 1` give. */
function scanShared(k: KernelBuilder, region: Region, p: Plan, mine: LoopExpr): Buffer {
  const { reduce } = p.scan;
  const shared: Buffer = { ...freshBuffer(k.region.lowering, "shares", reduce.type, "shared"), length: GROUP };
  const lane = builtin("invocation");
  const total = variable(region, "sum", mine);
  region.out.push({ kind: "store", buffer: shared, index: lane, value: read(total) });
  region.out.push({ kind: "barrier", memory: "workgroup" });
  for (let reach = 1; reach < GROUP; reach *= 2) {
    branch(region, compare("le", int(reach), lane), (far) =>
      assign(far, total, joined(reduce, load(shared, sub(lane, int(reach))), read(total))),
    );
    region.out.push({ kind: "barrier", memory: "workgroup" });
    region.out.push({ kind: "store", buffer: shared, index: lane, value: read(total) });
    region.out.push({ kind: "barrier", memory: "workgroup" });
  }
  return shared;
}
