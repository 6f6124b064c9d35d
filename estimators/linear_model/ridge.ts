// Ridge: least squares with a penalty on the squares of the coefficients.
import type { RandomSource } from "../../src/random/random_state.js";
import { type ArrayInput, asarray } from "../../src/runtime/asarray.js";
import { BifoldError } from "../../src/runtime/errors.js";
import type { NDArray } from "../../src/runtime/ndarray.js";
import { type Own, scope } from "../../src/runtime/scope.js";
import { checkMatrix, checkParameter, checkTargets, checkWeights, like, unitWeights } from "../validation.js";
import { LinearRegressor, linearAttributes } from "./linear_model.js";
import { ridgeFit } from "./ridge.fold";
import { ridgeSpectral, ridgeSpectralWide, ridgeSvd, ridgeSvdWide } from "./ridge_svd.fold";
import { ridgeFitWeighted, ridgeFitWide } from "./ridge_weighted.fold";

type Solver = "svd" | "cholesky";

export interface RidgeParams {
  /** The penalty, not negative: one number, or one for each target. */
  readonly alpha: number | readonly number[];
  readonly fitIntercept: boolean;
  /** Arrays are values, which `fit` never writes to: `true` and `false` mean the same. */
  readonly copyX: boolean;
  /** For iterative solvers, of which there is none here. */
  readonly maxIter: number | null;
  /** For iterative solvers, of which there is none here. */
  readonly tol: number;
  /**
   * `svd` takes singular systems and badly conditioned ones; `cholesky` is faster. `auto` is `cholesky`. Where the system of `cholesky` is
   * singular, `svd` takes over.
   */
  readonly solver: "auto" | Solver;
  /** Only `false`: coefficients that are forced to be positive are not there. */
  readonly positive: boolean;
  /** For solvers that draw, of which there is none here. */
  readonly randomState: RandomSource | null;
}

const solvers: readonly string[] = ["auto", "svd", "cholesky"] satisfies readonly RidgeParams["solver"][];

/** What a fit needs, checked and placed. */
interface System {
  readonly X: NDArray;
  readonly y: NDArray;
  readonly weights: NDArray | undefined;
  readonly alpha: NDArray;
  readonly centred: boolean;
}

interface Fit {
  readonly coef: NDArray;
  readonly intercept: NDArray;
}

/**
 * Linear least squares with l2 regularization: minimises `|y - X w - b|^2 + alpha |w|^2`.
 * scikit-learn: `sklearn.linear_model.Ridge` (without the iterative solvers `lsqr`, `sparse_cg`, `sag`, `saga` and `lbfgs`, and without `positive`).
 */
export class Ridge extends LinearRegressor<RidgeParams> {
  override get name(): string {
    return "Ridge";
  }

  constructor(params: Partial<RidgeParams> = {}) {
    super(
      {
        alpha: 1,
        fitIntercept: true,
        copyX: true,
        maxIter: null,
        tol: 1e-4,
        solver: "auto",
        positive: false,
        randomState: null,
      },
      params,
    );
  }

  /** The solver that `fit` used: `svd` or `cholesky`. */
  get solver_(): Solver {
    return this.attribute("solver_");
  }

  /** Iterations of the solver: `null`, as neither iterates. */
  get nIter_(): null {
    return this.attribute("nIter_");
  }

  /**
   * Learns from `X`, `real[n, p]`, and `y`, `real[n]` or `real[n, t]`, with `sampleWeight`, `real[n]`.
   * @throws {BifoldError} `shape`, `empty`, `not-finite`, `device`, `parameter`
   */
  async fit(
    X: ArrayInput,
    y: ArrayInput,
    { sampleWeight }: { readonly sampleWeight?: ArrayInput } = {},
  ): Promise<this> {
    const what = "Ridge.fit";
    const { alpha, fitIntercept, solver, positive } = this.getParams();
    checkParameter(
      solvers.includes(solver),
      what,
      "solver",
      `"auto", "svd" or "cholesky" (the iterative ones are not supported: "svd" solves every system that they solve)`,
      solver,
    );
    checkParameter(
      positive === false,
      what,
      "positive",
      "false (positive coefficients are not supported: fit without, and look at the signs of coef_)",
      positive,
    );
    const learned = await scope(async (own) => {
      const data = await checkMatrix(own, X, what);
      const { y: targets, flat } = await checkTargets(own, y, data, what);
      const system: System = {
        X: data,
        y: targets,
        weights: sampleWeight === undefined ? undefined : await checkWeights(own, sampleWeight, data, what),
        alpha: await this.penalties(own, alpha, targets, what),
        centred: fitIntercept,
      };
      const { fit, used } = await solved(own, system, solver === "svd" ? "svd" : "cholesky");
      // A single target is shown flat, whatever its dimensions were: scikit-learn's Ridge does that, its LinearRegression does not.
      const shown = {
        flat: targets.shape[1] === 1,
        intercept: fitIntercept ? (flat ? "number" : "list") : "zero",
      } as const;
      return { ...(await linearAttributes(own, fit, shown)), solver_: used, nIter_: null };
    });
    this.learn(learned);
    return this;
  }

  private async penalties(
    own: Own,
    alpha: number | readonly number[],
    targets: NDArray,
    what: string,
  ): Promise<NDArray> {
    const t = targets.shape[1] ?? 0;
    const list = typeof alpha === "number" ? Array.from({ length: t }, () => alpha) : alpha;
    checkParameter(
      list.every((a) => typeof a === "number" && a >= 0),
      what,
      "alpha",
      "a number that is not negative, or a list of such",
      alpha,
    );
    if (list.length !== t)
      throw new BifoldError(
        "shape",
        `${what}: alpha has ${list.length} penalties and y has ${t} targets: give one number, or one for each target`,
      );
    return own(await asarray([...list], like(targets)));
  }
}

/** The model, and the solver that found it. */
async function solved(own: Own, system: System, solver: Solver): Promise<{ readonly fit: Fit; readonly used: Solver }> {
  if (solver === "svd") return { fit: await bySingularValues(own, system), used: "svd" };
  try {
    return { fit: own(await byNormalEquations(own, system)), used: "cholesky" };
  } catch (error) {
    // A pivot that is not positive: scikit-learn goes on by `svd` then, too.
    if (!(error instanceof BifoldError && error.code === "R01")) throw error;
    return { fit: await bySingularValues(own, system), used: "svd" };
  }
}

const weightsOf = async (own: Own, { X, weights }: System): Promise<NDArray> => weights ?? unitWeights(own, X);
const isWide = ({ X: { shape } }: System): boolean => (shape[0] ?? 0) < (shape[1] ?? 0);

async function byNormalEquations(own: Own, system: System): Promise<Fit> {
  const { X, y, weights, alpha, centred } = system;
  if (isWide(system)) return ridgeFitWide(X, y, await weightsOf(own, system), alpha, centred);
  return weights ? ridgeFitWeighted(X, y, weights, alpha, centred) : ridgeFit(X, y, alpha, centred);
}

/** By the Gram matrix where it has the digits, which the kernel tells; else by a factorisation of `X` itself. */
async function bySingularValues(own: Own, system: System): Promise<Fit> {
  const { X, y, alpha, centred } = system;
  const [spectral, exact] = isWide(system) ? [ridgeSpectralWide, ridgeSvdWide] : [ridgeSpectral, ridgeSvd];
  const weights = await weightsOf(own, system);
  const first = own(await spectral(X, y, weights, alpha, centred));
  return first.trusted ? first : own(await exact(X, y, weights, alpha, centred));
}
