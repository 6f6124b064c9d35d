"""Writes fixtures/spline_transformer.json, polynomial_features.json, column_scalers.json and row_transformers.json; run as make_fixtures.py is:
`python tests/parity/preprocessing_fixtures.py`.

All data are numbers of single precision, so that every floating type holds them. A case says too how far scikit-learn's own results in single
precision are from those in double precision.
"""

import numpy as np
from make_fixtures import write
from sklearn.preprocessing import SplineTransformer


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
    # A constant column.
    flat = plain_data.copy()
    flat[:, 0] = 7.0
    for extrapolation in ("constant", "linear", "continue", "periodic"):
        case(flat, extrapolation=extrapolation, degree=3, knots="uniform")
    write("spline_transformer", cases)


if __name__ == "__main__":
    spline_transformer()
