"""Writes fixtures/spline_transformer.json, polynomial_features.json, column_scalers.json and row_transformers.json; run as make_fixtures.py is:
`python tests/parity/preprocessing_fixtures.py`.

All data are numbers of single precision, so that every floating type holds them. A case says too how far scikit-learn's own results in single
precision are from those in double precision.
"""

import numpy as np
from make_fixtures import write
from sklearn.preprocessing import Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, PolynomialFeatures, SplineTransformer


def single(a):
    """The nearest numbers of single precision, in double precision."""
    return np.asarray(a, dtype=np.float32).astype(np.float64)


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def apart(fit, X, new, wanted):
    """The largest distance of scikit-learn's results in single precision from those in double precision; none where it fails in single precision."""
    try:
        found = fit(X.astype(np.float32)).transform(new.astype(np.float32))
    except ValueError:
        return None
    assert found.dtype == np.float32
    return np.nanmax(np.abs(found.astype(np.float64) - wanted))


def spline_transformer():
    rng = np.random.RandomState(0)
    plain_data = single(np.column_stack([rng.normal(size=13), 2000 + 10 * rng.uniform(size=13)]))
    ties = single([[0, 1], [0, 1], [0, 2], [0, 2], [1, 2], [2, 3], [5, 4], [5, 4], [5, 5], [5, 5]])
    weights = np.array([1, 0, 2, 0.5, 1, 1, 3, 0.25, 1, 1, 0, 2, 1.5])
    holes = plain_data.copy()
    holes[2, 0] = holes[7, 1] = holes[8, 1] = np.nan
    cases = []

    def case(X, weights=None, **params):
        class ByFeature:
            """Each feature alone: scikit-learn 1.9 counts the degree up from feature to feature with "linear" and a degree below 2."""

            def __init__(self, data):
                self.models = [SplineTransformer(**params).fit(data[:, [j]], sample_weight=weights) for j in range(data.shape[1])]

            def transform(self, new):
                return np.hstack([m.transform(new[:, [j]]) for j, m in enumerate(self.models)])

        whole = SplineTransformer(**params).fit(X, sample_weight=weights)

        def fit(data):
            if params["extrapolation"] == "linear" and params["degree"] < 2:
                return ByFeature(data)
            return SplineTransformer(**params).fit(data, sample_weight=weights)

        model = fit(X)
        low, high = np.nanmin(X, axis=0), np.nanmax(X, axis=0)
        inside = [low, high, low + (high - low) / 3, low + 0.625 * (high - low)]
        # scikit-learn fails at constants of degree 0.
        far = params["extrapolation"] == "error" or (params["extrapolation"] == "constant" and params["degree"] == 0)
        outside = [] if far else [low - 0.25 * (high - low), high + 0.5 * (high - low)]
        missing = [np.array([np.nan, low[1]])] if params.get("handle_missing") == "zeros" else []
        new = single(inside + outside + missing)
        if far:
            new = np.clip(new, low, high)
        wanted = model.transform(new)
        knots = params.get("knots")
        cases.append(
            {
                "X": X,
                "sampleWeight": weights,
                "params": {camel(k): v for k, v in params.items()},
                "new": new,
                "knots_": [b.t for b in whole.bsplines_],
                "nFeaturesOut_": whole.n_features_out_,
                "names": list(whole.get_feature_names_out(["a", "b"])),
                "transform": wanted,
                "apart": apart(fit, X, new, wanted),
            }
        )

    given = np.column_stack([[-2.5, -0.7, 0.1, 1.9, 2.6], [1999.3, 2001.1, 2004.7, 2008.2, 2010.9]])
    for extrapolation in ("constant", "linear", "continue", "periodic", "error"):
        for degree in range(6):
            knots = "uniform" if degree % 2 else "quantile"
            n_knots = degree + 2 if extrapolation == "periodic" else 4
            case(plain_data, extrapolation=extrapolation, degree=degree, n_knots=n_knots, knots=knots)
    for extrapolation in ("constant", "linear", "continue", "periodic"):
        case(plain_data, extrapolation=extrapolation, degree=3, knots=given)
        case(ties, extrapolation=extrapolation, degree=2, knots="quantile", include_bias=False)
        case(holes, extrapolation=extrapolation, degree=3, knots="quantile", handle_missing="zeros", n_knots=4)
    for knots in ("uniform", "quantile"):
        case(plain_data, weights, extrapolation="constant", degree=3, knots=knots, n_knots=6)
        case(plain_data, extrapolation="linear", degree=1, knots=knots, n_knots=2, include_bias=False)
        case(holes, weights, extrapolation="linear", degree=2, knots=knots, n_knots=5, handle_missing="zeros")
    # As many splines as the degree: the first and the last are the same.
    case(plain_data, extrapolation="periodic", degree=3, knots="uniform", n_knots=4)
    # Many knots.
    for extrapolation in ("linear", "periodic"):
        case(plain_data, extrapolation=extrapolation, degree=3, knots="uniform", n_knots=34, include_bias=extrapolation == "linear")
    # A constant column.
    flat = plain_data.copy()
    flat[:, 0] = 7.0
    for extrapolation in ("constant", "linear", "continue", "periodic"):
        case(flat, extrapolation=extrapolation, degree=3, knots="uniform")
    write("spline_transformer", cases)


def polynomial_features():
    rng = np.random.RandomState(1)
    cases = []
    for n, p, degrees in [(4, 1, [0, 1, 4]), (5, 3, [0, 1, 2, 3, [0, 2], [2, 3], [1, 1], [3, 3]]), (2, 5, [2, [2, 4], 5])]:
        X = single(rng.normal(size=(n, p)))
        for degree in degrees:
            for interaction_only in (False, True):
                for include_bias in (True, False):
                    top = degree if isinstance(degree, int) else degree[1]
                    if top == 0 and not include_bias or interaction_only and p == 5 and top > 4:
                        continue
                    params = {"degree": degree, "interaction_only": interaction_only, "include_bias": include_bias}
                    model = PolynomialFeatures(**{**params, "degree": tuple(degree) if isinstance(degree, list) else degree})
                    wanted = model.fit_transform(X)
                    if wanted.shape[1] == 0 or wanted.shape[1] > 100:
                        continue
                    cases.append(
                        {
                            "X": X,
                            "params": {camel(k): v for k, v in params.items()},
                            "new": X,
                            "powers_": model.powers_,
                            "nOutputFeatures_": model.n_output_features_,
                            "names": list(model.get_feature_names_out()),
                            "transform": wanted,
                            "apart": apart(lambda data: model.fit(data), X, X, wanted),
                        }
                    )
    write("polynomial_features", cases)


def column_scalers():
    rng = np.random.RandomState(2)
    X = single(np.column_stack([rng.normal(size=9), 100 + rng.normal(size=9), rng.normal(size=9), np.full(9, 3.0), np.zeros(9)]))
    X[4, 2] = np.nan
    new = single(np.vstack([X[:3], 3 * X[3:5], -X[5:6]]))
    cases = []
    for name, Class, variants, attributes in [
        (
            "MinMaxScaler",
            MinMaxScaler,
            [{}, {"feature_range": [-2, 0.5]}, {"clip": True}, {"feature_range": [10, 11], "clip": True}],
            ["data_min_", "data_max_", "data_range_", "scale_", "min_", "n_samples_seen_"],
        ),
        ("MaxAbsScaler", MaxAbsScaler, [{}, {"clip": True}], ["max_abs_", "scale_", "n_samples_seen_"]),
    ]:
        for params in variants:

            def fit(data):
                return Class(**{k: tuple(v) if isinstance(v, list) else v for k, v in params.items()}).fit(data)

            model = fit(X)
            wanted = model.transform(new)
            cases.append(
                {
                    "name": name,
                    "X": X,
                    "params": {camel(k): v for k, v in params.items()},
                    "new": new,
                    "attributes": {camel(a[:-1]) + "_": getattr(model, a) for a in attributes},
                    "names": list(model.get_feature_names_out()),
                    "transform": wanted,
                    "inverse": model.inverse_transform(new),
                    "apart": apart(fit, X, new, wanted),
                }
            )
    write("column_scalers", cases)


def row_transformers():
    X = single(np.random.RandomState(3).normal(size=(6, 4)))
    X[2] = 0.0
    X[3] = [0.25, -0.5, 1.0, 0.0]
    cases = []
    for name, Class, variants in [
        ("Normalizer", Normalizer, [{}, {"norm": "l1"}, {"norm": "max"}]),
        ("Binarizer", Binarizer, [{}, {"threshold": 0.25}, {"threshold": -1.5}]),
    ]:
        for params in variants:
            model = Class(**params).fit(X)
            wanted = model.transform(X)
            cases.append(
                {
                    "name": name,
                    "X": X,
                    "params": params,
                    "new": X,
                    "names": list(model.get_feature_names_out()),
                    "transform": wanted,
                    "apart": apart(lambda data: Class(**params).fit(data), X, X, wanted),
                }
            )
    write("row_transformers", cases)


if __name__ == "__main__":
    spline_transformer()
    polynomial_features()
    column_scalers()
    row_transformers()
