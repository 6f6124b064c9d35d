// One process of `npm run bench`: every peer that runs in JavaScript, in turns on each task that it is asked for.
import fs from "node:fs";
import path from "node:path";
import { answerRequests } from "../peers/answer.js";
import { bifoldPeer } from "./bifold.js";
import { ceilingPeer } from "./ceiling.js";
import { jaxPeer } from "./jax.js";
import { mlMatrixPeer } from "./ml_matrix.js";
import { onnxPeer } from "./onnx.js";
import type { Peer, Run } from "./peer.js";
import type { PeersAnswer, SampleOptions, Samples } from "./protocol.js";
import { rustPeer } from "./rust.js";
import { operandsOf, type Task } from "./tasks.js";
import { tfjsPeer } from "./tfjs.js";

const options = JSON.parse(process.argv[2] ?? "{}") as SampleOptions;

const versionOf = (name: string): string => {
  const file = path.resolve("bench/node_modules", name, "package.json");
  if (!fs.existsSync(file)) throw new Error("not installed: `npm install --prefix bench`");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
};

const loaders: Readonly<Record<string, () => Promise<Peer>>> = {
  bifold: () => bifoldPeer(options.threads, options.kernels),
  ceiling: ceilingPeer,
  onnx: async () => onnxPeer(options.threads, versionOf("onnxruntime-web")),
  tfjs: async () => {
    versionOf("@tensorflow/tfjs-core");
    return tfjsPeer();
  },
  "jax-js": async () => jaxPeer(versionOf("@jax-js/jax")),
  "ml-matrix": async () => mlMatrixPeer(versionOf("ml-matrix")),
  faer: () => rustPeer("faer"),
  nalgebra: () => rustPeer("nalgebra"),
  wide: () => rustPeer("wide"),
};

/** Seconds a call, over as many calls as fill a sample. */
async function sample(run: Run, calls: number): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < calls; k++) {
    const pending = run();
    if (pending instanceof Promise) await pending;
  }
  return (performance.now() - start) / 1000 / calls;
}

/** How many calls fill a sample, after the peer has warmed up. */
async function callsFor(run: Run): Promise<number> {
  const first = await sample(run, 1);
  if (first > options.sampleSeconds * 4) return 1;
  let calls = 1;
  for (;;) {
    const seconds = (await sample(run, calls)) * calls;
    if (seconds >= options.sampleSeconds) return calls;
    calls = Math.ceil(calls * Math.min(10, 1.2 * (options.sampleSeconds / Math.max(seconds, 1e-6))));
  }
}

const peers: Peer[] = [];

async function load(): Promise<PeersAnswer> {
  const found: PeersAnswer["peers"][number][] = [];
  for (const name of options.peers) {
    try {
      const peer = await loaders[name]?.();
      if (!peer) throw new Error("unknown");
      peers.push(peer);
      found.push({ name, title: peer.title });
    } catch (error) {
      found.push({ name, missing: error instanceof Error ? error.message : String(error) });
    }
  }
  return { peers: found };
}

async function measure({ task }: { readonly task: Task }): Promise<Samples> {
  const operands = operandsOf(task);
  const failed: Record<string, string> = {};
  const ready: { readonly peer: string; readonly run: Run; readonly calls: number; readonly seconds: number[] }[] = [];
  for (const peer of peers) {
    try {
      const run = await peer.prepare(task, operands);
      if (run) ready.push({ peer: peer.name, run, calls: await callsFor(run), seconds: [] });
    } catch (error) {
      failed[peer.name] = error instanceof Error ? error.message : String(error);
    }
  }
  for (let round = 0; round < options.rounds; round++)
    for (const r of ready) r.seconds.push(await sample(r.run, r.calls));
  return { seconds: Object.fromEntries(ready.map((r) => [r.peer, r.seconds])), failed };
}

await answerRequests({ load, measure });
process.exit(0);
