// How a line of text stands on a terminal: what is shown for each character, and how many columns it takes.

/** One character as a reader sees it. */
export interface Cell {
  /** Where it begins in the line, and how long it is there, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  readonly shown: string;
  readonly width: number;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const tab = "    ";
/** East Asian characters and pictures take two columns. */
const wide =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
const unseen = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function cellsOf(line: string): Cell[] {
  // What is plain needs no segmenter, which is slow on long lines.
  if (/^[\x20-\x7E]*$/.test(line)) return [...line].map((shown, offset) => ({ offset, length: 1, shown, width: 1 }));
  return [...graphemes.segment(line)].map(({ segment, index }) => {
    // A control character would reach the terminal, and a half surrogate breaks the output.
    const shown = segment === "\t" ? tab : unseen.test(segment) ? "\uFFFD" : segment;
    return {
      offset: index,
      length: segment.length,
      shown,
      width: segment === "\t" ? tab.length : wide.test(shown) ? 2 : 1,
    };
  });
}

export const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, { width }) => sum + width, 0);
