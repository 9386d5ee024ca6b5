"""Makes `src/thalweg/ops/special_tables.py`: the polynomials behind the special functions. Needs mpmath.

    python tools/special_tables.py

Each function is cut into pieces on which some smooth form of it (without its zeros, its growth, its poles) is close to
a polynomial. The polynomial interpolates it at Chebyshev nodes, to the last bit of double precision; it is written as
powers of `t = (u - middle) * scale`, which runs over [-1, 1].
"""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath as mp

mp.mp.dps = 60
NODES = 70


def chebyshev(f: Callable[[Any], Any], low: Any, high: Any) -> list[Any]:
    """The Chebyshev coefficients of f on [low, high], as many as double precision needs."""
    middle, half = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    angles = [mp.pi * (k + mp.mpf(1) / 2) / NODES for k in range(NODES)]
    values = [f(middle + half * mp.cos(a)) for a in angles]
    found = [2 * sum(v * mp.cos(j * a) for v, a in zip(values, angles)) / NODES for j in range(NODES)]
    found[0] /= 2
    smallest = min(abs(v) for v in values)
    last = max(j for j in range(NODES) if abs(found[j]) > smallest * mp.mpf(10) ** -18)
    assert last < NODES - 10, "too few nodes for this piece"
    return found[:last + 1]


def powers(coefficients: list[Any]) -> list[Any]:
    """The same polynomial in powers of t, highest first."""
    before, now = [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    total = [mp.mpf(0)] * len(coefficients)
    for j, c in enumerate(coefficients):
        basis = before if j == 0 else now
        for k, b in enumerate(basis):
            total[k] += c * b
        if j > 0:
            after = [mp.mpf(0)] + [2 * b for b in now]
            for k, b in enumerate(before):
                after[k] -= b
            before, now = now, after
    return total[::-1]


def piece(f: Callable[[Any], Any], low: Any, high: Any) -> tuple[float, float, list[float]]:
    """The middle, the scale and the polynomial of f on [low, high]."""
    low, high = mp.mpf(low), mp.mpf(high)
    coefficients = powers(chebyshev(f, low, high))
    smallest = min(abs(f(low + (high - low) * (k + mp.mpf(1) / 2) / 16)) for k in range(16))
    size = sum(abs(c) for c in coefficients) / smallest
    print(f"    degree {len(coefficients) - 1}, condition {float(size):.1f}")
    return float((low + high) / 2), float(2 / (high - low)), [float(c) for c in coefficients]


def rational(f: Callable[[Any], Any], low: Any, high: Any, above: int, below: int) -> tuple[list[float], list[float]]:
    """A quotient of two polynomials close to f on [low, high]: repeated linearised least squares."""
    middle, half = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    points = [middle - half * mp.cos(mp.pi * (k + mp.mpf(1) / 2) / 200) for k in range(200)]
    values = [f(u) for u in points]
    weights = [1 / abs(v) for v in values]
    for _ in range(12):
        rows = mp.matrix(200, above + below + 1)
        right = mp.matrix(200, 1)
        for i, (u, v, w) in enumerate(zip(points, values, weights)):
            for k in range(above + 1):
                rows[i, k] = w * u**k
            for k in range(1, below + 1):
                rows[i, above + k] = -w * v * u**k
            right[i] = w * v
        solved = mp.lu_solve(rows, right)
        top, bottom = list(solved[:above + 1]), [mp.mpf(1), *solved[above + 1:]]
        denominators = [mp.polyval(bottom[::-1], u) for u in points]
        errors = [abs(mp.polyval(top[::-1], u) / d / v - 1) for u, d, v in zip(points, denominators, values)]
        worst = max(errors)
        weights = [w0 / abs(d) * (e / worst + mp.mpf(1) / 4) ** mp.mpf("0.5")
                   for w0, d, e in zip((1 / abs(v) for v in values), denominators, errors)]
    print(f"    error {float(worst):.2g}")
    return [float(c) for c in top[::-1]], [float(c) for c in bottom[::-1]]


def shown(numbers: list[float], indent: str) -> str:
    lines, line = [], indent
    for n in numbers:
        word = repr(n) + ", "
        if len(line) + len(word) > 118:
            lines.append(line.rstrip())
            line = indent
        line += word
    return "\n".join([*lines, line.rstrip()])


def limit(f: Callable[[Any], Any], at_zero: Any) -> Callable[[Any], Any]:
    return lambda u: mp.mpf(at_zero) if u == 0 else f(u)


def at_inverse(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """f(x) as a function of 1/x, also near 0."""
    return lambda v: f(1 / v) if v != 0 else f(mp.mpf(10) ** 15)


def hankel(order: int) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """The slowly varying P and x Q of J = sqrt(2 / pi x) (P cos c - Q sin c), as functions of (8 / x)^2."""
    def parts(w: Any) -> tuple[Any, Any]:
        x = 8 / mp.sqrt(w)
        c = x - (2 * order + 1) * mp.pi / 4
        j, y = mp.besselj(order, x), mp.bessely(order, x)
        root = mp.sqrt(mp.pi * x / 2)
        return root * (j * mp.cos(c) + y * mp.sin(c)), x * root * (y * mp.cos(c) - j * mp.sin(c))
    mu = mp.mpf(4 * order**2)
    return limit(lambda w: parts(w)[0], 1), limit(lambda w: parts(w)[1], (mu - 1) / 8)


def fresnel(v: Any) -> tuple[Any, Any]:
    """The auxiliary functions, f pi x and g pi^2 x^3, at 1/x^2 = v."""
    x = 1 / mp.sqrt(v)
    c, s, a = mp.mpf(1) / 2 - mp.fresnelc(x), mp.mpf(1) / 2 - mp.fresnels(x), mp.pi * x * x / 2
    return (s * mp.cos(a) - c * mp.sin(a)) * mp.pi * x, (c * mp.cos(a) + s * mp.sin(a)) * mp.pi**2 * x**3


def without_zero(f: Callable[[Any], Any], zero: Any) -> Callable[[Any], Any]:
    return lambda u: f(u) / (u - zero)


def main() -> None:
    lines = ['"""Polynomials for the special functions. Made by tools/special_tables.py."""', ""]

    def table(name: str, note: str, f: Callable[[Any], Any], *cuts: Any) -> None:
        print(name)
        pieces = [piece(f, a, b) for a, b in zip(cuts, cuts[1:])]
        lines.extend([f"# {note}", f"{name} = ("])
        for middle, scale, numbers in pieces:
            lines.extend([f"    ({middle!r}, {scale!r}, (", shown(numbers, "        "), "    )),"])
        lines.extend([")", ""])

    print("ERF_SINGLE")
    erf_over_x = limit(lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u), 2 / mp.sqrt(mp.pi))
    top, bottom = rational(erf_over_x, 0, mp.mpf("15.5"), 5, 5)
    lines.extend(["# erf(x) / x of x^2 up to 15.5, for single precision: numerator and denominator", "ERF_SINGLE = (",
                  "    (", shown(top, "        "), "    ), (", shown(bottom, "        "), "    ),", ")", ""])
    table("ERF", "erf(x) / x of x^2", erf_over_x, 0, 1)
    table("ERFC", "exp(x^2) erfc(x) of x", lambda x: mp.erfc(x) * mp.exp(x * x), 1, 2, 4)
    table("ERFC_TAIL", "x exp(x^2) erfc(x) of 1/x^2",
          limit(lambda v: mp.erfc(1 / mp.sqrt(v)) * mp.exp(1 / v) / mp.sqrt(v) if v > 1e-4 else
                mp.hyp2f0(1, mp.mpf(1) / 2, -v) / mp.sqrt(mp.pi), 1 / mp.sqrt(mp.pi)), 0, mp.mpf(1) / 16)

    def quantile(r: Any) -> Any:
        """Minus the normal quantile of the probability exp(-r^2)."""
        root = mp.findroot(lambda z: mp.log(mp.erfc(z) / 2) + r * r, r - mp.log(2 * mp.sqrt(mp.pi) * r) / 2 / r)
        return mp.sqrt(2) * root
    table("NDTRI", "the normal quantile of 1/2 + q, over q, of q^2",
          limit(lambda u: mp.sqrt(2) * mp.erfinv(2 * mp.sqrt(u)) / mp.sqrt(u), mp.sqrt(2 * mp.pi)), 0, mp.mpf(1) / 25,
          mp.mpf("0.180625"))
    table("NDTRI_TAIL", "minus the normal quantile of exp(-r^2), of r", quantile, mp.mpf("1.6"), 2, 3, 5, 9, 16, 28)
    table("LGAMMA", "log gamma(x) / ((x - 1) (x - 2)) of x",
          lambda x: mp.loggamma(x) / ((x - 1) * (x - 2)), 1, mp.mpf("1.5"), 2, mp.mpf("2.5"), 3)
    for k in (0, 1):
        table(f"I{k}", f"sqrt(x) exp(-x) I{k}(x) of 1/x, from x = 8",
              limit(at_inverse(lambda x, k=k: mp.sqrt(x) * mp.exp(-x) * mp.besseli(k, x)), 1 / mp.sqrt(2 * mp.pi)),
              0, mp.mpf(1) / 32, mp.mpf(1) / 16, mp.mpf(1) / 8)
        table(f"K{k}", f"sqrt(x) exp(x) K{k}(x) of 1/x, from x = 1",
              limit(at_inverse(lambda x, k=k: mp.sqrt(x) * mp.exp(x) * mp.besselk(k, x)), mp.sqrt(mp.pi / 2)),
              0, mp.mpf(1) / 6, mp.mpf(1) / 2, 1)
    zeros = {k: [mp.besseljzero(k, i) for i in (1, 2)] for k in (0, 1)}
    for k in (0, 1):
        over = (lambda f: f) if k == 0 else (lambda f: lambda x: f(x) / x)
        j = over(lambda x, k=k: mp.besselj(k, x))
        cut = mp.mpf(4) if k == 0 else mp.mpf(5)
        for i, (a, b) in enumerate(((mp.mpf(0), cut), (cut, mp.mpf(8)))):
            table(f"J{k}_{i}", f"J{k}(x){' / x' if k else ''} / (x^2 - z^2) of x^2, to x = {int(b)}",
                  limit(lambda u, j=j, z=zeros[k][i]: j(mp.sqrt(u)) / (u - z * z), -1 / zeros[0][0] ** 2 if k == 0
                        else -mp.mpf(1) / 2 / zeros[1][0] ** 2), a * a, b * b)
        high = [float(z) for z in zeros[k]]
        low = [float(z - mp.mpf(h)) for z, h in zip(zeros[k], high)]
        lines.extend([f"# The first zeros of J{k}, and what their doubles leave out.",
                      f"J{k}_ZEROS = {tuple(zip(high, low))!r}", ""])
        p, q = hankel(k)
        table(f"P{k}", f"P of the asymptotic form of order {k}, of (8/x)^2", p, 0, 1)
        table(f"Q{k}", f"x Q of the asymptotic form of order {k}, of (8/x)^2", q, 0, 1)

    def y0(u: Any) -> Any:
        x = mp.sqrt(u)
        return mp.bessely(0, x) - 2 / mp.pi * mp.log(x) * mp.besselj(0, x)

    def y1(u: Any) -> Any:
        x = mp.sqrt(u)
        return (mp.bessely(1, x) - 2 / mp.pi * (mp.log(x) * mp.besselj(1, x) - 1 / x)) / x
    table("Y0", "Y0(x) - 2/pi log(x) J0(x) of x^2", limit(y0, 2 / mp.pi * (mp.euler - mp.log(2))), 0, 9, 25, 64)
    table("Y1", "(Y1(x) - 2/pi (log(x) J1(x) - 1/x)) / x of x^2",
          limit(y1, (mp.euler - mp.log(2) - mp.mpf(1) / 2) / mp.pi), 0, 9, 25, 64)

    def dawson(x: Any) -> Any:
        return mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x)
    table("DAWSN", "the integral D(x) / x of x^2", limit(lambda u: dawson(mp.sqrt(u)) / mp.sqrt(u), 1), 0, 1)
    table("DAWSN_MIDDLE", "D(x) of x", dawson, 1, 2, 3, 4, 6)
    table("DAWSN_TAIL", "2 x D(x) of 1/x^2, from x = 6",
          limit(lambda v: 2 * dawson(1 / mp.sqrt(v)) / mp.sqrt(v) if v > 1e-4 else mp.hyp2f0(1, mp.mpf(1) / 2, v), 1),
          0, mp.mpf(1) / 100, mp.mpf(1) / 36)
    table("EXPINT", "x exp(-x) Ei(x) of 1/x, from x = 4",
          limit(at_inverse(lambda x: x * mp.exp(-x) * mp.ei(x)), 1),
          0, mp.mpf(1) / 50, mp.mpf(1) / 25, mp.mpf(1) / 15, mp.mpf(1) / 10, mp.mpf(1) / 6, mp.mpf(1) / 4)
    edge = mp.mpf("1.5")
    table("FRESNEL_C", "C(x) / x of x^4", limit(lambda u: mp.fresnelc(u ** mp.mpf("0.25")) / u ** mp.mpf("0.25"), 1),
          0, edge**4)
    table("FRESNEL_S", "S(x) / x^3 of x^4",
          limit(lambda u: mp.fresnels(u ** mp.mpf("0.25")) / u ** mp.mpf("0.75"), mp.pi / 6), 0, edge**4)
    for i, name in enumerate(("F", "G")):
        table(f"FRESNEL_{name}", f"the auxiliary function {name.lower()} times pi{'^2' * i} x{'^3' * i} of 1/x^2",
              limit(lambda v, i=i: fresnel(v)[i], 1), 0, mp.mpf(1) / 16, mp.mpf(1) / 6, mp.mpf(1) / edge**2)
    table("SPENCE", "Li2(y) / y of y", limit(lambda y: mp.polylog(2, y) / y, 1), -mp.mpf(1) / 2, 0, mp.mpf(1) / 2)
    target = Path(__file__).resolve().parent.parent / "src/thalweg/ops/special_tables.py"
    target.write_text("\n".join(lines).rstrip("\n") + "\n")


if __name__ == "__main__":
    main()
