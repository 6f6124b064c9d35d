// Threads change nothing but the time: one, two and three give the same bits; workers do part of the work; where none can be started, or one
// falls away, the caller's thread does it all.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { TEAM } from "../../src/abi.js";
import { CpuDevice } from "../../src/runtime/cpu/index.js";
import { callKernel, type NDArray } from "../../src/runtime/index.js";
import { compile } from "./programs.js";
import { numbers, sharedWork } from "./work.js";

const threadModule = process.getBuiltinModule("node:worker_threads");
const artifact = compile(sharedWork);
const functions = artifact.signatures.map((s) => s.name);

const started: CpuDevice[] = [];
const start = async (threads: number): Promise<CpuDevice> => {
  const device = await CpuDevice.create({ threads });
  started.push(device);
  return device;
};
afterEach(() => {
  vi.restoreAllMocks();
  for (const device of started.splice(0)) device.stop();
});

/** The workers' module is another: `make` says what their `Worker` is. */
function replaceWorkers(make: () => unknown): void {
  const original = process.getBuiltinModule.bind(process);
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((id: string) =>
    id === "node:worker_threads"
      ? { ...threadModule, Worker: make() }
      : original(id)) as typeof process.getBuiltinModule);
}

describe("the same bits", () => {
  let devices: readonly CpuDevice[];
  beforeAll(async () => {
    devices = await Promise.all([1, 2, 3].map((threads) => CpuDevice.create({ threads })));
    expect(devices.map((d) => d.threads)).toEqual([1, 2, 3]);
  });
  afterAll(() => {
    for (const d of devices) d.stop();
  });

  const sizes = [
    [0, 5],
    [1, 1],
    [1237, 77],
    [20_011, 7],
  ] as const;
  it.each(functions)("%s", async (fn) => {
    for (const dtype of ["float32", "float64"] as const)
      for (const [n, p] of sizes) {
        if (fn === "outer" && n > 2000) continue;
        const results = [];
        for (const d of devices)
          results.push(await numbers(artifact, fn, d, dtype, n, p).catch((e: { code: string }) => e.code));
        for (const other of results) expect(other, `${n} x ${p} in ${dtype}`).toEqual(results[0]);
      }
  });
});

describe("workers", () => {
  it("take their part of the work", async () => {
    // Each thread of a fork has a part of the scratch for itself, in the order in which they join: the caller's is the first.
    const device = await start(3);
    const { view, team } = device.memory;
    const cell = (offset: number): number => view.getInt32(team + offset, true);
    const run = () => numbers(artifact, "calls", device, "float64", 1237, 77);
    await run();
    const blank = 0xab;
    const used = new Set<number>();
    for (let turn = 0; turn < 300 && used.size < 3; turn++) {
      const [scratch, part] = [cell(TEAM.scratch), cell(TEAM.part)];
      device.memory.bytes.fill(blank, scratch, scratch + 3 * part);
      await run();
      expect([cell(TEAM.scratch), cell(TEAM.part)]).toEqual([scratch, part]);
      for (const slot of [0, 1, 2])
        if (device.memory.bytes.subarray(scratch + slot * part, scratch + (slot + 1) * part).some((b) => b !== blank))
          used.add(slot);
    }
    expect(used).toEqual(new Set([0, 1, 2]));
  });

  const broken: readonly (readonly [string, () => unknown])[] = [
    [
      "are forbidden",
      () =>
        class {
          constructor() {
            throw new Error("workers are forbidden");
          }
        },
    ],
    [
      "fail when they begin",
      () =>
        class extends threadModule.Worker {
          constructor() {
            super("throw new Error('no')", { eval: true });
          }
        },
    ],
    [
      "end without a word",
      () =>
        class extends threadModule.Worker {
          constructor() {
            super("process.exit(0)", { eval: true });
          }
        },
    ],
  ];
  it.each(broken)("that %s leave the work to the caller", async (_, make) => {
    replaceWorkers(make);
    const device = await start(3);
    expect(device.threads).toBe(1);
    vi.restoreAllMocks();
    const two = await start(2);
    for (const fn of ["totals", "gram", "rows"])
      expect(await numbers(artifact, fn, device, "float64", 1237, 77)).toEqual(
        await numbers(artifact, fn, two, "float64", 1237, 77),
      );
  });

  it("that can't take a module leave the work to the caller", async () => {
    replaceWorkers(
      () =>
        class extends threadModule.Worker {
          constructor(source: string, options: object) {
            super(`WebAssembly.Instance = function () { throw new Error("no room"); };\n${source}`, options);
          }
        },
    );
    const device = await start(2);
    expect(device.threads).toBe(2);
    expect(await numbers(artifact, "gram", device, "float64", 1237, 77)).toEqual(
      await numbers(artifact, "gram", await start(1), "float64", 1237, 77),
    );
    expect([device.threads, device.liveBytes]).toEqual([1, 0]);
  });

  it("may be stopped at any time", async () => {
    const device = await start(3);
    const before = await numbers(artifact, "columns", device, "float32", 20_011, 7);
    device.stop();
    expect(device.threads).toBe(1);
    expect(await numbers(artifact, "columns", device, "float32", 20_011, 7)).toEqual(before);
    expect(await numbers(artifact, "scan", device, "float32", 20_011, 7)).toBeDefined();
  });

  it("serve calls that overlap, each with what it asked for", async () => {
    const device = await start(2);
    const ones = compile(`
export fn scaled(x: real[n], a: real) -> real[n] {
  let y[i] = a * x[i]
  return y
}`);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, k) => callKernel(ones, "scaled", [[1, 2, 3], k], { device })),
    );
    for (const [k, r] of results.entries()) {
      expect(await (r as NDArray).toArray()).toEqual([k, 2 * k, 3 * k]);
      (r as NDArray).dispose();
    }
    expect(device.liveBytes).toBe(0);
  });
});
