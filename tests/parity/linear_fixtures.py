"""Writes fixtures/ridge_svd.json and fixtures/ridge_single.json; run as make_fixtures.py is: `python tests/parity/linear_fixtures.py`.

The first holds Ridge(solver="svd"), the second badly conditioned data that single precision holds, the exact coefficients, and how far from them
scikit-learn is in single precision.
"""

import numpy as np
import scipy.linalg
from make_fixtures import data, write
from sklearn.linear_model import Ridge


def centred(X, y, weights, intercept):
    root = np.sqrt(np.ones(len(X)) if weights is None else weights)[:, None]
    Y = y if y.ndim == 2 else y[:, None]
    total = np.sum(root**2)
    mx, my = (np.sum(root**2 * Z, axis=0) / total if intercept else 0 for Z in (X, Y))
    return root * (X - mx), root * (Y - my), np.linalg.norm(root * X, 2), np.linalg.norm(root * Y, axis=0)


def sensitivity(X, y, weights, intercept, alpha, coef):
    """How far the coefficients move, to first order, for a relative change of one in `X` and `y`, in the 2-norm of the worst target.

    Of `(A'A + alpha) w = A'b` a change dA, db moves w by `(A'A + alpha)^-1 (dA' r - A' dA w + A' db)`. What centring takes off counts.
    """
    A, B, size_A, size_B = centred(X, y, weights, intercept)
    W = np.atleast_2d(coef).T
    _, values, Vt = np.linalg.svd(A)
    values = np.append(values, np.zeros(A.shape[1] - len(values)))
    alphas = np.broadcast_to(alpha, W.shape[1])
    worst = 0
    for k, a in enumerate(alphas):
        kept = values**2 + a > 1e-12 * values[0] ** 2
        inverse = np.max(1 / (values[kept] ** 2 + a))
        damped = np.max(values[kept] / (values[kept] ** 2 + a))
        w, r = np.linalg.norm(W[:, k]), np.linalg.norm(B[:, k] - A @ W[:, k])
        worst = max(worst, inverse * size_A * r + damped * (size_A * w + size_B[k]))
    return worst


def by_values():
    cases = []

    def fit(X, y, weights, intercept, alpha):
        model = Ridge(alpha=alpha, fit_intercept=intercept, solver="svd").fit(X, y, sample_weight=weights)
        cases.append(
            {
                "X": X,
                "y": y,
                "sampleWeight": weights,
                "params": {"alpha": alpha, "fitIntercept": intercept, "solver": "svd"},
                "coef_": model.coef_,
                "intercept_": model.intercept_,
                "predict": model.predict(X),
                "sensitivity": sensitivity(X, y, weights, intercept, alpha, model.coef_),
            }
        )

    for n, p, t, seed in [(1, 2, None, 5), (12, 4, None, 1), (15, 6, 3, 2), (5, 9, None, 3), (5, 9, 2, 7)]:
        X, y, w = data(n, p, t, seed=seed, shift=3.0)
        for weights, intercept in ((None, True), (w, True), (w, False)):
            for alpha in (1e-3, list(np.linspace(0.5, 2, t)) if t else 10.0):
                fit(X, y, weights, intercept, alpha)
    # Conditions for which a Gram matrix does not have the digits, in double precision too.
    for n, p, alpha in [(14, 5, 1e-9), (14, 5, 0.0), (6, 10, 1e-9)]:
        X, y, w = data(n, p, seed=n + p)
        X = X @ np.diag(10.0 ** -np.arange(p))
        fit(X, y, None, True, alpha)
    write("ridge_svd", cases)


def exact(X, y, alpha):
    """Of the centred data in double precision, by a QR factorisation of what least squares makes of the penalty: not the way under test."""
    A, b = X - X.mean(axis=0), y - y.mean()
    whole = np.vstack([A, np.sqrt(alpha) * np.eye(X.shape[1])])
    Q, R = np.linalg.qr(whole)
    return np.linalg.solve(R, Q[: len(A)].T @ b)


def short(a):
    """In as few digits as tell numbers of single precision apart."""
    return np.array([float(str(v)) for v in a.ravel()]).reshape(a.shape)


def distance(a, b):
    return np.linalg.norm(np.float64(a) - b) / np.linalg.norm(b)


def single():
    cases = []
    for n, p, seed in [(160, 12, 0), (160, 12, 1), (90, 24, 2), (24, 48, 3), (20, 40, 4)]:
        rng, k = np.random.RandomState(seed), min(n, p)
        # The condition and the share of the penalty are those of 10,000 samples of 300 features with alpha 1e-3.
        U, V = np.linalg.qr(rng.normal(size=(n, k)))[0], np.linalg.qr(rng.normal(size=(p, k)))[0]
        X = np.float32((U * np.geomspace(10, 10 / 1.4e6, k)) @ V.T + 0.5)
        y = np.float32(np.float64(X) @ rng.normal(size=p) + 0.1 * rng.normal(size=n))
        alpha = 1e-3
        coef = exact(np.float64(X), np.float64(y), alpha)
        intercept = np.mean(np.float64(y)) - np.mean(np.float64(X), axis=0) @ coef
        model = Ridge(alpha=alpha, solver="svd").fit(X, y)
        predict = np.float64(X) @ coef + intercept
        cases.append(
            {
                "X": short(X),
                "y": short(y),
                "alpha": alpha,
                "coef": coef,
                "predict": predict,
                "offCoef": distance(model.coef_, coef),
                "offPredict": distance(model.predict(X), predict),
            }
        )
        # NumPy's decomposition, which scikit-learn takes, is in double precision whatever it is given; SciPy's is not.
        A, b = X - X.mean(axis=0), y - y.mean()
        U, s, Vt = scipy.linalg.svd(A, full_matrices=False)
        throughout = Vt.T @ (s / (s * s + np.float32(alpha)) * (U.T @ b))
        print({k: v for k, v in cases[-1].items() if k.startswith("off")}, "single throughout:", distance(throughout, coef))
    write("ridge_single", cases)


if __name__ == "__main__":
    by_values()
    single()
