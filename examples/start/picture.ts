// The picture: temperatures by hour with what Ridge makes of them, and the penguins with their groups.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Hour, Penguin } from "./data.js";

const width = 560;
const height = 400;
const shownMonths = [1, 3, 5, 7, 9];
const monthNames = ["", "January", "", "March", "", "May", "", "July", "", "September"];
/** One hue a month: cold ones blue, warm ones red. */
const monthColours = ["#3b6fb6", "#57a0a5", "#8aa24b", "#d1495b", "#dd8b45"];
const groupColours = ["#e07b39", "#2a9d8f", "#5b5fa8"];
const style = { background: "none", fontFamily: "system-ui, sans-serif", fontSize: "12px", overflow: "visible" };

interface Point {
  readonly month: number;
  readonly hour: number;
  readonly temperature: number;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** For each month and hour the mean over the days, of what was measured or predicted. */
function byMonthAndHour(hours: readonly Hour[], value: (k: number) => number): readonly Point[] {
  const groups = new Map<string, { month: number; hour: number; values: number[] }>();
  hours.forEach(({ month, hour }, k) => {
    const key = `${month} ${hour}`;
    const group = groups.get(key) ?? { month, hour, values: [] };
    groups.set(key, group);
    group.values.push(value(k));
  });
  return [...groups.values()]
    .map(({ month, hour, values }) => ({ month, hour, temperature: mean(values) }))
    .sort((a, b) => a.month - b.month || a.hour - b.hour);
}

function temperaturePlot(document: Document, hours: readonly Hour[], predicted: ArrayLike<number>) {
  const shown = (points: readonly Point[]) => points.filter((p) => shownMonths.includes(p.month));
  const measured = shown(byMonthAndHour(hours, (k) => hours[k]?.temperature ?? Number.NaN));
  const modelled = shown(byMonthAndHour(hours, (k) => predicted[k] ?? Number.NaN));
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: 44,
    marginRight: 76,
    marginTop: 64,
    marginBottom: 46,
    style,
    x: {
      label: "hour of the day",
      ticks: [0, 3, 6, 9, 12, 15, 18, 21],
      domain: [0, 23],
      labelAnchor: "center",
      labelOffset: 38,
      labelArrow: "none",
    },
    y: { label: null, grid: true },
    color: { domain: shownMonths, range: monthColours },
    marks: [
      Plot.line(modelled, { x: "hour", y: "temperature", stroke: "month", strokeWidth: 2.2, curve: "natural" }),
      Plot.dot(measured, { x: "hour", y: "temperature", fill: "month", r: 2.6, fillOpacity: 0.75 }),
      Plot.text(
        modelled.filter((p) => p.hour === 23),
        {
          x: "hour",
          y: "temperature",
          text: (p: Point) => monthNames[p.month],
          fill: "month",
          textAnchor: "start",
          dx: 8,
          fontWeight: 600,
        },
      ),
    ],
  });
}

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

/** The whole picture as SVG. */
export function draw(
  hours: readonly Hour[],
  predicted: ArrayLike<number>,
  birds: readonly Penguin[],
  labels: ArrayLike<number>,
): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const left = temperaturePlot(document, hours, predicted).outerHTML;
  const right = penguinPlot(document, birds, labels).outerHTML;
  return frame(left, right);
}

function frame(left: string, right: string): string {
  const title = (x: number, head: string, below: string): string =>
    `<text x="${x}" y="30" font-size="16" font-weight="700" fill="#222">${head}</text><text x="${x}" y="50" font-size="12.5" fill="#666">${below}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1160 420" width="1160" height="420" font-family="system-ui, sans-serif">
<rect width="1160" height="420" rx="8" fill="#fff"/>
<g transform="translate(10 8)">${left}</g>
<g transform="translate(590 8)">${right}</g>
${title(24, "Temperature in Seattle (°C), by hour and month", "dots: normals of 1981–2010; lines: StandardScaler and Ridge")}
${title(604, "Penguins in three groups, by beak length (mm)", "colours: KMeans; shapes: ● Adélie, ▲ Chinstrap, ■ Gentoo")}
</svg>
`;
}
