"""Writes fixtures/random_state.json: what numpy.random.RandomState draws. Run as make_fixtures.py is: `python tests/parity/random_fixtures.py`.

Each case is one stream: a seed, and a list of calls in turn with what they gave. One stream for many calls shows that each takes as many words as
NumPy's does, and that the second normal of a pair is kept.
"""

import numpy as np

from make_fixtures import write

DTYPES = ("int64", "int32", "uint32", "int16", "uint16", "int8", "uint8", "bool")


def calls(stream, dtype):
    p = [0.1, 0.0, 0.35, 0.3, 0.25]
    yield "randomSample", [5], stream.random_sample(5)
    yield "randomSample", [[2, 3]], stream.random_sample((2, 3))
    yield "uniform", [], stream.uniform()
    yield "uniform", [-3.5, 7.25, 6], stream.uniform(-3.5, 7.25, 6)
    yield "normal", [], stream.normal()
    yield "normal", [10, 2.5, 8], stream.normal(10, 2.5, 8)
    yield "randint", [1000], stream.randint(1000)
    yield "standardNormal", [4], stream.standard_normal(4)
    yield "randn", [3, 2], stream.randn(3, 2)
    info = np.iinfo(dtype) if dtype != "bool" else None
    low, high = (0, 2) if info is None else (max(info.min, -(2**40)), min(info.max + 1, 2**45))
    yield "randint", [low, high, 9, dtype], stream.randint(low, high, 9, dtype)
    for low, high in ((0, 1), (0, 2)) if info is None else ((3, 4), (0, 2), (5, 100), (0, 128)):
        yield "randint", [low, high, 7, dtype], stream.randint(low, high, 7, dtype)
    yield "randint", [0, 2**32], stream.randint(0, 2**32)
    yield "randint", [0, 2**40], stream.randint(0, 2**40)
    yield "randint", [-5, 6, [2, 2]], stream.randint(-5, 6, (2, 2))
    yield "permutation", [12], stream.permutation(12)
    yield "permutation", [0], stream.permutation(0)
    yield "permutation", [[4, 8, 15, 16, 23, 42]], stream.permutation([4, 8, 15, 16, 23, 42])
    shuffled = list(range(9))
    stream.shuffle(shuffled)
    yield "shuffle", [list(range(9))], shuffled
    yield "choice", [7], stream.choice(7)
    yield "choice", [7, 6], stream.choice(7, 6)
    yield "choice", [10, 4, False], stream.choice(10, 4, False)
    yield "choice", [5, [2, 3], True, p], stream.choice(5, (2, 3), True, p)
    yield "choice", [5, 4, False, p], stream.choice(5, 4, False, p)
    yield "choice", [[2, 3, 5, 7, 11], 3, False, p], stream.choice([2, 3, 5, 7, 11], 3, False, p)
    yield "choice", [[2, 3, 5, 7, 11]], stream.choice([2, 3, 5, 7, 11])
    yield "randomSample", [], stream.random_sample()


def main():
    cases = []
    for k, seed in enumerate([0, 1, 42, 2**32 - 1, [0], [1, 2, 3], list(range(700)), 20260101]):
        stream = np.random.RandomState(seed)
        rows = [{"method": m, "args": a, "gives": g} for m, a, g in calls(stream, DTYPES[k])]
        cases.append({"seed": seed, "calls": rows})
    # A long permutation, and enough words that the state is refilled, by one number each.
    stream = np.random.RandomState(7)
    order = stream.permutation(70000)
    normals = stream.standard_normal(20000)
    cases.append(
        {
            "seed": 7,
            "calls": [],
            "long": {
                "permutation": [int(order[0]), int(order[-1]), int(np.sum(order[::7] * np.arange(10000) % 10007))],
                "normals": normals[::400],
                "next": stream.random_sample(),
            },
        }
    )
    write("random_state", cases)


if __name__ == "__main__":
    main()
