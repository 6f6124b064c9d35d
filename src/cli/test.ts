// `bifold test`: the tests in files, on one backend or on all of them.
import path from "node:path";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Program } from "../compiler/typed.js";
import { runTest } from "../ir/interpret/index.js";
import type { Device } from "../runtime/device.js";
import type { FloatDtype } from "../runtime/dtype.js";
import { BifoldError } from "../runtime/errors.js";
import { type Backend, deviceFor } from "./backend.js";
import { describeError, internalError, render } from "./failure.js";
import { openProgram, paint, Reported } from "./source.js";

type Test = Program["tests"][number];

/** A backend with a floating type: what one run of a test is on. */
interface Place {
  readonly name: string;
  readonly run: (program: Program, test: Test) => Promise<readonly Problem[]> | readonly Problem[];
}
/** What went wrong, as a diagnostic or as text where it has no place. */
type Problem = Diagnostic | string;

/** A backend that this machine does not have. */
interface Missing {
  readonly backend: Backend;
  readonly why: string;
}

interface Count {
  passed: number;
  failed: number;
}

/** Runs every test of the files; `which` may be all backends. Of those, one that the machine does not have is said and left out. */
export async function test(files: readonly string[], which: Backend | "all"): Promise<number> {
  const backends: readonly Backend[] = which === "all" ? ["interpreter", "cpu", "webgpu"] : [which];
  const count: Count = { passed: 0, failed: 0 };
  let broken = 0;
  const programs = files.flatMap((file) => {
    try {
      return [openProgram(file)];
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
      broken++;
      return [];
    }
  });
  const { places, missing } = await placesOf(programs.some((p) => p.tests.length > 0) ? backends : []);
  for (const program of programs) {
    process.stdout.write(`${path.normalize(program.file)}\n`);
    if (program.tests.length === 0) process.stdout.write("  no tests\n");
    for (const t of program.tests) for (const place of places) await report(program, t, place, count);
  }
  for (const { backend, why } of missing) process.stdout.write(`${backend} was not run: ${why}\n`);
  const total = count.passed + count.failed;
  process.stdout.write(`${total} run: ${count.passed} passed, ${count.failed} failed\n`);
  if (broken > 0) process.stdout.write(`${broken} of ${files.length} files have errors and were not run\n`);
  return count.failed > 0 || broken > 0 || (which !== "all" && missing.length > 0) ? 1 : 0;
}

async function report(program: Program, t: Test, place: Place, count: Count): Promise<void> {
  const start = performance.now();
  const problems = await place.run(program, t);
  const time = `${(performance.now() - start).toFixed(1)} ms`;
  const passed = problems.length === 0;
  count[passed ? "passed" : "failed"]++;
  const mark = passed ? paint("32", "pass") : paint("31", "FAIL");
  process.stdout.write(`  ${mark}  ${place.name.padEnd(15)} ${time.padStart(10)}  ${t.title}\n`);
  for (const p of problems) {
    const text = typeof p === "string" ? p : render([p], program);
    process.stdout.write(`${text.replace(/^/gm, "        ")}\n`);
  }
}

async function placesOf(
  backends: readonly Backend[],
): Promise<{ readonly places: readonly Place[]; readonly missing: readonly Missing[] }> {
  const places: Place[] = [];
  const missing: Missing[] = [];
  for (const backend of backends) {
    if (backend === "interpreter") {
      places.push({ name: backend, run: (_, t) => interpreted(t) });
      continue;
    }
    let device: Device;
    try {
      device = await deviceFor(backend);
    } catch (error) {
      if (!(error instanceof BifoldError) || error.code !== "unsupported") throw error;
      missing.push({ backend, why: error.message });
      continue;
    }
    for (const dtype of device.floats)
      places.push({ name: `${backend} ${dtype}`, run: (program, t) => onDevice(program, t, device, dtype) });
  }
  return { places, missing };
}

function interpreted(t: Test): readonly Problem[] {
  const { expectations, error } = runTest(t, { real: "float64" });
  const problems: Diagnostic[] = expectations.flatMap(({ at, problem }) =>
    problem === undefined ? [] : [expectation(at, problem)],
  );
  if (error) problems.push({ code: error.code, severity: "error", message: error.message, at: error.at });
  return problems;
}

const expectation = (at: Diagnostic["at"], message: string): Diagnostic => ({
  code: "expect",
  severity: "error",
  message,
  at,
});

/** What a test's kernel says of one `expect`: see `LoweredExpect`. */
type Told = Readonly<Record<string, number | boolean>>;

async function onDevice(program: Program, t: Test, device: Device, dtype: FloatDtype): Promise<readonly Problem[]> {
  const [{ testArtifactOf }, { callKernel }] = await Promise.all([
    import("../compile.js"),
    import("../runtime/call.js"),
  ]);
  try {
    const artifact = testArtifactOf(program, t);
    const told = (await callKernel(artifact, "test", [], { device, dtype })) as Readonly<Record<string, Told>>;
    return artifact.expects.flatMap(({ at, rank }, k) => {
      const one = told[k];
      return !one || one["passed"] === true ? [] : [expectation(at, problemOf(one, rank))];
    });
  } catch (error) {
    if (error instanceof BifoldError) return [describeError(error, program)];
    // A test that the compiler can't cope with is no reason to leave the others out.
    if (error instanceof Error) return [internalError(error)];
    throw error;
  }
}

function problemOf(told: Told, rank: number): string {
  const sizes = Array.from({ length: rank }, (_, d) => Number(told[`size${d}`]));
  let rest = Number(told["position"]);
  const index: number[] = [];
  for (const n of [...sizes].reverse()) {
    index.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  const place = rank === 0 ? "" : ` at [${index.join(", ")}]`;
  if (told["within"] === undefined) return `does not hold${place}`;
  const show = (v: number | boolean | undefined): string => String(Number(Number(v).toPrecision(9)));
  return `${show(told["found"])} is not within ${show(told["within"])} of ${show(told["wanted"])}${place}`;
}
