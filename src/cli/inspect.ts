// `bifold inspect`: what a function becomes at a stage of the compiler, with the names and lines of the source.
import { parseModule } from "../../grammar/parse.js";
import { optimise, placeText, planOf, precisions, toAllLoops, toNests, watOf, wgslOf } from "../compile.js";
import type { Span } from "../compiler/diagnostic.js";
import { namesIn, printSyntax } from "../compiler/syntax-print.js";
import type { FunctionDef, Program } from "../compiler/typed.js";
import { printLoopFunctions } from "../ir/loop-print.js";
import { sourceName } from "../ir/lower/host.js";
import type { Kernel, Stmt } from "../ir/nest.js";
import { printKernel } from "../ir/nest-print.js";
import { walkKernel } from "../ir/nest-walk.js";
import { notesOf } from "../ir/notes.js";
import { printPlan } from "../ir/plan-print.js";
import { printSchedules } from "../ir/schedule/index.js";
import { ScheduleError } from "../ir/schedule/schedule.js";
import { BifoldError } from "../runtime/errors.js";
import { exportNamed, openProgram, readFile } from "./source.js";

export type InspectStage = "ast" | "nest" | "fused" | "schedule" | "loop" | "wat" | "wgsl" | "plan";

export interface InspectOptions {
  readonly stage: InspectStage;
  readonly dtype: "float32" | "float64";
  /** The file of a schedule to use instead of the compiler's own. */
  readonly schedule?: string;
}

export function inspect(file: string, name: string, options: InspectOptions): number {
  const program = openProgram(file);
  const def = exportNamed(program, name);
  try {
    process.stdout.write(withoutRepeats(textOf(program, def, options)));
  } catch (error) {
    if (error instanceof ScheduleError) throw new BifoldError("parameter", `${options.schedule}: ${error.message}`);
    throw error;
  }
  return 0;
}

function textOf(program: Program, def: FunctionDef, { stage, dtype, schedule }: InspectOptions): string {
  const comment = (at: Span): string => placeText(at, program);
  if (stage === "ast") return syntaxOf(program, def, comment);
  if (stage === "wgsl" || stage === "plan") {
    if (dtype === "float64")
      throw new BifoldError("dtype", "WebGPU has no float64: leave --dtype out for this stage, or take the CPU's");
    const kernel = optimise(toNests(program, def, "wgsl", precisions.gpu), "wgsl");
    const plan = planOf(kernel, program);
    const mark = stage === "wgsl" ? "//" : "#";
    const text = stage === "wgsl" ? wgslOf(plan, program).join("\n") : printPlan(plan, { plain: true, comment });
    return `${notes(program, kernel, kernel, mark)}${text}`;
  }
  const lowered = toNests(program, def, "wasm", precisions[dtype]);
  if (stage === "nest") return `${crossings(program, def, "#")}${printKernel(lowered, { plain: true, comment })}`;
  const kernel = optimise(lowered, "wasm");
  const gpu = hasHost(program) ? toNests(program, def, "wgsl", precisions.gpu) : undefined;
  const head = notes(program, kernel, gpu, stage === "wat" ? ";;" : "#");
  if (stage === "fused") return `${head}${printKernel(kernel, { plain: true, comment })}`;
  const text = schedule === undefined ? {} : { schedule: readFile(schedule) };
  const scheduled = toAllLoops(kernel, text);
  const missed = scheduled
    .flatMap((s) => s.notes)
    .map((n) => `${stage === "wat" ? ";;" : "#"} ${n}\n`)
    .join("");
  switch (stage) {
    case "schedule":
      return `${head}${missed}${printSchedules(scheduled)}`;
    case "loop": {
      const functions = scheduled.map((s) => s.function);
      return `${head}${missed}${printLoopFunctions(functions, { plain: true, comment })}`;
    }
    case "wat":
      return `${head}${missed}${watOf(program, kernel, false, text)}`;
  }
}

/** A comment that says what the one before it said is left out. */
function withoutRepeats(text: string): string {
  let last = "";
  return text.replace(/ +# (\S+:\d+ {2}.*)$/gm, (whole, said: string) => {
    if (said === last) return "";
    last = said;
    return whole;
  });
}

/** The function's tree, and those of the functions of its file that it calls. */
function syntaxOf(program: Program, def: FunctionDef, comment: (at: Span) => string): string {
  const source = program.sources?.get(def.at.file);
  if (!source) throw new Error(`internal: ${def.at.file} has no source`);
  const declared = parseModule(source).module.declarations.flatMap((d) => (d.kind === "function" ? [d] : []));
  const shown = new Set([def.name]);
  const texts: string[] = [];
  for (const name of shown) {
    const declaration = declared.find((d) => d.name.text === name);
    if (!declaration) continue;
    texts.push(printSyntax(declaration, comment));
    for (const called of namesIn(declaration.body)) if (declared.some((d) => d.name.text === called)) shown.add(called);
  }
  return texts.join("\n");
}

const hasHost = (program: Program): boolean => program.functions.some((f) => f.host);

/** What `notesOf` says of the kernel, and where a kernel for the GPU crosses to the CPU, as comments. */
function notes(program: Program, kernel: Kernel, gpu: Kernel | undefined, mark: string): string {
  const said = notesOf(kernel).map((n) => `${mark} note: ${n.text} (${place(n.at, program)})\n`);
  return [...said, ...(gpu ? crossingsIn(gpu, program, mark) : [])].join("");
}

const crossings = (program: Program, def: FunctionDef, mark: string): string =>
  hasHost(program) ? crossingsIn(toNests(program, def, "wgsl", precisions.gpu), program, mark).join("") : "";

function crossingsIn(kernel: Kernel, program: Program, mark: string): readonly string[] {
  const lines: string[] = [];
  const see = (s: Extract<Stmt, { readonly kind: "host" }>): void => {
    const down = s.arrays.map((a) => a.name).join(", ") || "scalars";
    const up = s.results.map((r) => r.name).join(", ");
    lines.push(
      `${mark} crossing: on the GPU ${down} ${s.arrays.length > 1 ? "go" : "goes"} to the CPU, ${sourceName(s.kernel)} runs there, ${up} ${s.results.length > 1 ? "come" : "comes"} back (${place(s.at, program)})\n`,
    );
  };
  walkKernel(kernel, {
    stmt: (s) => {
      if (s.kind === "host") see(s);
      return true;
    },
  });
  return lines;
}

const place = (at: Span, program: Program): string => placeText(at, program).split("  ")[0] ?? "";
