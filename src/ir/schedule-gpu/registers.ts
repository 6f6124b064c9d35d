// The sums that one invocation of a tile keeps.
import type { HostExpr } from "../../abi.js";
import type { LoopExpr, LoopVar } from "../loop.js";
import { compare, int, operation, read, single } from "../schedule/scalar/build.js";
import { identityOf } from "../schedule/scalar/reduce.js";
import { assign, branch, type ReduceExpr, type Region, variable } from "../schedule/scalar/region.js";
import { joined } from "./rows.js";

/** Rows and columns of one invocation: powers of two. */
export const ROWS = 4;
export const COLUMNS = 4;
/** Values of k that a tile stages at once. */
export const STEP = 16;
/** Values of k after which what an invocation has added up goes into a second sum. */
export const CHAIN = 256;

/** The registers of one invocation. Long sums of floats go through a second set, so that no chain is long. */
export class Sums {
  private readonly inner: LoopVar[];
  private readonly outer: LoopVar[] | undefined;

  constructor(
    region: Region,
    private readonly e: ReduceExpr,
    values: HostExpr,
  ) {
    const set = (name: string): LoopVar[] =>
      Array.from({ length: ROWS * COLUMNS }, () => variable(region, name, identityOf(e.reducer, e.type)));
    const long = typeof values !== "number" || values > 2 * CHAIN;
    this.inner = set(e.reducer);
    this.outer = long && e.type === "f32" && (e.reducer === "sum" || e.reducer === "prod") ? set("more") : undefined;
  }

  each(f: (row: number, column: number, sum: LoopVar) => void): void {
    for (let n = 0; n < ROWS * COLUMNS; n++) f(Math.floor(n / COLUMNS), n % COLUMNS, this.inner[n]!);
  }

  /** After a step that began `offset` values in. */
  flush(region: Region, offset: LoopExpr): void {
    const { outer, inner, e } = this;
    if (!outer) return;
    const last = operation("bitAnd", single("i32"), offset, int(CHAIN - 1));
    branch(region, compare("eq", last, int(CHAIN - STEP)), (yes) => {
      for (const [n, sum] of inner.entries()) {
        assign(yes, outer[n]!, joined(e, read(outer[n]!), read(sum)));
        assign(yes, sum, identityOf(e.reducer, e.type));
      }
    });
  }

  total(row: number, column: number): LoopExpr {
    const n = row * COLUMNS + column;
    return this.outer ? joined(this.e, read(this.outer[n]!), read(this.inner[n]!)) : read(this.inner[n]!);
  }
}
