"""Writes fixtures/*.json: what scikit-learn gives, for the parity tests. Run: `pip install scikit-learn && python tests/parity/make_fixtures.py`.

Each file holds the versions that made it, and a list of cases: inputs, parameters, and scikit-learn's attributes and results.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_squared_error, r2_score
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
            for with_mean, with_std in ((True, True), (False, True), (True, False)):
                model = StandardScaler(with_mean=with_mean, with_std=with_std).fit(X, sample_weight=weights)
                cases.append(
                    {
                        "X": X,
                        "sampleWeight": weights,
                        "params": {"withMean": with_mean, "withStd": with_std},
                        "mean_": model.mean_ if with_mean or with_std else None,
                        "var_": model.var_,
                        "scale_": model.scale_,
                        "transform": model.transform(X),
                    }
                )
    write("standard_scaler", cases)


def linear():
    ridges, ordinary = [], []
    for n, p, t, seed in [(3, 1, None, 0), (20, 4, None, 1), (30, 6, 3, 2), (5, 9, None, 3), (64, 17, 2, 4)]:
        X, y, w = data(n, p, t, seed=seed, shift=3.0)
        for weights in (None, w):
            for intercept in (True, False):
                for alpha in (1e-3, 1.0, list(np.linspace(0.5, 2, t)) if t else 10.0):
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
                            "score": model.score(X, y, sample_weight=weights),
                        }
                    )
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
                    }
                )
    X, y, _ = data(12, 3, None, seed=9)
    X[:, 2] = X[:, 0] + X[:, 1]
    model = LinearRegression().fit(X, y)
    ordinary.append(
        {
            "X": X,
            "y": y,
            "sampleWeight": None,
            "params": {"fitIntercept": True},
            "coef_": model.coef_,
            "intercept_": model.intercept_,
            "rank_": model.rank_,
            "singular_": model.singular_,
            "predict": model.predict(X),
        }
    )
    write("ridge", ridges)
    write("linear_regression", ordinary)


def clusters():
    cases = []
    for n, p, k, seed in [(6, 1, 2, 0), (60, 2, 3, 1), (150, 4, 5, 2), (40, 3, 8, 3)]:
        rng = np.random.RandomState(seed)
        centers = rng.uniform(-10, 10, size=(k, p))
        X = np.round(centers[rng.randint(0, k, size=n)] + rng.normal(size=(n, p)), 6)
        w = np.round(rng.uniform(0.5, 2.0, size=n), 6)
        for weights in (None, w):
            for init in ("k-means++", X[:k]):
                model = KMeans(n_clusters=k, init=init, n_init=1, random_state=seed).fit(X, sample_weight=weights)
                cases.append(
                    {
                        "X": X,
                        "sampleWeight": weights,
                        "params": {"nClusters": k, "init": init, "nInit": 1, "randomState": seed},
                        "clusterCenters_": model.cluster_centers_,
                        "labels_": model.labels_,
                        "inertia_": model.inertia_,
                        "nIter_": model.n_iter_,
                        "transform": model.transform(X[:5]),
                    }
                )
    write("kmeans", cases)


def metrics():
    cases = []
    for n, t, seed in [(2, None, 0), (10, None, 1), (25, 3, 2)]:
        rng = np.random.RandomState(seed)
        y = np.round(rng.normal(size=(n, t) if t else n), 6)
        pred = np.round(y + 0.3 * rng.normal(size=y.shape), 6)
        if t:
            y[:, 1] = 4.0
        w = np.round(rng.uniform(0.1, 2.0, size=n), 6)
        for weights in (None, w):
            for multioutput in ("uniform_average", "raw_values", "variance_weighted", [0.2, 0.3, 0.5]):
                if not t and multioutput != "uniform_average":
                    continue
                case = {"yTrue": y, "yPred": pred, "sampleWeight": weights, "multioutput": multioutput}
                case["r2"] = r2_score(y, pred, sample_weight=weights, multioutput=multioutput)
                if multioutput != "variance_weighted":
                    case["mse"] = mean_squared_error(y, pred, sample_weight=weights, multioutput=multioutput)
                cases.append(case)
    write("regression_metrics", cases)


def random_state():
    cases = []
    for seed in (0, 42, 2**32 - 1):
        r = np.random.RandomState(seed)
        cases.append({"seed": seed, "uniform": r.random_sample(5), "randint": r.randint(0, 1000, size=5), "permutation": r.permutation(10)})
    write("random_state", cases)


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    scaler()
    linear()
    clusters()
    metrics()
    random_state()
