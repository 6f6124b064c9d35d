// jax-js on its WebAssembly backend. Each task is jitted; its arrays are counted, so that arguments are handed over by `.ref`.
import type { Array as JaxArray } from "@jax-js/jax";
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

export async function jaxPeer(version: string): Promise<Peer> {
  const { blockUntilReady, defaultDevice, init, jit, numpy: np } = await import("@jax-js/jax");
  await init("wasm");
  defaultDevice("wasm");
  type Fn = (...args: JaxArray[]) => JaxArray | JaxArray[];
  const runOf =
    (f: Fn, args: readonly JaxArray[]): Run =>
    async () => {
      const value = f(...args.map((a) => a.ref));
      await blockUntilReady(value);
      for (const a of Array.isArray(value) ? value : [value]) a.dispose();
    };
  const jitted = (f: (...args: JaxArray[]) => JaxArray | JaxArray[]): Fn => jit(f as never) as unknown as Fn;
  return {
    name: "jax-js",
    title: `jax-js ${version}, WASM, jitted`,
    async prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined> {
      const args = operands.map((o) => np.array(o.data as never).reshape([...o.shape]));
      const [A] = args;
      switch (task.kind) {
        case "matmul":
          return runOf(
            jitted((a, b) => np.matmul(a as JaxArray, b as JaxArray)),
            args,
          );
        case "crossProduct":
          return runOf(
            jitted((a, b) => np.matmul(np.transpose(a as JaxArray), b as JaxArray)),
            args,
          );
        case "gram":
          return runOf(
            jitted((a) => np.matmul(np.transpose((a as JaxArray).ref), a as JaxArray)),
            args,
          );
        case "map":
          return runOf(
            jitted((a) => np[task.f](a as JaxArray)),
            args,
          );
        case "moments":
          return runOf(
            jitted((a) => [np.mean((a as JaxArray).ref, 0), np.var_(a as JaxArray, 0)]),
            args,
          );
        case "rowArgmin":
          return runOf(
            jitted((a) => np.argmin(a as JaxArray, 1)),
            args,
          );
        case "normaliseRows":
          return runOf(
            jitted((a) => (a as JaxArray).ref.div(np.sqrt(np.sum(np.square(a as JaxArray), 1, { keepdims: true })))),
            args,
          );
        case "nearest":
          return runOf(
            jitted((x, c) =>
              np.argmin(
                np
                  .sum(np.square((c as JaxArray).ref), 1)
                  .sub(np.matmul(x as JaxArray, np.transpose(c as JaxArray)).mul(2)),
                1,
              ),
            ),
            args,
          );
        case "decomposition":
          // In f64 its decompositions take minutes; they are measured in the type that it is made for.
          if (task.dtype !== "float32" || task.n > 300) return undefined;
          switch (task.f) {
            case "eigh":
              return runOf((a) => np.linalg.eigh(a as JaxArray) as unknown as JaxArray[], args);
            case "svd":
              return runOf((a) => np.linalg.svd(a as JaxArray) as unknown as JaxArray[], args);
            case "cholesky":
              return runOf((a) => np.linalg.cholesky(a as JaxArray), args);
            case "solve":
              return runOf((a, b) => np.linalg.solve(a as JaxArray, b as JaxArray), args);
          }
          return undefined;
        case "call": {
          const f = jitted((a) => (a as JaxArray).mul(2));
          return async () => {
            const y = f((A as JaxArray).ref) as JaxArray;
            await y.data();
          };
        }
      }
    },
  };
}
