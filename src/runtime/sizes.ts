// Working out the sizes of a call from its arguments.
import type { IntExpr } from "../abi.js";
import { BifoldError } from "./errors.js";

/** The value of an integer expression where every name has one. NaN where it divides by zero. */
export function evaluateInt(e: IntExpr, value: (name: string) => number): number {
  if (typeof e === "number") return e;
  if (typeof e === "string") return value(e);
  const n = operate(e[0], evaluateInt(e[1], value), evaluateInt(e[2], value));
  // A kernel works in 32 bits: what it takes for a size must be what is meant.
  if (Math.abs(n) >= 2 ** 31)
    throw new BifoldError(
      "out-of-memory",
      `${showInt(e)} is ${n}, and a size is a whole number below 2^31: work in parts`,
    );
  return n;
}

function operate(op: Exclude<IntExpr, number | string>[0], a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "div":
      return b === 0 ? Number.NaN : Math.floor(a / b);
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
  }
}

const strength = { "+": 1, "-": 1, "*": 2, div: 2, min: 3, max: 3 } as const;

/** As a person writes it, for messages: `(n + 1) div 2`. */
export function showInt(e: IntExpr, within = 0): string {
  if (typeof e === "number") return e < 0 && within > 0 ? `(${e})` : String(e);
  if (typeof e === "string") return e;
  const [op, a, b] = e;
  if (op === "min" || op === "max") return `${op}(${showInt(a)}, ${showInt(b)})`;
  const own = strength[op];
  const text = `${showInt(a, own)} ${op} ${showInt(b, own + 1)}`;
  return own < within ? `(${text})` : text;
}
