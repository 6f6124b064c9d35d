// The grammar as a page of railroad diagrams, drawn as SVG: it needs no script and no network.
import { type GrammarRule, grammarRules, lexical, type Production } from "./productions.js";

/** A drawing that is entered at its left and left at its right, both `up` from its top. */
interface Track {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  draw(x: number, y: number): string;
}

const gap = 10;
const radius = 8;
const boxHeight = 22;

const path = (d: string): string => `<path d="${d}"/>`;
const across = (from: number, to: number, y: number): string => (to > from ? path(`M${from} ${y}H${to}`) : "");
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function box(text: string, kind: "literal" | "rule" | "word"): Track {
  const width = text.length * 8 + 20;
  return {
    width,
    up: boxHeight / 2,
    down: boxHeight / 2,
    draw(x, y) {
      const round = kind === "rule" ? 0 : boxHeight / 2;
      const rect = `<rect class="${kind}" x="${x}" y="${y - boxHeight / 2}" width="${width}" height="${boxHeight}" rx="${round}"/>`;
      const label = `<text x="${x + width / 2}" y="${y + 4}">${escaped(text)}</text>`;
      return rect + (kind === "rule" ? `<a href="#${text}">${label}</a>` : label);
    },
  };
}

const empty: Track = { width: 0, up: 0, down: 0, draw: () => "" };

function row(tracks: readonly Track[]): Track {
  return {
    width: tracks.reduce((sum, { width }) => sum + width, 0) + gap * (tracks.length - 1),
    up: Math.max(...tracks.map(({ up }) => up)),
    down: Math.max(...tracks.map(({ down }) => down)),
    draw(x, y) {
      let at = x;
      return tracks
        .map((track, k) => {
          const drawn = (k > 0 ? across(at, at + gap, y) : "") + track.draw(at + (k > 0 ? gap : 0), y);
          at += track.width + (k > 0 ? gap : 0);
          return drawn;
        })
        .join("");
    },
  };
}

/** The first goes straight on, the others branch off below it. */
function stack(tracks: readonly Track[]): Track {
  const inner = Math.max(...tracks.map(({ width }) => width));
  const offsets: number[] = [];
  let bottom = tracks[0]!.down;
  for (const [k, track] of tracks.entries()) {
    offsets.push(k === 0 ? 0 : Math.max(bottom + gap + track.up, 2 * radius));
    bottom = Math.max(offsets[k]! + track.down, bottom);
  }
  return {
    width: inner + 4 * radius,
    up: tracks[0]!.up,
    down: bottom,
    draw(x, y) {
      const [left, right] = [x + 2 * radius, x + 2 * radius + inner];
      return tracks
        .map((track, k) => {
          const at = y + offsets[k]!;
          const line = track.draw(left, at) + across(left + track.width, right, at);
          if (k === 0) return across(x, left, at) + line + across(right, right + 2 * radius, at);
          const [r, drop] = [radius, offsets[k]! - 2 * radius];
          const enter = path(`M${x} ${y}a${r} ${r} 0 0 1 ${r} ${r}v${drop}a${r} ${r} 0 0 0 ${r} ${r}`);
          const leave = path(`M${right} ${at}a${r} ${r} 0 0 0 ${r} ${-r}v${-drop}a${r} ${r} 0 0 1 ${r} ${-r}`);
          return enter + line + leave;
        })
        .join("");
    },
  };
}

/** Goes straight on, or any number of times through the track, backwards below. */
function loop(track: Track): Track {
  const drop = Math.max(gap + track.up, 2 * radius);
  return {
    width: track.width + 4 * radius,
    up: 0,
    down: drop + track.down,
    draw(x, y) {
      const r = radius;
      const [left, right, at] = [x + 2 * r, x + 2 * r + track.width, y + drop];
      const back = path(`M${left} ${at}a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - drop}a${r} ${r} 0 0 1 ${r} ${-r}`);
      const down = path(`M${right} ${y}a${r} ${r} 0 0 1 ${r} ${r}v${drop - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}`);
      return across(x, right + 2 * r, y) + down + track.draw(left, at) + back;
    },
  };
}

const words = new Set(lexical.map(({ name }) => name));

function trackOf(production: Production): Track {
  switch (production.kind) {
    case "literal":
      return box(production.text, "literal");
    case "name":
      return box(production.name, words.has(production.name) ? "word" : "rule");
    case "sequence":
      return row(production.parts.map(trackOf));
    case "choice":
      return stack(production.parts.map(trackOf));
    case "optional":
      return stack([empty, trackOf(production.part)]);
    case "repeat":
      // It is read from right to left there.
      return loop(trackOf(reversed(production.part)));
  }
}

function reversed(production: Production): Production {
  switch (production.kind) {
    case "literal":
    case "name":
      return production;
    case "sequence":
      return { ...production, parts: production.parts.map(reversed).reverse() };
    case "choice":
      return { ...production, parts: production.parts.map(reversed) };
    case "optional":
    case "repeat":
      return { ...production, part: reversed(production.part) };
  }
}

function diagram({ name, definition }: GrammarRule): string {
  const track = trackOf(definition);
  const [x, y] = [24, track.up + 6];
  const [width, height] = [track.width + 2 * x, y + track.down + 6];
  const ends =
    across(6, x, y) + across(x + track.width, width - 6, y) + path(`M6 ${y - 6}v12M${width - 6} ${y - 6}v12`);
  const svg = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${ends}${track.draw(x, y)}</svg>`;
  return `<section id="${name}"><h2>${name}</h2>\n${svg}</section>`;
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; background: #fff; color: #222; }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
section { overflow-x: auto; }
svg { font: 13px ui-monospace, monospace; }
path { fill: none; stroke: #555; stroke-width: 1.5; }
rect { stroke: #555; stroke-width: 1.2; }
rect.literal { fill: #fff3c4; }
rect.rule { fill: #dcebff; }
rect.word { fill: #dff3df; }
text { text-anchor: middle; fill: #222; }
a text { fill: #124c9c; text-decoration: underline; }`;

export const railroadPage = (): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The grammar of Fold</title>
<style>${style}
</style>
</head>
<body>
<h1>The grammar of Fold</h1>
<p>Made from the parser by <code>npm run grammar</code>. A track that runs below and comes back is taken any number of times, from right to left.
Yellow is written as it stands, green is a kind of word, blue is another rule.</p>
<dl>
${lexical.map(({ name, meaning }) => `<dt><code>${name}</code></dt><dd><code>${escaped(meaning)}</code></dd>`).join("\n")}
</dl>
${grammarRules().map(diagram).join("\n")}
</body>
</html>
`;
