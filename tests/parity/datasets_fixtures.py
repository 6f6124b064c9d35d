"""Writes fixtures/datasets.json and fixtures/made_datasets.json: what scikit-learn's loaders and makers of data sets give. Run as make_fixtures.py is."""

import numpy as np
from sklearn import datasets as d
from sklearn.utils.random import sample_without_replacement

from make_fixtures import write

LOADERS = {
    "loadIris": (d.load_iris, {}),
    "loadWine": (d.load_wine, {}),
    "loadBreastCancer": (d.load_breast_cancer, {}),
    "loadDigits": (d.load_digits, {}),
    "loadDiabetes": (lambda: d.load_diabetes(scaled=False), {"scaled": False}),
}


def loaded():
    cases = []
    for name, (load, options) in LOADERS.items():
        b = load()
        n = len(b.data)
        # Sums with different weights for different places, so that no two entries may change places.
        i, j = np.ogrid[:n, : b.data.shape[1]]
        cases.append(
            {
                "loader": name,
                "options": options,
                "shape": b.data.shape,
                "rows": {k: list(b.data[k]) for k in (0, n // 2, n - 1)},
                "sum": np.sum(b.data * ((7 * i + 13 * j) % 101)),
                "target": np.sum(b.target * (np.arange(n) % 101)),
                "featureNames": [str(f) for f in b.feature_names],
                "targetNames": [str(t) for t in getattr(b, "target_names", [])],
                "DESCR": [len(b.DESCR), b.DESCR[:40], b.DESCR[-40:]],
            }
        )
    scaled = d.load_diabetes()
    digits = d.load_digits(n_class=3)
    write("datasets", cases)
    write("datasets_options", [{"scaled": scaled.data[::40], "few": digits.data.shape, "image": digits.images[5]}])


MAKERS = {
    "makeBlobs": (
        d.make_blobs,
        [
            {},
            {"n_samples": 20, "n_features": 3, "centers": 4, "random_state": 0},
            {"n_samples": 11, "centers": 3, "cluster_std": [0.5, 2.0, 0.0], "center_box": (0.0, 1.0), "shuffle": False, "random_state": 1},
            {"n_samples": [3, 0, 5], "random_state": 2, "return_centers": True},
            {"n_samples": 9, "centers": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "random_state": 3},
        ],
    ),
    "makeRegression": (
        d.make_regression,
        [
            {"n_samples": 6, "n_features": 4, "n_informative": 2, "random_state": 0},
            {"n_samples": 5, "n_features": 3, "n_targets": 2, "bias": 7.5, "noise": 3.0, "coef": True, "random_state": 1},
            {"n_samples": 7, "n_features": 2, "noise": 0.5, "shuffle": False, "coef": True, "random_state": 2},
            {"n_samples": 9, "n_features": 5, "effective_rank": 2, "random_state": 3},
            {"n_samples": 4, "n_features": 6, "effective_rank": 3, "tail_strength": 0.2, "random_state": 4},
            {"n_samples": 5, "n_features": 5, "effective_rank": 1, "random_state": 5},
        ],
    ),
    "makeClassification": (
        d.make_classification,
        [
            {"n_samples": 12, "random_state": 0},
            {"n_samples": 15, "n_features": 7, "n_informative": 3, "n_redundant": 2, "n_repeated": 2, "n_classes": 3, "random_state": 1},
            {"n_samples": 20, "n_features": 4, "n_redundant": 0, "n_clusters_per_class": 1, "weights": [0.7], "flip_y": 0.3, "random_state": 2},
            {"n_samples": 9, "n_features": 5, "class_sep": 2.5, "hypercube": False, "shift": None, "scale": None, "random_state": 3},
            {"n_samples": 8, "n_features": 36, "n_informative": 33, "shuffle": False, "shift": 1.5, "scale": 0.25, "random_state": 4},
            {"n_samples": 10, "n_features": 12, "n_informative": 10, "weights": [0.25, 0.5, 0.25], "n_classes": 3, "random_state": 5},
        ],
    ),
}


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def condition(given):
    """Of the two matrices of draws whose orthonormal factors are taken: as far as these may move, relative to the draws."""
    rng = np.random.RandomState(given["random_state"])
    n, p = given["n_samples"], given["n_features"]
    return sum(np.linalg.cond(rng.standard_normal(size=(rows, min(n, p)))) for rows in (n, p))


def made():
    cases = []
    for name, (make, options) in MAKERS.items():
        for given in options:
            given = {"random_state": 6, **given}
            result = make(**given)
            case = {"maker": name, "options": {camel(k): v for k, v in given.items()}, "gives": list(result)}
            if "effective_rank" in given:
                case["condition"] = condition(given)
            cases.append(case)
    write("made_datasets", cases)
    samples = [
        {"population": n, "count": k, "gives": sample_without_replacement(n, k, random_state=n)}
        for n, k in ((10, 4), (2**20, 6), (50, 50), (3, 0), (0, 0), (300, 299))
    ]
    write("sample_without_replacement", samples)


if __name__ == "__main__":
    loaded()
    made()
