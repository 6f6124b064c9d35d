// How PCA finds its components: which solver, how many components, and the kernels in their order.
import { checkRandomState } from "../../src/random/random_state.js";
import { asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import type { Own } from "../../src/runtime/scope.js";
import { checkParameter, like } from "../validation.js";
import {
  pcaByCovariance,
  pcaCountFor,
  pcaInferCount,
  pcaKeep,
  pcaOfTriangle,
  pcaRows,
  pcaRowsWide,
  pcaTriangle,
  pcaTriangleWide,
} from "./pca.fold";
import type { PCAParams, PcaSolver } from "./pca.js";
import {
  pcaBack,
  pcaEven,
  pcaFirst,
  pcaForth,
  pcaKeepSketch,
  pcaMoments,
  pcaSmall,
  pcaTurn,
} from "./pca_randomized.fold";

/** What is kept of the components. */
export interface Kept {
  readonly components: NDArray;
  readonly variance: NDArray;
  readonly ratio: NDArray;
  readonly singular: NDArray;
  readonly noise: number;
}

export interface Decomposed {
  readonly mean: NDArray;
  readonly kept: Kept;
}

const isCount = (k: unknown, least: number): k is number => Number.isInteger(k) && (k as number) >= least;

/** What can be said of the parameters without data. @throws {BifoldError} `parameter` */
export function checkPcaParams(params: PCAParams, what: string): void {
  const { nComponents, svdSolver, iteratedPower, nOversamples, powerIterationNormalizer } = params;
  checkParameter(
    ["auto", "full", "covariance_eigh", "randomized"].includes(svdSolver),
    what,
    "svdSolver",
    `"auto", "full", "covariance_eigh" or "randomized" ("arpack" is not supported: "full" gives the same components)`,
    svdSolver,
  );
  checkParameter(
    nComponents === null ||
      nComponents === "mle" ||
      isCount(nComponents, 1) ||
      (typeof nComponents === "number" && nComponents > 0 && nComponents < 1),
    what,
    "nComponents",
    `a number of components from 1 on, a share of the variance between 0 and 1, "mle" or null`,
    nComponents,
  );
  checkParameter(
    iteratedPower === "auto" || isCount(iteratedPower, 0),
    what,
    "iteratedPower",
    `"auto" or an integer that is not negative`,
    iteratedPower,
  );
  checkParameter(isCount(nOversamples, 1), what, "nOversamples", "an integer from 1 on", nOversamples);
  checkParameter(
    ["auto", "QR", "LU", "none"].includes(powerIterationNormalizer),
    what,
    "powerIterationNormalizer",
    `"auto", "QR", "LU" or "none"`,
    powerIterationNormalizer,
  );
}

/** scikit-learn's choice. */
export function chosenSolver({ svdSolver, nComponents }: PCAParams, n: number, p: number): PcaSolver {
  if (svdSolver !== "auto") return svdSolver;
  if (p <= 1000 && n >= 10 * p) return "covariance_eigh";
  if (Math.max(n, p) <= 500 || nComponents === "mle") return "full";
  return isCount(nComponents, 1) && nComponents < 0.8 * Math.min(n, p) ? "randomized" : "full";
}

/** @throws {BifoldError} `parameter` where the data do not have so many components */
export async function decomposed(
  own: Own,
  X: NDArray,
  params: PCAParams,
  solver: PcaSolver,
  what: string,
): Promise<Decomposed> {
  const [n = 0, p = 0] = X.shape;
  const most = Math.min(n, p);
  const { nComponents } = params;
  checkParameter(
    typeof nComponents !== "number" || nComponents <= most,
    what,
    "nComponents",
    `at most ${most}, the lesser of ${n} samples and ${p} features`,
    nComponents,
  );
  checkParameter(
    solver !== "randomized" || nComponents === null || isCount(nComponents, 1),
    what,
    "nComponents",
    `a number of components where svdSolver is "randomized" (use "full" for a share of the variance or "mle")`,
    nComponents,
  );
  if (nComponents === "mle" && n < p)
    throw new BifoldError(
      "parameter",
      `${what}: nComponents "mle" needs as many samples as features at least, found ${n} samples and ${p} features: give a number of components`,
    );
  if (solver === "randomized") return byDraws(own, X, params, isCount(nComponents, 1) ? nComponents : most);
  const { mean, components, singular } = await spectrum(own, X, solver);
  const k =
    nComponents === null
      ? most
      : nComponents === "mle"
        ? await pcaInferCount(singular, n)
        : nComponents < 1
          ? Math.min(most, await pcaCountFor(singular, nComponents))
          : nComponents;
  return { mean, kept: own(await pcaKeep(components, singular, n, most, k)) };
}

/** All components. */
interface Spectrum {
  readonly mean: NDArray;
  readonly components: NDArray;
  readonly singular: NDArray;
}

/** `full` goes by the Gram matrix where that has the digits of a factorisation of `X`. */
async function spectrum(own: Own, X: NDArray, solver: "full" | "covariance_eigh"): Promise<Spectrum> {
  const [n = 0, p = 0] = X.shape;
  if (solver === "full" && n < p) {
    const { mean, H, beta, R } = own(await pcaTriangleWide(X));
    const { V, singular } = own(await pcaOfTriangle(R));
    return { mean, components: own(await pcaRowsWide(H, beta, V)), singular };
  }
  const quick = own(await pcaByCovariance(X));
  if (solver === "covariance_eigh" || quick.trusted) return quick;
  const { mean, R } = own(await pcaTriangle(X));
  const { V, singular } = own(await pcaOfTriangle(R));
  return { mean, components: own(await pcaRows(V)), singular };
}

/** An orthonormal basis of what the columns of `Y` span: what the first turn leaves of badly conditioned ones is well conditioned. */
async function basis(own: Own, Y: NDArray): Promise<NDArray> {
  const once = own(await pcaEven(Y));
  const twice = own(await pcaEven(once));
  once.dispose();
  return twice;
}

async function byDraws(own: Own, X: NDArray, params: PCAParams, count: number): Promise<Decomposed> {
  const [n = 0, p = 0] = X.shape;
  const most = Math.min(n, p);
  const { iteratedPower, nOversamples, randomState } = params;
  const turns = iteratedPower === "auto" ? (count < 0.1 * most ? 7 : 4) : iteratedPower;
  const { mean, total } = own(await pcaMoments(X));
  // More directions than there are span no more.
  const drawn = count + nOversamples;
  const size = Math.min(drawn, most);
  const normals = checkRandomState(randomState ?? undefined).normal(0, 1, [most, drawn]);
  let Q = own(own(await asarray(normals, like(X))).reshape([most, drawn]));
  if (size < drawn) Q = own(await pcaFirst(Q, size));
  const wide = n < p;
  const [first, second] = wide ? [pcaBack, pcaForth] : [pcaForth, pcaBack];
  const steps = Array.from({ length: 2 * turns + 1 }, (_, k) => (k % 2 === 0 ? first : second));
  for (const step of steps) {
    const Y = own(await step(X, mean, Q));
    Q.dispose();
    Q = await basis(own, Y);
    Y.dispose();
  }
  // Of Q'A (wide: AQ), whose longer side is taken away by an orthonormal basis of it.
  const Y = own(await second(X, mean, Q));
  const W = await basis(own, Y);
  const { left, singular, right } = own(await pcaSmall(W, Y));
  const components = own(await (wide ? pcaTurn(Q, right) : pcaTurn(W, left)));
  return { mean, kept: own(await pcaKeepSketch(components, singular, total, n, most, count)) };
}
