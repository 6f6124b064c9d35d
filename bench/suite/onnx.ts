// ONNX Runtime Web on WebAssembly: each task is a small model.

import { type OnnxNode, onnxModel } from "./onnx_model.js";
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

const opNames = { exp: "Exp", log: "Log", tanh: "Tanh" } as const;

interface Graph {
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly { readonly name: string; readonly indices?: boolean }[];
  readonly axes?: Readonly<Record<string, readonly number[]>>;
}

function graphOf(task: Task): Graph | undefined {
  const y = [{ name: "y" }];
  const one = (op: string, inputs: readonly string[], attributes: OnnxNode["attributes"] = {}): Graph => ({
    nodes: [{ op, inputs, outputs: ["y"], attributes }],
    outputs: y,
  });
  switch (task.kind) {
    case "matmul":
      return one("MatMul", ["a", "b"]);
    case "crossProduct":
      return one("Gemm", ["a", "b"], { transA: 1 });
    case "gram":
      return one("Gemm", ["a", "a"], { transA: 1 });
    case "map":
      return one(opNames[task.f], ["a"]);
    case "moments":
      return {
        nodes: [
          { op: "ReduceMean", inputs: ["a", "rows"], outputs: ["mean"], attributes: { keepdims: 1 } },
          { op: "Sub", inputs: ["a", "mean"], outputs: ["centred"] },
          { op: "ReduceSumSquare", inputs: ["centred", "rows"], outputs: ["variance"], attributes: { keepdims: 1 } },
        ],
        outputs: [{ name: "mean" }, { name: "variance" }],
        axes: { rows: [0] },
      };
    case "rowArgmin":
      return {
        nodes: [{ op: "ArgMin", inputs: ["a"], outputs: ["y"], attributes: { axis: 1, keepdims: 0 } }],
        outputs: [{ name: "y", indices: true }],
      };
    case "normaliseRows":
      return one("LpNormalization", ["a"], { axis: 1, p: 2 });
    case "call":
      return one("Add", ["a", "a"]);
    case "nearest":
    case "decomposition":
      return undefined;
  }
}

export async function onnxPeer(threads: number, version: string): Promise<Peer> {
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  return {
    name: "onnx",
    title: `ONNX Runtime Web ${version}, WASM`,
    async prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined> {
      const graph = graphOf(task);
      if (!graph) return undefined;
      const names = ["a", "b"].slice(0, operands.length);
      const inputs = names.map((name, k) => ({ name, shape: operands[k]?.shape ?? [] }));
      const model = onnxModel({ ...graph, dtype: task.dtype, inputs });
      // Not every operation is there for f64: what it refuses, it has not.
      const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] }).catch(() => undefined);
      if (!session) return undefined;
      const feeds = Object.fromEntries(
        names.map((name, k) => [
          name,
          new ort.Tensor(task.dtype, operands[k]?.data as Float32Array, operands[k]?.shape),
        ]),
      );
      return () => session.run(feeds);
    },
  };
}
