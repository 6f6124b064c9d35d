// Host functions on the CPU: one function of the module for all that call them, with results, failures and scratch as if they were inlined.
import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { artifactOf } from "../../compile.js";
import { loadProgram } from "../../compiler/load.js";
import { asarray } from "../../runtime/asarray.js";
import { callKernel } from "../../runtime/call.js";
import { device } from "../../runtime/devices.js";
import type { NDArray } from "../../runtime/ndarray.js";

const source = `
host fn halved(A: real[n, n], by: i32) -> { half: real[n, n], turns: i32, total: real } {
  require by > 0 else "by must be positive, got {by}"
  var B = A
  for k in 0..by {
    each i, j: B[i, j] = B[i, j] / 2
  }
  let square = B @ B
  return { half: B, turns: by + 1, total: sum[i, j](square[i, j]) }
}
export fn once(A: real[n, n], by: i32) -> real[n, n] {
  let { half, turns, total } = halved(A, by)
  let result[i in 0..n, j in 0..n] = half[i, j] * turns + total
  return result
}
export fn twice(A: real[n, n], by: i32) -> real {
  require by < 9 else "by must be less than 9, got {by}"
  let first = halved(A, by)
  let second = halved(first.half, by)
  return second.total
}
host fn quartered(A: real[n, n], by: i32) -> { quarter: real[n, n], total: real } {
  require by < 5 else "by must be less than 5, got {by}"
  let first = halved(A, by)
  var sums[i in 0..n] = 0
  for k in 0..2 {
    let { total } = halved(first.half, by + k)
    sums[0] += total
  }
  # For each point there is no calling.
  let rows[i in 0..n] = halved(A, i + 1).total
  return { quarter: first.half, total: sums[0] + sum[i](rows[i]) - sum[i](rows[i]) }
}
export fn nested(A: real[n, n], by: i32) -> real {
  require by < 7 else "by must be less than 7, got {by}"
  return quartered(A, by).total
}
export fn nestedPrecisely(A: real[n, n]) -> real {
  let B[i in 0..n, j in 0..n] = wide(A[i, j])
  let { total } = quartered(B, 1)
  return real(total)
}
host fn grown(A: real[m, p], n: size) -> real {
  let a[i in 0..n, j in 0..p] = A[0, j] * i
  let g[j, k] = sum[i](a[i, j] * a[i, k])
  let h[i, k] = sum[j](a[i, j] * g[j, k])
  return sum[i, k](h[i, k])
}
export fn growing(A: real[n, n], by: i32) -> real {
  require by > 0 else "by must be positive, got {by}"
  return grown(A, by)
}
export fn precisely(A: real[n, n]) -> real {
  let B[i in 0..n, j in 0..n] = wide(A[i, j])
  let { total } = halved(B, 1)
  return real(total)
}
`;
const { program } = loadProgram("call.fold", (path) => (path === "call.fold" ? source : undefined));
if (!program) throw new Error("the program is not accepted");
const artifact = artifactOf(program);

async function run(name: string, ...args: unknown[]) {
  return callKernel(artifact, name, args as never, { dtype: "float32", device: await device("cpu") });
}

describe("a host function that several kernels call", () => {
  it("stands in the module once for each floating type", async () => {
    const code = (await artifact.code["wasm-float32"]?.()) as { readonly module: string };
    const module = await WebAssembly.compile(inflateRawSync(Buffer.from(code.module, "base64")));
    const names = WebAssembly.Module.exports(module).map((e) => e.name);
    expect(names.filter((n) => n.startsWith("halved") && !n.endsWith("$scratch"))).toEqual(["halved", "halved$f64"]);
  });

  it("gives arrays and scalars", async () => {
    const A = [
      [4, 8],
      [0, 4],
    ];
    // Half of A squared is [[4, 16], [0, 4]].
    expect(await ((await run("once", A, 1)) as NDArray).toArray()).toEqual([
      [28, 32],
      [24, 28],
    ]);
    expect(await run("twice", A, 1)).toBe(6);
    expect(await run("precisely", A)).toBe(24);
  });

  it("tells its failures as its own, beside the caller's", async () => {
    await expect(run("once", [[1]], 0)).rejects.toMatchObject({
      code: "R01",
      message: expect.stringMatching(/by must be positive, got 0[\s\S]*call\.fold:3:3/),
    });
    await expect(run("twice", [[1]], 0)).rejects.toThrow("by must be positive, got 0");
    await expect(run("twice", [[1]], 9)).rejects.toThrow("by must be less than 9, got 9");
    // Scratch is asked for before any check.
    await expect(run("growing", [[1]], -100_000)).rejects.toThrow("by must be positive, got -100000");
  });

  it("is called by other host functions, whose failures come through both", async () => {
    const A = [
      [4, 8],
      [0, 4],
    ];
    // A quarter of A is [[1, 2], [0, 1]], an eighth [[.5, 1], [0, .5]]: 6 and 1.5.
    expect(await run("nested", A, 1)).toBe(7.5);
    expect(await run("nestedPrecisely", A)).toBe(7.5);
    await expect(run("nested", [[1]], 0)).rejects.toMatchObject({
      code: "R01",
      message: expect.stringMatching(/by must be positive, got 0[\s\S]*call\.fold:3:3/),
    });
    await expect(run("nested", [[1]], 6)).rejects.toThrow("by must be less than 5, got 6");
    await expect(run("nested", [[1]], 8)).rejects.toThrow("by must be less than 7, got 8");
  });

  it("finds as much scratch as it needs", async () => {
    const cpu = await device("cpu");
    const n = 700;
    using A = await asarray({ data: new Float32Array(n * n).fill(2 / n), shape: [n, n] }, { device: cpu });
    const before = cpu.liveBytes;
    const total = (await run("twice", A, 1)) as number;
    // Every element of A / 4 squared is n (1 / 2n)^2.
    expect(Math.abs(total - n / 4)).toBeLessThan(n * 1e-4);
    expect(cpu.liveBytes).toBe(before);
  });
});
