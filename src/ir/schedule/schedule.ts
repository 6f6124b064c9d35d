// A schedule is data: for each site of a kernel (a nest, or a reduction outside nests, in program order) its class and the steps that make
// loops of it. It prints as text that parses back, so that one can be written by hand for an experiment.

export type SiteClass =
  | "map"
  | "rowReduction"
  | "columnReduction"
  | "fullReduction"
  | "contraction"
  | "scatter"
  | "scan"
  | "sequential";

/** Axes go by their names; of two with one name in a site the later one has its number behind it: `i`, `i'2`. */
export type Step =
  /** The loops over the nest's axes, outermost first. */
  | { readonly kind: "order"; readonly axes: readonly string[] }
  /** All axes as one, where all that is read and written is contiguous. */
  | { readonly kind: "collapse" }
  /** The turns of this axis stand in lanes. */
  | { readonly kind: "lanes"; readonly axis: string }
  | { readonly kind: "tile"; readonly axis: string; readonly size: number }
  | { readonly kind: "unroll"; readonly axis: string; readonly by: number }
  /** A contraction's operands are copied into contiguous panels, tile by tile. */
  | { readonly kind: "pack" }
  /** Half of a symmetric result is computed and copied to the other half. */
  | { readonly kind: "mirror" }
  /** A column reduction takes the array row by row; a scan takes each value once. */
  | { readonly kind: "stream" }
  /** At most so many parts of a reduction are made side by side and put together in order. */
  | { readonly kind: "splitReduce"; readonly parts: number }
  /** Chunks of this axis, each with about so many operations, run on all threads. The axis's extent must be more than one chunk to fork at all. */
  | { readonly kind: "parallel"; readonly axis: string; readonly work: number };

export interface Site {
  /** What is made there: the names of the arrays, or of the reducer. */
  readonly name: string;
  readonly class: SiteClass;
  readonly steps: readonly Step[];
}

export type Schedule = readonly Site[];

const printStep = (s: Step): string => {
  switch (s.kind) {
    case "order":
      return `order ${s.axes.join(" ")}`;
    case "collapse":
    case "pack":
    case "mirror":
    case "stream":
      return s.kind;
    case "lanes":
      return `lanes ${s.axis}`;
    case "tile":
      return `tile ${s.axis} ${s.size}`;
    case "unroll":
      return `unroll ${s.axis} ${s.by}`;
    case "splitReduce":
      return `splitReduce ${s.parts}`;
    case "parallel":
      return `parallel ${s.axis} ${s.work}`;
  }
};

/** One line a site: `gram: contraction { tile j 4; tile l 8; pack }`. */
export const printSchedule = (schedule: Schedule): string =>
  schedule.map((s) => `${s.name}: ${s.class} {${s.steps.map((x) => ` ${printStep(x)}`).join(";")} }\n`).join("");

/** The lines of a schedule that are a called function's, which stand there as `function.site: …`; or those of the kernel itself. */
export const scheduleOf = (text: string, called?: string): string =>
  text
    .split("\n")
    .flatMap((line) => {
      const [, name, rest] = /^([\w$]+)\.(.*)$/.exec(line) ?? [];
      return name === called ? [rest ?? line] : [];
    })
    .join("\n");

export const siteClasses: readonly SiteClass[] = [
  "map",
  "rowReduction",
  "columnReduction",
  "fullReduction",
  "contraction",
  "scatter",
  "scan",
  "sequential",
];

/** What is wrong with the text of a schedule. */
export class ScheduleError extends Error {}

export function parseSchedule(text: string): Schedule {
  return text
    .split("\n")
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, number }): Site => {
      const found = /^(\S+): (\w+) \{(.*)\}$/.exec(line);
      const cls = siteClasses.find((c) => c === found?.[2]);
      if (!found?.[1] || !cls) throw new ScheduleError(`line ${number}: expected NAME: CLASS { STEPS }, found ${line}`);
      const steps = (found[3] ?? "")
        .split(";")
        .map((t) => t.trim())
        .filter((t) => t !== "");
      return { name: found[1], class: cls, steps: steps.map((t) => parseStep(t, number)) };
    });
}

function parseStep(text: string, line: number): Step {
  const [kind, ...args] = text.split(/\s+/);
  const wrong = (): never => {
    throw new ScheduleError(`line ${line}: this is no step: ${text}`);
  };
  const axis = (): string => args[0] ?? wrong();
  const amount = (at: number): number => {
    const n = Number(args[at] ?? wrong());
    return Number.isSafeInteger(n) && n > 0 ? n : wrong();
  };
  switch (kind) {
    case "order":
      return { kind, axes: args };
    case "collapse":
    case "pack":
    case "mirror":
    case "stream":
      return { kind };
    case "lanes":
      return { kind, axis: axis() };
    case "tile":
      return { kind, axis: axis(), size: amount(1) };
    case "unroll":
      return { kind, axis: axis(), by: amount(1) };
    case "splitReduce":
      return { kind, parts: amount(0) };
    case "parallel":
      return { kind, axis: axis(), work: amount(1) };
    default:
      return wrong();
  }
}
