// Holds the documentation to the code: a block that names a file is part of that file, a Fold block is a program without errors whose
// tests pass, and a link inside the repository leads somewhere.
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadProgram } from "../../src/compiler/load.js";
import { runTest } from "../../src/ir/interpret/index.js";

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  /** The file that the block is part of. */
  readonly file?: string;
  readonly text: string;
}

const pages = ["README.md", "CONTRIBUTING.md", ...fs.readdirSync("docs").map((name) => path.join("docs", name))].filter(
  (name) => name.endsWith(".md"),
);

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  fs.readFileSync(page, "utf8")
    .split("\n")
    .forEach((line, k) => {
      if (open && line === "```") {
        const [language = "", file] = open.info.split(" ");
        blocks.push({ page, line: open.line, language, ...(file ? { file } : {}), text: open.lines.join("\n") });
        open = undefined;
      } else if (open) open.lines.push(line);
      else if (line.startsWith("```")) open = { line: k + 1, info: line.slice(3).trim(), lines: [] };
    });
  expect(open, `${page} has a block without an end`).toBeUndefined();
  return blocks;
}

const blocks = pages.flatMap(blocksOf);
const title = (b: Block): string => `${b.page}:${b.line}`;

describe("a block that names a file", () => {
  test.each(blocks.filter((b) => b.file).map((b) => [title(b), b] as const))("%s is part of it", (_, b) => {
    expect(fs.readFileSync(b.file ?? "", "utf8")).toContain(b.text);
  });
});

describe("a Fold program", () => {
  const programs = blocks.filter((b) => b.language === "fold" && !b.file);
  test.each(programs.map((b) => [title(b), b] as const))("%s has no errors and passes its tests", (_, b) => {
    const { program, diagnostics } = loadProgram("page.fold", (p) => (p === "page.fold" ? b.text : undefined));
    expect(diagnostics.map((d) => `${d.code} ${d.message}`)).toEqual([]);
    for (const t of program?.tests ?? [])
      for (const real of ["float32", "float64"] as const)
        expect(runTest(t, { real }), t.title).toMatchObject({ passed: true });
  });
});

describe("a link", () => {
  // Subscripts in code look like links.
  const prose = (page: string): string =>
    fs
      .readFileSync(page, "utf8")
      .replace(/^```[\s\S]*?^```$/gm, "")
      .replace(/`[^`\n]*`/g, "");
  const links = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((m) => [page, m[1] ?? ""] as const),
  );
  test.each(links)("in %s to %s leads somewhere", (page, target) => {
    expect(fs.existsSync(path.join(path.dirname(page), target))).toBe(true);
  });
});
