// ml-matrix: plain JavaScript in f64.
import type { Peer, Run } from "./peer.js";
import type { Operand, Task } from "./tasks.js";

export async function mlMatrixPeer(version: string): Promise<Peer> {
  const { CholeskyDecomposition, EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } = await import(
    "ml-matrix"
  );
  return {
    name: "ml-matrix",
    title: `ml-matrix ${version}`,
    async prepare(task: Task, operands: readonly Operand[]): Promise<Run | undefined> {
      if (task.dtype !== "float64") return undefined;
      const [A, B] = operands.map((o) => Matrix.from1DArray(o.shape[0] ?? 0, o.shape[1] ?? 1, [...o.data]));
      if (!A) return undefined;
      switch (task.kind) {
        case "matmul":
          return task.n <= 512 && B ? () => A.mmul(B) : undefined;
        case "map":
          return () => Matrix[task.f](A);
        case "moments":
          return () => [A.mean("column"), A.variance("column", { unbiased: false })];
        case "rowArgmin":
          return () => Array.from({ length: A.rows }, (_, i) => A.minRowIndex(i)[1]);
        case "decomposition":
          if (task.n > 300) return undefined;
          switch (task.f) {
            case "eigh":
              return () => new EigenvalueDecomposition(A, { assumeSymmetric: true });
            case "svd":
              return () => new SingularValueDecomposition(A);
            case "cholesky":
              return () => new CholeskyDecomposition(A).lowerTriangularMatrix;
            case "solve":
              return B && (() => solve(A, B));
          }
          return undefined;
        default:
          return undefined;
      }
    },
  };
}
