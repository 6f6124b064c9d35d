"""NumPy's side of `npm run bench`: answers one JSON line to each request on its input."""

import time

import numpy as np
from answer import answer_requests


def uniforms(count, dtype, seed):
    """The numbers of tasks.ts, or others like them: times do not hang on which."""
    return np.random.RandomState(seed).uniform(-1, 1, size=count).astype(dtype)


def runner(task):
    kind, dtype, n = task["kind"], task["dtype"], task["n"]
    p = task.get("p", n)
    if kind == "matmul":
        A, B = uniforms(n * task["m"], dtype, 1).reshape(n, -1), uniforms(task["m"] * p, dtype, 2).reshape(-1, p)
        return lambda: A @ B
    if kind == "crossProduct":
        A, B = uniforms(n * p, dtype, 1).reshape(n, p), uniforms(n * p, dtype, 2).reshape(n, p)
        return lambda: A.T @ B
    if kind == "map":
        x = uniforms(n, dtype, 1)
        if task["f"] == "log":
            x = x + np.asarray(1.5, dtype)
        f = {"exp": np.exp, "log": np.log, "tanh": np.tanh}[task["f"]]
        return lambda: f(x)
    if kind == "call":
        x = uniforms(n, dtype, 1)
        return lambda: 2 * x
    if kind == "nearest":
        X, C = uniforms(n * p, dtype, 1).reshape(n, p), uniforms(task["k"] * p, dtype, 2).reshape(-1, p)
        return lambda: ((C**2).sum(1) - 2 * (X @ C.T)).argmin(1)
    if kind == "decomposition":
        A = uniforms(n * n, dtype, 1).reshape(n, n)
        S = (A + A.T) / 2
        D = S + n * np.eye(n, dtype=dtype)
        b = uniforms(n, dtype, 2)
        return {
            "eigh": lambda: np.linalg.eigh(S),
            "svd": lambda: np.linalg.svd(A),
            "cholesky": lambda: np.linalg.cholesky(D),
            "solve": lambda: np.linalg.solve(A, b),
        }[task["f"]]
    X = uniforms(n * p, dtype, 1).reshape(n, p)
    return {
        "gram": lambda: X.T @ X,
        "moments": lambda: (X.mean(0), X.var(0)),
        "rowArgmin": lambda: X.argmin(1),
        "normaliseRows": lambda: X / np.linalg.norm(X, axis=1, keepdims=True),
    }[kind]


def measure(task, sampleSeconds, rounds, **_):
    run = runner(task)
    run()
    calls = 1
    while True:
        start = time.perf_counter()
        for _ in range(calls):
            run()
        seconds = time.perf_counter() - start
        if seconds >= sampleSeconds:
            break
        calls = max(calls + 1, int(calls * min(10, 1.2 * sampleSeconds / max(seconds, 1e-6))))
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            run()
        samples.append((time.perf_counter() - start) / calls)
    return {"seconds": samples}


answer_requests({"measure": measure})
