// Breaks the compiler and the runtime in known places, one at a time in a copy of the tree, and looks whether the tests notice:
// `npm run mutate`, or `npm run mutate -- --only TEXT` for those whose names have the text. `--check` only looks for the texts.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Mutation, mutations } from "./mutations.js";

const COPIES = 2;
/** A mutant may hang: that is noticed too. */
const MOST_MS = 6 * 60_000;

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, check: { type: "boolean", default: false } },
});
const chosen = mutations.filter((m) => m.what.includes(values.only));

/** How often the text stands in the file: exactly once is asked for. */
const lost = chosen.filter((m) => readFileSync(m.file, "utf8").split(m.before).length !== 2);
for (const m of lost) console.log(`${m.what}: the text is not there once in ${m.file}`);
if (values.check || lost.length > 0) process.exit(lost.length > 0 ? 1 : 0);

const commandOf = ({ red }: Mutation): readonly string[] =>
  "vitest" in red
    ? ["npx", "vitest", "run", "--bail", "1", ...red.vitest.split(" ")]
    : ["node", "scripts/run.mjs", "tests/backends/fuzz.ts", "--count", `${red.generated}`, "--device", red.device];

/** Whether the command succeeds in the copy. */
function passes(copy: string, command: readonly string[]): Promise<boolean> {
  const [program = "", ...args] = command;
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: copy, stdio: "ignore", detached: true });
    const stop = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, MOST_MS);
    child.on("exit", (code) => {
      clearTimeout(stop);
      done(code === 0);
    });
  });
}

function makeCopy(k: number): string {
  const copy = join(mkdtempSync(join(tmpdir(), "bifold-mutate-")), `copy${k}`);
  execFileSync("git", ["worktree", "add", "--detach", "--quiet", copy, "HEAD"]);
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  return copy;
}

type Verdict = "noticed" | "NOT NOTICED" | "the tests fail without it";

const sound = new Map<string, Promise<boolean>>();

async function tryOut(copy: string, m: Mutation): Promise<Verdict> {
  const command = commandOf(m);
  const key = command.join(" ");
  const before = sound.get(key) ?? passes(copy, command);
  sound.set(key, before);
  if (!(await before)) return "the tests fail without it";
  const file = join(copy, m.file);
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(m.before, () => m.after),
  );
  try {
    return (await passes(copy, command)) ? "NOT NOTICED" : "noticed";
  } finally {
    writeFileSync(file, text);
  }
}

const copies = Array.from({ length: COPIES }, (_, k) => makeCopy(k));
const verdicts = new Map<Mutation, Verdict>();
let next = 0;
try {
  await Promise.all(
    copies.map(async (copy) => {
      for (let m = chosen[next++]; m; m = chosen[next++]) {
        const start = performance.now();
        const verdict = await tryOut(copy, m);
        verdicts.set(m, verdict);
        const seconds = ((performance.now() - start) / 1000).toFixed(0).padStart(4);
        console.log(`${verdict.padEnd(26)}${seconds} s  ${m.what.padEnd(44)}${m.file}`);
      }
    }),
  );
} finally {
  for (const copy of copies) {
    execFileSync("git", ["worktree", "remove", "--force", copy]);
    rmSync(dirname(copy), { recursive: true });
  }
}
const noticed = [...verdicts.values()].filter((v) => v === "noticed").length;
console.log(`${noticed} of ${chosen.length} mutations turn tests red`);
process.exit(noticed === chosen.length ? 0 : 1);
