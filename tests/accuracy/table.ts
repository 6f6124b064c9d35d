// The table of measured errors: one row a function, as docs/numerics.md holds it.
import { measuredFunctions } from "./functions.js";
import type { Measurement } from "./processes.js";

/** Rounded up, so that what is written is a bound. */
export const upwards = (ulps: number): string => (Math.ceil(ulps * 100) / 100).toFixed(2);

const columns = [
  ["float32", false],
  ["float64", false],
  ["float32", true],
  ["float64", true],
] as const;

export const header = "| function | promised | f32 | f64 | f32, relaxed SIMD | f64, relaxed SIMD |";

export function tableOf(measurements: readonly Measurement[]): string {
  const cell = (name: string, dtype: string, relaxed: boolean): string => {
    const found = measurements
      .find((m) => m.relaxed === relaxed)
      ?.worst.find((w) => w.name === name && w.dtype === dtype);
    return found ? upwards(found.ulps) : "";
  };
  const rows = measuredFunctions.map(
    (f) => `| \`${f.name}\` | ${f.ulps} | ${columns.map(([d, r]) => cell(f.name, d, r)).join(" | ")} |`,
  );
  return [header, "| --- | --- | --- | --- | --- | --- |", ...rows].join("\n");
}

/** The figures of the table in a text, by function, in the order of the columns. */
export function figuresOf(text: string): ReadonlyMap<string, readonly number[]> {
  const lines = text.split("\n");
  const start = lines.indexOf(header);
  const figures = new Map<string, readonly number[]>();
  if (start < 0) return figures;
  for (const line of lines.slice(start + 2)) {
    const [, name, , ...cells] = line.split("|").map((c) => c.trim());
    if (!name) break;
    figures.set(name.replaceAll("`", ""), cells.slice(0, columns.length).map(Number));
  }
  return figures;
}
