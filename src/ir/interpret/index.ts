// The reference interpreter: runs a typed program in f64, slowly and obviously, sharing no code with the lowering. With `bounds` it says of
// every number how far a target's may be from it (format.ts, ulp.ts, depth.ts).
import type { Span } from "../../compiler/diagnostic.js";
import type { FunctionDef, Program } from "../../compiler/typed.js";
import { bindParameters, comingBack } from "./call.js";
import { boundsOf, fromHost, toHost, type Value } from "./data.js";
import { type Format, float32, float64, type Target } from "./format.js";
import { type Expectation, Failure, Frame, type Run, Unknown } from "./frame.js";
import { executeBlock, executeBody } from "./statement.js";
import type { HostValue, RealDtype } from "./value.js";

export interface InterpretOptions {
  /** What `real` stands for: its constants, and the rounding of arguments. The computation itself is in f64. */
  readonly real: RealDtype;
  /** What `wide` stands for: f32 on WGSL, else f64. With bounds, also whose arithmetic they are for. */
  readonly target: Target;
  /** Without bounds: round every result to f32 where `real` is that, as a target would; the bounds themselves are tested by it. */
  readonly rounds?: boolean;
}

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly at: Span;
  /** The message shows a number that a target may round otherwise. */
  readonly inexact: boolean;
}

export type Result = { readonly value: HostValue } | { readonly error: RunError };

/**
 * `bounds` has the value's form, with a number for each scalar: how far the target may be away; Infinity where the value is undecided.
 * `mayFail`: whether the target fails hangs on an undecided value, so that it may. `unknown`: nothing can be said.
 */
export type Outcome =
  | { readonly value: HostValue; readonly bounds: HostValue; readonly mayFail: boolean }
  | { readonly error: RunError }
  | { readonly unknown: string };

function makeRun(options: InterpretOptions, bounds: boolean): Run {
  const target: Target = bounds ? options.target : "exact";
  const rounds = options.rounds ?? false;
  const real: Format = { ...(options.real === "float32" ? float32 : float64), target, rounds };
  // On the GPU `wide` is f32 too.
  const wide: Format = { ...(options.target === "wgsl" ? float32 : float64), target, rounds };
  // Called on the GPU, a host function runs in f64 throughout, with the CPU's functions.
  const cpu: Target = target === "wgsl" ? "wasm" : target;
  const double: Format = { ...float64, target: cpu, rounds };
  return {
    formats: { real, wide },
    hostFormats: options.target === "wgsl" ? { real: double, wide: double } : { real, wide: double },
    mayFail: false,
    expectations: [],
  };
}

const errorOf = (e: Failure): RunError => ({ code: e.code, message: e.text, at: e.at, inexact: e.inexact });

/** Runs one function. Arguments stand in the order of its parameters. */
export function interpret(
  program: Program,
  def: FunctionDef,
  args: readonly HostValue[],
  options: InterpretOptions,
): Result {
  const outcome = runFunction(program, def, args, makeRun(options, false));
  if ("unknown" in outcome) throw new Error(`internal: undecided without bounds: ${outcome.unknown}`);
  return outcome;
}

/** The same, and how far `target` may be away from each number. */
export const interpretWithBounds = (
  program: Program,
  def: FunctionDef,
  args: readonly HostValue[],
  options: InterpretOptions,
): Outcome => runFunction(program, def, args, makeRun(options, true));

function runFunction(program: Program, def: FunctionDef, args: readonly HostValue[], run: Run): Outcome {
  if (!program.functions.includes(def)) throw new Error(`internal: ${def.name} is not of this program`);
  const frame = new Frame(run, false, def.host);
  try {
    const values = def.params.map((p, k): Value => {
      const arg = args[k];
      if (arg === undefined) throw new Error(`argument ${p.name} is missing`);
      if (p.type.kind === "function") throw new Error(`${p.name} is a function: ${def.name} can't be run by itself`);
      return fromHost(arg, p.type, run.formats.real);
    });
    bindParameters(frame, def, values);
    checkEntry(frame, def, values);
    const made = executeBody(frame, def.body);
    const result = def.host ? comingBack(frame, new Frame(run, false, false), made, def.result) : made;
    return { value: toHost(result, def.result), bounds: boundsOf(result), mayFail: run.mayFail };
  } catch (e) {
    if (e instanceof Unknown) return { unknown: e.message };
    if (!(e instanceof Failure)) throw e;
    return run.mayFail ? { unknown: `${e.message}, but another failure may come first` } : { error: errorOf(e) };
  }
}

/** The sizes that are not names of their own must be those of the arguments. */
function checkEntry(frame: Frame, def: FunctionDef, values: readonly Value[]): void {
  for (const { local } of def.sizes) {
    const n = frame.get(local);
    if (n.kind === "scalar" && n.value < 0) throw new Failure("R08", `a size is negative: ${n.value}`, local.at);
  }
  const check = (value: Value | undefined, type: FunctionDef["result"], at: Span): void => {
    if (value?.kind === "array" && type.kind === "array")
      frame.shape(type.shape, at).forEach((m, dim) => {
        const n = value.shape[dim];
        if (n !== m) throw new Failure("R04", `the size of axis ${dim} is ${n}, and ${m} was expected`, at);
      });
    else if (value?.kind === "record" && type.kind === "record")
      for (const f of type.fields) check(value.fields.get(f.name), f.type, at);
  };
  def.params.forEach((p, k) => {
    if (p.type.kind !== "function") check(values[k], p.type, p.at);
  });
}

export interface TestOutcome {
  readonly title: string;
  readonly expectations: readonly Expectation[];
  readonly error?: RunError;
  readonly passed: boolean;
}

/** Runs one `test` block, without bounds. */
export function runTest(test: Program["tests"][number], options: { readonly real: RealDtype }): TestOutcome {
  const run = makeRun({ real: options.real, target: "exact" }, false);
  const frame = new Frame(run, false, false);
  const report = (error?: RunError): TestOutcome => ({
    title: test.title,
    expectations: run.expectations,
    ...(error ? { error } : {}),
    passed: !error && run.expectations.every((e) => e.passed),
  });
  try {
    executeBlock(frame, test.body);
    return report();
  } catch (e) {
    if (e instanceof Failure) return report(errorOf(e));
    throw e;
  }
}
