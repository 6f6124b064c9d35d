"""Fits the polynomials of stdlib/math.fold: Chebyshev interpolation at 60 digits, printed as coefficients for Horner's rule.

Run: `pip install mpmath && python scripts/fit_math.py`. Beside each: the largest absolute error of the fit, in bits.
"""

from mpmath import mp, mpf, chebyfit, polyval, log, erf, erfc, exp, atan, asin, sqrt, loggamma, linspace

mp.dps = 60


def fit(name, f, lo, hi, terms):
    coefficients, error = chebyfit(f, [mpf(lo), mpf(hi)], terms, error=True)
    print(f"# {name} on [{lo}, {hi}], {terms} terms, {float(log(error, 2)):.1f} bits")
    for c in reversed(coefficients):
        print("  ", mp.nstr(c, 20))


def ratio(f, at_zero):
    return lambda z: at_zero if abs(z) < mpf(10) ** -50 else f(z)


# atan(t) = t + t z P(z), z = t^2, |t| <= sqrt(2) - 1
top = (sqrt(mpf(2)) - 1) ** 2 * mpf("1.001")
fit("atan", ratio(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, -mpf(1) / 3), 0, top, 14)
fit("atan, single", ratio(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, -mpf(1) / 3), 0, top, 6)

# asin(x) = x + x z P(z), z = x^2 <= 1/4
fit("asin", ratio(lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, mpf(1) / 6), 0, mpf("0.2501"), 17)
fit("asin, single", ratio(lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, mpf(1) / 6), 0, mpf("0.2501"), 7)

# erf(x) = x + x P(z), z = x^2 <= 1
fit("erf", ratio(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(mp.pi) - 1), 0, mpf("1.001"), 16)
fit("erf, single", ratio(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(mp.pi) - 1), 0, mpf("1.001"), 8)

# erfc(x) exp(x^2) = P(u), u = (x - 3) / (x + 3), 1 <= x <= 6.2
for name, terms in (("erfc", 20), ("erfc, single", 9)):
    fit(name, lambda u: erfc(3 * (1 + u) / (1 - u)) * exp((3 * (1 + u) / (1 - u)) ** 2), mpf(-1) / 2, mpf("3.2") / mpf("9.2"), terms)

# lgamma(x) = (x - 1) (x - 2) P(x - 2), 1.5 <= x <= 2.5
def lg(u):
    x = 2 + u
    if abs(u) < mpf(10) ** -40:
        return 1 - mp.euler
    return loggamma(x) / ((x - 1) * u)


fit("lgamma", lg, mpf("-0.5"), mpf("0.5"), 20)
fit("lgamma, single", lg, mpf("-0.5"), mpf("0.5"), 9)
