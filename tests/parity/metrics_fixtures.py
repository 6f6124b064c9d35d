"""Writes fixtures/metrics.json: what scikit-learn's metrics of regression and accuracy give. Run as make_fixtures.py is.

All data are multiples of 1/64 and small, so that single precision holds them too. Each result comes with `magnitude`: the size of what is rounded on the
way to it (the sum of the absolute values of the parts that it is a sum of, through the quotients and roots behind them), of the largest output.
"""

import numpy as np
from sklearn import metrics as m
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.stats import _weighted_percentile

from make_fixtures import write

RAW = "raw_values"


def grid(rng, shape, low, high, step=64):
    return rng.randint(low * step, high * step, size=shape) / step


def mean(values, w):
    return np.average(values, axis=0, weights=w)


def logs(y, p, w):
    a, b = np.log1p(y), np.log1p(p)
    return mean((a - b) ** 2 + 2 * np.abs(a - b) * (np.abs(a) + np.abs(b)), w)


def about(y, w):
    """The sum of squares about the mean, and what is rounded in it: differences from a mean that is rounded."""
    s = mean((y - mean(y, w)) ** 2, w)
    return s, s + 2 * np.sqrt(s) * np.max(np.abs(y), axis=0)


def fraction(r, r_size, s, s_size):
    s_safe = np.where(s > 0, s, 1)
    return np.where(s > 0, 1 + (r_size + r / s_safe * s_size) / s_safe, 1)


def tweedie_size(y, p, w, power):
    if power == 0:
        return mean((y - p) ** 2, w)
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == 1:
            parts = np.where(y == 0, 0, y * (np.abs(np.log(y / p)) + 1)) + y + p
        elif power == 2:
            parts = np.abs(np.log(p / y)) + 2 + y / p
        else:
            a, b = 1 - power, 2 - power
            # A power is as sensitive as the logarithm times its exponent.
            grown = lambda x, e: np.where(x > 0, np.abs(x) ** e * (1 + np.abs(e * np.log(np.abs(x)))), 0)
            parts = grown(np.maximum(y, 0), b) / abs(a * b) + np.abs(y) * grown(p, a) / abs(a) + grown(p, b) / abs(b)
    return mean(2 * parts, w)


def cases_of(y, p, w, multioutput, positive):
    """Name, options, result and magnitude of each metric."""
    weights = {"sample_weight": w}
    both = {**weights, "multioutput": multioutput}
    yield "meanSquaredError", {}, m.mean_squared_error(y, p, **both), mean((y - p) ** 2, w)
    yield "rootMeanSquaredError", {}, m.root_mean_squared_error(y, p, **both), np.sqrt(mean((y - p) ** 2, w))
    yield "meanAbsoluteError", {}, m.mean_absolute_error(y, p, **both), mean(np.abs(y - p), w)
    yield "medianAbsoluteError", {}, m.median_absolute_error(y, p, **both), np.max(np.abs(y - p), axis=0)
    if not np.any(y == 0):
        value = m.mean_absolute_percentage_error(y, p, **both)
        yield "meanAbsolutePercentageError", {}, value, mean(np.abs(y - p) / np.abs(y), w)
    for alpha in (0.25, 0.9):
        loss = m.mean_pinball_loss(y, p, alpha=alpha, **both)
        size = m.mean_pinball_loss(y, p, alpha=alpha, sample_weight=w, multioutput=RAW)
        yield "meanPinballLoss", {"alpha": alpha}, loss, size
    if positive:
        size = logs(y, p, w)
        yield "meanSquaredLogError", {}, m.mean_squared_log_error(y, p, **both), size
        root = m.root_mean_squared_log_error(y, p, sample_weight=w, multioutput=RAW)
        yield "rootMeanSquaredLogError", {}, m.root_mean_squared_log_error(y, p, **both), size / (2 * np.where(root > 0, root, 1)) + root
    s, s_size = about(y, w)
    r = mean((y - p) ** 2, w)
    yield "r2Score", {}, m.r2_score(y, p, **both), fraction(r, r, s, s_size)
    e, e_size = about(y - p, w)
    yield "explainedVarianceScore", {}, m.explained_variance_score(y, p, **both), fraction(e, e_size, s, s_size)
    for alpha in (0.5, 0.1):
        name, function = ("d2AbsoluteErrorScore", m.d2_absolute_error_score) if alpha == 0.5 else ("d2PinballScore", m.d2_pinball_score)
        options = {} if alpha == 0.5 else {"alpha": alpha}
        if len(y) < 2:
            yield name, options, float("nan"), 1
            continue
        w1 = np.ones(len(y)) if w is None else w
        best = _weighted_percentile(y, w1, percentile_rank=alpha * 100, average=True)
        lost = m.mean_pinball_loss(y, p, alpha=alpha, sample_weight=w, multioutput=RAW)
        spread = m.mean_pinball_loss(y, np.broadcast_to(best, y.shape), alpha=alpha, sample_weight=w, multioutput=RAW)
        yield name, options, function(y, p, **options, **both), fraction(lost, lost, spread, spread + np.max(np.abs(y), axis=0))
    if multioutput == "uniform_average" and y.ndim == 2:
        options = {"multioutput": "variance_weighted"}
        weighing = {**weights, **options}
        # The weights are as uncertain as the scores, which are no larger than what is rounded in them.
        yield "r2Score", options, m.r2_score(y, p, **weighing), 3 * fraction(r, r, s, s_size)
        yield "explainedVarianceScore", options, m.explained_variance_score(y, p, **weighing), 3 * fraction(e, e_size, s, s_size)
    if multioutput in ("uniform_average", RAW):
        if np.all(s > 0):
            yield "r2Score", {"forceFinite": False}, m.r2_score(y, p, force_finite=False, **both), fraction(r, r, s, s_size)
    if y.ndim == 1:
        yield "maxError", {}, m.max_error(y, p), np.max(np.abs(y - p))
        for power in (0, 1, 1.5, 2, 3, -0.5):
            if power != 0 and not np.all(p > 0) or power >= 1 and not np.all(y >= 0) or power >= 2 and not np.all(y > 0):
                continue
            options = {} if power == 0 else {"power": power}
            size = tweedie_size(y, p, w, power)
            value = m.mean_tweedie_deviance(y, p, power=power, **weights)
            yield "meanTweedieDeviance", options, value, size
            if power in (1, 2):
                yield ("meanPoissonDeviance" if power == 1 else "meanGammaDeviance"), {}, value, size
            if len(y) > 1 and np.any(y != y[0]) and np.average(y, weights=w) > 0:
                middle = np.full_like(y, np.average(y, weights=w))
                spread = m.mean_tweedie_deviance(y, middle, power=power, **weights)
                size = fraction(value, size, spread, tweedie_size(y, middle, w, power) + np.max(np.abs(y)) * np.sqrt(spread))
                yield "d2TweedieScore", options, m.d2_tweedie_score(y, p, power=power, **weights), size


def regression():
    groups = []

    def group(y, p, w, multioutput="uniform_average", positive=False):
        results = [
            {"metric": name, "options": options, "value": value, "magnitude": np.max(size)}
            for name, options, value, size in cases_of(y, p, w, multioutput, positive)
        ]
        groups.append({"yTrue": y, "yPred": p, "sampleWeight": w, "multioutput": multioutput, "results": results})

    for n, t, seed in [(1, None, 0), (2, None, 1), (10, None, 2), (37, None, 3), (24, 3, 4)]:
        rng = np.random.RandomState(seed)
        shape = (n, t) if t else n
        w = rng.randint(1, 40, size=n) / 16
        if n > 5:
            w[4] = 0
        for positive in (False, True):
            y = grid(rng, shape, 0 if positive else -6, 8)
            p = np.maximum(y + grid(rng, shape, -2, 2), 1 / 64) if positive else y + grid(rng, shape, -2, 2)
            for weights in (None, w):
                for multioutput in ("uniform_average", RAW, [0.25, 1.5, 2.0]) if t else ("uniform_average",):
                    group(y, p, weights, multioutput, positive)
    # Ties; a constant output, predicted exactly and not.
    y = np.array([[1, 2, 2], [1, 2, 2], [3, 2, 2], [3, 2, 2], [3, 2, 2], [5, 2, 2]], dtype=float)
    p = np.array([[1, 2, 2], [2, 2, 2], [3, 2, 3], [3, 2, 2], [4, 2, 2], [5, 2, 1]], dtype=float)
    for weights in (None, np.array([1, 0.5, 0.5, 2, 1, 1])):
        group(y, p, weights, RAW, True)
        group(y[:, 0] + 1 / 64, p[:, 0], weights, positive=True)
    write("metrics", groups)


def undefined():
    """Constant outputs without `force_finite`, and outputs averaged by their variance."""
    y = np.array([[1, 2, 2], [1, 2, 2], [3, 2, 2], [4, 2, 2]], dtype=float)
    p = np.array([[1, 2, 2], [2, 2, 2], [3, 2, 3], [3, 2, 2]], dtype=float)
    cases = []
    for name, function in (("r2Score", m.r2_score), ("explainedVarianceScore", m.explained_variance_score)):
        raw = function(y, p, multioutput=RAW, force_finite=False)
        weighted = [function(y[:, k], p[:, k], multioutput="variance_weighted") for k in ([0, 1], [1, 2])]
        cases.append({"metric": name, "yTrue": y, "yPred": p, "raw": raw, "weighted": weighted})
    write("metrics_undefined", cases)


def accuracy():
    rng = np.random.RandomState(5)
    cases = []
    for shape in (1, 12, (9, 2)):
        y = rng.randint(0, 3, size=shape) if shape != (9, 2) else rng.randint(0, 2, size=shape)
        p = np.where(rng.uniform(size=shape) < 0.7, y, rng.randint(0, 2, size=shape))
        for w in (None, rng.randint(1, 9, size=len(y)) / 4):
            for normalize in (True, False):
                value = m.accuracy_score(y, p, sample_weight=w, normalize=normalize)
                cases.append({"yTrue": y, "yPred": p, "sampleWeight": w, "normalize": normalize, "value": value})
    write("accuracy", cases)


SCORERS = {
    "d2_absolute_error_score": "d2AbsoluteErrorScore",
    "explained_variance": "explainedVarianceScore",
    "neg_max_error": "maxError",
    "neg_mean_absolute_error": "meanAbsoluteError",
    "neg_mean_absolute_percentage_error": "meanAbsolutePercentageError",
    "neg_mean_gamma_deviance": "meanGammaDeviance",
    "neg_mean_poisson_deviance": "meanPoissonDeviance",
    "neg_mean_squared_error": "meanSquaredError",
    "neg_mean_squared_log_error": "meanSquaredLogError",
    "neg_median_absolute_error": "medianAbsoluteError",
    "neg_root_mean_squared_error": "rootMeanSquaredError",
    "neg_root_mean_squared_log_error": "rootMeanSquaredLogError",
    "r2": "r2Score",
}


class Known(RegressorMixin, BaseEstimator):
    """Predicts its one column."""

    def fit(self, X, y):
        self.is_fitted_ = True
        return self

    def predict(self, X):
        return X[:, 0]


def scorers():
    rng = np.random.RandomState(6)
    y = grid(rng, 30, 1, 6)
    p = np.maximum(y + grid(rng, 30, -1, 1), 1 / 64)
    w = rng.randint(1, 20, size=30) / 8
    model = Known().fit(p[:, None], y)
    cases = []
    for name, metric in SCORERS.items():
        for weights in (None, w) if metric != "maxError" else (None,):
            given = {} if weights is None else {"sample_weight": weights}
            sizes = {m: np.max(size) for m, options, _, size in cases_of(y, p, weights, "uniform_average", True) if not options}
            score = m.get_scorer(name)(model, p[:, None], y, **given)
            cases.append({"scorer": name, "y": y, "predict": p, "sampleWeight": weights, "score": score, "magnitude": sizes[metric]})
    write("scorers", cases)


if __name__ == "__main__":
    regression()
    undefined()
    accuracy()
    scorers()
