// The WGSL text of one dispatch: frame, bindings, helpers and the entry point. What the text turned out to need (the control buffer,
// `zero`, `turn`) decides the frame and the bindings that the host gives it.
import { GPU_FAILURES, type PlanKernel } from "../../abi.js";
import type { Span } from "../../compiler/diagnostic.js";
import { type BufferAt, firstWord, type GpuKernel, wordOf } from "../../ir/plan.js";
import { Emitter, hasBarrier, storedType } from "./emitter.js";
import { helperNames, helperTexts, usesZero } from "./helpers.js";
import { Names } from "./names.js";

export interface KernelText {
  readonly text: string;
  readonly kernel: PlanKernel;
}

const reserved = new Set([
  ...helperNames,
  ..."frame Frame control Control slab failed failures lowest entries otherWords turn zero agreedWord votes".split(" "),
  ..."workgroup invocation workgroups groupIndex localIndex groupCounts".split(" "),
]);

export function emitKernel(kernel: GpuKernel, checks: number, comment?: (at: Span) => string | undefined): KernelText {
  const names = new Names(reserved);
  const places = new Map(kernel.buffers.map((b) => [b.buffer, b.at]));
  const meets = hasBarrier(kernel.body.body);
  const emitter = new Emitter({ at: (b) => places.get(b), names, meets, ...(comment ? { comment } : {}) });
  const scalars = kernel.body.scalars.map((v) => ({ v, name: names.fresh(v.name) }));
  for (const { v, name } of scalars)
    emitter.bind(v, v.type.scalar === "bool" ? `(frame.${name} != 0u)` : `frame.${name}`);
  for (const { buffer, at } of kernel.buffers)
    if (at.kind === "array") emitter.buffers.set(buffer, names.fresh(buffer.name));
  if (kernel.guard !== undefined) {
    emitter.words.set(kernel.guard, { name: names.fresh("active"), type: "u32" });
    guard(emitter, emitter.words.get(kernel.guard)?.name ?? "", meets);
  }
  for (const s of kernel.body.body) emitter.statement(s);

  const fails = emitter.helpers.has("fail");
  const stops = emitter.lines.some((l) => /\bfailed\b/.test(l));
  const turn = fails;
  const zero = [...emitter.helpers].some((h) => usesZero.has(h));
  const fields = [
    ...scalars.map(({ v, name }) => ({ name, type: storedScalar(v.type.scalar) })),
    ...(turn ? [{ name: "turn", type: "u32" }] : []),
    ...(zero || (scalars.length === 0 && !turn) ? [{ name: "zero", type: "u32" }] : []),
  ];
  const usesControl = fails || emitter.words.size > 0;
  const usesSlab = kernel.buffers.some((b) => b.at.kind === "slab");
  const arrays = kernel.buffers.filter(
    (b): b is typeof b & { at: Extract<BufferAt, { kind: "array" }> } => b.at.kind === "array",
  );

  let binding = 0;
  const bind = (space: string, name: string, type: string): string =>
    `@group(0) @binding(${binding++}) var<${space}> ${name}: ${type};`;
  const declarations = [
    `struct Frame { ${fields.map((f) => `${f.name}: ${f.type}`).join(", ")} }`,
    ...(usesControl ? [controlStruct(emitter, checks, fails)] : []),
    bind("uniform", "frame", "Frame"),
    ...(usesControl ? [bind("storage, read_write", "control", "Control")] : []),
    ...(usesSlab ? [bind("storage, read_write", "slab", "array<u32>")] : []),
    ...arrays.map(({ buffer, at }) =>
      bind(
        at.write ? "storage, read_write" : "storage, read",
        emitter.buffers.get(buffer) ?? "",
        `array<${storedType(buffer)}>`,
      ),
    ),
    ...emitter.shared,
    ...(fails || stops ? ["var<private> failed: bool = false;"] : []),
    ...(emitter.helpers.has("agreed") || emitter.helpers.has("anyOf") ? ["var<workgroup> agreedWord: u32;"] : []),
    ...(emitter.helpers.has("anyOf") ? ["var<workgroup> votes: atomic<u32>;"] : []),
    ...(emitter.builtins.has("invocation") ? ["var<private> invocation: i32;"] : []),
    ...helperTexts(emitter.helpers).map((t) => t.replace("FAILURES", `${GPU_FAILURES}u`)),
  ];
  const lines = [
    ...header(kernel, comment),
    ...declarations,
    "",
    `@compute @workgroup_size(${kernel.workgroup})`,
    `fn main(${parameters(emitter)}) {`,
    ...prologue(emitter),
    ...emitter.registers,
    ...emitter.lines,
    "}",
    "",
  ];
  return {
    text: lines.join("\n"),
    kernel: {
      name: kernel.name,
      workgroup: kernel.workgroup,
      frame: [
        ...kernel.body.scalars.map((v, i) => ({ type: wordOf(v.type.scalar), value: frameValue(kernel, i) })),
        ...(turn ? [{ type: "u32" as const, value: "$turn" as const }] : []),
        ...(fields.some((f) => f.name === "zero") ? [{ type: "u32" as const, value: "$zero" as const }] : []),
      ],
      bindings: [
        ...(usesControl ? [{ array: "control" as const, write: true }] : []),
        ...(usesSlab ? [{ array: "slab" as const, write: true }] : []),
        ...arrays.map(({ at }) => ({ array: at.array, write: at.write })),
      ],
    },
  };
}

const storedScalar = (scalar: string): string => (scalar === "bool" ? "u32" : scalar);

function frameValue(kernel: GpuKernel, i: number): PlanKernel["frame"][number]["value"] {
  const value = kernel.frame[i];
  if (value === undefined) throw new Error(`internal: ${kernel.name} has no value for word ${i} of its frame`);
  return value;
}

function header(kernel: GpuKernel, comment?: (at: Span) => string | undefined): string[] {
  const where = kernel.at && comment?.(kernel.at);
  return [`// ${kernel.name}${kernel.note ? `: ${kernel.note}` : ""}`, ...(where ? [`// ${where}`] : [])];
}

/** The control buffer as this kernel sees it: the words that it uses, each at its place. */
function controlStruct(emitter: Emitter, checks: number, fails: boolean): string {
  const words = [...emitter.words].sort(([a], [b]) => a - b);
  const fields: string[] = [];
  let at = 0;
  if (fails) {
    fields.push(
      "failures: atomic<u32>",
      `lowest: array<atomic<u32>, ${checks}>`,
      `entries: array<array<u32, 8>, ${GPU_FAILURES}>`,
    );
    at = firstWord(checks);
  }
  for (const [word, { name, type }] of words) {
    if (word > at) {
      // Room for what this kernel does not use.
      const last = fields.pop();
      const begins =
        fails && fields.length === 2 && last?.startsWith("entries") ? firstWord(checks) - 8 * GPU_FAILURES : at - 1;
      if (last) fields.push(`@size(${4 * (word - begins)}) ${last}`);
      else fields.push(`@size(${4 * word}) otherWords: u32`);
    }
    fields.push(`${name}: ${type}`);
    at = word + 1;
  }
  return `struct Control { ${fields.join(", ")} }`;
}

function guard(emitter: Emitter, name: string, meets: boolean): void {
  if (meets) emitter.helper("agreed");
  emitter.write(`if (${meets ? `agreed(control.${name})` : `control.${name}`} == 0u) { return; }`);
}

function parameters(emitter: Emitter): string {
  return [
    ...(emitter.builtins.has("workgroup") ? ["@builtin(workgroup_id) groupIndex: vec3<u32>"] : []),
    ...(emitter.builtins.has("invocation") ? ["@builtin(local_invocation_index) localIndex: u32"] : []),
    ...(emitter.builtins.has("workgroup") || emitter.builtins.has("workgroups")
      ? ["@builtin(num_workgroups) groupCounts: vec3<u32>"]
      : []),
  ].join(", ");
}

/** Grids of more than 65,535 workgroups are folded into a second dimension by the host. */
function prologue(emitter: Emitter): string[] {
  return [
    ...(emitter.builtins.has("invocation") ? ["  invocation = i32(localIndex);"] : []),
    ...(emitter.builtins.has("workgroup")
      ? ["  let workgroup = i32(groupIndex.x + groupIndex.y * groupCounts.x);"]
      : []),
    ...(emitter.builtins.has("workgroups") ? ["  let workgroups = i32(groupCounts.x * groupCounts.y);"] : []),
  ];
}
