// The picture of `npm run bench`: for each task, how many times as fast as each peer Bifold is, on a logarithmic scale.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

export interface Ratio {
  readonly task: string;
  readonly peer: string;
  /** Above 1 where Bifold is faster; nothing where the peer does not do the task. */
  readonly ratio: number | undefined;
}

/** An SVG with a row for each task and a dot for each peer. */
export function drawRatios(ratios: readonly Ratio[]): string {
  const { document } = parseHTML("<html><body></body></html>");
  const known = ratios.filter((r): r is Ratio & { ratio: number } => r.ratio !== undefined);
  const names = [...new Set(known.map((r) => r.task))];
  const plot = Plot.plot({
    document,
    width: 860,
    height: 60 + 18 * names.length,
    marginLeft: 260,
    marginTop: 46,
    style: { background: "none", fontFamily: "system-ui, sans-serif", fontSize: "12px", overflow: "visible" },
    x: {
      type: "log",
      label: "times as fast as the peer (right of 1: Bifold is faster)",
      grid: true,
      axis: "top",
      tickFormat: (x: number) => `${x}`,
    },
    y: { label: null, domain: names },
    color: { legend: false, scheme: "observable10" },
    marks: [
      Plot.ruleX([1], { stroke: "#888" }),
      Plot.dot(known, { x: "ratio", y: "task", fill: "peer", r: 4 }),
      Plot.text(known, { x: "ratio", y: "task", text: "peer", dy: -7, fontSize: 8, fill: "peer" }),
    ],
  });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return plot.outerHTML;
}
