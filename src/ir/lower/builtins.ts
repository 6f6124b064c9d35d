// Calls of the scalar functions of section 6: an operation that the target has, or the function of `std/math` or `std/random` in its place.
import { builtins } from "../../compiler/builtins.js";
import type { Expr as TypedExpr } from "../../compiler/typed.js";
import type { Expr, Op, Scalar } from "../nest.js";
import { isFloat } from "../nest-types.js";
import { inlineFunction } from "./calls.js";
import type { Frame } from "./frame.js";
import { type Out, op, test } from "./kernel-builder.js";
import { convertAt, elementwise, type Point } from "./operators.js";
import { asScalar, scalar, type Value } from "./value.js";

export function callBuiltin(frame: Frame, e: TypedExpr & { kind: "builtin" }, args: readonly Value[], out: Out): Value {
  const result = frame.elementOf(e.type);
  return elementwise(frame, e, args, out, (operands, p) => builtinAt(frame, e.name, operands, result, p));
}

export function builtinAt(frame: Frame, name: string, args: readonly Expr[], result: Scalar, p: Point): Expr {
  const entry = builtins.get(name);
  if (!entry) throw new Error(`internal: no scalar function ${name}`);
  const { options } = frame.kernel;
  if (entry[options.target] === "fold") {
    const def = frame.kernel.library(name);
    if (def) {
      // Its `real` is the type that it is called with, or gives.
      const type = args.find((a) => isFloat(a.type))?.type ?? result;
      const real = type === "f32" || type === "f64" ? type : frame.real;
      const wide = frame.wide || real !== options.precision.real;
      const values = args.map(scalar);
      return asScalar(
        inlineFunction(frame, def, { real, wide, depth: frame.depth, values, at: p.at, out: p.out }).value,
      );
    }
    if (entry.rule === "uniform" || entry.rule === "normal" || entry.rule === "randint")
      throw new Error(`internal: std/random has no ${name}`);
  }
  return native(name, args, result);
}

function native(name: string, args: readonly Expr[], result: Scalar): Expr {
  const [a, b, c] = args;
  switch (name) {
    case "clamp":
      if (!a || !b || !c) break;
      return op("min", op("max", a, b), c);
    case "isnan":
      return test("isnan", ...args);
    case "shiftLeft":
    case "shiftRight":
      if (!a || !b) break;
      return op(name, a, convertAt(b, a.type));
    default:
      return { kind: "op", op: name as Op, args, type: result };
  }
  throw new Error(`internal: ${name} lacks arguments`);
}
