// A program that runs in another folder than the packages lie in finds the GPU, or its stand-in, all the same.
import os from "node:os";
import { expect, it } from "vitest";
import { asarray } from "../../src/runtime/index.js";
import { newGpu } from "../webgpu/harness.js";

it("in a folder without packages", async () => {
  const home = process.cwd();
  process.chdir(os.tmpdir());
  try {
    const gpu = await newGpu();
    using x = await asarray([1, 2], { device: gpu });
    expect(await x.toArray()).toEqual([1, 2]);
  } finally {
    process.chdir(home);
  }
});
