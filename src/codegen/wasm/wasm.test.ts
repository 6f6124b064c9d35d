// Loop IR as WASM against the strict evaluator: every operation on numbers that show rounding, wrapping and sign, alone and in lanes;
// failures, scratch, and forks.
import { afterEach, describe, expect, test } from "vitest";
import { WASM_CHECK_FAILED, WASM_NEEDS_SCRATCH, WASM_OK } from "../../abi.js";
import { evaluateFunction, type Memory } from "../../ir/loop-evaluate.js";
import { parseLoopFunction } from "../../ir/loop-parse.js";
import { assertLoopFunction } from "../../ir/loop-verify.js";
import { emitWasm } from "./index.js";
import { Instance } from "./testing/run.js";

const open: Instance[] = [];
afterEach(() => {
  for (const i of open.splice(0)) i.team.stop();
});

async function instance(text: string, options?: Parameters<typeof Instance.create>[1]): Promise<Instance> {
  const made = await Instance.create(assertLoopFunction(parseLoopFunction(text), "parsing"), options);
  open.push(made);
  return made;
}

const zeros = (scalar: Memory["scalar"], length: number): Memory => ({
  scalar,
  data: Array.from({ length }, () => 0),
});

/** Runs both and compares number for number. */
async function agree(text: string, scalars: readonly number[], buffers: readonly Memory[]): Promise<void> {
  const f = parseLoopFunction(text);
  const expected = buffers.map((b): Memory => ({ scalar: b.scalar, data: [...b.data] }));
  const failure = evaluateFunction(f, scalars, expected);
  const run = (await instance(text)).run(scalars, buffers);
  expect(run.results, text).toEqual(expected.map((b) => b.data));
  expect(run.failure?.check).toBe(failure?.check);
}

const specials = {
  f32: [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.4028234663852886e38, 1e-40, Infinity, -Infinity, NaN, 16777217, 7],
  f64: [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1.7e308, 5e-324, Infinity, -Infinity, NaN, 2 ** 53, 7],
  i32: [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 2147483647, -2147483648, 31, 32, -31, 123456789],
  u32: [0, 1, 2, 3, 5, 7, 10, 31, 32, 33, 4294967295, 2147483648, 2147483647, 65536, 4000000000, 9],
} as const;
type Numeric = keyof typeof specials;

const pairsOf = (scalar: Numeric): { readonly a: Memory; readonly b: Memory } => {
  const xs = [...specials[scalar]];
  const a = xs.flatMap((x) => xs.map(() => x));
  const b = xs.flatMap(() => xs);
  const rounded = (data: number[]): Memory => ({ scalar, data: scalar === "f32" ? data.map(Math.fround) : data });
  return { a: rounded(a), b: rounded(b) };
};

/** One operation over all pairs of special numbers, point by point and in lanes. */
async function operation(scalar: Numeric, result: Memory["scalar"], e: (a: string, b: string) => string) {
  const { a, b } = pairsOf(scalar);
  const n = a.data.length;
  const head = `buffer a: param ${scalar} buffer b: param ${scalar} buffer y: result ${result}`;
  await agree(
    `function "f" { ${head} body { for i: i32 in 0 .. ${n} { y[i] = ${e("a[i]", "b[i]")} } } }`,
    [],
    [a, b, zeros(result, n)],
  );
  const lanes = scalar === "f64" || result === "f64" ? 2 : 4;
  const vector = e(`a[i; ${lanes}]`, `b[i; ${lanes}]`);
  await agree(
    `function "f" { ${head} body { for i: i32 in 0 .. ${n} step ${lanes} { y[i] = ${vector} } } }`,
    [],
    [a, b, zeros(result, n)],
  );
}

/** A constant divisor, in as many lanes as the dividend has. */
const constantLike = (dividend: string, t: "i32" | "u32", d: number): string => {
  const one = t === "u32" ? `${d}u` : `${d}`;
  return dividend.includes(";") ? `splat4(const ${one})` : one;
};

describe("operations, alone and in lanes", () => {
  const floats = ["f32", "f64"] as const;
  const integers = ["i32", "u32"] as const;
  for (const t of floats) {
    for (const op of ["+", "-", "*", "/"]) test(`${op} of ${t}`, () => operation(t, t, (a, b) => `${a} ${op} ${b}`));
    for (const op of ["abs", "sqrt", "floor", "ceil", "round", "trunc", "sign"])
      test(`${op} of ${t}`, () => operation(t, t, (a) => `${op}(${a})`));
    for (const op of ["<", "<=", ">", ">=", "==", "!="])
      test(`${op} of ${t}`, () => operation(t, "bool", (a, b) => `${a} ${op} ${b}`));
    test(`isnan of ${t}`, () => operation(t, "bool", (a) => `isnan(${a})`));
    for (const to of integers) test(`${t} to ${to}`, () => operation(t, to, (a) => `${to}(${a})`));
  }
  for (const t of integers) {
    for (const op of ["+", "-", "*"]) test(`${op} of ${t}`, () => operation(t, t, (a, b) => `${a} ${op} ${b}`));
    for (const op of ["bitAnd", "bitOr", "bitXor", "shiftLeft", "shiftRight", "min", "max"])
      test(`${op} of ${t}`, () => operation(t, t, (a, b) => `${op}(${a}, ${b})`));
    for (const op of ["bitNot", "countLeadingZeros", "sign", "abs"])
      test(`${op} of ${t}`, () => operation(t, t, (a) => `${op}(${a})`));
    for (const to of floats) test(`${t} to ${to}`, () => operation(t, to, (a) => `${to}(${a})`));
  }
  test("division and remainder of integers floor, wrap, and do not trap at a divisor of 0", async () => {
    for (const t of integers) {
      const { a, b } = pairsOf(t);
      const keep = a.data.flatMap((x, k) => (b.data[k] === 0 ? [] : [[x, b.data[k] ?? 0]]));
      const head = `buffer a: param ${t} buffer b: param ${t} buffer y: result ${t} buffer z: result ${t}`;
      const text = `function "f" { ${head} body { for i: i32 in 0 .. ${keep.length} { y[i] = a[i] div b[i] z[i] = a[i] % b[i] } } }`;
      const column = (k: 0 | 1): Memory => ({ scalar: t, data: keep.map((p) => p[k] ?? 0) });
      await agree(text, [], [column(0), column(1), zeros(t, keep.length), zeros(t, keep.length)]);
      const byZero = await instance(`function "f" { ${head} body { y[0] = a[0] div b[0] z[0] = a[0] % b[0] } }`);
      expect(byZero.run([], [{ scalar: t, data: [7] }, zeros(t, 1), zeros(t, 1), zeros(t, 1)]).code).toBe(WASM_OK);
      for (const d of [1, 2, 3, 8, 10])
        for (const op of ["div", "%"]) await operation(t, t, (x) => `${x} ${op} ${constantLike(x, t, d)}`);
    }
  });
});

describe("failures", () => {
  const text = `function "f" { scalar n: i32 buffer x: param f32 buffer y: result f32 body {
    for i: i32 in 0 .. n { fail 1 at i when x[i] < 0f with [i, x[i]] y[i] = sqrt(x[i]) }
    stopIfFailed
    fail 0 at 0 when n > 2 with [n]
    y[0] = 7f } }`;
  test("the lowest check at its lowest point is reported, with values", async () => {
    const run = (await instance(text)).run([4], [{ scalar: "f32", data: [1, -2, -3, 4] }, zeros("f32", 4)]);
    expect(run.code).toBe(WASM_CHECK_FAILED);
    expect(run.failure).toEqual({ check: 1, point: 1, values: [1, -2, 0, 0] });
    expect(run.results[1]?.[0]).toBe(1);
  });
  test("a later run starts without the failure of an earlier one", async () => {
    const f = await instance(text);
    f.run([4], [{ scalar: "f32", data: [1, -2, -3, 4] }, zeros("f32", 4)]);
    expect(f.run([2], [{ scalar: "f32", data: [1, 2] }, zeros("f32", 2)]).code).toBe(WASM_OK);
  });
});

describe("scratch", () => {
  const text = `function "f" { scalar size n: i32 buffer y: result f64 body {
    if n > 0 { alloc a: scratch f64 length n * 3 a[n * 3 - 1] = 5d y[0] = a[n * 3 - 1] }
    if n > 0 { alloc b: scratch f32 length n b[n - 1] = 2f y[1] = f64(b[n - 1]) } } }`;
  test("what a block takes is free after it, and the estimate says so", async () => {
    const f = await instance(text);
    expect(f.estimate([1000])).toBe(24000);
    expect(f.run([1000], [zeros("f64", 2)], 24000).results[0]).toEqual([5, 2]);
  });
  test("a kernel that finds too little says how much it needs", async () => {
    const run = (await instance(text)).run([1000], [zeros("f64", 2)], 23984);
    expect(run.code).toBe(WASM_NEEDS_SCRATCH);
    expect(run.needed).toBe(24000);
  });
  test("lengths beyond the memory do not wrap", async () => {
    const run = (await instance(text)).run([700_000_000], [zeros("f64", 2)]);
    expect(run.code).toBe(WASM_NEEDS_SCRATCH);
  });
  test("small arrays whose subscripts are not known live in scratch", async () => {
    await agree(
      `function "f" { scalar n: i32 buffer y: result f32 local r: register f32[8] body {
        for i: i32 in 0 .. 8 { r[i] = f32(i * i) } y[0] = r[n] + r[n + 1] } }`,
      [3],
      [zeros("f32", 1)],
    );
  });
});

describe("estimates", () => {
  test("are of the largest block, and of what is taken around a fork", async () => {
    const nest = (k: number): string =>
      `if n > ${k} { alloc a: scratch f64 length n alloc b: scratch f64 length n a[0] = 1d b[0] = 1d y[${k}] = a[0] + b[0] }`;
    const siblings = await instance(
      `function "f" { scalar size n: i32 buffer y: result f64 body { ${[0, 1, 2, 3].map(nest).join(" ")} } }`,
    );
    expect(siblings.estimate([1000])).toBe(16_000);
    const fork = await instance(`function "f" { scalar size n: i32 buffer y: result f64 body {
      alloc a: scratch f64 length n
      a[0] = 1d
      if n > 0 { alloc b: scratch f64 length n alloc c: scratch f64 length n b[0] = a[0] c[0] = a[0] y[0] = b[0] + c[0] }
      parallel t: i32 in 2 { alloc d: scratch f64 length 2 d[0] = 2d y[t] = d[0] } } }`);
    expect(fork.estimate([1000])).toBe(24_000);
  });

  test("count a negative size as none", async () => {
    const f = await instance(`function "f" { scalar size n: i32 buffer y: result f64 body {
      alloc a: scratch f64 length (n - 1) div 4 * ((n - 1) div 4)
      a[0] = 1d
      y[0] = a[0] } }`);
    expect(f.estimate([-100_000])).toBe(f.estimate([0]));
  });
});

describe("forks", () => {
  const text = `function "f" { scalar size n: i32 scalar a: f32 buffer x: param f32 buffer y: result f32 body {
    let v: f32x4 = splat4(a)
    parallel c: i32 in n {
      alloc t: scratch f32 length 1000
      for k: i32 in 0 .. 1000 step 4 { t[k] = x[c * 1000 + k; 4] * v }
      for k: i32 in 0 .. 1000 { y[c * 1000 + k] = t[k] + 1f }
    } } }`;
  const n = 64;
  const input = (): Memory => ({ scalar: "f32", data: Array.from({ length: n * 1000 }, (_, k) => (k * 37) % 1001) });

  test("give what one thread gives, however many there are", async () => {
    const one = (await instance(text)).run([n, 3], [input(), zeros("f32", n * 1000)]);
    const three = (await instance(text, { threads: 3 })).run([n, 3], [input(), zeros("f32", n * 1000)]);
    expect(one.code).toBe(WASM_OK);
    expect(one.results[1]?.slice(0, 3)).toEqual([1, 112, 223]);
    expect(three.results[1]).toEqual(one.results[1]);
  });

  test("ask for the scratch of all threads at once", async () => {
    const f = await instance(text, { threads: 3 });
    const little = f.run([n, 3], [input(), zeros("f32", n * 1000)], 6000);
    expect(little.code).toBe(WASM_NEEDS_SCRATCH);
    expect(f.run([n, 3], [input(), zeros("f32", n * 1000)], little.needed).code).toBe(WASM_OK);
    expect(f.estimate([n, 3])).toBeGreaterThanOrEqual(little.needed);
  });

  test("report the failure that comes first, whichever thread finds it", async () => {
    const failing = `function "f" { scalar size n: i32 buffer y: result f32 body {
      parallel c: i32 in n { fail 0 at c when c % 7 == 3 with [c] y[c] = 1f }
      stopIfFailed } }`;
    const f = await instance(failing, { threads: 3 });
    for (let turn = 0; turn < 50; turn++)
      expect(f.run([n], [zeros("f32", n)]).failure).toEqual({ check: 0, point: 3, values: [3, 0, 0, 0] });
  });

  test("that do the same share a function, also in kernels that go by one name", async () => {
    const kernel = (...values: readonly number[]): string =>
      `function "f" { scalar size n: i32 buffer y: result f32 body { ${values
        .map((v, k) => `parallel c: i32 in n { y[c * ${values.length} + ${k}] = ${v}f }`)
        .join("\n")} } }`;
    const filled = async (...values: readonly number[]): Promise<readonly number[] | undefined> =>
      (await instance(kernel(...values))).run([3], [zeros("f32", 3 * values.length)]).results[0];
    expect(await filled(1, 2)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(await filled(2, 2)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await filled(2, 1)).toEqual([2, 1, 2, 1, 2, 1]);
    expect(await filled(1, 3, 1)).toEqual([1, 3, 1, 1, 3, 1, 1, 3, 1]);
    const size = (body: string): number =>
      emitWasm([parseLoopFunction(`function "f" { scalar size n: i32 buffer y: result f32 body { ${body} } }`)], {
        relaxed: false,
      }).length;
    const long = "for k: i32 in 0 .. 9 { y[c * 9 + k] = sqrt(f32(c)) * 1.5f + sqrt(f32(k)) }";
    const other = long.replace("1.5f", "2.5f");
    const both = (second: string): number =>
      size(`parallel c: i32 in n { ${long} } parallel c: i32 in n { ${second} }`);
    expect(both(long)).toBeLessThan(both(other) - 40);
  });

  test("go on when workers sleep, and when they are gone", async () => {
    const f = await instance(text, { threads: 2 });
    const run = (): readonly number[] | undefined => f.run([n, 3], [input(), zeros("f32", n * 1000)]).results[1];
    const first = run();
    await new Promise((done) => setTimeout(done, 50));
    expect(run()).toEqual(first);
    f.team.stop();
    expect(run()).toEqual(first);
  });
});
