"""Writes fixtures/pca.json; run as make_fixtures.py is: `python tests/parity/decomposition_fixtures.py`.

Components are compared where the singular values lie apart: the fixtures say how far, by `gap`, relative to the largest one.
"""

import numpy as np
from make_fixtures import write
from sklearn.decomposition import PCA


def data(n, p, seed, decay, shift=0.0):
    """Samples whose singular values fall by about `decay` each, so that they lie apart; of few digits."""
    rng = np.random.RandomState(seed)
    X = rng.normal(size=(n, p)) @ np.diag(decay ** -np.arange(p)) @ np.linalg.qr(rng.normal(size=(p, p)))[0]
    return np.round(10 * X + shift, 4)


def main():
    cases = []

    def fit(X, **params):
        model = PCA(**params).fit(X)
        names = {
            "n_components": "nComponents",
            "svd_solver": "svdSolver",
            "random_state": "randomState",
            "iterated_power": "iteratedPower",
            "n_oversamples": "nOversamples",
            "power_iteration_normalizer": "powerIterationNormalizer",
        }
        k = model.n_components_
        values = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
        apart = np.array([np.min(np.abs(np.delete(values, c) - values[c])) if len(values) > 1 else values[0] for c in range(k)])
        case = {
            "X": X,
            "params": {names.get(name, name): value for name, value in params.items()},
            "components_": model.components_,
            "explainedVariance_": model.explained_variance_,
            "explainedVarianceRatio_": model.explained_variance_ratio_,
            "singularValues_": model.singular_values_,
            "mean_": model.mean_,
            "nComponents_": k,
            "noiseVariance_": model.noise_variance_,
            "gap": apart / values[0],
            "transform": model.transform(X[:4]),
            "inverse": model.inverse_transform(model.transform(X[:4])),
        }
        if X.shape[1] < 10 and (k < min(X.shape) or X.shape[0] > X.shape[1]):
            # A model whose covariance has an inverse.
            # With `whiten` scikit-learn multiplies components by deviations that they have not been divided by: the model is that without.
            plain = PCA(**{**params, "whiten": False}).fit(X)
            case["covariance"] = plain.get_covariance()
            case["precision"] = plain.get_precision()
            case["scoreSamples"] = plain.score_samples(X[:4])
            case["score"] = plain.score(X)
        cases.append(case)

    tall = data(30, 5, 0, 1.7, shift=3.0)
    for solver in ("full", "covariance_eigh"):
        for count in (None, 2, 0.8):
            fit(tall, n_components=count, svd_solver=solver)
    fit(tall, n_components=3, whiten=True)
    fit(tall, n_components="mle", svd_solver="full")
    # A singular value that a Gram matrix does not hold.
    poor = tall.copy()
    poor[:, 4] = poor[:, 0] + 2 * poor[:, 1]
    fit(poor, n_components=3, svd_solver="full")
    few = data(6, 9, 1, 1.5, shift=-2.0)
    for count in (None, 3, 0.9):
        fit(few, n_components=count, svd_solver="full")
    fit(few, n_components=3, svd_solver="covariance_eigh")
    fit(few, n_components=2, svd_solver="full", whiten=True)
    wide = data(18, 24, 3, 1.4)
    long = data(40, 14, 4, 1.4, shift=1.0)
    for X in (wide, long):
        fit(X, n_components=3, svd_solver="randomized", random_state=0)
    fit(long, n_components=2, svd_solver="randomized", random_state=7, iterated_power=3, n_oversamples=4, power_iteration_normalizer="QR")
    fit(long, n_components=2, svd_solver="randomized", random_state=7, iterated_power=1, n_oversamples=2, power_iteration_normalizer="none")
    # More directions than there are.
    fit(tall, n_components=4, svd_solver="randomized", random_state=1)
    write("pca", cases)


if __name__ == "__main__":
    main()
