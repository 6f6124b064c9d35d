// Run-time checks of sizes: of shapes that must agree, and of sizes that may come out negative.
import type { Span } from "../../compiler/diagnostic.js";
import { equalSizes, type Size, sizeConstant } from "../../compiler/size.js";
import { isAtMost } from "../range/index.js";
import type { Frame } from "./frame.js";
import { int, type Out, test } from "./kernel-builder.js";
import type { ArrayValue } from "./value.js";

/** `v` as an array of `shape`, after checks that it has it. */
export function sizesAgree(frame: Frame, v: ArrayValue, shape: readonly Size[], at: Span, out: Out): ArrayValue {
  const { kernel } = frame;
  shape.forEach((wanted, axis) => {
    const found = v.shape[axis];
    if (!found || equalSizes(out.facts.expand(found), out.facts.expand(wanted))) return;
    refuseDivision(frame, wanted, at, out);
    const check = kernel.check("shape", [`the size of axis ${axis} is `, 0, ", and ", 1, " was expected"], at);
    const [is, should] = [kernel.size(found), kernel.size(wanted)];
    kernel.require(test("eq", is, should), check, [is, should], at, out);
  });
  return { ...v, shape };
}

/** Refuses a size that divides by what may be zero. */
function refuseDivision(frame: Frame, size: Size, at: Span, out: Out): void {
  const { kernel } = frame;
  for (const atom of size.terms.flatMap((t) => t.atoms)) {
    if (atom.kind !== "div") continue;
    refuseDivision(frame, atom.numerator, at, out);
    refuseDivision(frame, atom.denominator, at, out);
    if (isAtMost(sizeConstant(1), atom.denominator, out.facts)) continue;
    kernel.require(
      test("ne", kernel.size(atom.denominator), int(0)),
      kernel.check("division", ["division by zero"], at),
      [],
      at,
      out,
    );
  }
}

/** Refuses a negative size where it is not plain that there is none. */
export function refuseNegative(frame: Frame, size: Size, at: Span, out: Out): void {
  if (isAtMost(sizeConstant(0), size, out.facts)) return;
  const { kernel } = frame;
  const value = kernel.size(size);
  const check = kernel.check("size", ["a size is negative: ", 0], at);
  kernel.require(test("ge", value, int(0)), check, [value], at, out);
}
