// Calls of host functions: a kernel of its own for the CPU, and the statement that crosses to it or, on the CPU, calls it. However many call
// it, a module has it once.
import type { FunctionDef, Program } from "../../compiler/typed.js";
import type { ArrayVar, Expr, Kernel, Precision, Var } from "../nest.js";
import { bindParameters, type Inlining } from "./calls.js";
import { lowerScalar } from "./expression.js";
import { Frame } from "./frame.js";
import { interned } from "./interned.js";
import { type Out, varOf } from "./kernel-builder.js";
import { lowerFunction } from "./lower.js";
import { mapLeaves, scalar, storedIn, storedValue, type Value } from "./value.js";

export function callHost(caller: Frame, def: FunctionDef, call: Inlining): { value: Value; frame: Frame } {
  const { kernel } = caller;
  const { at, out } = call;
  const own = kernel.options.precision;
  // What crosses is small, and on the CPU double precision costs little. A call on the CPU keeps the caller's.
  const precision =
    kernel.options.target === "wgsl" ? ({ real: "f64", wide: "f64" } as const) : { real: call.real, wide: own.wide };
  const moduleReal = kernel.options.target === "wgsl" ? "f64" : (kernel.options.moduleReal ?? own.real);
  const inner = loweredOnce(kernel.program, def, precision, moduleReal);
  const frame = new Frame(kernel, call.real, call.wide, call.depth + 1);
  bindParameters(frame, def, call);
  localSizes(frame, def, call);
  const scalars: Expr[] = [];
  const arrays: ArrayVar[] = [];
  const sized = new Set(def.sizes.flatMap((s) => (s.from.kind === "param" ? [s.from.param] : [])));
  def.params.forEach((p, k) => {
    mapLeaves(frame.get(p), (leaf) => {
      if (leaf.kind === "array") arrays.push(storedIn(leaf, p.name, kernel, out, at));
      else if (!sized.has(k)) scalars.push(leaf.expr);
      return leaf;
    });
  });
  const sizes = def.sizes.map(({ local }) => {
    const v = frame.get(local);
    if (v.kind !== "scalar") throw new Error(`internal: the size ${local.name} is no scalar`);
    return v.expr;
  });
  const results: (ArrayVar | Var)[] = [];
  const value = resultOf(frame, def.result, def.name, results, out);
  out.statements.push({ kind: "host", kernel: inner, sizes, scalars, arrays, results, at });
  return { value, frame };
}

/** By program (or, for all programs, by the standard library's edition), then by function, its precision and its module's. */
const lowered = new WeakMap<object, Map<string, Kernel>>();

/** However many call it, it is lowered once; a function of the standard library once for all programs. */
function loweredOnce(program: Program, def: FunctionDef, precision: Precision, moduleReal: "f32" | "f64"): Kernel {
  const shared = program.library && isLibrary(def.at.file) && !isLibrary(program.file) && hasPlainNames(program);
  const owner = shared ? (program.library ?? program) : program;
  const kernels = lowered.get(owner) ?? new Map<string, Kernel>();
  lowered.set(owner, kernels);
  // An export has its own name in its module; what else runs in double precision has one name in modules of either type, so that they share it.
  const isPlain = precision.real === "f32" || (moduleReal === "f64" && isExport(program, def));
  const name = `${kernelName(program, def)}${isPlain ? "" : "$f64"}`;
  const key = `${def.at.file} ${name} ${precision.real} ${precision.wide} ${shared ? "" : moduleReal}`;
  const known = kernels.get(key);
  if (known) return known;
  const made = interned({ ...lowerFunction(program, def, { target: "wasm", precision, moduleReal }), name });
  kernels.set(key, made);
  return made;
}

const isLibrary = (file: string): boolean => file.startsWith("std/");

/** Whether the library's kernels have the names of their functions, and so have those that they call. */
function hasPlainNames(program: Program): boolean {
  const known = plainNames.get(program);
  if (known !== undefined) return known;
  const plain = program.functions.every((f) => !f.host || !isLibrary(f.at.file) || kernelName(program, f) === f.name);
  plainNames.set(program, plain);
  return plain;
}
const plainNames = new WeakMap<Program, boolean>();

/** What the source calls the function of a host kernel, whose own name may say which of several it is. */
export const sourceName = (kernel: Kernel): string => kernel.name.split("$")[0] ?? kernel.name;

const isExport = (program: Program, f: FunctionDef): boolean => f.exported && f.at.file === program.file;

/** The function's own name, unless another module has a function of that name in the same artifact: the file's exports come first. */
function kernelName(program: Program, def: FunctionDef): string {
  const named = program.functions.filter((f) => f.name === def.name && (f.host || isExport(program, f)));
  const exported = named.filter((f) => isExport(program, f));
  const at = [...exported, ...named.filter((f) => !exported.includes(f))].indexOf(def);
  // A number alone would be the name of a kernel's part.
  return at > 0 ? `${def.name}$m${at}` : def.name;
}

/** The sizes that the function makes at the top level: what it gives is shaped by them, so the caller works them out too. */
function localSizes(frame: Frame, def: FunctionDef, call: Inlining): void {
  for (const s of def.body) {
    if (s.kind !== "size") continue;
    const expr = lowerScalar(frame, s.value, call.out);
    const named = frame.name(scalar(expr), s.local.name, call.out, s.at);
    if (named.kind !== "scalar") throw new Error("internal: a size is a scalar");
    frame.bind(s.local, s.definition ? { ...named, size: frame.size(s.definition) } : named);
  }
}

function resultOf(
  frame: Frame,
  type: FunctionDef["result"],
  name: string,
  results: (ArrayVar | Var)[],
  out: Out,
): Value {
  const { kernel } = frame;
  switch (type.kind) {
    case "scalar": {
      const v = kernel.var(name, frame.scalar(type.scalar));
      results.push(v);
      return scalar(varOf(v));
    }
    case "array": {
      const array = kernel.array(name, frame.scalar(type.element), frame.shape(type));
      results.push(array);
      return storedValue(array);
    }
    case "record":
      return {
        kind: "record",
        fields: new Map(type.fields.map((f) => [f.name, resultOf(frame, f.type, `${name}_${f.name}`, results, out)])),
      };
  }
}
