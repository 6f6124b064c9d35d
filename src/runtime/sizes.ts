// Working out the sizes of a call from its arguments.
import type { IntExpr } from "../abi.js";

/** The value of an integer expression where every name has one. */
export function evaluateInt(e: IntExpr, value: (name: string) => number): number {
  if (typeof e === "number") return e;
  if (typeof e === "string") return value(e);
  const a = evaluateInt(e[1], value);
  const b = evaluateInt(e[2], value);
  switch (e[0]) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "div":
      return Math.floor(a / b);
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
  }
}

/** As a person writes it, for messages. */
export function showInt(e: IntExpr): string {
  if (!Array.isArray(e)) return String(e);
  const [op, a, b] = e as readonly [string, IntExpr, IntExpr];
  return op === "min" || op === "max" ? `${op}(${showInt(a)}, ${showInt(b)})` : `(${showInt(a)} ${op} ${showInt(b)})`;
}
