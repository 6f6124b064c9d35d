"""Writes fixtures/NAME.bin: exact values of the scalar functions at hard and at random f64 points, for the accuracy tests.

Run: `pip install mpmath==1.3.0 gmpy2==2.3.2 && python tests/accuracy/make_fixtures.py [--count N] [--out DIR]`.
A file is a row of records: the arguments (f64 each), the value rounded to f64, and how far the exact value is from that, in units in the
last place (f32). An infinite value stands for 2^1024. Little-endian. Points are the same in every run: the generator's seed is fixed.
"""

import argparse
import math
import pathlib
import random
import struct

import mpmath
from mpmath import mp, mpf

mp.dps = 60
assert mpmath.__version__ == "1.3.0"

LEAST = mpf(2) ** -1074
INF, NAN = math.inf, math.nan
TINY = 2.0**-1022
SPECIAL = [0.0, 5e-324, 1e-320, TINY - 5e-324, TINY, 1.7976931348623157e308, INF]
HALF_PI = mp.pi / 2
DIGAMMA_ZERO = mp.findroot(lambda x: mp.psi(0, x), 1.4616)


def around(*points, steps=3):
    """The doubles next to each point."""
    found = []
    for p in points:
        x = float(p)
        found.append(x)
        up = down = x
        for _ in range(steps):
            up, down = math.nextafter(up, INF), math.nextafter(down, -INF)
            found += [up, down]
    return found


def both(points):
    return list(points) + [-p for p in points]


def anywhere(lo, hi, signed=True):
    """Evenly over the bit patterns of magnitudes between lo and hi."""
    a, b = (struct.unpack("<q", struct.pack("<d", v))[0] for v in (lo, hi))

    def draw(rng):
        x = struct.unpack("<d", struct.pack("<q", rng.randint(a, b)))[0]
        return -x if signed and rng.random() < 0.5 else x

    return draw


def evenly(lo, hi):
    return lambda rng: rng.uniform(lo, hi)


def scaled(centre, widest):
    """Around a point, at distances of all magnitudes."""
    return lambda rng: float(centre) + rng.choice([-1, 1]) * widest * 2.0 ** -rng.uniform(0, 52)


def near_half_pi(most):
    """The doubles nearest to multiples of pi/2."""
    return lambda rng: float(rng.randint(1, int(most / float(HALF_PI))) * HALF_PI * rng.choice([-1, 1]))


powers = both(around(*[2.0**k for k in range(-30, 20)], steps=1))
thresholds = both(around(0.25, 0.5, 1, 1.5, 2, 2.5, 3, 6, 8, 22, 40, 710, math.sqrt(2) - 1, math.sqrt(0.5), math.sqrt(2), math.log(2) / 2, 0.55, 0.625))


def log_abs_gamma(x):
    if x > 0:
        return mp.loggamma(x)
    return mp.inf if x == mp.floor(x) else mp.log(abs(mp.gamma(x))) if x > -100 else mp.log(mp.pi / abs(mp.sinpi(x))) - mp.loggamma(1 - x)


def power(x, y):
    if y == 0 or x == 1:
        return mpf(1)
    if mp.isnan(x) or mp.isnan(y):
        return mp.nan
    if x == 0 or mp.isinf(x):
        return mp.inf if (x == 0) == (y < 0) else mpf(0)
    if mp.isinf(y):
        return mp.inf if (x > 1) == (y > 0) else mpf(0)
    # What over- or underflows anyway need not be computed with its huge exponent.
    e = y * mp.log(x)
    return mp.exp(min(max(e, -5000), 5000))


def domain(f, inside):
    return lambda x: f(x) if inside(x) else mp.nan


def limits(f, at_minus, at_plus):
    return lambda x: at_plus if x == mp.inf else at_minus if x == -mp.inf else f(x)


any_number = anywhere(5e-324, 1.7e308)
positive = anywhere(5e-324, 1.7e308, signed=False)
turns = [near_half_pi(1e6), near_half_pi(100), evenly(-10, 10), evenly(-1e6, 1e6), anywhere(1e-20, 1e6)]
exponents = [evenly(-0.4, 0.4), evenly(-5, 5), evenly(-746, 710), anywhere(1e-20, 745)]
spots = both(SPECIAL) + [NAN]

# name: (function, fixed points, draws)
one = {
    "exp": (limits(mp.exp, mpf(0), mp.inf), spots + powers + thresholds + around(-708.3964, -745.1332, 709.7827), exponents + [evenly(-746, -707)]),
    "expm1": (limits(mp.expm1, mpf(-1), mp.inf), spots + powers + thresholds, exponents + [evenly(-1, 1.2)]),
    "log": (domain(limits(mp.log, 0, mp.inf), lambda x: x >= 0), spots + powers + thresholds, [positive, evenly(0.5, 2), scaled(1, 0.5), scaled(1, 0.01), anywhere(5e-324, TINY)]),
    "log2": (domain(limits(lambda x: mp.log(x, 2), 0, mp.inf), lambda x: x >= 0), spots + powers + thresholds, [positive, evenly(0.5, 2), scaled(1, 0.5), scaled(1, 0.01)]),
    "log1p": (domain(limits(mp.log1p, 0, mp.inf), lambda x: x >= -1), spots + powers + thresholds, [positive, evenly(-1, 3), anywhere(1e-20, 1), scaled(-1, 0.9), evenly(0, 100)]),
    "tanh": (limits(mp.tanh, mpf(-1), mpf(1)), spots + powers + thresholds, [evenly(-1, 1), evenly(-25, 25), anywhere(1e-20, 20), evenly(0.4, 0.8), any_number]),
    "sin": (mp.sin, both(SPECIAL[:-2]) + [NAN] + powers, turns),
    "cos": (mp.cos, both(SPECIAL[:-2]) + [NAN] + powers, turns),
    "tan": (mp.tan, both(SPECIAL[:-2]) + [NAN] + powers, turns + [near_half_pi(1000)]),
    "sinh": (limits(mp.sinh, -mp.inf, mp.inf), spots + powers + thresholds, exponents + [evenly(-1, 1), any_number]),
    "cosh": (limits(mp.cosh, mp.inf, mp.inf), spots + powers + thresholds, exponents + [evenly(-1, 1)]),
    "atan": (limits(mp.atan, -HALF_PI, HALF_PI), spots + powers + thresholds, [any_number, evenly(-3, 3), anywhere(1e-5, 1e5)]),
    "asin": (domain(mp.asin, lambda x: abs(x) <= 1), spots + powers + thresholds, [evenly(-1, 1), scaled(1, 0.5), anywhere(1e-20, 1), evenly(0.4, 0.6)]),
    "acos": (domain(mp.acos, lambda x: abs(x) <= 1), spots + powers + thresholds, [evenly(-1, 1), scaled(1, 0.5), scaled(-1, 0.5), anywhere(1e-20, 1), evenly(-0.6, 0.6)]),
    "erf": (limits(mp.erf, mpf(-1), mpf(1)), spots + powers + thresholds, [evenly(-1.2, 1.2), evenly(-7, 7), anywhere(1e-20, 6), any_number]),
    "lgamma": (limits(log_abs_gamma, mp.inf, mp.inf), [v for v in spots if v != -INF] + powers[: len(powers) // 2] + around(1, 2, 0.5, 1.5, 2.5, 3, 8), [positive, evenly(0, 3), evenly(0, 20), scaled(1, 0.5), scaled(2, 0.5), anywhere(8, 1e6, signed=False), evenly(-20, 0), evenly(2, 9)]),
    "cbrt": (limits(lambda x: mp.cbrt(x) if x >= 0 else -mp.cbrt(-x), -mp.inf, mp.inf), spots + powers + thresholds, [any_number, evenly(-10, 10)]),
    "erfinv": (domain(lambda x: mp.sign(x) * mp.inf if abs(x) == 1 else mp.erfinv(x), lambda x: abs(x) <= 1), both(around(0, 1, 0.5, 0.9, 0.99)) + [5e-324, TINY, NAN, 2.0, INF], [evenly(-1, 1), scaled(1, 1), scaled(-1, 0.01), anywhere(1e-20, 1)]),
    "digamma": (limits(lambda x: -mp.inf if x == 0 else mp.psi(0, x), mp.nan, mp.inf), SPECIAL + [NAN] + powers[: len(powers) // 2] + around(DIGAMMA_ZERO, 1, 2, 8), [positive, evenly(0, 3), evenly(0, 20), scaled(DIGAMMA_ZERO, 0.5), evenly(1.2, 1.8)]),
}


def pairs(*draws):
    return [lambda rng, a=a, b=b: (a(rng), b(rng)) for a, b in draws]


corners = [(a, b) for a in both(SPECIAL) + [1.0, -2.5, NAN] for b in both(SPECIAL) + [1.0, -2.5, NAN]]


def hypotenuse(x, y):
    return mp.inf if mp.isinf(x) or mp.isinf(y) else mp.sqrt(x * x + y * y)


def angle(y, x):
    """A zero has no sign, and counts as positive."""
    if mp.isnan(x) or mp.isnan(y):
        return mp.nan
    if mp.isinf(x) and mp.isinf(y):
        return mp.atan2(mp.sign(y), mp.sign(x))
    if mp.isinf(y):
        return mp.sign(y) * HALF_PI
    if mp.isinf(x):
        return mpf(0) if x > 0 else -mp.pi if y < 0 else mp.pi
    return mp.atan2(y, x)


close_to_one = scaled(1, 0.5)
two = {
    "pow": (
        power,
        [(a, b) for a, b in corners if not a < 0] + [(x, y) for x in (0.5, 2.0, 10.0, 0.1) for y in (0.5, 2.0, 3.0, -1.0, 1023.0, -1074.0, 1e20)],
        pairs((anywhere(1e-3, 1e3, signed=False), evenly(-100, 100)), (positive, evenly(-1, 1)), (close_to_one, anywhere(1, 1e17)), (positive, anywhere(1e-3, 10)), (evenly(0.5, 2), evenly(-1000, 1000)), (evenly(0, 10), evenly(-3, 3))),
    ),
    "atan2": (
        angle,
        # At the two zeros it is 0 by our definition, whatever their signs: the test looks at that apart.
        [(a, b) for a, b in corners if a != 0 or b > 0],
        pairs((any_number, any_number), (evenly(-2, 2), evenly(-2, 2)), (anywhere(1e-5, 1e5), anywhere(1e-5, 1e5)), (anywhere(1e-310, 1e-300), anywhere(1e-310, 1e-300)), (anywhere(1e300, 1.7e308), anywhere(1e300, 1.7e308))),
    ),
    "hypot": (hypotenuse, corners, pairs((any_number, any_number), (evenly(-2, 2), evenly(-2, 2)), (anywhere(1e-5, 1e5), anywhere(1e-5, 1e5)), (anywhere(5e-324, 1e-300), anywhere(5e-324, 1e-300)), (anywhere(1e300, 1.2e308), anywhere(1e300, 1.2e308)))),
}


def philox(counter, key):
    """Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k[0], q & 0xFFFFFFFF, (p >> 32) ^ c[3] ^ k[1], p & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def normal(key, i):
    """In double precision, from 53 bits of two words each."""
    w = philox((int(i), 0, 0, 0), (int(key), 0))
    u1, u2 = (mpf((a << 21) + (b >> 11)) / mpf(2) ** 53 for a, b in (w[:2], w[2:]))
    return mp.sqrt(-2 * mp.log1p(-u1)) * mp.cospi(2 * u2)


def words(rng):
    return float(rng.getrandbits(32)), float(rng.getrandbits(32))


two["normal"] = (normal, [(0.0, 0.0), (4294967295.0, 4294967295.0)], [words])


def record(f, arguments):
    exact = f(*[mpf(x) for x in arguments])
    if mp.isnan(exact):
        value, rest = NAN, 0.0
    elif abs(exact) >= mpf(2) ** 1024 - mpf(2) ** 970:
        value = math.copysign(INF, exact)
        rest = 0.0 if mp.isinf(exact) else float(max(min((exact - mp.sign(exact) * mpf(2) ** 1024) / mpf(2) ** 971, 1e9), -1e9))
        if mp.isinf(exact):
            rest = math.copysign(1e9, exact)
    else:
        value = float(exact)
        unit = LEAST if value == 0 else mpf(max(math.ulp(value), 5e-324))
        rest = float((exact - mpf(value)) / unit)
    return struct.pack(f"<{len(arguments)}ddf", *arguments, value, rest)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "fixtures")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, (f, fixed, draws) in {**one, **two}.items():
        if options.only and name not in options.only:
            continue
        rng = random.Random(f"accuracy of {name}")
        points = [p if isinstance(p, tuple) else (p,) for p in fixed]
        while len(points) < options.count:
            p = draws[len(points) % len(draws)](rng)
            points.append(p if isinstance(p, tuple) else (p,))
        (options.out / f"{name}.bin").write_bytes(b"".join(record(f, p) for p in points))
        print(name, len(points), flush=True)


main()
