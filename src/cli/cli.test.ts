// The command line in this process: what it prints, and its exit codes.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { main } from "./main.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bifold-cli-"));
const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
};
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function bifold(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += String(text);
      return true;
    }),
  ];
  try {
    return { code: await main(argv), out, err };
  } finally {
    for (const s of spies) s.mockRestore();
  }
}

const source = `## Scales.
export type Out[n] = { s: real[n], k: i32, ok: bool, m: i32[n, 2] }

host fn half(x: real[n]) -> real[n] {
  var y = x
  for i in 0..n {
    y[i] = x[i] / 2
  }
  return y
}

export fn go(p: { a: real[n], flags: bool[n] }, w: real[n, q], inv: bool, k: size) -> Out[n] {
  require k > 0 else "k must be positive, got {k}"
  let s[i] = if p.flags[i] then p.a[i] + sum[j](w[i, j]) else 0
  let m[i in 0..n, c in 0..2]: i32 = i * 2 + c
  return { s, k, ok: not inv, m }
}

export fn weighted(x: real[n]) -> real[n] {
  let h = half(x)
  let c[i in 0..n] = sum[k in 0..i + 1](h[k] * h[i])
  return c
}

test "holds" {
  expect weighted([2, 4]) near [1, 6] within 1e-5
}
`;
let file: string;
beforeAll(() => {
  file = write("good.fold", source);
});

/** A file as NumPy writes it. */
function npy(shape: string, fortran: boolean, values: readonly number[]): Uint8Array {
  const head = `{'descr': '<f4', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const padded = `${head.padEnd(117)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([start, Buffer.from(padded), Buffer.from(Float32Array.from(values).buffer)]);
}

describe("check", () => {
  test("says that files are right", async () => {
    expect(await bifold("check", file)).toEqual({ code: 0, out: "", err: "1 file is right\n" });
  });
  test("renders what is wrong", async () => {
    const wrong = write("wrong.fold", "export fn f(x: real[n]) -> real {\n  return x[0] + y\n}\n");
    const { code, err } = await bifold("check", file, wrong);
    expect(code).toBe(1);
    expect(err).toContain("error N01");
    expect(err).toContain("wrong.fold:2:17");
    expect(err).toContain("1 of 2 files have errors");
  });
  test("has no file of that name", async () => {
    expect(await bifold("check", "nowhere.fold")).toEqual({
      code: 1,
      out: "",
      err: "error: there is no file nowhere.fold\n",
    });
  });
});

describe("fmt", () => {
  test("says what it would do, does it, and has nothing left to do", async () => {
    const ugly = write("ugly.fold", "export fn f( x:real ) -> real {\nreturn x+1 # more\n}\n");
    expect((await bifold("fmt", "--check", ugly)).code).toBe(1);
    expect((await bifold("fmt", ugly)).code).toBe(0);
    expect(fs.readFileSync(ugly, "utf8")).toBe("export fn f(x: real) -> real {\n  return x + 1  # more\n}\n");
    expect(await bifold("fmt", "--check", ugly)).toEqual({ code: 0, out: "", err: "" });
  });
  test("has no file of that name", async () => {
    expect((await bifold("fmt", "nowhere.fold")).err).toBe("error: there is no file nowhere.fold\n");
  });
});

test("explain prints the long form, and refuses what is no code", async () => {
  expect((await bifold("explain", "s02")).out).toMatch(/^S02: /);
  expect((await bifold("explain", "X99")).code).toBe(1);
});

describe.each(["interpreter", "cpu"])("run on %s", (backend) => {
  const run = async (name: string, args: unknown, ...more: readonly string[]) => {
    const json = write("args.json", typeof args === "string" ? args : JSON.stringify(args));
    const { code, out, err } = await bifold("run", file, name, "--args", json, "--backend", backend, ...more);
    return { code, err, printed: out === "" ? undefined : JSON.parse(out) };
  };
  test("records, bools, integers and files", async () => {
    write("c.npy", npy("(3, 2)", false, [0, 1, 2, 3, 4, 5]));
    write("f.npy", npy("(3, 2)", true, [0, 2, 4, 1, 3, 5]));
    for (const w of [
      "c.npy",
      "f.npy",
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ]) {
      const { printed } = await run("go", { p: { a: [1, 2, 3], flags: [true, false, true] }, w, inv: false, k: 2 });
      expect(printed.result).toEqual({
        s: [2, 0, 12],
        k: 2,
        ok: true,
        m: [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
      });
    }
  });
  test("an empty list takes the parameter's rank", async () => {
    const { printed } = await run("go", { p: { a: [], flags: [] }, w: [], inv: true, k: 1 });
    expect(printed.result).toEqual({ s: [], k: 1, ok: false, m: [] });
  });
  test("says what it ran on, and how long each call took", async () => {
    const { printed } = await run("weighted", { x: [2, 4] }, "--repeat", "3", "--dtype", "float32");
    expect(printed).toMatchObject({ backend, dtype: "float32", result: [1, 6] });
    expect(printed.timeMs).toHaveLength(3);
  });
  test("a run-time error is rendered at its place", async () => {
    const { code, err } = await run("go", { p: { a: [], flags: [] }, w: [], inv: true, k: 0 });
    expect(code).toBe(1);
    expect(err).toContain("error R01: k must be positive, got 0\n");
    expect(err).toContain("good.fold:13:3");
    expect(err).toContain('require k > 0 else "k must be positive, got {k}"');
  });
  test("bench takes integers, and functions whose results are scalars made last", async () => {
    const path = write(
      "counts.fold",
      "export fn counts(y: i32[n], k: size) -> { counts: i32[k], most: i32 } {\n  var c[j in 0..k]: i32 = 0\n  each i: c[y[i]] += 1\n  let most = max[j](c[j])\n  return { counts: c, most }\n}\n",
    );
    const args = write("counts.json", JSON.stringify({ y: [0, 1, 1], k: 2 }));
    const { code, out } = await bifold("bench", path, "counts", "--args", args, "--by", "nest", "--seconds", "0.01");
    expect(code, out).toBe(0);
    expect(out).toContain("let most = max[j](c[j])");
  });

  test("bench takes results that are elements of arrays made on the way", async () => {
    const path = write(
      "corner.fold",
      "export fn corner(x: real[n]) -> real {\n  var y = x\n  for k in 0..n { y[k] = y[k] + sum[i in 0..k](y[i]) }\n  return y[0] + sum[i](y[i])\n}\n",
    );
    const args = write("corner.json", JSON.stringify({ x: [1, 2] }));
    const { code, out } = await bifold("bench", path, "corner", "--args", args, "--by", "nest", "--seconds", "0.01");
    expect(code, out).toBe(0);
    expect(out).toContain("for k in 0..n");
  });

  test("bench shows time, work and the schedule, whole and by statement", async () => {
    const args = write("bench.json", JSON.stringify({ x: [2, 4, 6] }));
    const { code, out } = await bifold("bench", file, "weighted", "--args", args, "--by", "nest", "--seconds", "0.01");
    expect(code).toBe(0);
    expect(out).toContain("weighted, float64, 1 thread; n = 3\n");
    expect(out).toMatch(/^whole .* ms .* flop .* GFLOP\/s .* B .* GB\/s/m);
    expect(out).toMatch(/^1 .*good\.fold:/m);
    expect(out).toContain("schedule:\n");
  });
  test.each([
    ["nothing", { x: [1] }, "exports no function nothing: it exports go, weighted"],
    ["weighted", {}, "gives nothing for the parameter x"],
    ["weighted", { x: [1], y: 2 }, "has no parameter y: it takes x"],
    ["weighted", { x: "a.npy" }, "there is no file"],
    ["weighted", { x: "much" }, "expected the path of an .npy file"],
    ["weighted", "[1", "is not readable JSON"],
  ])("%s with %j is refused", async (name, args, message) => {
    const { code, err } = await run(name, args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe.each(["interpreter", "cpu"])("test on %s", (backend) => {
  test("passes", async () => {
    const { code, out } = await bifold("test", file, "--backend", backend);
    expect(out).toMatch(/pass +\w+( float\d\d)? +[\d.]+ ms +holds/);
    expect(out).toMatch(/(\d) run: \1 passed, 0 failed\n$/);
    expect(code).toBe(0);
  });
  test("shows what failed, where and by what", async () => {
    const failing = write(
      "failing.fold",
      `${source.slice(0, source.indexOf("test "))}test "near" {
  let x[i in 0..2, j in 0..3] = real(i) * 3 + real(j)
  let y[i in 0..2, j in 0..3] = if i == 1 and j == 2 then 9 else x[i, j]
  expect y near x within 0.5
  expect wide(2) near 3 within 0.25
  expect x >= y
  var s: i32 = 0
  for k in 0..4 {
    s += k
    expect s < 6
  }
}

test "fails" {
  let p = { a: [1], flags: [true] }
  let r = go(p, [[1]], true, 0)
  expect r.ok
}
`,
    );
    const { code, out } = await bifold("test", failing, "--backend", backend);
    expect(code).toBe(1);
    for (const said of [
      "error expect: 9 is not within 0.5 of 5 at [1, 2]",
      "error expect: 2 is not within 0.25 of 3\n",
      "error expect: does not hold at [1, 2]",
      "error expect: does not hold\n",
      "expect s < 6",
      "error R01: k must be positive, got 0",
    ])
      expect(out).toContain(said);
    expect(out).toMatch(/(\d) run: 0 passed, \1 failed\n$/);
  });
  test("a file with errors is not run, and counts", async () => {
    const broken = write("broken.fold", "fn\n");
    const { code, out } = await bifold("test", broken, file, "--backend", backend);
    expect(code).toBe(1);
    expect(out).toContain("1 of 2 files have errors and were not run");
  });
});

describe("inspect", () => {
  const powers = (check: string): string => `
fn last(k: size, a: real) -> real {
${check}  var t[i in 0..k] = a
  for i in 1..k { t[i] = t[i - 1] * a }
  var total = 0
  for i in 0..k { total = total + t[k - 1 - i] * t[i] }
  return total
}
export fn lasts(x: real[n], g: i32[n]) -> real[n] {
  let y[j] = last(g[j] * g[j], x[j])
  return y
}
`;

  test("says what WebGPU can't make room for, and takes the bound that it asks for", async () => {
    const free = await bifold("inspect", write("free.fold", powers("")), "lasts", "--stage", "plan");
    expect(free.code).toBe(1);
    const said = /^error U06: WebGPU can't make room for `t`[\s\S]*free\.fold:3:3\n[\s\S]*var t\[i in 0\.\.k\] = a/;
    expect(free.err).toMatch(said);
    for (const command of [
      ["check", "free.fold"],
      ["build", "free.fold", "--out", path.join(folder, "limits")],
    ]) {
      const { code, err } = await bifold(...command.map((a) => (a === "free.fold" ? write(a, powers("")) : a)));
      expect([code, err], command[0]).toEqual([1, expect.stringMatching(said)]);
    }
    const bound = powers('  require k <= 12 else "too many"\n');
    expect((await bifold("inspect", write("bound.fold", bound), "lasts", "--stage", "plan")).code).toBe(0);
  });

  const show = (stage: string, ...more: readonly string[]) =>
    bifold("inspect", file, "weighted", "--stage", stage, ...more);
  test.each(["ast", "nest", "fused", "loop", "wat", "wgsl"])("%s carries the source's lines", async (stage) => {
    const { code, out } = await show(stage);
    expect(code).toBe(0);
    expect(out).toMatch(/good\.fold:21 {2}let c\[i in 0\.\.n\] = sum\[k in 0\.\.i \+ 1\]\(h\[k\] \* h\[i\]\)/);
  });
  test("plan shows the crossing of a host function", async () => {
    // In a module of both types, the one in double precision has a name of its own.
    expect((await show("plan")).out).toMatch(/host "half\$f64"/);
    expect((await show("fused")).out).toMatch(/^# crossing: on the GPU x goes to the CPU, half runs there/m);
  });
  test("a quadratic prefix is noted, a scan is not", async () => {
    const note = /note: the sum over k is taken anew for each i: it is quadratic/;
    expect((await show("schedule")).out).toMatch(note);
    const scan = write("scan.fold", source.replace("h[k] * h[i]", "h[k]"));
    expect((await bifold("inspect", scan, "weighted", "--stage", "schedule")).out).not.toMatch(note);
  });
  test("a schedule by hand is taken, and a wrong one is refused", async () => {
    const own = (await show("schedule")).out;
    const lanes = write("own.txt", own.replace(/lanes i; /g, ""));
    const [before, after] = [(await show("loop")).out, (await show("loop", "--schedule", lanes)).out];
    expect(before).toContain("f32x4");
    expect(after).not.toBe(before);
    const wrong = await show("loop", "--schedule", write("wrong.txt", "nowhere: map { }\n"));
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain("there is no site nowhere");
  });
  test("WebGPU has no float64", async () => {
    expect((await show("wgsl", "--dtype", "float64")).code).toBe(1);
  });
});

test("what it does not know it says in a line", async () => {
  for (const argv of [["frob"], ["inspect", file, "weighted", "--stage", "soup"], ["test", file, "--backend", "tpu"]]) {
    const { code, err } = await bifold(...argv);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: .*\n$/);
  }
});
