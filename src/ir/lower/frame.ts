// What names stand for in one inlined call: its own parameters, sizes and locals, and what `real` is in it.

import type { Span } from "../../compiler/diagnostic.js";
import { type Size, sizeOf, substituteSize } from "../../compiler/size.js";
import type { Local, ScalarType, Type } from "../../compiler/typed.js";
import type { Scalar } from "../nest.js";
import { polynomialOf } from "../polynomial.js";
import { type KernelBuilder, type Out, varOf } from "./kernel-builder.js";
import { copyOf, type RecordValue, scalar, storedValue, type Value } from "./value.js";

export class Frame {
  private readonly values = new Map<number, Value>();

  constructor(
    readonly kernel: KernelBuilder,
    /** What `real` stands for. */
    readonly real: "f32" | "f64",
    /** Whether that is because the call has `wide` arguments. */
    readonly wide: boolean,
    /** How many calls it stands in. */
    readonly depth: number,
    private readonly outer?: Frame,
  ) {}

  /** For binders, or the parameters of a lambda: names that stand for something else the next time. */
  inner(depth = this.depth): Frame {
    return new Frame(this.kernel, this.real, this.wide, depth, this);
  }

  bind(local: { readonly id: number }, value: Value): void {
    this.values.set(local.id, value);
  }
  find(id: number): Value | undefined {
    return this.values.get(id) ?? this.outer?.find(id);
  }
  get(local: { readonly id: number; readonly name: string }): Value {
    const v = this.find(local.id);
    if (!v) throw new Error(`internal: ${local.name} stands for nothing`);
    return v;
  }

  scalar(t: ScalarType): Scalar {
    return t === "real" ? this.real : t === "wide" ? this.kernel.options.precision.wide : t;
  }
  elementOf(t: Type): Scalar {
    if (t.kind === "record" || t.kind === "function") throw new Error(`internal: a ${t.kind} has no element type`);
    return this.scalar(t.kind === "scalar" ? t.scalar : t.element);
  }

  /** A size of the typed program in terms of the kernel's names. */
  size(s: Size): Size {
    return substituteSize(s, (symbol) => {
      const v = this.get(symbol);
      if (v.kind !== "scalar") throw new Error(`internal: the size ${symbol.name} is no scalar`);
      const known = v.size ?? polynomialOf(v.expr);
      if (!known) throw new Error(`internal: the size ${symbol.name} has no polynomial`);
      return known;
    });
  }
  shape(t: Type): readonly Size[] {
    return t.kind === "array" ? t.shape.map((s) => this.size(s)) : [];
  }

  // Binding what statements and calls give names to.

  /** `let` or `var`, as the local says. */
  define(local: Local, value: Value, out: Out): void {
    this.bind(
      local,
      local.mutable ? this.variable(value, local.name, out, local.at) : this.name(value, local.name, out, local.at),
    );
  }

  /** A value that stays as it is. */
  name(value: Value, name: string, out: Out, at: Span): Value {
    switch (value.kind) {
      case "scalar": {
        const v = this.kernel.define(value.expr, name, at, out);
        if (v.type !== "i32") return scalar(varOf(v));
        return { kind: "scalar", expr: varOf(v), size: value.size ?? polynomialOf(value.expr) ?? sizeOf(v) };
      }
      case "array":
        return this.isStable(value, this.depth) ? value : storedValue(copyOf(value, name, false, this.kernel, out, at));
      case "record":
        return mapFields(value, (v, field) => this.name(v, `${name}_${field}`, out, at));
      case "function":
        return value;
    }
  }
  /** The same for a parameter: no name is made for what has one. */
  parameter(value: Value, name: string, out: Out, at: Span): Value {
    const { kind } = value;
    if (kind === "record") return mapFields(value, (v, field) => this.parameter(v, `${name}_${field}`, out, at));
    if (kind !== "scalar") return this.name(value, name, out, at);
    const { expr } = value;
    const isAtom = expr.kind === "const" || (expr.kind === "var" && !expr.var.mutable);
    return isAtom ? value : this.name(value, name, out, at);
  }
  /** A value of its own that may be assigned to. */
  variable(value: Value, name: string, out: Out, at: Span): Value {
    switch (value.kind) {
      case "scalar":
        return scalar(varOf(this.kernel.variable(value.expr, name, at, out)));
      case "array":
        return storedValue(copyOf(value, name, true, this.kernel, out, at), this.depth);
      case "record":
        return mapFields(value, (v, field) => this.variable(v, `${name}_${field}`, out, at));
      case "function":
        throw new Error("internal: a function is no variable");
    }
  }

  private isStable(v: Value & { kind: "array" }, depth: number): boolean {
    return v.view && (v.changesAt === undefined || v.changesAt < depth);
  }
}

export const mapFields = (r: RecordValue, f: (v: Value, field: string) => Value): RecordValue => ({
  kind: "record",
  fields: new Map([...r.fields].map(([name, v]) => [name, f(v, name)])),
});
