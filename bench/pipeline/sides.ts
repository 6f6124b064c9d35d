// Who runs the seed pipeline: Bifold on the CPU, on the GPU where there is one, and scikit-learn where Python has it. Each in a process.
import { fileURLToPath } from "node:url";
import { PeerProcess } from "../peers/child.js";
import { type Python, startPython } from "../peers/python.js";

export interface Side {
  readonly name: string;
  /** The types that it computes in. */
  readonly dtypes: readonly string[];
  readonly start: (threads: number) => PeerProcess;
}

/** @param program what `bifold_peer.ts` was bundled to */
const bifold = (name: string, kind: string, dtypes: readonly string[], program: string): Side => ({
  name,
  dtypes,
  start: (threads) => PeerProcess.start(`Bifold on ${kind}`, [process.execPath, program, kind, `${threads}`]),
});

const peer = (from: string): string => fileURLToPath(new URL("./bifold_peer.js", from));

export const onCpu = (from: string): Side => bifold("Bifold", "cpu", ["float32", "float64"], peer(from));
export const onGpu = (from: string): Side => bifold("Bifold, WebGPU", "webgpu", ["float32"], peer(from));

export const inPython = (python: Python): Side => ({
  name: "scikit-learn",
  dtypes: ["float32", "float64"],
  start: (threads) => startPython("scikit-learn", python, "bench/pipeline/sklearn_peer.py", threads),
});

/** Adapters that run on the CPU: what they take measures nothing. */
export const standsIn = (name: string): boolean => /swiftshader|llvmpipe/i.test(name);

/** The GPU's name, or why there is none that is worth a measurement. */
export async function gpuName(gpu: Side): Promise<{ readonly name?: string; readonly missing?: string }> {
  const peer = gpu.start(1);
  try {
    const { name } = await peer.ask<{ name: string }>({ op: "device" });
    return standsIn(name) ? { missing: `the only WebGPU adapter here runs on the CPU (${name})` } : { name };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  } finally {
    peer.stop();
  }
}
