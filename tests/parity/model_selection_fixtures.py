"""Writes fixtures/{splits,train_test_split,parameter_sampler,cross_validate,searches}.json: scikit-learn's splits, draws and scores.

Run: `pip install scikit-learn && python tests/parity/model_selection_fixtures.py`.
"""

import numpy as np
from make_fixtures import sensitivity, write
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    ParameterSampler,
    RandomizedSearchCV,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
    cross_val_predict,
    cross_validate,
    train_test_split,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def splits():
    cases = []

    def add(cls, names, n, labels=None, **params):
        found = [[train, test] for train, test in cls(**params).split(np.zeros((n, 1)), labels)]
        given = {names[name]: value for name, value in params.items()}
        cases.append({"class": cls.__name__, "params": given, "n": n, "labels": labels, "splits": found})

    folds = {"n_splits": "nSplits", "shuffle": "shuffle", "random_state": "randomState"}
    parts = {"n_splits": "nSplits", "test_size": "testSize", "train_size": "trainSize", "random_state": "randomState"}
    for n in (5, 7, 23):
        add(KFold, folds, n)
        add(KFold, folds, n, n_splits=3, shuffle=True, random_state=n)
        add(ShuffleSplit, parts, n, n_splits=2, random_state=n)
        add(ShuffleSplit, parts, n, n_splits=2, test_size=0.3, train_size=2, random_state=1)
        add(ShuffleSplit, parts, n, n_splits=1, train_size=0.55, random_state=2)
    for n, k in ((12, 2), (25, 3), (31, 4)):
        labels = np.random.RandomState(n).randint(0, k, size=n) * 3 - 1
        for words in (labels, np.array(["b", "a", "d", "c"])[labels // 3]):
            add(StratifiedKFold, folds, n, words, n_splits=2)
            add(StratifiedKFold, folds, n, words, n_splits=3, shuffle=True, random_state=n)
            add(StratifiedShuffleSplit, parts, n, words, n_splits=3, test_size=0.35, random_state=n)
            add(StratifiedShuffleSplit, parts, n, words, n_splits=1, test_size=k, train_size=0.5, random_state=3)
    return cases


def train_test():
    cases = []
    names = {"test_size": "testSize", "train_size": "trainSize", "random_state": "randomState", "shuffle": "shuffle"}
    for n, params in (
        (10, {"random_state": 0}),
        (11, {"random_state": 1, "test_size": 0.4}),
        (11, {"random_state": 1, "train_size": 4}),
        (13, {"shuffle": False}),
        (30, {"random_state": 2, "test_size": 9, "stratify": np.arange(30) % 4}),
    ):
        train, test = train_test_split(np.arange(n), **params)
        given = {names[name]: value for name, value in params.items() if name in names}
        cases.append({"n": n, "params": given, "stratify": params.get("stratify"), "train": train, "test": test})
    return cases


def samples():
    """Draws of ParameterSampler: a small grid, one of which few are drawn, one of which nearly all are, and distributions."""
    wide = {"a": list(range(40)), "b": list(range(50))}
    cases = []
    for seed in (0, 3):
        for grid, count in (({"b": [1, 2, 3], "a": [4, 5]}, 4), (wide, 6), (wide, 1995), ([{"a": [1]}, {"b": [2, 3]}], 2)):
            drawn = list(ParameterSampler(grid, count, random_state=seed))
            cases.append({"grid": grid, "nIter": count, "seed": seed, "drawn": drawn[:8]})
        spread = [{"u": stats.uniform(1, 2), "l": stats.loguniform(1e-3, 10), "r": stats.randint(2, 9), "c": [7, 8]}, {"c": [1]}]
        drawn = list(ParameterSampler(spread, 6, random_state=seed))
        cases.append({"grid": None, "nIter": 6, "seed": seed, "drawn": drawn})
    return cases


def regression(n, p, targets, seed):
    random = np.random.RandomState(seed)
    X = np.round(random.uniform(-2, 2, size=(n, p)) * 8) / 8 + 1
    y = X @ random.normal(size=(p, targets)) + 0.5 * random.normal(size=(n, targets))
    y = np.round(y * 16) / 16
    weights = np.round(random.uniform(0.5, 2, size=n) * 8) / 8
    return X, (y if targets > 1 else y[:, 0]), weights


def conditions(X, y, weights, alpha, folds, intercept=True):
    """Of each fold what a bound of the error of its predictions and scores is made of."""
    found = []
    for train, test in folds:
        scaler = StandardScaler().fit(X[train])
        Z = scaler.transform(X)
        w = None if weights is None else weights[train]
        model = Ridge(alpha=alpha, fit_intercept=intercept).fit(Z[train], y[train], sample_weight=w)
        Y = y.reshape(len(y), -1)
        P = model.predict(Z).reshape(len(y), -1)

        def sizes(rows):
            return {
                "rows": np.linalg.norm(np.column_stack([Z[rows], np.ones(len(rows))])),
                "residual": np.max(np.linalg.norm((Y - P)[rows], axis=0)),
                "spread": np.min(np.linalg.norm(Y[rows] - Y[rows].mean(axis=0), axis=0)),
                "target": np.max(np.linalg.norm(Y[rows], axis=0)),
            }

        found.append(
            {
                "sensitivity": sensitivity(Z[train], y[train], w, intercept, alpha, model.coef_),
                "shift": 1 + np.max((np.abs(scaler.mean_) + 1) / scaler.scale_),
                "train": sizes(train),
                "test": sizes(test),
            }
        )
    return found


def validations():
    cases = []
    for n, p, targets, folds, seed in ((20, 3, 1, 3, 0), (33, 4, 2, 2, 1)):
        X, y, weights = regression(n, p, targets, seed)
        cv = KFold(folds)
        for w in (None, weights):
            alpha = 0.5
            pipe = make_pipeline(StandardScaler(), Ridge(alpha=alpha))
            params = {} if w is None else {"ridge__sample_weight": w}
            scores = cross_validate(
                pipe, X, y, cv=cv, params=params, scoring=("r2", "neg_mean_squared_error"), return_train_score=True
            )
            cases.append(
                {
                    "X": X,
                    "y": y,
                    "weights": w,
                    "alpha": alpha,
                    "folds": folds,
                    "scores": {k: v for k, v in scores.items() if "time" not in k},
                    "predict": cross_val_predict(pipe, X, y, cv=cv, params=params),
                    "conditions": conditions(X, y, w, alpha, list(cv.split(X))),
                }
            )
    return cases


def searches():
    X, y, _ = regression(24, 3, 1, 4)
    pipe = make_pipeline(StandardScaler(), Ridge())
    keys = ("mean_test_score", "std_test_score", "rank_test_score", "split1_test_score", "mean_train_score")

    def conditions_of(params, folds):
        return conditions(X, y, None, params["ridge__alpha"], folds, params.get("ridge__fit_intercept", True))

    # Penalties that are far apart, so that rounding does not change who is best.
    values = [0.01, 1.0, 10000.0]
    grid = GridSearchCV(
        pipe, {"ridge__alpha": values, "ridge__fit_intercept": [True, False]}, cv=3, return_train_score=True
    ).fit(X, y)
    drawn = RandomizedSearchCV(
        pipe, {"ridge__alpha": stats.loguniform(1e-2, 1e4)}, n_iter=4, cv=2, random_state=0, return_train_score=True
    ).fit(X, y)
    cases = []
    for name, search in (("grid", grid), ("random", drawn)):
        results = search.cv_results_
        cases.append(
            {
                "name": name,
                "X": X,
                "y": y,
                "params": results["params"],
                "conditions": [conditions_of(p, list(KFold(search.cv).split(X))) for p in results["params"]],
                "refit": conditions_of(search.best_params_, [(np.arange(len(X)), np.arange(len(X)))])[0],
                "results": {k: results[k] for k in keys},
                "bestIndex": search.best_index_,
                "bestScore": search.best_score_,
                "predict": search.predict(X),
                "score": search.score(X, y),
            }
        )
    return cases


if __name__ == "__main__":
    write("splits", splits())
    write("train_test_split", train_test())
    write("parameter_sampler", samples())
    write("cross_validate", validations())
    write("searches", searches())
