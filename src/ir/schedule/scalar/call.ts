// A host function on the CPU: a call of its own function of the module, with places for what it gives.
import type { LoopStmt } from "../../loop.js";
import type { Stmt } from "../../nest.js";
import { declareArray } from "./array.js";
import { int, load } from "./build.js";
import { lowerNamed } from "./expression.js";
import { freshBuffer, named, placeOf, type Region, stopIfFailed } from "./region.js";

type Host = Extract<Stmt, { readonly kind: "host" }>;
type Call = Extract<LoopStmt, { readonly kind: "call" }>;

export function lowerCall(region: Region, s: Host): void {
  const { lowering } = region;
  const scalars = [...s.sizes, ...s.scalars].map((e) => lowerNamed(region, "argument", e));
  // The function starts with no failure noted.
  stopIfFailed(region);
  const given = s.arrays.map((a) => handed(placeOf(region, a)));
  const made = s.results.map((r) => {
    if ("shape" in r) {
      declareArray(region, r);
      return handed(placeOf(region, r));
    }
    const buffer = freshBuffer(lowering, r.name, r.type, "scratch");
    region.out.push({ kind: "alloc", buffer, length: int(1) });
    return { buffer, offset: int(0) };
  });
  const checks = lowering.checks.get(s.kernel.name);
  if (checks === undefined) throw new Error(`internal: ${s.kernel.name} is not among the kernels that are called`);
  region.out.push({ kind: "call", function: s.kernel.name, scalars, given, made, checks, at: s.at });
  s.results.forEach((r, k) => {
    const cell = made[k];
    if (!("shape" in r) && cell) lowering.scalars.set(r.id, named(region, r.name, load(cell.buffer, int(0))));
  });
}

const handed = (place: ReturnType<typeof placeOf>): Call["given"][number] => ({
  buffer: place.buffer,
  offset: place.offset ?? int(0),
});
