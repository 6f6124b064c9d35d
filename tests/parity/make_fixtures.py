"""Writes fixtures/*.json: what scikit-learn gives, for the parity tests. Run: `pip install scikit-learn && python tests/parity/make_fixtures.py`.

Areas have scripts of their own beside this one, `<area>_fixtures.py`, which are run the same way.

Each file holds the versions that made it, and a list of cases: inputs, parameters, and scikit-learn's attributes and results.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler

OUT = pathlib.Path(__file__).parent / "fixtures"
VERSIONS = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__}


def plain(value):
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (np.floating, np.integer)):
        return plain(value.item())
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def write(name, cases):
    text = json.dumps(plain({"versions": VERSIONS, "cases": cases}), separators=(",", ":"))
    (OUT / f"{name}.json").write_text(text + "\n")
    print(f"{name}: {len(cases)} cases, {len(text)} bytes")


def data(n, p, t=None, seed=0, spread=1.0, shift=0.0):
    rng = np.random.RandomState(seed)
    X = np.round(rng.normal(size=(n, p)) * spread + shift, 6)
    w = rng.normal(size=(p, t or 1))
    y = X @ w + 0.1 * rng.normal(size=(n, t or 1)) + 2.0
    y = np.round(y, 6)
    return X, (y if t else y[:, 0]), np.round(rng.uniform(0.1, 2.0, size=n), 6)


def scaler():
    cases = []
    for n, p, seed, shift in [(1, 3, 0, 0.0), (7, 2, 1, 1e4), (40, 5, 2, 0.0)]:
        X, _, w = data(n, p, seed=seed, shift=shift)
        if n == 40:
            X[3, 1] = np.nan
            X[:, 4] = 7.25
        for weights in (None, w):
            for with_mean, with_std in ((True, True), (False, True), (True, False), (False, False)):
                model = StandardScaler(with_mean=with_mean, with_std=with_std).fit(X, sample_weight=weights)
                cases.append(
                    {
                        "X": X,
                        "sampleWeight": weights,
                        "params": {"withMean": with_mean, "withStd": with_std},
                        "mean_": model.mean_,
                        "var_": model.var_,
                        "scale_": model.scale_,
                        "nSamplesSeen_": model.n_samples_seen_ if with_mean or with_std else None,
                        "transform": model.transform(X),
                    }
                )
    write("standard_scaler", cases)


def sensitivity(X, y, weights, intercept, alpha, coef, rank=None):
    """How far the coefficients move, to first order, for a relative change of one in `X` and `y`, in the 2-norm of the worst target.

    With the centred, weighted `A` and `b`: of the normal equations `(A'A + alpha) w = A'b` (`rank` not given), and of least squares by an
    orthogonal factorisation (Golub and Van Loan, section 5.3.7). What centring takes off counts: it is where digits get lost.
    """
    root = np.sqrt(np.ones(len(X)) if weights is None else weights)[:, None]
    Y = y if y.ndim == 2 else y[:, None]
    W = np.atleast_2d(coef).T
    total = np.sum(root**2)
    A = root * (X - (np.sum(root**2 * X, axis=0) / total if intercept else 0))
    B = root * (Y - (np.sum(root**2 * Y, axis=0) / total if intercept else 0))
    size_A, size_B = np.linalg.norm(root * X), np.linalg.norm(root * Y, axis=0)
    size_W, residual = np.linalg.norm(W, axis=0), np.linalg.norm(B - A @ W, axis=0)
    values = np.linalg.svd(A, compute_uv=False)
    if rank is not None:
        least = values[rank - 1] if rank > 0 else 1.0
        return np.max(2 * size_A * size_W / least + size_A * residual / least**2 + size_B / least)
    penalty = np.min(alpha)
    if A.shape[1] > A.shape[0]:
        # By the dual equations, `w = A' d`; the norm of `A' (A A' + alpha)^-1` is at most `1 / (2 sqrt(alpha))`.
        size_D = np.linalg.norm(np.linalg.solve(A @ A.T + penalty * np.eye(len(A)), B), axis=0)
        return np.max((size_A**2 * size_D + size_B) / np.sqrt(penalty) + 2 * size_A * size_D)
    return np.max(2 * size_A * (size_A * size_W + size_B) / (values[-1] ** 2 + penalty))


SHAPES = [(1, 2, None, 5), (3, 1, None, 0), (20, 4, None, 1), (30, 6, 3, 2), (12, 3, 1, 6), (5, 9, None, 3), (5, 9, 2, 7), (64, 17, 2, 4)]


def linear():
    ridges, ordinary = [], []

    def ridge(X, y, weights, intercept, alpha):
        model = Ridge(alpha=alpha, fit_intercept=intercept, solver="cholesky").fit(X, y, sample_weight=weights)
        ridges.append(
            {
                "X": X,
                "y": y,
                "sampleWeight": weights,
                "params": {"alpha": alpha, "fitIntercept": intercept},
                "coef_": model.coef_,
                "intercept_": model.intercept_,
                "predict": model.predict(X),
                "score": model.score(X, y, sample_weight=weights) if len(X) > 1 else float("nan"),
                "sensitivity": sensitivity(X, y, weights, intercept, alpha, model.coef_),
            }
        )

    def least_squares(X, y, weights, intercept):
        model = LinearRegression(fit_intercept=intercept).fit(X, y, sample_weight=weights)
        ordinary.append(
            {
                "X": X,
                "y": y,
                "sampleWeight": weights,
                "params": {"fitIntercept": intercept},
                "coef_": model.coef_,
                "intercept_": model.intercept_,
                "rank_": model.rank_,
                "singular_": model.singular_,
                "predict": model.predict(X),
                "sensitivity": sensitivity(X, y, weights, intercept, 0, model.coef_, model.rank_),
            }
        )

    for n, p, t, seed in SHAPES:
        X, y, w = data(n, p, t, seed=seed, shift=3.0)
        for weights in (None, w):
            for intercept in (True, False):
                for alpha in (1e-3, 1.0, list(np.linspace(0.5, 2, t)) if t else 10.0):
                    ridge(X, y, weights, intercept, alpha)
                least_squares(X, y, weights, intercept)
    # A column that is a sum of others, and a constant one: the smallest solution. Numbers of few digits, so that single precision holds them too.
    X, y, w = data(12, 4, 2, seed=9)
    X = np.round(X * 8) / 8
    X[:, 2] = X[:, 0] + X[:, 1]
    X[:, 3] = 2.5
    for weights in (None, np.round(w * 4) / 4 + 0.25):
        least_squares(X, y, weights, True)
        ridge(X, y, weights, True, 1.0)
    write("ridge", ridges)
    write("linear_regression", ordinary)


def clusters():
    cases = []

    def fit(X, weights, **params):
        model = KMeans(**params).fit(X, sample_weight=weights)
        names = {"n_clusters": "nClusters", "n_init": "nInit", "random_state": "randomState", "max_iter": "maxIter"}
        cases.append(
            {
                "X": X,
                "sampleWeight": weights,
                "params": {names.get(name, name): value for name, value in params.items()},
                "clusterCenters_": model.cluster_centers_,
                "labels_": model.labels_,
                "inertia_": model.inertia_,
                "nIter_": model.n_iter_,
                # Not by `model.transform`, which takes differences of squares: near a centre it has few digits.
                "transform": np.sqrt(((X[:5, None] - model.cluster_centers_) ** 2).sum(axis=2)),
                "score": model.score(X, sample_weight=weights),
            }
        )

    for n, p, k, seed in [(6, 1, 2, 0), (60, 2, 3, 1), (150, 4, 5, 2), (40, 3, 8, 3)]:
        rng = np.random.RandomState(seed)
        centers = rng.uniform(-10, 10, size=(k, p))
        X = np.round(centers[rng.randint(0, k, size=n)] + rng.normal(size=(n, p)), 6)
        w = np.round(rng.uniform(0.5, 2.0, size=n), 6)
        for weights in (None, w):
            for init in ("k-means++", X[:k]):
                fit(X, weights, n_clusters=k, init=init, n_init=1, random_state=seed)
            fit(X, weights, n_clusters=k, init="random", random_state=seed)
        fit(X, None, n_clusters=k, n_init=4, random_state=seed + 10)
        fit(X + 1000, None, n_clusters=k, random_state=seed)
        # Some samples weigh nothing: they are never drawn, and have labels all the same.
        fit(X, np.where(np.arange(n) % 3 == 0, 0.0, w), n_clusters=k, init="random", n_init=2, random_state=seed)
        fit(X, None, n_clusters=k, max_iter=1, random_state=seed)
        fit(X, None, n_clusters=1, random_state=seed)
    # Clusters that start empty: one, two.
    for far in ([[90.0, 90.0]], [[90.0, 90.0], [-90.0, 70.0]]):
        fit(X[:, :2], None, n_clusters=3 + len(far), init=np.vstack([X[:3, :2], far]), n_init=1)
    # Every sample a cluster; fewer different samples than clusters.
    fit(X[:4], None, n_clusters=4, random_state=0)
    fit(np.array([[1.0, 2.0], [1.0, 2.0], [5.0, 5.0], [5.0, 5.0]]), None, n_clusters=3, random_state=0)
    write("kmeans", cases)


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    scaler()
    linear()
    clusters()
