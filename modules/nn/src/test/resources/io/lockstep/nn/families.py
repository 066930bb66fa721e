"""Writes families.json: what FamiliesTest expects, by mpmath with 60 digits from the definitions.

Run as: python3 families.py > families.json
"""

import json

from mpmath import diff, digamma, erfc, exp, log, loggamma, mp, mpf, sqrt

mp.dps = 60


def cdf(x):
    return erfc(-x / sqrt(2)) / 2


def bernoulli(mean, rest):
    return lambda y, eta, shape: -log(mean(eta)) if y == 1 else -log(rest(eta))


def poisson(y, eta, shape):
    return exp(eta) - y * eta + loggamma(y + 1)


def negative_binomial(y, eta, r):
    mean = exp(eta)
    p = r / (r + mean)
    return -(loggamma(y + r) - loggamma(r) - loggamma(y + 1) + r * log(p) + y * log(mean / (r + mean)))


def gamma_density(y, eta, k):
    scale = exp(eta) / k
    return -((k - 1) * log(y) - y / scale - k * log(scale) - loggamma(k))


def counts_deviance(y, eta, r):
    mean = exp(eta)
    both = lambda a, b: a * log(a / b) if a > 0 else mpf(0)
    if r is None:
        return 2 * (both(y, mean) - (y - mean))
    return 2 * (both(y, mean) - (y + r) * log((y + r) / (mean + r)))


def gamma_deviance(y, eta, k):
    mean = exp(eta)
    return 2 * ((y - mean) / mean - log(y / mean))


LOGIT = bernoulli(lambda e: 1 / (1 + exp(-e)), lambda e: 1 / (1 + exp(e)))
PROBIT = bernoulli(cdf, lambda e: cdf(-e))
CLOGLOG = bernoulli(lambda e: 1 - exp(-exp(e)), lambda e: exp(-exp(e)))
ETAS = [-60, -20, -8.5, -3.25, -1, -0.125, 0, 0.5, 1, 2.75, 6, 11.5]
COUNTS = [0, 1, 2, 7, 130]
SIZES = [0.25, 2, 3.672508540305, 400]


def cases():
    for name, f, mean, etas in [
        ("logit", LOGIT, lambda e: 1 / (1 + exp(-e)), ETAS + [40, 80]),
        ("probit", PROBIT, cdf, ETAS + [25]),
        ("cloglog", CLOGLOG, lambda e: 1 - exp(-exp(e)), [e for e in ETAS if e < 6]),
    ]:
        for y in [0, 1]:
            for eta in etas:
                yield name, f, mean, lambda *a, f=f: 2 * f(*a), y, eta, None
    for y in COUNTS:
        for eta in ETAS:
            yield "poisson", poisson, exp, lambda y, e, s: counts_deviance(y, e, None), y, eta, None
            for r in SIZES:
                yield "negative-binomial", negative_binomial, exp, counts_deviance, y, eta, r
    for y in [0.001, 0.8, 1, 3.5, 2000]:
        for eta in [e for e in ETAS if e > -60]:
            yield "exponential", gamma_density, exp, gamma_deviance, y, eta, 1
            for k in [0.5, 1, 4]:
                yield "gamma", gamma_density, exp, gamma_deviance, y, eta, k


def main():
    rows = []
    for name, f, mean, deviance, y, eta, shape in cases():
        y, eta = mpf(y), mpf(eta)
        s = None if shape is None else mpf(shape)
        row = {
            "family": name,
            "y": float(y),
            "eta": float(eta),
            "shape": shape,
            "nll": float(f(y, eta, s)),
            "gradient": float(diff(lambda e: f(y, e, s), eta)),
            "mean": float(mean(eta)),
            "deviance": float(deviance(y, eta, s)),
        }
        if name in ("negative-binomial", "gamma"):
            row["shapeGradient"] = float(diff(lambda r: f(y, eta, exp(r)), log(s)))
        rows.append(row)
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    points = [0.01, 0.5, 1, 1.5, 2, 3.7, 9.999, 10, 123.25, 1e6]
    functions = {
        "logGamma": [[x, float(loggamma(mpf(x)))] for x in points],
        "digamma": [[x, float(digamma(mpf(x)))] for x in points],
        "logNormalCdf": [[x, float(log(cdf(mpf(x))))] for x in [-1e4, -40, -6, -1, -1e-3, 0, 0.7, 5]],
    }
    print('{"functions":' + json.dumps(functions) + ',\n"cases":[\n' + lines + "]}")


main()
