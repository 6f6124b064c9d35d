// From a typed function to a kernel of Nest IR: calls are inlined, records are taken apart into their leaves, `real` and `wide` become
// types of the target, array expressions become nests, and every subscript that is not proven in range carries a check.

import { sizeOf } from "../../compiler/size.js";
import type { FunctionDef, Program } from "../../compiler/typed.js";
import type { Kernel, Result, Var } from "../nest.js";
import { Facts } from "../range/index.js";
import { bindParameters } from "./calls.js";
import { renumberChecks } from "./finish.js";
import { Frame } from "./frame.js";
import { callHost } from "./host.js";
import { type ArrayDraft, KernelBuilder, type LowerOptions, type Out, varOf } from "./kernel-builder.js";
import { refuseNegative } from "./sizes.js";
import { lowerBody } from "./statement.js";
import { copyOf, scalar, storedIn, storedValue, type Value } from "./value.js";

export type { LowerOptions } from "./kernel-builder.js";

/** The kernel of an exported function (or of a host function, for the CPU). It never fails on a checked program. */
export function lowerFunction(program: Program, def: FunctionDef, options: LowerOptions): Kernel {
  const kernel = new KernelBuilder(program, options, undefined, def.host && options.target === "wasm");
  const out: Out = { statements: [], facts: new Facts(), sequential: true };
  const frame = new Frame(kernel, options.precision.real, false, 0);

  const sizes = def.sizes.map(({ local, from }) => {
    const v = kernel.var(local.name, "i32");
    const value: Value = { kind: "scalar", expr: varOf(v), size: sizeOf(v) };
    if (from.kind === "dimension") out.facts.size(v);
    frame.bind(local, value);
    return v;
  });
  // An integer parameter that is a size is that size.
  const sizeOfParam = new Map(
    def.sizes.flatMap(({ from }, k) => (from.kind === "param" ? [[from.param, sizes[k] as Var] as const] : [])),
  );
  const scalars: Var[] = [];
  const params: ArrayDraft[] = [];
  const leaves = (type: FunctionDef["result"], name: string): Value => {
    switch (type.kind) {
      case "scalar": {
        const v = kernel.var(name, frame.scalar(type.scalar));
        scalars.push(v);
        return scalar(varOf(v));
      }
      case "array": {
        const array = kernel.array(name, frame.scalar(type.element), frame.shape(type));
        array.role = "param";
        params.push(array);
        return storedValue(array);
      }
      case "record":
        return {
          kind: "record",
          fields: new Map(type.fields.map((f) => [f.name, leaves(f.type, `${name}_${f.name}`)])),
        };
    }
  };
  const values = def.params.map((p, k): Value => {
    const size = sizeOfParam.get(k);
    if (size) return { kind: "scalar", expr: varOf(size), size: sizeOf(size) };
    // A parameter's shape may speak of integer parameters before it.
    if (p.type.kind === "function") throw new Error("internal: a kernel takes no functions");
    const value = leaves(p.type, p.name);
    frame.bind(p, value);
    return value;
  });
  for (const [, v] of sizeOfParam) {
    refuseNegative(frame, sizeOf(v), def.at, out);
    out.facts.size(v);
  }

  const call = { values, at: def.at, out };
  let result: Value;
  if (def.host && options.target === "wgsl") {
    result = callHost(frame, def, { ...call, real: frame.real, wide: false, depth: -1 }).value;
  } else {
    bindParameters(frame, def, call);
    result = lowerBody(frame, def.body, out);
  }
  const results = resultLeaves(kernel, result, def, out);
  return renumberChecks({
    name: def.name,
    precision: options.precision,
    sizes,
    scalars,
    params,
    results,
    body: out.statements,
    checks: kernel.checks,
  });
}

/** The leaves of what is returned. An array that the kernel made is handed out as it is; anything else is copied. */
function resultLeaves(kernel: KernelBuilder, value: Value, def: FunctionDef, out: Out): readonly Result[] {
  const results: Result[] = [];
  const taken = new Set<number>();
  const visit = (v: Value, path: readonly string[]): void => {
    switch (v.kind) {
      case "scalar":
        results.push({ kind: "scalar", path, value: v.expr });
        return;
      case "array": {
        const name = path.at(-1) ?? "result";
        const stored = storedIn(v, name, kernel, out, def.at);
        const isTaken = taken.has(stored.id) && stored.role !== "param";
        const array = isTaken ? copyOf(v, name, false, kernel, out, def.at) : stored;
        taken.add(array.id);
        if (array.role === "local") array.role = "result";
        results.push({ kind: "array", path, array });
        return;
      }
      case "record":
        for (const [name, x] of v.fields) visit(x, [...path, name]);
        return;
      case "function":
        throw new Error("internal: a function is no result");
    }
  };
  visit(inOrder(value, def.result), []);
  return results;
}

/** Fields in the order of the type: a record may have been written in another. */
export function inOrder(v: Value, type: FunctionDef["result"]): Value {
  if (v.kind !== "record" || type.kind !== "record") return v;
  const fields = type.fields.map((f): [string, Value] => {
    const x = v.fields.get(f.name);
    if (!x) throw new Error(`internal: no field ${f.name}`);
    return [f.name, inOrder(x, f.type)];
  });
  return { kind: "record", fields: new Map(fields) };
}
