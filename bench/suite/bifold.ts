// Bifold as a peer: kernels that `bifold build` made of `bench/kernels`, and the array namespace's linear algebra.
import { pathToFileURL } from "node:url";
import { asarray, type Device, disposeAll, type NDArray } from "bifold";
import { namespace } from "bifold/array";
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

type Kernel = (...args: readonly NDArray[]) => Promise<unknown>;

const mapNames = { exp: "exponential", log: "logarithm", tanh: "hyperbolicTangent" } as const;

/** The function that does a task. */
function kernelOf(task: Task, kernels: Readonly<Record<string, Kernel>>, X: NDArray): Kernel | undefined {
  switch (task.kind) {
    case "matmul":
      return kernels["product"];
    case "map":
      return kernels[mapNames[task.f]];
    case "call":
      return kernels["twice"];
    case "decomposition": {
      const { linalg } = namespace(X);
      return { eigh: linalg.eigh, svd: linalg.svd, cholesky: linalg.cholesky, solve: linalg.solve }[task.f] as Kernel;
    }
    default:
      return kernels[task.kind];
  }
}

/** @param kernels the module that `bifold build` wrote */
export async function bifoldPeer(device: Device, kernels: string): Promise<Peer> {
  const compiled = (await import(pathToFileURL(kernels).href)) as Record<string, Kernel>;
  const one = await asarray({ data: new Float32Array([1]), shape: [1] }, { device });
  return {
    name: "bifold",
    title: `Bifold on ${device.name}`,
    // A GPU does what it is given in order: what is read back last comes after all before it.
    ...(device.kind === "cpu" ? {} : { settle: async () => void (await one.data()) }),
    async prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined> {
      const args = await Promise.all(operands.map((o) => asarray({ data: o.data, shape: [...o.shape] }, { device })));
      const [first] = args;
      const kernel = first && kernelOf(task, compiled, first);
      if (!kernel) return undefined;
      // As a user waits for it: a call on tiny data is read back.
      if (task.kind === "call")
        return async () => {
          const y = (await kernel(...args)) as NDArray;
          await y.data();
          y.dispose();
        };
      return async () => disposeAll(plain(await kernel(...args)));
    },
  };
}

/** What a kernel gives, as `disposeAll` opens it. */
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && Symbol.iterator in value && !("data" in value)
    ? [...(value as Iterable<unknown>)]
    : value;
