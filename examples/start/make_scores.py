"""Writes scikit_learn.json: scikit-learn's scores of the pipelines in pipeline.ts, for the same data and folds.

Run: `pip install scikit-learn && python examples/start/make_scores.py` after `npm ci`, which brings the data.
"""

import csv
import datetime
import json
import pathlib

import numpy as np
import scipy
import sklearn
from sklearn.datasets import load_diabetes
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer

HERE = pathlib.Path(__file__).parent
CSV = HERE.parents[1] / "node_modules/vega-datasets/data/seattle-weather-hourly-normals.csv"


def seattle():
    rows = list(csv.DictReader(CSV.open()))
    dates = [datetime.datetime.fromisoformat(r["date"]) for r in rows]
    X = np.array([[d.hour, d.timetuple().tm_yday] for d in dates], float)
    return X, np.array([float(r["temperature"]) for r in rows])


def pipeline(n_knots, n_components, alpha):
    return make_pipeline(
        SplineTransformer(n_knots=n_knots),
        Nystroem(kernel="poly", degree=2, n_components=n_components, random_state=0),
        Ridge(solver="svd", alpha=alpha),
    )


def scores(model, X, y):
    return cross_validate(model, X, y, cv=KFold(5, shuffle=True, random_state=0))["test_score"].tolist()


found = {
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
    "temperature": scores(pipeline(5, 300, 1e-3), *seattle()),
    "diabetes": scores(pipeline(4, 100, 1.0), *load_diabetes(return_X_y=True)),
}
(HERE / "scikit_learn.json").write_text(json.dumps(found, indent=2) + "\n")
print(json.dumps(found))
