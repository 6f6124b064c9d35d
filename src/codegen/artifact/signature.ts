// What TypeScript must know of an exported function: its signature in the terms of the ABI.
import type { AbiScalar, AbiType, IntExpr, Signature } from "../../abi.js";
import { type Size, type SizeAtom, type SizeTerm, symbolsOfSize } from "../../compiler/size.js";
import type { Expr, FunctionDef, Local, ScalarType, Stmt, ValueType } from "../../compiler/typed.js";
import type { Kernel } from "../../ir/nest.js";

/** A polynomial as the runtime works it out, and shows it: what is taken away comes last. */
export function intExprOfSize(size: Size): IntExpr {
  const atom = (a: SizeAtom): IntExpr =>
    a.kind === "symbol" ? a.symbol.name : ["div", intExprOfSize(a.numerator), intExprOfSize(a.denominator)];
  const product = (t: SizeTerm, coefficient: number): IntExpr => {
    const factors = t.atoms.map(atom);
    if (coefficient !== 1 || factors.length === 0) factors.unshift(coefficient);
    return factors.reduce((a, b) => ["*", a, b]);
  };
  // In the order in which their names are declared, a constant last.
  const order = (t: SizeTerm): number =>
    Math.min(...(symbolsOfSize({ terms: [t] }) as readonly Local[]).map((s) => s.at.start), Number.POSITIVE_INFINITY);
  const terms = [...size.terms].sort((a, b) => {
    const [x, y] = [order(a), order(b)];
    return b.atoms.length - a.atoms.length || (x < y ? -1 : x > y ? 1 : 0);
  });
  const [first, ...rest] = [...terms.filter((t) => t.coefficient > 0), ...terms.filter((t) => t.coefficient < 0)];
  if (!first) return 0;
  return rest.reduce<IntExpr>(
    (sum, t) => (t.coefficient > 0 ? ["+", sum, product(t, t.coefficient)] : ["-", sum, product(t, -t.coefficient)]),
    product(first, first.coefficient),
  );
}

const scalarOf = (s: ScalarType): AbiScalar => {
  if (s === "wide") throw new Error("internal: an exported type mentions wide");
  return s;
};

/** A type in the ABI's terms. */
export function abiTypeOf(type: ValueType): AbiType {
  switch (type.kind) {
    case "scalar":
      return { kind: "scalar", scalar: scalarOf(type.scalar) };
    case "array":
      return { kind: "array", element: scalarOf(type.element), shape: type.shape.map(intExprOfSize) };
    case "record":
      return { kind: "record", fields: type.fields.map((f) => ({ name: f.name, type: abiTypeOf(f.type) })) };
  }
}

/** An integer expression over sizes and integer parameters, as the runtime works it out; the checker lets nothing else define a size. */
function intExprOf(e: Expr): IntExpr {
  switch (e.kind) {
    case "number":
      return e.value;
    case "local":
      return e.local.name;
    case "size":
      return intExprOfSize(e.size);
    case "convert":
      return intExprOf(e.value);
    case "unary":
      return ["-", 0, intExprOf(e.operand)];
    case "binary": {
      const op = e.op;
      if (op === "+" || op === "-" || op === "*" || op === "div") return [op, intExprOf(e.left), intExprOf(e.right)];
      break;
    }
    case "builtin": {
      const [a, b] = e.args;
      if ((e.name === "min" || e.name === "max") && a && b) return [e.name, intExprOf(a), intExprOf(b)];
      break;
    }
  }
  throw new Error(`internal: a size of the result is defined by an expression of kind ${e.kind}`);
}

function resultSymbols(type: ValueType): readonly number[] {
  switch (type.kind) {
    case "scalar":
      return [];
    case "array":
      return type.shape.flatMap((s) => symbolsOfSize(s).map((symbol) => symbol.id));
    case "record":
      return type.fields.flatMap((f) => resultSymbols(f.type));
  }
}

/** The local sizes that the result speaks of, with those that they need, in the order of definition. */
function localSizes(def: FunctionDef): { name: string; value: IntExpr }[] {
  const stmts = def.body.filter((s): s is Extract<Stmt, { kind: "size" }> => s.kind === "size");
  const wanted = new Set(resultSymbols(def.result));
  const mentions = (s: (typeof stmts)[number]): readonly Local[] => localsIn(s.value);
  for (const s of [...stmts].reverse()) if (wanted.has(s.local.id)) for (const l of mentions(s)) wanted.add(l.id);
  return stmts
    .filter((s) => wanted.has(s.local.id))
    .map((s) => ({ name: s.local.name, value: s.definition ? intExprOfSize(s.definition) : intExprOf(s.value) }));
}

function localsIn(e: Expr): readonly Local[] {
  switch (e.kind) {
    case "local":
      return [e.local];
    case "size":
      return symbolsOfSize(e.size) as readonly Local[];
    case "convert":
      return localsIn(e.value);
    case "unary":
      return localsIn(e.operand);
    case "binary":
      return [...localsIn(e.left), ...localsIn(e.right)];
    case "builtin":
      return e.args.flatMap(localsIn);
    default:
      return [];
  }
}

/** The signature of an exported function. */
export function signatureOf(def: FunctionDef): Signature {
  return {
    name: def.name,
    params: def.params.map((p) => {
      if (p.type.kind === "function") throw new Error(`internal: ${def.name} is exported with a function parameter`);
      return { name: p.name, type: abiTypeOf(p.type) };
    }),
    sizes: def.sizes.map((s) => ({
      name: s.local.name,
      param: s.from.param,
      path: s.from.kind === "dimension" ? s.from.path : [],
      ...(s.from.kind === "dimension" ? { dim: s.from.dim } : {}),
    })),
    localSizes: localSizes(def),
    result: abiTypeOf(def.result),
  };
}

/** The result of a test's kernel: a record of records of scalars, by the paths that it has. */
export function expectationsType(kernel: Kernel): AbiType {
  const records = new Map<string, { name: string; type: AbiType }[]>();
  for (const r of kernel.results) {
    const [number = "", name = ""] = r.path;
    if (r.kind !== "scalar") throw new Error("internal: an expectation is no scalar");
    const fields = records.get(number) ?? [];
    records.set(number, fields);
    const { type } = r.value;
    fields.push({ name, type: { kind: "scalar", scalar: type === "f32" || type === "f64" ? "real" : type } });
  }
  const fields = [...records].map(([name, own]) => ({ name, type: { kind: "record", fields: own } as const }));
  return { kind: "record", fields };
}
