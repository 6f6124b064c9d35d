// One process of `npm run bench`: every peer that runs in JavaScript, in turns on each task that it is asked for.
import fs from "node:fs";
import path from "node:path";
import { device } from "bifold";
import { rest } from "../machine.js";
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
import { callsFor, type Settle, sample } from "./timing.js";

const options = JSON.parse(process.argv[2] ?? "{}") as SampleOptions;

const versionOf = (name: string): string => {
  const file = path.resolve("bench/node_modules", name, "package.json");
  if (!fs.existsSync(file)) throw new Error("not installed: `npm install --prefix bench`");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
};

const loaders: Readonly<Record<string, () => Promise<Peer>>> = {
  bifold: async () => bifoldPeer(await device("cpu", { threads: options.threads }), options.kernels),
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
  const ready: {
    readonly peer: string;
    readonly run: Run;
    readonly settle: Settle | undefined;
    readonly calls: number;
    readonly seconds: number[];
  }[] = [];
  for (const peer of peers) {
    try {
      const run = await peer.prepare(task, operands);
      if (run)
        ready.push({
          peer: peer.name,
          run,
          settle: peer.settle,
          calls: await callsFor(run, options.sampleSeconds, peer.settle),
          seconds: [],
        });
    } catch (error) {
      failed[peer.name] = error instanceof Error ? error.message : String(error);
    }
  }
  for (let round = 0; round < options.rounds; round++)
    for (const r of ready) {
      if (options.threads > 1) {
        await rest();
        await r.run();
      }
      r.seconds.push(await sample(r.run, r.calls, r.settle));
    }
  return { seconds: Object.fromEntries(ready.map((r) => [r.peer, r.seconds])), failed };
}

await answerRequests({ load, measure });
process.exit(0);
