// The picture of a year: the temperature that the pipeline has learned for each hour of each day, and what it leaves over.
import * as Plot from "@observablehq/plot";
import type { Hour } from "./data.js";

const width = 560;
const style = { background: "none", fontFamily: "system-ui, sans-serif", fontSize: "12px", overflow: "visible" };
const monthStarts = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Days that one cell stands for. */
const span = 7;

export interface Cell {
  readonly day: number;
  readonly hour: number;
  readonly value: number;
}

/** The middle of each cell of the picture, as `moments` has them. */
export const grid = (): readonly { readonly day: number; readonly hour: number }[] =>
  Array.from({ length: Math.ceil(365 / span) * 24 }, (_, k) => ({
    day: Math.floor(k / 24) * span + (span + 1) / 2,
    hour: k % 24,
  }));

/** The mean of `values` over the hours of each cell. */
export function cellMeans(hours: readonly Hour[], values: (k: number) => number): readonly Cell[] {
  const cells = new Map<number, { sum: number; count: number }>();
  hours.forEach(({ day, hour }, k) => {
    const key = Math.floor((day - 1) / span) * 24 + hour;
    const cell = cells.get(key) ?? { sum: 0, count: 0 };
    cells.set(key, { sum: cell.sum + values(k), count: cell.count + 1 });
  });
  return [...cells].map(([key, { sum, count }]) => ({
    day: Math.floor(key / 24) * span + (span + 1) / 2,
    hour: key % 24,
    value: sum / count,
  }));
}

interface Look {
  readonly label: string;
  readonly height: number;
  readonly scheme: Plot.ScaleOptions;
}

/** Cells over a year, as SVG, with a legend of their colours. */
export function yearPlot(document: Document, cells: readonly Cell[], { label, height, scheme }: Look): string {
  const plot = Plot.plot({
    document,
    width,
    height,
    marginLeft: 44,
    marginTop: 60,
    marginBottom: 34,
    style,
    x: {
      label: null,
      domain: [1, 366],
      ticks: monthStarts,
      tickFormat: (d: number) => monthNames[monthStarts.indexOf(d)] ?? "",
      tickSize: 0,
    },
    y: { label: null, domain: [24, 0], ticks: [0, 6, 12, 18, 24] },
    color: { ...scheme, label },
    marks: [
      Plot.rect(cells, {
        x1: (c: Cell) => c.day - span / 2,
        x2: (c: Cell) => Math.min(366, c.day + span / 2),
        y1: "hour",
        y2: (c: Cell) => c.hour + 1,
        fill: "value",
        shapeRendering: "crispEdges",
      }),
    ],
  });
  return rounded(plot.outerHTML);
}

/** Coordinates to a tenth of a pixel: there are thousands. */
const rounded = (svg: string): string => svg.replace(/\d+\.\d{2,}/g, (n) => `${Math.round(Number(n) * 10) / 10}`);

/** A strip with the colours of a scale from one end to the other, in degrees Celsius. */
export function colourStrip(
  document: Document,
  [low, high]: readonly [number, number],
  scheme: Plot.ScaleOptions,
): string {
  const count = 60;
  const step = (high - low) / count;
  const parts = Array.from({ length: count }, (_, k) => low + (k + 0.5) * step);
  const plot = Plot.plot({
    document,
    width: 240,
    height: 44,
    marginLeft: 20,
    marginRight: 30,
    marginTop: 6,
    marginBottom: 22,
    style,
    x: { domain: [low, high], ticks: 5, label: "°C", labelAnchor: "right", labelArrow: "none", tickSize: 3 },
    y: { axis: null, domain: [0, 1] },
    color: scheme,
    marks: [
      Plot.rect(parts, {
        x1: (v: number) => v - step / 2,
        x2: (v: number) => v + step / 2,
        y1: 0,
        y2: 1,
        fill: (v: number) => v,
        shapeRendering: "crispEdges",
      }),
    ],
  });
  return plot.outerHTML;
}
