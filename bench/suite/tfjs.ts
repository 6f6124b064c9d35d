// TensorFlow.js on its WebAssembly backend, with SIMD: f32, and no linear algebra beyond products.
import path from "node:path";
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

export async function tfjsPeer(): Promise<Peer> {
  const tf = await import("@tensorflow/tfjs-core");
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${path.resolve("bench/node_modules/@tensorflow/tfjs-backend-wasm/dist")}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  type Tensor = ReturnType<typeof tf.tensor>;
  const done =
    (f: () => Tensor | readonly Tensor[]): Run =>
    () => {
      const value = f();
      for (const t of Array.isArray(value) ? value : [value]) t.dispose();
    };
  return {
    name: "tfjs",
    title: `TensorFlow.js ${tf.version_core}, WASM`,
    async prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined> {
      if (task.dtype !== "float32") return undefined;
      const [A, B] = operands.map((o) => tf.tensor(o.data as Float32Array, [...o.shape], "float32"));
      if (!A) return undefined;
      switch (task.kind) {
        case "matmul":
          return B && done(() => tf.matMul(A as never, B as never));
        case "crossProduct":
          return B && done(() => tf.matMul(A as never, B as never, true, false));
        case "gram":
          return done(() => tf.matMul(A as never, A as never, true, false));
        case "map":
          return done(() => tf[task.f](A));
        case "moments":
          return done(() => {
            const { mean, variance } = tf.moments(A, 0);
            return [mean, variance];
          });
        case "rowArgmin":
          return done(() => tf.argMin(A, 1));
        case "normaliseRows":
          return done(() => tf.tidy(() => tf.div(A, tf.norm(A, 2, 1, true))));
        case "nearest":
          return (
            B &&
            done(() =>
              tf.tidy(() => {
                const size = tf.sum(tf.square(B), 1);
                return tf.argMin(tf.sub(size, tf.mul(2, tf.matMul(A as never, B as never, false, true))), 1);
              }),
            )
          );
        case "call":
          return () => {
            const y = tf.mul(2, A);
            y.dataSync();
            y.dispose();
          };
        case "decomposition":
          return undefined;
      }
    },
  };
}
