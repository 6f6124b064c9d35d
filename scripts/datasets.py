"""Writes estimators/datasets/data/*.ts: the small data sets that come with scikit-learn, packed. Run: `python scripts/datasets.py`, where scikit-learn is installed.

Each module holds a JSON text (names, the description, and the numbers as CSV, the target last), as deflate-raw in base64. A number is written with as
many digits as it needs to come back exactly. Where the data are from, and their licences, are in estimators/datasets/LICENSES.md.
"""

import base64
import json
import pathlib
import zlib

import numpy as np
import sklearn
from sklearn import datasets

OUT = pathlib.Path(__file__).parent.parent / "estimators" / "datasets" / "data"

SETS = {
    "iris": (datasets.load_iris, "Iris. Fisher (1936); UCI Machine Learning Repository, doi:10.24432/C56C76, CC BY 4.0"),
    "wine": (datasets.load_wine, "Wine. Aeberhard and Forina (1992); UCI Machine Learning Repository, doi:10.24432/C5PC7J, CC BY 4.0"),
    "breast_cancer": (
        datasets.load_breast_cancer,
        "Breast Cancer Wisconsin (Diagnostic). Wolberg, Mangasarian, Street and Street (1993); UCI Machine Learning Repository, doi:10.24432/C5DW2B, CC BY 4.0",
    ),
    "digits": (
        datasets.load_digits,
        "Optical Recognition of Handwritten Digits, the test set. Alpaydin and Kaynak (1998); UCI Machine Learning Repository, doi:10.24432/C50P49, CC BY 4.0",
    ),
    "diabetes": (
        lambda: datasets.load_diabetes(scaled=False),
        "Diabetes. Efron, Hastie, Johnstone and Tibshirani (2004), Least Angle Regression, Annals of Statistics 32",
    ),
}


def text(number):
    return str(int(number)) if number == int(number) else repr(float(number))


def names(values):
    return [str(v) for v in values]


def main():
    OUT.mkdir(exist_ok=True)
    for name, (load, origin) in SETS.items():
        bunch = load()
        table = np.column_stack([bunch.data, bunch.target])
        content = {
            "featureNames": names(bunch.feature_names),
            "targetNames": names(getattr(bunch, "target_names", [])),
            "DESCR": bunch.DESCR,
            "csv": "\n".join(",".join(map(text, row)) for row in table),
        }
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = deflate.compress(json.dumps(content, separators=(",", ":")).encode()) + deflate.flush()
        lines = [
            f"/*! {origin}. As in scikit-learn {sklearn.__version__}, BSD-3-Clause. */",
            "// Made by scripts/datasets.py.",
            "export const packed: string =",
            f'  "{base64.b64encode(packed).decode()}";',
        ]
        (OUT / f"{name}.ts").write_text("\n".join(lines) + "\n")
        print(f"{name}: {len(table)} rows, {len(packed)} bytes")


if __name__ == "__main__":
    main()
