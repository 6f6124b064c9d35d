// Programs whose answers NumPy and SciPy have computed, on the interpreter and on the CPU in both precisions.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readArguments } from "../../src/cli/arguments.js";
import { artifactOf } from "../../src/compile.js";
import { exportsOf, loadProgram } from "../../src/compiler/load.js";
import type { FunctionDef, Program, ValueType } from "../../src/compiler/typed.js";
import { interpret } from "../../src/ir/interpret/index.js";
import { fromNested, type HostValue, isHostArray, isHostRecord } from "../../src/ir/interpret/value.js";
import { callKernel, type KernelArgument, type KernelResult } from "../../src/runtime/call.js";
import { device } from "../../src/runtime/devices.js";
import { NDArray } from "../../src/runtime/ndarray.js";

/** The form of a call; the tolerances are relative to an array's largest value too, and say how far its method goes. */
interface Call {
  readonly fn: string;
  readonly args: unknown;
  readonly expect?: unknown;
  readonly expectError?: string;
  readonly rtol?: number;
  readonly f32rtol?: number;
  readonly f32atol?: number;
}

const folder = path.join(import.meta.dirname, "fixtures");
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".fold"));

function programOf(file: string): Program {
  const { program, diagnostics } = loadProgram(path.join(folder, file), (p) =>
    fs.existsSync(p) ? fs.readFileSync(p, "utf8") : undefined,
  );
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("\n"));
  return program;
}

async function argumentsOf(def: FunctionDef, args: unknown): Promise<readonly KernelArgument[]> {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), "answers-"));
  try {
    fs.writeFileSync(path.join(at, "args.json"), JSON.stringify(args));
    return (await readArguments(path.join(at, "args.json"), def)) as readonly KernelArgument[];
  } finally {
    fs.rmSync(at, { recursive: true });
  }
}

async function nested(value: KernelResult): Promise<unknown> {
  if (value instanceof NDArray) {
    const list = await value.toArray();
    value.dispose();
    return list;
  }
  if (typeof value !== "object") return value;
  const fields = Object.entries(value).map(async ([k, v]) => [k, await nested(v)] as const);
  return Object.fromEntries(await Promise.all(fields));
}

const isRecord = (v: unknown): v is Readonly<Record<string, unknown>> =>
  typeof v === "object" && v !== null && !Array.isArray(v);

/** What the interpreter gives: arrays flat, since `leaves` are compared. */
function reference(program: Program, def: FunctionDef, args: readonly unknown[]): unknown {
  const values = def.params.map((p, k): HostValue => {
    const value = args[k];
    // An empty list comes with its shape.
    if (isRecord(value) && Array.isArray(value.shape)) return { shape: value.shape, data: new Float64Array() };
    const read = fromNested(value, p.type as ValueType, "float64");
    if ("problem" in read) throw new Error(`${p.name}: ${read.problem}`);
    return read.value;
  });
  const outcome = interpret(program, def, values, { real: "float64", target: "exact" });
  return "error" in outcome ? `${outcome.error.code}: ${outcome.error.message}` : flat(outcome.value);
}

function flat(value: HostValue): unknown {
  if (typeof value !== "object") return value;
  if (isHostRecord(value)) return Object.fromEntries(Object.entries(value.fields).map(([k, v]) => [k, flat(v)]));
  return isHostArray(value) ? Array.from(value.data, Number) : value;
}

const leaves = (v: unknown): number[] => (Array.isArray(v) ? v.flatMap(leaves) : [Number(v)]);
/** Where the result is not what was expected. */
function differences(got: unknown, want: unknown, call: Call, single: boolean, at = "result"): string[] {
  if (isRecord(want))
    return Object.entries(want).flatMap(([k, v]) =>
      differences(isRecord(got) ? got[k] : undefined, v, call, single, `${at}.${k}`),
    );
  const [a, b] = [leaves(got), leaves(want)];
  if (a.length !== b.length) return [`${at}: ${a.length} numbers for ${b.length}`];
  const rtol = (single ? call.f32rtol : call.rtol) ?? (single ? 2e-3 : 1e-8);
  const most = b.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  const atol = single ? (call.f32atol ?? 1e-5 + rtol * most) : 1e-10 + 1e-3 * rtol * most;
  return b.flatMap((x, k) => {
    const found = a[k] ?? Number.NaN;
    return Math.abs(found - x) <= atol + rtol * Math.abs(x) ? [] : [`${at}[${k}]: ${found} for ${x}`];
  });
}

describe.each(files)("%s", (file) => {
  const program = programOf(file);
  const artifact = artifactOf(program);
  const { calls } = JSON.parse(fs.readFileSync(path.join(folder, file.replace(".fold", ".json")), "utf8")) as {
    readonly calls: readonly Call[];
  };
  const check = async (
    single: boolean,
    run: (def: FunctionDef, args: readonly KernelArgument[]) => Promise<unknown>,
  ) => {
    const wrong: string[] = [];
    for (const [k, call] of calls.entries()) {
      const def = exportsOf(program).find(({ name }) => name === call.fn);
      if (!def) throw new Error(`there is no function ${call.fn}`);
      const outcome = await run(def, await argumentsOf(def, call.args));
      const found =
        call.expectError === undefined
          ? differences(outcome, call.expect, call, single)
          : String(outcome).includes(call.expectError)
            ? []
            : [`${JSON.stringify(outcome)} for the error ${call.expectError}`];
      wrong.push(...found.map((f) => `${call.fn}#${k} ${f}`));
    }
    expect(wrong).toEqual([]);
  };

  test.each(["float32", "float64"] as const)("on the CPU in %s", async (dtype) => {
    const cpu = await device("cpu");
    await check(dtype === "float32", (def, args) =>
      callKernel(artifact, def.name, args, { device: cpu, dtype }).then(nested, String),
    );
  });

  test("on the interpreter", () => check(false, async (def, args) => reference(program, def, args)));
});
