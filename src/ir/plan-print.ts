// Prints plans: arrays, dispatches with their Loop IR, the host's steps. With ids and spans the text is the whole of the plan, and
// plan-parse.ts gives it back; plain text, for people, leaves out what they need not see.
import type { HostExpr, PlanStep } from "../abi.js";
import { type LoopPrintOptions, printLoopFunction } from "./loop-print.js";
import type { GpuKernel, GpuPlan } from "./plan.js";

/** Host variables are words where they can be, else strings. */
const nameText = (name: string): string => (/^[A-Za-z_$][\w$']*(?:\.\d+)?$/.test(name) ? name : JSON.stringify(name));

/** `3`, `n.1`, `add:i32(n.1, 3)`. */
export function hostText(e: HostExpr): string {
  if (typeof e === "number")
    return Number.isNaN(e) ? "nan" : Number.isFinite(e) ? numberText(e) : e < 0 ? "-inf" : "inf";
  if (typeof e === "string") return nameText(e);
  const [op, type, ...args] = e;
  return `${op}:${type}(${args.map(hostText).join(", ")})`;
}
const numberText = (n: number): string => (Object.is(n, -0) ? "-0" : String(n));

const listText = (es: readonly HostExpr[]): string => `[${es.map(hostText).join(", ")}]`;

export function printPlan(plan: GpuPlan, options: LoopPrintOptions = {}): string {
  const arrays = plan.arrays.map((a) => {
    const role = a.role === "local" ? "local" : `${a.role} ${a.leaf}`;
    return `  array ${nameText(a.name)}: ${role} ${a.element} length ${hostText(a.length)}${a.slab ? " slab" : ""}`;
  });
  const arrayName = (k: number): string => (options.plain ? (plan.arrays[k]?.name ?? `${k}`) : `${k}`);
  const kernelName = (k: number): string => (options.plain ? `${k} (${plan.kernels[k]?.name ?? "?"})` : `${k}`);
  const steps = plan.steps.flatMap((s) => stepLines(s, "    ", { array: arrayName, kernel: kernelName }));
  const results = plan.results.map((r) =>
    "word" in r ? `  result ${r.type} word ${r.word}` : `  result ${r.type} value ${hostText(r.value)}`,
  );
  return [
    `plan ${JSON.stringify(plan.name)} {`,
    ...plan.sizes.map((n) => `  size ${nameText(n)}`),
    ...plan.scalars.map((v) => `  scalar ${nameText(v.name)}: ${v.type}`),
    `  checks ${plan.checks}`,
    `  control ${plan.control}`,
    ...arrays,
    ...plan.kernels.flatMap((k, i) => kernelLines(k, i, options)),
    "  steps {",
    ...steps,
    "  }",
    ...results,
    "}",
    "",
  ].join("\n");
}

function kernelLines(k: GpuKernel, index: number, options: LoopPrintOptions): string[] {
  const comment = k.at && options.plain ? options.comment?.(k.at) : undefined;
  const at = k.at && !options.plain ? ` @${JSON.stringify(k.at.file)}:${k.at.start}:${k.at.end}` : "";
  const guard = k.guard === undefined ? "" : ` guard ${k.guard}`;
  const note = k.note === undefined ? "" : ` note ${JSON.stringify(k.note)}`;
  const binds = k.buffers.map(({ buffer, at: to }) => {
    const where =
      to.kind === "array"
        ? `array ${to.array}${to.write ? " write" : ""}`
        : to.kind === "word"
          ? `word ${to.word}`
          : "slab";
    return `    bind ${options.plain ? buffer.name : `${buffer.name.replace(/[^\w$']/g, "_")}.${buffer.id}`} = ${where}`;
  });
  return [
    `  # kernel ${index}${comment === undefined ? "" : `: ${comment}`}`,
    `  kernel ${JSON.stringify(k.name)} workgroup ${k.workgroup}${guard}${note}${at} {`,
    ...printLoopFunction(k.body, options)
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
    `    frame ${listText(k.frame)}`,
    ...binds,
    "  }",
  ];
}

interface Labels {
  readonly array: (index: number) => string;
  readonly kernel: (index: number) => string;
}

function stepLines(s: PlanStep, indent: string, labels: Labels): string[] {
  const inner = (steps: readonly PlanStep[]): string[] => steps.flatMap((x) => stepLines(x, `${indent}  `, labels));
  const shaped = (a: { readonly array: number; readonly shape: readonly HostExpr[] }): string =>
    `array ${labels.array(a.array)} ${listText(a.shape)}`;
  switch (s.step) {
    case "let":
      return [`${indent}let ${nameText(s.name)} = ${hostText(s.value)}`];
    case "make":
    case "drop":
      return [`${indent}${s.step} ${labels.array(s.array)}`];
    case "copy":
      return [
        `${indent}copy ${labels.array(s.from)} from ${hostText(s.fromStart)} to ${labels.array(s.to)} from ${hostText(s.toStart)} count ${hostText(s.count)}`,
      ];
    case "dispatch":
      return [`${indent}dispatch ${labels.kernel(s.kernel)} groups ${hostText(s.groups)}`];
    case "for":
      return [
        `${indent}for ${nameText(s.name)} in ${hostText(s.lo)} .. ${hostText(s.hi)} {`,
        ...inner(s.body),
        `${indent}}`,
      ];
    case "loop":
      return [
        `${indent}loop ${nameText(s.turn)} max ${hostText(s.max)} while word ${s.more} {`,
        ...inner(s.body),
        `${indent}}`,
      ];
    case "if":
      return [
        `${indent}if ${hostText(s.condition)} {`,
        ...inner(s.yes),
        ...(s.no.length > 0 ? [`${indent}} else {`, ...inner(s.no)] : []),
        `${indent}}`,
      ];
    case "read":
      return [`${indent}read ${s.words.map((w) => `${nameText(w.name)}: ${w.type} word ${w.word}`).join(", ")}`];
    case "require":
      return [
        `${indent}require ${hostText(s.condition)} check ${s.check} with [${s.values.map((v) => `${v.type} ${hostText(v.value)}`).join(", ")}]`,
      ];
    case "host":
      return [
        `${indent}host ${JSON.stringify(s.kernel)} sizes ${listText(s.sizes)} scalars [${s.scalars.map((v) => `${v.type} ${hostText(v.value)}`).join(", ")}]`,
        ...s.arrays.map((a) => `${indent}  takes ${shaped(a)}`),
        ...s.results.map((r) => `${indent}  gives ${"word" in r ? `${r.type} word ${r.word}` : shaped(r)}`),
      ];
  }
}
