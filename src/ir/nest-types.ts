// The types of operations: what each `Op` takes and gives. The verifier holds a kernel against it; the text leaves out what it says.
import type { Expr, Op, Scalar } from "./nest.js";

type Kind = "number" | "float" | "integer" | "bool" | "any";

interface OpRule {
  readonly arity: number;
  /** Of the operands, which share one type but where `checkOp` says otherwise. */
  readonly operands: Kind;
  /** `same` as the first operand's; `free` is a type that the node alone knows. */
  readonly result: "same" | "bool" | "i32" | "free";
}

const rule = (ops: readonly Op[], arity: number, operands: Kind, result: OpRule["result"]): [Op, OpRule][] =>
  ops.map((op) => [op, { arity, operands, result }]);

const rules: ReadonlyMap<Op, OpRule> = new Map([
  ...rule(["neg", "abs", "sign"], 1, "number", "same"),
  ...rule(["add", "sub", "mul", "min", "max"], 2, "number", "same"),
  ...rule(["div", "pow", "atan2"], 2, "float", "same"),
  ...rule(["idiv", "imod"], 2, "integer", "same"),
  ...rule(["fma"], 3, "float", "same"),
  ...rule(["eq", "ne"], 2, "any", "bool"),
  ...rule(["lt", "le", "gt", "ge"], 2, "number", "bool"),
  ...rule(["and", "or"], 2, "bool", "same"),
  ...rule(["not"], 1, "bool", "same"),
  ...rule(["select"], 3, "any", "same"),
  ...rule(["sqrt", "floor", "ceil", "round", "trunc", "exp", "expm1", "log", "log1p", "log2"], 1, "float", "same"),
  ...rule(["sin", "cos", "tan", "tanh", "sinh", "cosh", "asin", "acos", "atan", "erf", "lgamma"], 1, "float", "same"),
  ...rule(["significandOf", "highPart"], 1, "float", "same"),
  ...rule(["opaque"], 1, "number", "same"),
  ...rule(["isnan"], 1, "float", "bool"),
  ...rule(["bitAnd", "bitOr", "bitXor", "shiftLeft", "shiftRight"], 2, "integer", "same"),
  ...rule(["bitNot", "countLeadingZeros"], 1, "integer", "same"),
  ...rule(["pow2"], 1, "integer", "free"),
  ...rule(["exponentOf"], 1, "float", "i32"),
]);

export const isOp = (name: string): name is Op => rules.has(name as Op);
export const isFloat = (t: Scalar): t is "f32" | "f64" => t === "f32" || t === "f64";
export const isInteger = (t: Scalar): t is "i32" | "u32" => t === "i32" || t === "u32";

const isKind = (t: Scalar, kind: Kind): boolean =>
  kind === "any" ||
  (kind === "bool" ? t === "bool" : kind === "float" ? isFloat(t) : kind === "integer" ? isInteger(t) : t !== "bool");

const ruleOf = (op: Op): OpRule => {
  const r = rules.get(op);
  if (!r) throw new Error(`internal: no such operation: ${op}`);
  return r;
};

/** The type that `op` gives of `args`; `undefined` where the node must say it. */
export function resultType(op: Op, args: readonly Expr[]): Scalar | undefined {
  const { result } = ruleOf(op);
  if (result === "free") return undefined;
  return result !== "same" ? result : op === "select" ? args[1]?.type : args[0]?.type;
}

/** What is wrong with an operation, if anything is. */
export function checkOp(op: Op, args: readonly Expr[], type: Scalar): string | undefined {
  const r = ruleOf(op);
  if (args.length !== r.arity) return `${op} takes ${r.arity} operands, not ${args.length}`;
  const compared =
    op === "select" ? args.slice(1) : op === "shiftLeft" || op === "shiftRight" ? args.slice(0, 1) : args;
  if (op === "select" && args[0]?.type !== "bool") return "select needs a bool first";
  if (op.startsWith("shift") && !isInteger(args[1]?.type ?? "bool")) return `${op} needs an integer count`;
  for (const a of compared) {
    if (!isKind(a.type, r.operands)) return `${op} takes ${r.operands}, not ${a.type}`;
    if (a.type !== compared[0]?.type) return `${op} has operands of types ${compared.map((c) => c.type).join(" and ")}`;
  }
  const gives = resultType(op, args);
  if (gives !== undefined ? gives !== type : !isFloat(type))
    return `${op} gives ${gives ?? "floating point"}, not ${type}`;
  return undefined;
}
