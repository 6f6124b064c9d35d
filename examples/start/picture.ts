// The picture: the surface that the pipeline has learned, what it leaves over, and the penguins with their groups.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Hour, Penguin } from "./data.js";
import { cellMeans, colourStrip, grid, yearPlot } from "./surface.js";

const width = 560;
const height = 400;
/** Predictions of the pipeline: for the hours, and for the cells of the grid. */
export interface Learned {
  readonly fitted: ArrayLike<number>;
  readonly elsewhere: ArrayLike<number>;
}

const groupColours = ["#e07b39", "#2a9d8f", "#5b5fa8"];
const style = { background: "none", fontFamily: "system-ui, sans-serif", fontSize: "12px", overflow: "visible" };

function penguinPlot(document: Document, birds: readonly Penguin[], labels: ArrayLike<number>) {
  const points = birds.map((bird, k) => ({ ...bird, group: labels[k] ?? -1 }));
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: 44,
    marginTop: 64,
    marginBottom: 46,
    style,
    x: {
      label: "flipper length (mm)",
      grid: true,
      nice: true,
      labelAnchor: "center",
      labelOffset: 38,
      labelArrow: "none",
    },
    y: { label: null, grid: true, nice: true },
    color: { domain: [0, 1, 2], range: groupColours },
    symbol: { domain: ["Adelie", "Chinstrap", "Gentoo"], range: ["circle", "triangle", "square"] },
    marks: [
      Plot.dot(points, {
        x: "flipperLength",
        y: "beakLength",
        stroke: "group",
        fill: "group",
        fillOpacity: 0.35,
        symbol: "species",
        r: 3.6,
      }),
    ],
  });
}

const temperature: Plot.ScaleOptions = { type: "linear", scheme: "turbo", domain: [2, 26] };
const leftOver: Plot.ScaleOptions = { type: "diverging", scheme: "RdBu", reverse: true, domain: [-1, 1], pivot: 0 };

/** The whole picture as SVG: what the pipeline learned over the year, what it leaves over, and the penguins. */
export function draw(
  hours: readonly Hour[],
  { elsewhere, fitted }: Learned,
  birds: readonly Penguin[],
  labels: ArrayLike<number>,
): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const surface = grid().map((cell, k) => ({ ...cell, value: elsewhere[k] ?? Number.NaN }));
  const rest = cellMeans(hours, (k) => (hours[k]?.temperature ?? Number.NaN) - (fitted[k] ?? Number.NaN));
  const parts = {
    surface: yearPlot(document, surface, { label: "°C", height: 400, scheme: temperature }),
    rest: yearPlot(document, rest, { label: "°C", height: 400, scheme: leftOver }),
    birds: penguinPlot(document, birds, labels).outerHTML,
  };
  return frame(parts, [colourStrip(document, [2, 26], temperature), colourStrip(document, [-1, 1], leftOver)]);
}

function frame(
  { surface, rest, birds }: Readonly<Record<"surface" | "rest" | "birds", string>>,
  [warm = "", left = ""]: readonly string[],
): string {
  const title = (x: number, y: number, head: string, below: string): string =>
    `<text x="${x}" y="${y}" font-size="16" font-weight="700" fill="#222">${head}</text><text x="${x}" y="${y + 20}" font-size="12.5" fill="#666">${below}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1740 420" width="1740" height="420" font-family="system-ui, sans-serif">
<rect width="1740" height="420" rx="8" fill="#fff"/>
<g transform="translate(10 8)">${surface}</g>
<g transform="translate(590 8)">${rest}</g>
<g transform="translate(1170 8)">${birds}</g>
<g transform="translate(330 10)">${warm}</g>
<g transform="translate(910 10)">${left}</g>
${title(24, 30, "A year of temperatures in Seattle", "°C by hour and day, as the pipeline has it")}
${title(604, 30, "What they leave over", "measured less learned, °C by hour and day")}
${title(1184, 30, "Penguins in three groups, by beak length (mm)", "colours: KMeans; shapes: ● Adélie, ▲ Chinstrap, ■ Gentoo")}
</svg>
`;
}
