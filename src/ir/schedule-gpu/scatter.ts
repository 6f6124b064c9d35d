// `+=` by index. WGSL has no atomic addition of floats, and the sum must be the same every time: the points are cut into parts in order, each
// invocation adds its part into a copy of the target that is its own, and then every element adds up the copies, in order.
import type { HostExpr } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import type { LoopExpr } from "../loop.js";
import type { Nest, Yield } from "../nest.js";
import { add, compare, constant, int, load, minimum, mul, read } from "../schedule/scalar/build.js";
import { guarded, lowerExpr } from "../schedule/scalar/expression.js";
import { linearIndex } from "../schedule/scalar/index.js";
import {
  assign,
  branch,
  freshVar,
  loopOver,
  named,
  placeOf,
  type Region,
  variable,
} from "../schedule/scalar/region.js";
import { lowerStatements } from "../schedule/scalar/statement.js";
import { atPoint, type Grid } from "./grid.js";
import { hostCeil, hostCeilBy, hostDiv, hostMax, hostMin, hostMul, hostTest } from "./host.js";
import { builtin } from "./kernel.js";
import type { Planner } from "./planner.js";
import { POINT_GROUP, usesOf } from "./point.js";
import { joinSums, loadAt } from "./rows.js";

/** Each point adds to an element that no other point adds to: its axes are subscripts. */
export const hitsOwnElement = (nest: Nest): boolean =>
  nest.yields.every((y) => nest.axes.every((a) => y.index.some((k) => k.kind === "var" && k.var.id === a.var.id)));

/** Points that one invocation adds up at least, and elements of all copies together at most. */
const PART = 64;
const COPIES = 2 ** 22;
const PARTS = 4096;

export function scatterNest(planner: Planner, nest: Nest, at: Span, grid: Grid): void {
  for (const y of nest.yields) scatterOne(planner, { ...nest, yields: [y] }, y, at, grid);
}

function scatterOne(planner: Planner, nest: Nest, y: Yield, at: Span, grid: Grid): void {
  const { array } = y;
  const uses = usesOf(planner, [{ kind: "nest", nest, at }]);
  const elements = planner.mostElements(array.name, array.shape);
  const parts: HostExpr = hostMax(
    1,
    hostMin(hostMin(PARTS, hostCeil(grid.points, PART)), hostDiv(COPIES, hostMax(elements, 1))),
  );
  const size = hostCeilBy(grid.points, parts);
  const total = hostMul(parts, elements);
  const copies = planner.scratch(`${array.name}Parts`, array.type, total);
  const shape = (name: string) => ({
    name,
    at,
    workgroup: POINT_GROUP,
  });
  const dispatch = (name: string, count: HostExpr, emit: Parameters<Planner["dispatch"]>[2]): void =>
    planner.dispatch(shape(name), hostCeil(count, POINT_GROUP), emit);

  dispatch(`${array.name}Zero`, total, (k) => {
    const index = named(k.region, "index", k.thread());
    branch(k.region, compare("lt", index, k.word("count", "i32", total)), (inside) => {
      const to = k.bind("parts", array.type, copies);
      inside.out.push({
        kind: "store",
        buffer: to.buffer,
        index: to.offset ? add(to.offset, index) : index,
        value: constant(array.type, 0),
      });
    });
  });

  dispatch(`${array.name}Parts`, parts, (k) => {
    k.use(uses);
    const part = named(k.region, "part", k.thread());
    const to = k.bind("parts", array.type, copies);
    branch(k.region, compare("lt", part, k.word("parts", "i32", parts)), (inside) => {
      const lo = named(inside, "first", mul(part, k.word("size", "i32", size)));
      const hi = minimum(k.word("points", "i32", grid.points), add(lo, k.word("size", "i32", size)));
      const point = freshVar(inside.lowering, "point", "i32");
      loopOver(inside, point, lo, hi, (turn) =>
        atPoint(k, turn, grid, read(point), (own) =>
          guarded(own, nest.where, (here) =>
            lowerStatements(here, nest.body, (end) => {
              const place = placeOf(end, array);
              const index = linearIndex(
                { buffer: place.buffer, shape: place.shape },
                y.index.map((x) => lowerExpr(end, x)),
              );
              // A part's copies lie apart by element, so that neighbouring parts are neighbours in memory.
              const cell = named(end, "cell", add(mul(index, k.word("parts", "i32", parts)), part));
              const where = to.offset ? add(to.offset, cell) : cell;
              const value = lowerExpr(end, y.value);
              end.out.push({
                kind: "store",
                buffer: to.buffer,
                index: where,
                value: add(load(to.buffer, where), value),
              });
            }),
          ),
        ),
      );
    });
  });

  const shared = planner.collect(() => sumByGroups(planner, y, at, { copies, elements, parts }));
  const alone = planner.collect(() =>
    dispatch(array.name, elements, (k) => {
      k.use({ vars: new Set(), arrays: new Set([array.id]) });
      const element = named(k.region, "element", k.thread());
      branch(k.region, compare("lt", element, k.word("elements", "i32", elements)), (inside) => {
        const from = k.bind("parts", array.type, copies);
        const count = k.word("parts", "i32", parts);
        const sum = variable(inside, "sum", constant(array.type, 0));
        const part = freshVar(inside.lowering, "part", "i32");
        loopOver(inside, part, int(0), count, (turn) =>
          assign(turn, sum, add(read(sum), loadAt(from, add(mul(element, count), read(part))))),
        );
        addTo(inside, y, element, read(sum));
      });
    }),
  );
  planner.step({ step: "if", condition: hostTest("ge", parts, POINT_GROUP), yes: shared, no: alone });
  planner.drop(copies);
}

interface Copies {
  readonly copies: number;
  readonly elements: HostExpr;
  readonly parts: HostExpr;
}

/** Many copies of few elements: a workgroup adds up those of one. */
function sumByGroups(planner: Planner, y: Yield, at: Span, c: Copies): void {
  const { array } = y;
  planner.dispatch({ name: array.name, at, workgroup: POINT_GROUP }, c.elements, (k) => {
    k.use({ vars: new Set(), arrays: new Set([array.id]) });
    const element = named(k.region, "element", builtin("workgroup"));
    // A folded grid may have more workgroups than there are elements.
    branch(k.region, compare("lt", element, k.word("elements", "i32", c.elements)), (inside) => {
      const from = k.bind("parts", array.type, c.copies);
      const count = k.word("parts", "i32", c.parts);
      const sum = variable(inside, "sum", constant(array.type, 0));
      const part = freshVar(inside.lowering, "part", "i32");
      loopOver(
        inside,
        part,
        builtin("invocation"),
        count,
        (turn) => assign(turn, sum, add(read(sum), loadAt(from, add(mul(element, count), read(part))))),
        { step: POINT_GROUP },
      );
      joinSums(k, inside, POINT_GROUP, sum, (first, total) => addTo(first, y, element, total));
    });
  });
}

function addTo(region: Region, { array }: Yield, element: LoopExpr, value: LoopExpr): void {
  const place = placeOf(region, array);
  const where = place.offset ? add(place.offset, element) : element;
  region.out.push({ kind: "store", buffer: place.buffer, index: where, value: add(load(place.buffer, where), value) });
}
