// `bifold bench`: how fast a function is, how much work it does, and what share that is of the most that this machine can do.
import { artifactOf, optimise, placeText, precisions, toAllLoops, toNests } from "../compile.js";
import type { FunctionDef, Program, Type } from "../compiler/typed.js";
import type { Kernel } from "../ir/nest.js";
import { printSchedules } from "../ir/schedule/index.js";
import { known, type Work, workOf } from "../ir/work.js";
import { type ArrayInput, asarray } from "../runtime/asarray.js";
import { callKernel, type KernelArgument } from "../runtime/call.js";
import type { Device, KernelCall } from "../runtime/device.js";
import { dtypeOf, type FloatDtype } from "../runtime/dtype.js";
import { disposeAll } from "../runtime/scope.js";
import { type ArgumentValue, readArguments } from "./arguments.js";
import { deviceFor } from "./backend.js";
import { measurePeak, type Peak } from "./peak.js";
import { exportNamed, openProgram, readFile } from "./source.js";

export interface BenchOptions {
  readonly args: string;
  readonly dtype: FloatDtype;
  readonly threads?: number;
  /** Seconds to measure for, at least. */
  readonly seconds: number;
  readonly by?: "nest";
  readonly schedule?: string;
}

interface Timed {
  /** Seconds a call: the median of samples. */
  readonly median: number;
  readonly samples: number;
  /** What the runtime was told in a call. */
  readonly call: KernelCall;
}

const SAMPLES = 15;

export async function bench(file: string, name: string, options: BenchOptions): Promise<number> {
  const whole = openProgram(file);
  const def = exportNamed(whole, name);
  // Nothing else is compiled.
  const program = { ...whole, functions: whole.functions.map((f) => (f === def ? f : { ...f, exported: false })) };
  const values = await readArguments(options.args, def);
  const device = await deviceFor("cpu", options.threads);
  const args = await Promise.all(values.map((v, k) => placed(v, def.params[k]?.type as Type, device, options.dtype)));
  const schedule = options.schedule === undefined ? {} : { schedule: readFile(options.schedule) };
  const kernel = optimise(toNests(program, def, "wasm", precisions[options.dtype]), "wasm");
  const peak = await measurePeak(options.dtype);
  const all = await time(program, def, args, device, options, schedule);
  const { sizes, scalars } = all.call;
  const names = known(kernel, sizes, scalars);
  const work = kernel.body.map((s) => workOf(s, names));
  const total = work.reduce((a, b) => ({ flops: a.flops + b.flops, bytes: a.bytes + b.bytes }), nothing);
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  say(
    `${name}, ${options.dtype}, ${options.threads ?? 1} ${(options.threads ?? 1) === 1 ? "thread" : "threads"}; ${sizesText(kernel, sizes)}`,
  );
  say(
    `peak of one thread: ${(peak.flops / 1e9).toFixed(1)} GFLOP/s in registers, ${(peak.bytes / 1e9).toFixed(1)} GB/s through memory`,
  );
  say(`whole     ${line(all.median, total, peak)}   (median of ${all.samples})`);
  if (options.by === "nest") {
    let before = 0;
    for (const [k, s] of kernel.body.entries()) {
      const upTo = await time(program, def, args, device, options, { ...schedule, upTo: k + 1 });
      say(
        `${`${k + 1}`.padEnd(9)} ${line(Math.max(0, upTo.median - before), work[k] ?? nothing, peak)}   ${placeText(s.at, program)}`,
      );
      before = upTo.median;
    }
  }
  say(`schedule:\n${printSchedules(toAllLoops(kernel, schedule))}`);
  disposeAll(args);
  return 0;
}

const nothing: Work = { flops: 0, bytes: 0 };

const sizesText = (kernel: Kernel, sizes: readonly number[]): string =>
  kernel.sizes.map((v, k) => `${v.name} = ${sizes[k]}`).join(", ");

function line(seconds: number, { flops, bytes }: Work, peak: Peak): string {
  const share = (part: number, most: number): string =>
    seconds > 0 ? `${Math.round((100 * part) / seconds / most)} %`.padStart(6) : "     –";
  const rate = (part: number): string => (seconds > 0 ? (part / seconds / 1e9).toFixed(2) : "–").padStart(8);
  return [
    `${(seconds * 1e3).toPrecision(4).padStart(9)} ms`,
    `${flops.toExponential(2)} flop ${rate(flops)} GFLOP/s ${share(flops, peak.flops)}`,
    `${bytes.toExponential(2)} B ${rate(bytes)} GB/s ${share(bytes, peak.bytes)}`,
  ].join("   ");
}

/** Arrays are on the device, in the types of the parameters, before anything is measured. */
async function placed(value: ArgumentValue, type: Type, device: Device, real: FloatDtype): Promise<KernelArgument> {
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (type.kind === "array") {
    const dtype = dtypeOf(type.element === "wide" ? "real" : type.element, real);
    return asarray(value as ArrayInput, { device, dtype });
  }
  const fields = type.kind === "record" ? type.fields : [];
  const entries = await Promise.all(
    fields.map(async (f) => {
      const given = (value as Readonly<Record<string, ArgumentValue>>)[f.name];
      // What is missing is for the call to say.
      return given === undefined ? [] : [[f.name, await placed(given, f.type, device, real)] as const];
    }),
  );
  return Object.fromEntries(entries.flat()) as KernelArgument;
}

async function time(
  program: Program,
  def: FunctionDef,
  args: readonly KernelArgument[],
  device: Device,
  { dtype, seconds }: BenchOptions,
  compile: { readonly schedule?: string; readonly upTo?: number },
): Promise<Timed> {
  const artifact = artifactOf(program, compile);
  let seen: KernelCall | undefined;
  const once = async (): Promise<void> => {
    disposeAll(await callKernel(artifact, def.name, args, { device, dtype }));
  };
  // The first call is watched for what the runtime works out: the sizes.
  Object.defineProperty(device, "run", {
    configurable: true,
    value: (call: KernelCall) => {
      seen = call;
      return Object.getPrototypeOf(device).run.call(device, call);
    },
  });
  try {
    await once();
  } finally {
    Reflect.deleteProperty(device, "run");
  }
  await once();
  const start = performance.now();
  await once();
  const first = (performance.now() - start) / 1000;
  const calls = Math.max(1, Math.ceil(seconds / SAMPLES / Math.max(first, 1e-6)));
  const samples: number[] = [];
  for (let k = 0; k < SAMPLES; k++) {
    const from = performance.now();
    for (let c = 0; c < calls; c++) await once();
    samples.push((performance.now() - from) / 1000 / calls);
  }
  if (!seen) throw new Error("internal: no call was seen");
  return { median: samples.sort((a, b) => a - b)[SAMPLES >> 1] ?? 0, samples: SAMPLES, call: seen };
}
