"""Writes fixtures/pairwise_kernels.json, pairwise_distances.json, nystroem.json and kernel_centerer.json: what scikit-learn gives.

Run: `python tests/parity/pairwise_fixtures.py`, with what make_fixtures.py asks for. Beside scikit-learn's results in double precision there are those in
single precision, and what is true: the same of the very numbers, from differences in extended precision.
"""

import numpy as np
from make_fixtures import write
from sklearn.kernel_approximation import Nystroem
from sklearn.metrics import pairwise
from sklearn.preprocessing import KernelCenterer

KERNELS = {
    "linear": [{}],
    "polynomial": [{}, {"degree": 2}, {"degree": 5, "gamma": 0.25, "coef0": -0.5}, {"degree": 2.5, "coef0": 30.0}],
    "sigmoid": [{}, {"gamma": 0.125, "coef0": -0.25}],
    "cosine": [{}],
    "rbf": [{}, {"gamma": 0.25}],
    "laplacian": [{}, {"gamma": 0.25}],
    "additive_chi2": [{}],
    "chi2": [{}, {"gamma": 0.5}],
}


def single(n, p, seed, low=-2.0, high=2.0):
    """Numbers that every floating type holds, so that all results are of the same rows."""
    return np.round(np.random.RandomState(seed).uniform(low, high, size=(n, p)) * 256).astype(np.float32) / 256


def error(found, truth):
    """The root of the mean square of the errors of results in single precision, whatever type they came in."""
    return np.sqrt(np.mean((found.astype(np.float32) - truth) ** 2)).astype(np.float64)


def true_kernel(name, X, Y, gamma=None, coef0=1.0, degree=3):
    """In extended precision, from differences: its error is far below that of double precision."""
    X, Y = X.astype(np.longdouble), Y.astype(np.longdouble)
    difference = X[:, None, :] - Y[None, :, :]
    gamma = np.longdouble((1.0 if name == "chi2" else 1.0 / X.shape[1]) if gamma is None else gamma)
    if name == "linear":
        return X @ Y.T
    if name == "polynomial":
        return (gamma * (X @ Y.T) + coef0) ** np.longdouble(degree)
    if name == "sigmoid":
        return np.tanh(gamma * (X @ Y.T) + coef0)
    if name == "cosine":
        return (X @ Y.T) / np.sqrt((X**2).sum(1))[:, None] / np.sqrt((Y**2).sum(1))[None, :]
    if name == "rbf":
        return np.exp(-gamma * (difference**2).sum(2))
    if name == "laplacian":
        return np.exp(-gamma * abs(difference).sum(2))
    total = X[:, None, :] + Y[None, :, :]
    chi = (difference**2 / np.where(total > 0, total, 1)).sum(2)
    return -chi if name == "additive_chi2" else np.exp(-gamma * chi)


def true_distance(name, X, Y):
    X, Y = X.astype(np.longdouble), Y.astype(np.longdouble)
    if name == "manhattan":
        return abs(X[:, None, :] - Y[None, :, :]).sum(2)
    if name == "cosine":
        X, Y = (Z / np.sqrt((Z**2).sum(1))[:, None] for Z in (X, Y))
    squared = ((X[:, None, :] - Y[None, :, :]) ** 2).sum(2)
    return squared / 2 if name == "cosine" else np.sqrt(squared)


def kernels():
    cases = []
    for n, m, p, seed in [(7, 5, 3, 0), (6, 8, 20, 1)]:
        for name, all_params in KERNELS.items():
            low = 0.0 if "chi2" in name else -2.0
            X, Y = single(n, p, seed, low), single(m, p, seed + 10, low)
            if low == 0.0:
                X[0, 0] = Y[0, 0] = 0.0
            for params in all_params:
                function = pairwise.PAIRWISE_KERNEL_FUNCTIONS[name]
                doubles = [Z.astype(np.float64) for Z in (X, Y)]
                cases.append(
                    {
                        "metric": name,
                        "params": params,
                        "X": X,
                        "Y": Y,
                        "kernel": function(*doubles, **params),
                        "singleError": error(function(X, Y, **params), true_kernel(name, X, Y, **params)),
                    }
                )
    write("pairwise_kernels", cases)


def distances():
    cases = []
    for n, m, p, seed, shift in [(7, 5, 3, 2, 0.0), (6, 8, 20, 3, 0.0), (6, 6, 4, 4, 1000.0)]:
        X, Y = single(n, p, seed), single(m, p, seed + 10)
        if shift:
            # Near rows, far from the origin.
            X, Y = X + np.float32(shift), X + np.float32(shift) + np.round(Y * 4) / np.float32(256)
        for name in ("euclidean", "manhattan", "cosine"):
            doubles = [Z.astype(np.float64) for Z in (X, Y)]
            function = pairwise.PAIRWISE_DISTANCE_FUNCTIONS[name]
            k = min(n, m)
            cases.append(
                {
                    "metric": name,
                    "X": X,
                    "Y": Y,
                    "distances": function(*doubles),
                    "same": function(doubles[0]),
                    "truth": true_distance(name, X, Y).astype(np.float64),
                    "singleError": error(function(X, Y), true_distance(name, X, Y)),
                    "argmin": pairwise.pairwise_distances_argmin(*doubles, metric=name),
                    "argminOfColumns": pairwise.pairwise_distances_argmin(*doubles, metric=name, axis=0),
                    "paired": pairwise.paired_distances(doubles[0][:k], doubles[1][:k], metric=name),
                }
            )
    write("pairwise_distances", cases)


def nystroem():
    cases = []
    n, p = 14, 4
    for kernel, params, m in [
        ("rbf", {}, 8),
        ("rbf", {"gamma": 0.5}, 14),
        ("poly", {"degree": 2}, 10),
        ("poly", {"degree": 3, "gamma": 0.5, "coef0": 2.0}, 12),
        ("linear", {}, 4),
        ("linear", {}, 9),
        ("sigmoid", {"gamma": 0.125}, 6),
        ("laplacian", {}, 7),
        ("cosine", {}, 4),
        ("chi2", {"gamma": 0.5}, 7),
        ("additive_chi2", {}, 6),
        ("rbf", {}, 50),
        ("precomputed", {}, 14),
    ]:
        X = single(n, p, 7, 0.0 if "chi2" in kernel else -2.0)
        if kernel == "precomputed":
            X = np.round(pairwise.rbf_kernel(X.astype(np.float64)) * 1024).astype(np.float32) / 1024
        model = Nystroem(kernel=kernel, n_components=m, random_state=3, **params).fit(X.astype(np.float64))
        basis = model.components_
        K = basis if kernel == "precomputed" else pairwise.pairwise_kernels(
            basis, metric=kernel, filter_params=True, **model._get_kernel_params()
        )
        S = np.linalg.svd(K, compute_uv=False)
        s_model = Nystroem(kernel=kernel, n_components=m, random_state=3, **params).fit(X)
        cases.append(
            {
                "params": {"kernel": kernel, "nComponents": m, "randomState": 3, **params},
                "X": X,
                "components_": model.components_,
                "componentIndices_": model.component_indices_,
                "normalization_": model.normalization_,
                "transform": model.transform(X.astype(np.float64)),
                "singleError": error(s_model.transform(X), model.transform(X.astype(np.float64))),
                "singular": S,
            }
        )
    write("nystroem", cases)


def centerer():
    cases = []
    for n, m, seed in [(6, 4, 0), (9, 3, 1), (1, 2, 2)]:
        X, Y = single(n, 3, seed), single(m, 3, seed + 10)
        K = pairwise.rbf_kernel(X.astype(np.float64)) * 8 + 1
        other = pairwise.rbf_kernel(Y.astype(np.float64), X.astype(np.float64)) * 8 + 1
        model = KernelCenterer().fit(K)
        cases.append(
            {
                "K": K,
                "other": other,
                "KFitRows_": model.K_fit_rows_,
                "KFitAll_": model.K_fit_all_,
                "transform": model.transform(K),
                "transformOther": model.transform(other),
            }
        )
    write("kernel_centerer", cases)


if __name__ == "__main__":
    kernels()
    distances()
    nystroem()
    centerer()
