// Pieces of WGSL text that know how tightly they bind, and constants that WGSL reads back exactly.
import type { Scalar } from "../../ir/nest.js";
import type { Helper } from "./helpers.js";

/**
 * How tightly a text binds. WGSL wants parentheses where bits and shifts meet other operators; comparisons as call arguments could be
 * read as template lists.
 */
export const level = { any: 0, bits: 1, logic: 2, compare: 3, sum: 5, product: 6, unary: 7, atom: 8 } as const;

export interface Text {
  readonly text: string;
  readonly level: number;
  /** WGSL would work it out while it compiles, and refuse what overflows. */
  readonly constant?: boolean;
}

export const atom = (text: string): Text => ({ text, level: level.atom });

/** `t` where something that binds as tightly as `at` stands around it. */
export const inside = (t: Text, at: number): string => (t.level < at ? `(${t.text})` : t.text);

/** A call's argument: anything up to sums needs no parentheses. */
const argument = (t: Text): string => inside(t, level.sum);
export const call = (name: string, ...args: readonly Text[]): Text => atom(`${name}(${args.map(argument).join(", ")})`);

/** A constant of a scalar type, or the bits of one that WGSL has no literal for. */
export function constantText(type: Scalar, value: number): Text | { readonly bits: number } {
  switch (type) {
    case "bool":
      return { text: value ? "true" : "false", level: level.atom, constant: true };
    case "i32":
      if (value === -(2 ** 31)) return { text: "i32(-2147483648)", level: level.atom, constant: true };
      return { text: `${value}`, level: value < 0 ? level.unary : level.atom, constant: true };
    case "u32":
      return { text: `${value >>> 0}u`, level: level.atom, constant: true };
    case "f32": {
      const x = Math.fround(value);
      if (!Number.isFinite(x)) return { bits: new Uint32Array(Float32Array.of(x).buffer)[0] ?? 0 };
      const digits = Object.is(x, -0) ? "-0" : shortest(x);
      return { text: `${digits}f`, level: x < 0 || Object.is(x, -0) ? level.unary : level.atom, constant: true };
    }
    case "f64":
      throw new Error("internal: there is no f64 in WGSL");
  }
}

/** WGSL refuses what is larger, even where it would round to this. */
const LARGEST = 3.4028234663852886e38;

/** The fewest digits that give this f32 back. */
function shortest(x: number): string {
  for (let digits = 6; digits <= 9; digits++) {
    const text = x.toPrecision(digits);
    if (Math.fround(Number(text)) === x && Math.abs(Number(text)) <= LARGEST) return `${Number(text)}`;
  }
  return `${x}`;
}

const runtimeOf: Readonly<Record<"f32" | "i32" | "u32", Helper>> = { f32: "valueF", i32: "valueI", u32: "valueU" };
export const runtimeHelper = (type: Scalar): Helper | undefined =>
  type === "f32" || type === "i32" || type === "u32" ? runtimeOf[type] : undefined;
