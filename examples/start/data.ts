// The data, from npm's vega-datasets: Seattle's hourly normals of 1981 to 2010, and the penguins of Palmer Station.
import fs from "node:fs";
import path from "node:path";
import { csvParse } from "d3-dsv";

/** A table of numbers in single precision, which every backend can hold as it is. */
export interface Table {
  readonly data: Float32Array;
  readonly shape: readonly [number, number];
}

export interface Hour {
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 365. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** Degrees Celsius. */
  readonly temperature: number;
}

export interface Penguin {
  readonly species: string;
  readonly beakLength: number;
  readonly beakDepth: number;
  readonly flipperLength: number;
  readonly bodyMass: number;
}

const read = (name: string): string =>
  fs.readFileSync(path.join("node_modules", "vega-datasets", "data", name), "utf8");

const dayOfYear = (date: string): number =>
  Math.round(
    (Date.parse(`${date.slice(0, 10)}T00:00:00Z`) - Date.parse(`${date.slice(0, 4)}-01-01T00:00:00Z`)) / 86_400_000,
  ) + 1;

export const seattle = (): readonly Hour[] =>
  csvParse(read("seattle-weather-hourly-normals.csv"), ({ date = "", temperature }) => ({
    month: Number(date.slice(5, 7)),
    day: dayOfYear(date),
    hour: Number(date.slice(11, 13)),
    temperature: Number(temperature),
  }));

/** Those whose measures are all known. */
export function penguins(): readonly Penguin[] {
  const rows = JSON.parse(read("penguins.json")) as readonly Readonly<Record<string, string | number | null>>[];
  return rows
    .filter((row) => row["Beak Length (mm)"] !== null)
    .map((row) => ({
      species: String(row["Species"]),
      beakLength: Number(row["Beak Length (mm)"]),
      beakDepth: Number(row["Beak Depth (mm)"]),
      flipperLength: Number(row["Flipper Length (mm)"]),
      bodyMass: Number(row["Body Mass (g)"]),
    }));
}

function tableOf(rows: readonly (readonly number[])[]): Table {
  return { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] };
}

/** Sine and cosine of the first two harmonics of something that comes back after `period`. */
const cyclic = (at: number, period: number): readonly number[] =>
  [1, 2].flatMap((harmonic) => {
    const angle = (2 * Math.PI * harmonic * at) / period;
    return [Math.sin(angle), Math.cos(angle)];
  });

/** Hour of the day and day of the year, as they are. */
export const moments = (hours: readonly Hour[]): Table => tableOf(hours.map(({ hour, day }) => [hour, day]));

/** The encodings of month and hour: both cycles, and the products of their first harmonics, since summer days swing more than winter ones. */
export const encoded = (hours: readonly Hour[]): Table =>
  tableOf(
    hours.map(({ month, hour }) => {
      const year = cyclic(month - 1, 12);
      const day = cyclic(hour, 24);
      return [...year, ...day, ...year.slice(0, 2).flatMap((a) => day.slice(0, 2).map((b) => a * b))];
    }),
  );

export const temperatures = (hours: readonly Hour[]): Table => tableOf(hours.map((h) => [h.temperature]));

export const measures = (birds: readonly Penguin[]): Table =>
  tableOf(birds.map((b) => [b.beakLength, b.beakDepth, b.flipperLength, b.bodyMass]));
