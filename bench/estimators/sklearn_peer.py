"""scikit-learn's side of `npm run bench:estimators`: answers one JSON line to each request on its input."""

import time
import warnings

import numpy as np
from answer import answer_requests
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore", ConvergenceWarning)
data = {}


def prepare(rows, features, dtype, **_):
    random = np.random.RandomState(0)
    centers = random.uniform(-2, 2, size=(8, features))
    X = random.uniform(-1, 1, size=(rows, features)) + centers[np.arange(rows) % 8]
    y = X[:, 0] - 2 * X[:, 1] + X[:, 2] ** 2
    data["X"] = X.astype(dtype)
    data["y"] = y.astype(dtype)
    data["centers"] = data["X"][:64:8].copy()
    return {}


def timed(work, check):
    start = time.perf_counter()
    made = work()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "check": float(check(made))}


def fit(estimator, **_):
    X, y = data["X"], data["y"]
    if estimator == "StandardScaler":
        return timed(lambda: StandardScaler().fit_transform(X), lambda Z: Z[0, 0])
    if estimator == "Ridge":
        return timed(lambda: Ridge(solver="cholesky").fit(X, y), lambda model: model.coef_[0])
    if estimator == "PCA":
        return timed(lambda: PCA(n_components=10, random_state=0).fit(X), lambda model: model.explained_variance_[0])
    model = KMeans(n_clusters=8, init=data["centers"], n_init=1, max_iter=20, tol=0)
    return timed(lambda: model.fit(X), lambda fitted: fitted.inertia_)


answer_requests({"prepare": prepare, "fit": fit})
