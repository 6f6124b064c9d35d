"""scikit-learn's side of `npm run bench:pipeline`: answers one JSON line to each request on its input."""

import resource
import time

import numpy as np
from answer import answer_requests
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer

data = {}


def steps():
    return (
        SplineTransformer(n_knots=5),
        Nystroem(kernel="poly", degree=2, n_components=300, random_state=0),
        Ridge(solver="svd", alpha=1e-3),
    )


def prepare(rows, features, dtype, **_):
    random = np.random.RandomState(0)
    X = random.uniform(-2, 2, size=(rows, features))
    noise = random.uniform(-0.5, 0.5, size=rows)
    y = np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + np.abs(X[:, 3]) + noise
    data["X"] = X.astype(dtype)
    data["y"] = y.astype(dtype)
    return {}


def cross_validated(**_):
    start = time.perf_counter()
    result = cross_validate(make_pipeline(*steps()), data["X"], data["y"], cv=5)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "fit": float(result["fit_time"].sum()),
        "score": float(result["score_time"].sum()),
        "scores": result["test_score"].tolist(),
    }


def by_step(**_):
    """The steps of one fit on all rows, and of one prediction."""
    spline, nystroem, ridge = steps()
    X, y = data["X"], data["y"]
    times = {}

    def timed(name, f):
        start = time.perf_counter()
        value = f()
        times[name] = time.perf_counter() - start
        return value

    timed("spline fit", lambda: spline.fit(X))
    Z = timed("spline transform", lambda: spline.transform(X))
    timed("nystroem fit", lambda: nystroem.fit(Z))
    K = timed("nystroem transform", lambda: nystroem.transform(Z))
    timed("ridge fit", lambda: ridge.fit(K, y))
    timed("ridge predict", lambda: ridge.predict(K))
    return {"steps": times}


def memory(**_):
    return {"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


answer_requests({"prepare": prepare, "crossValidate": cross_validated, "steps": by_step, "memory": memory})
