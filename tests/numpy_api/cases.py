"""Calls of `tf.experimental.numpy` as lines of Python, which run alike under TensorFlow and here.

A line may use `tnp`, `tf`, `np` and the names of `tensors()`. Each line runs in several modes, every mode in a process of
its own since the switch is global; `run` evaluates it and returns what a golden keeps of the result.
"""
from __future__ import annotations

from typing import Any

import numpy as np

MODES = {"off": None, "legacy": {}, "float32": {"prefer_float32": True}, "strict": {"dtype_conversion_mode": "off"}}
"""What the switch is called with in each mode; None leaves it alone."""


def arrays() -> dict[str, np.ndarray[Any, Any]]:
    """The tensors that lines may use, by name, as arrays."""
    rng = np.random.default_rng(7)
    return {
        "f": rng.standard_normal(4).astype(np.float32), "d": rng.standard_normal(4), "h": np.float16([1.5, -2, 0.25, 3]),
        "c": (rng.standard_normal(4) + 1j * rng.standard_normal(4)).astype(np.complex64),
        "i": np.int32([3, -1, 4, 0]), "l": np.int64([2, 7, -1, 8]), "s": np.int8([1, -2, 3, 100]),
        "u": np.uint8([250, 3, 0, 9]), "b": np.array([True, False, True, True]), "k": np.array([True, True, False, False]),
        "p": rng.uniform(0.1, 0.9, 4).astype(np.float32), "q": rng.uniform(1.1, 2.9, 4),
        "m": rng.standard_normal((3, 4)).astype(np.float32), "n": rng.standard_normal((4, 3)), "r": np.int32([[3, 1], [4, 1]]),
        "t": rng.standard_normal((2, 3, 4)).astype(np.float32), "w": np.float32([np.nan, 1, np.inf, -np.inf]),
        "z": np.float32(2.5), "o": np.int32(3), "e": np.zeros((0, 3), np.float32), "j": np.int32([2, 0, -1]),
        "v": rng.standard_normal(3).astype(np.float32), "x": rng.standard_normal(3), "y": np.arange(24).reshape(2, 3, 4),
    }


_UNARY = ("abs absolute angle around ceil cbrt conj conjugate cos cosh deg2rad exp exp2 expm1 fabs fix floor isfinite isinf "
          "isnan isneginf isposinf negative positive rad2deg round sign signbit sin sinc sinh sqrt square tan tanh arctan "
          "arcsinh logical_not iscomplex isreal real imag").split()
_LOGS = "log log10 log1p log2 reciprocal".split()
_UNIT = "arccos arcsin arctanh".split()
_BINARY = ("add subtract multiply true_divide divide maximum minimum equal not_equal greater greater_equal less less_equal "
           "logical_and logical_or logical_xor isclose").split()
_REAL = "floor_divide mod remainder divmod arctan2 heaviside hypot logaddexp logaddexp2 nextafter".split()
_PAIRS = ("f, f", "i, f", "s, u", "l, h", "f, d", "c, u + 1", "b, s", "b, k", "f, 2", "f, 2.5", "i, 2.5", "2, i", "h, 2.0",
          "u, 2", "[1, 2, 3, 4], f", "np.arange(4), f", "f, np.float64(2)", "o, z", "m, f", "3, 4", "1, 2.5")
_REAL_PAIRS = ("f, p", "i, q", "h, p", "f, 2.5", "d, f")

CASES = [
    *(f"tnp.{name}({x})" for name in _UNARY for x in ("f", "i", "h", "3.5", "[-2, 3]", "m")),
    *(f"tnp.{name}({x})" for name in ("abs", "exp", "square", "sign", "real", "imag", "conj", "angle", "isreal", "negative",
                                      "iscomplexobj", "isrealobj", "iscomplex") for x in ("c", "d", "2 + 1j")),
    *(f"tnp.{name}(w)" for name in ("isnan", "isinf", "isfinite", "isposinf", "isneginf", "sign", "nansum", "nanmean",
                                    "nanprod", "floor", "cbrt", "exp")),
    *(f"tnp.{name}({x})" for name in _LOGS for x in ("p", "q", "2.0", "c")),
    *(f"tnp.{name}({x})" for name in _UNIT for x in ("p", "0.5", "0")), "tnp.arccosh(q)", "tnp.arccosh(2)",
    *(f"tnp.{name}({x})" for name in ("bitwise_not", "signbit", "negative", "abs", "logical_not", "positive")
      for x in ("b", "u", "l", "5", "True")),
    *(f"tnp.{name}({xs})" for name in _BINARY for xs in _PAIRS),
    *(f"tnp.{name}({xs})" for name in _REAL for xs in _REAL_PAIRS),
    "tnp.floor_divide(l, i - 1)", "tnp.mod(u, 7)", "tnp.floor_divide(b, True)", "tnp.divmod(17, 5)", "tnp.heaviside(i, 1)",
    "tnp.power(p, q)", "tnp.power(i, 2)", "tnp.float_power(2, 3)", "tnp.power(q, 2)", "tnp.power(l, 2.0)",
    "tnp.logaddexp(1, 2)", "tnp.logaddexp(w, w)", "tnp.maximum(f, 0)", "tnp.maximum(i, 0)", "tnp.maximum(b, False)",
    "tnp.isclose(w, w, equal_nan=True)", "tnp.isclose(f, f + 1e-9)", "tnp.isclose(f, f + 0.01, atol=0.1)",
    "tnp.allclose(f, f)", "tnp.allclose(i, f)", "tnp.array_equal(f, f)", "tnp.array_equal(f, m)", "tnp.array_equal(f, v)",
    "tnp.array_equal([1, 2], [1.0, 2.0])",
    *(f"tnp.{name}({xs})" for name in ("bitwise_and", "bitwise_or", "bitwise_xor") for xs in ("i, l", "u, s", "b, k", "b, 3",
                                                                                            "5, 6")),
    *(f"tnp.{name}({xs})" for name in ("gcd", "lcm") for xs in ("12, 18", "i, l", "[4, 6], [[6], [0]]", "u, 6")),
    "tnp.clip(f, -0.5, 0.5)", "tnp.clip(i, 0, 2.5)", "tnp.clip(f, None, 0)", "tnp.clip(f, 0, None)", "tnp.clip(m, f, 1)",
    "tnp.polyval([1, 2, 3], f)", "tnp.polyval(f, 2)", "tnp.polyval([5], i)", "tnp.polyval(p, q)",
    *(f"tnp.diff({xs})" for xs in ("f", "m", "m, axis=0", "m, n=2", "b", "[1, 4, 9]", "u", "f, n=0")),
    *(f"tnp.angle({xs})" for xs in ("c, deg=True", "f, deg=True")), "tnp.around(d, 2)", "tnp.around([123, 456], -2)",
    "tnp.round(d, decimals=1)",
    # Creation.
    *(f"tnp.{name}({xs})" for name in ("zeros", "ones", "empty") for xs in ("3", "(2, 3)", "(2,), np.int8", "[0, 2]",
                                                                          "(2,), tf.float16", "2, dtype=int")),
    *(f"tnp.{name}({xs})" for name in ("zeros_like", "ones_like", "empty_like") for xs in (
        "f", "i", "[1, 2]", "m, np.int16", "1.5", "b", "c")),
    *(f"tnp.full({xs})" for xs in ("(2, 2), 3", "3, 1.5", "2, [1, 2]", "(2, 4), f", "2, 1.5, np.int32", "(), True")),
    *(f"tnp.full_like({xs})" for xs in ("f, 3", "i, 2.5", "m, f", "[1.5], 2, np.int8")),
    *(f"tnp.eye({xs})" for xs in ("3", "2, 3", "3, 2, 1", "3, k=-1", "2, k=5", "3, 4, -2, np.int32", "2, dtype=np.float32")),
    "tnp.identity(2)", "tnp.identity(3, np.int64)",
    *(f"tnp.arange({xs})" for xs in ("4", "4.0", "1, 5", "1, 2, 0.25", "5, 1, -1", "5, 1", "2, dtype=np.float32", "o", "0")),
    *(f"tnp.linspace({xs})" for xs in ("0, 1", "0, 10, 5", "0, 10, 5, endpoint=False", "1.0, 2, 3, retstep=True",
                                       "z, 5, 4", "0, 1, 1", "0, 1, 0", "f, f + 1, 3", "f, 2.0, 3, axis=1",
                                       "0, 4, 5, dtype=int", "0, 1, 1, endpoint=False", "1, 2, 3, True, True")),
    *(f"tnp.logspace({xs})" for xs in ("0, 2, 3", "0, 2, 3, base=2", "z, 3, 4", "0, 2, 4, endpoint=False")),
    *(f"tnp.geomspace({xs})" for xs in ("1, 100, 3", "-1, -100, 3", "1.0, 8, 4", "1, 1000, 4, dtype=np.int64",
                                        "z, 5, 3, endpoint=False", "[1, 2], [10, 20], 3, axis=1")),
    *(f"tnp.tri({xs})" for xs in ("3", "2, 3", "3, k=1", "3, k=-1", "2, k=-5", "2, k=5", "3, dtype=np.int32")),
    *(f"tnp.{name}({xs})" for name in ("tril", "triu") for xs in ("m", "m, 1", "m, -1", "t", "[[1, 2], [3, 4]]", "r, 5")),
    *(f"tnp.vander({xs})" for xs in ("f", "[1, 2, 3]", "v, 2", "v, increasing=True", "[1.5, 2], 0")),
    "tnp.diag_indices(3)", "tnp.diag_indices(2, 3)", "tnp.ix_([0, 2], [1, 3])", "tnp.ix_(b, [1, 2], k)",
    "tnp.meshgrid([1, 2], [3, 4, 5])", "tnp.meshgrid(f, f, indexing='ij')", "tnp.meshgrid([1.5, 2])",
    *(f"tnp.array({xs})" for xs in ("3", "2.5", "[1, 2.5]", "f", "[1, 2], np.int8", "[1.7, 2], int", "[f, f]", "[True, 2]",
                                    "3, ndmin=2", "f, ndmin=3", "[], ndmin=2", "'text'", "[[1, 2], [3, 4]], np.complex64",
                                    "[1, 2j]", "i, float", "np.float32([1])", "tf.Variable([1.5])", "range(3)", "b'x'")),
    *(f"tnp.asarray({xs})" for xs in ("3", "f", "f, np.float64", "[1, 2], tf.int16")), "tnp.asanyarray([1.5])",
    "tnp.ascontiguousarray(3)", "tnp.copy(f)", "tnp.copy([1])",
    # Dtypes and shapes.
    *(f"tnp.result_type({xs})" for xs in ("i, f", "s, u", "1, 2.5", "f, 2.5", "h, 1", "np.int8, np.float16", "'int32', 2.5",
                                          "[1, 2.5]", "b, 1", "c, d", "tf.bfloat16, tf.float32", "", "1j, f", "u, 1")),
    *(f"tnp.promote_types({xs})" for xs in ("'int32', 'float32'", "tf.int8, np.uint8", "np.int64, tf.float16", "int, float")),
    "tnp.finfo(tf.float32).max", "tnp.iinfo(np.int16).max", "tnp.issubdtype(np.int8, np.integer)", "tnp.shape(m)",
    "tnp.shape(3)", "tnp.ndim(t)", "tnp.ndim([[1]])", "tnp.size(m)", "tnp.size(3)", "tnp.size([1, 2])",
    "tnp.isscalar(3)", "tnp.isscalar(f)",
    "tnp.iscomplexobj(f)", "tnp.isrealobj([1j])", "tnp.pi", "tnp.e", "tnp.inf", "tnp.newaxis",
    *(f"tnp.{name}" for name in ("bool_ complex128 complex64 complex_ float16 float32 float64 float_ inexact int16 int32 int64 "
                                 "int8 int_ object_ string_ uint16 uint32 uint64 uint8 unicode_").split()),
    # Reductions.
    *(f"tnp.{name}({xs})" for name in ("sum", "prod", "mean", "amax", "amin", "max", "min", "ptp", "std", "var") for xs in (
        "f", "i", "u", "m, axis=0", "m, axis=-1, keepdims=True", "[1, 2, 4]", "[1.5, 2]", "t, axis=(0, 2)")),
    *(f"tnp.{name}({xs})" for name in ("sum", "prod", "mean", "amax", "amin", "any", "all") for xs in ("b", "[True, False]")),
    *(f"tnp.{name}({xs})" for name in ("sum", "prod") for xs in ("s", "i, dtype=np.float16", "f, dtype=bool", "e",
                                                                 "e, axis=0")),
    *(f"tnp.{name}({xs})" for name in ("any", "all") for xs in ("i", "m > 0, axis=0", "m, axis=1, keepdims=True")),
    "tnp.mean(i, dtype=np.float32)", "tnp.mean(c)", "tnp.std(c)", "tnp.var(f, ddof=1, dtype=np.float32)",
    "tnp.var(m, axis=1, ddof=1, dtype=np.float64)", "tnp.var(m, axis=-1, dtype=np.float64)", "tnp.var(i, dtype=np.float32)",
    *(f"tnp.average({xs})" for xs in ("f", "[1, 2, 4]", "m, axis=1", "m, axis=0, weights=[1, 2, 3]", "f, weights=p",
                                      "m, weights=m * m, axis=1, returned=True", "i, weights=[1, 2, 3, 4], returned=True",
                                      "f, returned=True", "m, axis=0, returned=True", "[1, 2], weights=[1, 3]")),
    *(f"tnp.{name}({xs})" for name in ("nansum", "nanmean", "nanprod") for xs in (
        "[1.0, np.nan, 2.0]", "m, axis=0", "m, axis=1, keepdims=True", "i", "f, dtype=np.float64")),
    *(f"tnp.{name}({xs})" for name in ("cumsum", "cumprod") for xs in (
        "f", "m", "m, axis=0", "m, axis=-1", "s", "u", "[1, 2, 3]", "i, dtype=np.float32")),
    # Other shapes.
    *(f"tnp.reshape({xs})" for xs in ("m, (2, 6)", "m, -1", "m, [4, 3], order='F'", "f, (2, 2)", "[1, 2], (2, 1)",
                                       "e, (3, 0)")),
    "tnp.ravel(m)", "tnp.flatten(m)", "tnp.flatten(m, 'F')", "tnp.ravel([[1], [2]])",
    "tnp.expand_dims(f, 0)", "tnp.expand_dims(m, -1)", "tnp.squeeze([[1], [2]])", "tnp.squeeze([[1], [2]], 1)",
    "tnp.transpose(m)", "tnp.transpose(t, (1, 0, 2))", "tnp.swapaxes(t, 0, 2)", "tnp.swapaxes(t, -1, 1)",
    "tnp.moveaxis(t, 0, -1)", "tnp.moveaxis(t, (0, 1), (-1, 0))", "tnp.moveaxis(t, [], [])", "tnp.moveaxis(t, -1, 0)",
    "tnp.flip(m)", "tnp.flip(m, 0)", "tnp.flip(m, -1)", "tnp.flipud(m)", "tnp.fliplr(m)",
    *(f"tnp.rot90({xs})" for xs in ("m", "m, 2", "m, 3", "m, -1", "m, 4", "t, 1, (1, 2)", "t, 3, (0, -1)")),
    "tnp.roll(f, 1)", "tnp.roll(m, 1)", "tnp.roll(m, -1, 0)", "tnp.roll(m, (1, 2), (0, 1))",
    *(f"tnp.{name}({xs})" for name in ("atleast_1d", "atleast_2d", "atleast_3d") for xs in ("3", "f", "m", "t", "1, f")),
    "tnp.concatenate([f, f])", "tnp.concatenate([m, m], 1)", "tnp.concatenate([i, f])", "tnp.concatenate([[1], [2.5]])",
    "tnp.concatenate((m, m), axis=-1)", "tnp.append(f, 1)", "tnp.append(m, m, 0)", "tnp.append([1, 2], [[3.5]])",
    "tnp.stack([f, i])", "tnp.stack([f, f], axis=1)", "tnp.stack(m)", "tnp.stack(m, 1)", "tnp.stack([1, 2.5])",
    *(f"tnp.{name}([{xs}])" for name in ("hstack", "vstack", "dstack") for xs in ("f, f", "m, m", "1, 2.5", "i, f", "t, t")),
    "tnp.split(f, 2)", "tnp.split(f, [1, 3])", "tnp.split(m, [1], 1)", "tnp.split(f, [3, 9])", "tnp.vsplit(n, 2)",
    "tnp.hsplit(m, 2)", "tnp.hsplit(f, 2)", "tnp.dsplit(t, 2)", "tnp.hsplit(m, [1, 2])", "tnp.vsplit(m, [1])",
    "tnp.broadcast_to(f, (2, 4))", "tnp.broadcast_to(3, 2)", "tnp.broadcast_arrays(f, m)", "tnp.broadcast_arrays(1, [2, 3])",
    *(f"tnp.repeat({xs})" for xs in ("f, 2", "m, 2", "m, 2, 0", "m, [1, 2, 0], 0", "3, 4", "f, [1, 0, 2, 1]")),
    *(f"tnp.tile({xs})" for xs in ("f, 2", "f, (2, 1)", "m, 2", "m, (2, 1, 2)", "3, 2", "[1, 2], [2]")),
    *(f"tnp.pad({xs})" for xs in ("f, [[1, 2]], 'constant'", "m, [[1, 0], [0, 1]], 'reflect'", "f, [(1, 1)], 'symmetric'",
                                  "f, [[1, 1]], 'constant', constant_values=5")),
    # Selection.
    "tnp.nonzero(i)", "tnp.nonzero(m > 0)", "tnp.nonzero(0)", "tnp.where(f > 0)", "tnp.where(f > 0, f, 0)",
    "tnp.where(b, i, 2.5)", "tnp.where([1, 0], [1, 2], [3.5, 4])", "tnp.where(True, f, m)",
    "tnp.select([f > 1, f > 0], [f, i], 9)", "tnp.select([[True, False]], [[1, 2]])",
    "tnp.compress(b, f)", "tnp.compress([True, False, True], m, 0)", "tnp.compress([False, True], m, axis=-1)",
    "tnp.compress([True], 3)", "tnp.compress([True, False, True], m)",
    *(f"tnp.take({xs})" for xs in ("f, [0, 2]", "m, [1, 9]", "m, [[0, -1]], axis=1", "m, [3, -1], 1, mode='wrap'", "f, 1")),
    "tnp.take_along_axis(m, tnp.argsort(m), -1)", "tnp.take_along_axis(m, tnp.argsort(m, 0), 0)",
    "tnp.take_along_axis(f, [0, -1], 0)", "tnp.take_along_axis(m, [0, 5], None)",
    "tnp.take_along_axis(t, [[[1], [0], [-1]]], 2)",
    *(f"tnp.{name}({xs})" for name in ("argmax", "argmin", "argsort", "sort", "count_nonzero") for xs in (
        "f", "m", "m, axis=0", "[3, 1, 2]", "u", "t, axis=1", "m, axis=None")),
    "tnp.argsort(3)", "tnp.argsort(f, kind='stable')", "tnp.argmax(5)", "tnp.count_nonzero(0)",
    # Linear algebra.
    *(f"tnp.{name}({xs})" for name in ("dot", "inner", "vdot", "outer") for xs in ("f, f", "f, d", "i, l", "[1, 2], [3.5, 4]",
                                                                               "c, f", "b, i")),
    *(f"tnp.dot({xs})" for xs in ("m, f", "m, n", "t, n", "z, f", "2, m", "t, f")), "tnp.inner(m, f)", "tnp.inner(m, m)",
    *(f"tnp.matmul({xs})" for xs in ("m, n", "m, f", "v, m", "t, n", "f, f", "r, r", "r, [1.5, 2]", "t, t.shape[0] * [n]")),
    *(f"tnp.tensordot({xs})" for xs in ("m, n, 1", "m, m", "t, n, [[2], [0]]", "m, f, 1", "m, m, ([0, 1], [0, 1])")),
    *(f"tnp.einsum({xs})" for xs in ("'ij,jk', m, n", "'ij->ji', m", "'ij,j->i', m, [1, 2, 3, 4]", "'i,i', f, f, optimize=True",
                                     "'ij,jk->ik', m, m.shape[1] * [[1.0]], optimize='optimal'")),
    *(f"tnp.cross({xs})" for xs in ("v, x", "[1, 2, 3], [4, 5, 6]", "[1, 2], [3, 4]", "v, [1, 2]", "n, [1, 0, 2]",
                                    "m, m[::-1], axis=0", "n, n[::-1], axisc=0", "m, x, axisa=0")),
    *(f"tnp.kron({xs})" for xs in ("f, v", "m, n", "m, f", "[1, 2], [[3], [4]]", "2, f")),
    *(f"tnp.diag({xs})" for xs in ("f", "f, 1", "f, -2", "m", "m, 1", "m, -1", "m, 9", "[1, 2]", "tf.zeros([0])")),
    *(f"tnp.diagonal({xs})" for xs in ("m", "m, 1", "t", "t, 0, 1, 2", "t, -1, 0, 2", "m, -5", "t, axis1=-1, axis2=0")),
    "tnp.diagflat(r)", "tnp.diagflat([1, 2], 1)", "tnp.trace(m)", "tnp.trace(t)", "tnp.trace(r)", "tnp.trace(m, 1)",
    "tnp.trace(t, 0, 1, 2)", "tnp.trace(r, dtype=np.float64)",
    # Random numbers, from the seed that every line starts with.
    *(f"tnp.random.{call}" for call in ("randn(3)", "randn()", "randn(2, 2)", "standard_normal(3)", "standard_normal((2, 2))",
                                        "uniform()", "uniform(1, 2, 3)", "uniform([0, 5], [1, 6])", "random((2, 2))", "rand(3)",
                                        "rand()", "randint(9)", "randint(2, 9, (3,))", "randint(5, size=4, dtype=np.int32)",
                                        "poisson(3.0, 4)", "poisson(size=2)", "poisson([1.0, 9.0], (2,))", "random()")),
    "(tnp.random.seed(3), tnp.random.rand(2))[1]",
    # Operators between tensors of different dtypes.
    *(f"{x} {op} {y}" for op in ("+", "-", "*", "/", "//", "%", "**", "<", ">=", "==", "!=") for x, y in (
        ("i", "q"), ("l", "p"), ("f", "2"), ("f", "2.5"), ("i", "2.5"), ("2.5", "i"), ("q", "[1, 2, 3, 4]"), ("u", "i * i"),
        ("f", "np.float64(2)"), ("np.arange(4)", "q"), ("q", "p"), ("h", "tf.constant(2.5)"))),
    *(f"{x} {op} {y}" for op in ("&", "|", "^") for x, y in (("i", "l"), ("b", "k"), ("u", "i"), ("b", "True"), ("i", "3"))),
    "m @ n", "m @ f", "r @ r", "r @ [1, 2]", "[1, 2] @ r", "r @ tf.constant([1.5, 2])", "-i + z", "tf.constant('a') + 'b'",
    "i + tf.Variable([1, 2, 3, 4])", "tf.Variable([1, 2, 3, 4]) + i", "tf.Variable([1.5, 2, 3, 4]) * i", "1 + tf.Variable(1.5)",
    "tf.Variable([1.5, 2, 3, 4]) == f", "f == None", "f != None",
    # Indexing.
    *(f"m[{key}]" for key in ("0", "-1", "0, 1", ":, 1", "1:", "..., 0", "None", ":, None, 1", "[0, 2]", "j", ":, j", "j, j",
                              "j, 1", "0, j", "[[0, 1], [1, 2]]", "m > 0", "tf.constant([True, False, True])", "b[:3]",
                              ":, b", "np.array([0, 1])", "np.array([[0], [1]]), np.array([1, 2])", "::-1", "1:, [0, 1]",
                              "tf.constant(1)", "o - 2:, o", "s[0]", "[True, False, True]", "()", "..., j", "j, ...",
                              "u[2:3]", "np.int64(1)", "np.array([True, False, True])", "(m > 0).numpy()")),
    *(f"y[{key}]" for key in ("0", ":, [0, 1]", "[0, 1], :, [0, 1]", ":, [0, 1], [1, 2]", "..., [0, 3]", "0, :, [1, 2]",
                              "[0, 1], ..., [2, 3]", "1, [0, 2], 1:", ":, [[0, 1], [2, 0]], [0]", "None, [1], :, -1",
                              "..., [0], [1]", ":, None, [0, 1]", "[0], [1], [2]", "[1], None, ..., [2]")),
    # Methods.
    "m.T", "t.T", "m.ndim", "m.size", "m.data", "i.tolist()", "m.reshape(4, 3)", "m.reshape((2, 6))", "m.reshape(-1)",
    "m.reshape([4, 3], order='F')", "m.transpose()", "t.transpose((2, 0, 1))", "m.flatten()", "m.flatten('F')", "m.ravel()",
    "f.clip(-1, 0.5)", "f.astype(np.int32)", "i.astype('float64')", "i.astype(tf.float16)", "m.max()", "m.max(axis=0)",
    "m.min(1)", "m.mean()", "i.mean()", "m.mean(axis=0, keepdims=True)", "+f", "round(tf.constant(2.567), 1)", "round(z)",
    "f.sum()", "f.std()", "f.item()", "z.T", "f.foo",
]

REFUSED = [
    "tnp.clip(f, None, None)", "tnp.arange(0, 3, 0)", "tnp.take(f, 0, mode='raise')", "tnp.take(f, 0, mode='no')",
    "tnp.take(f, 0, out=f)", "tnp.concatenate([])", "tnp.where(b, f)", "tnp.split(f, 3)", "tnp.hsplit(m, 3)",
    "tnp.split(f, [3, 1])", "tnp.split(f, [1], 3)", "tnp.reshape(f, 2, order='X')", "tnp.flatten(f, 'X')",
    "tnp.full_like(f, 1, order='C')", "tnp.full_like(f, 1, subok=False)", "tnp.full_like(f, 1, shape=(2,))",
    "tnp.linspace(0, 1, -1)", "tnp.vander(m)", "tnp.vander(f, -1)", "tnp.tril(f)", "tnp.triu(3)", "tnp.ix_(m)",
    "tnp.ix_(f)", "tnp.diag_indices(-1)", "tnp.diag_indices(2, -1)", "tnp.meshgrid(f, sparse=True)",
    "tnp.meshgrid(f, copy=False)", "tnp.mean(f, out=f)", "tnp.amax(f, out=f)", "tnp.var(f, out=f)",
    "tnp.average(f, axis=(0,))", "tnp.average(f, weights=v)", "tnp.argsort(c)", "tnp.argsort(f, kind='heap')",
    "tnp.argsort(f, order='a')", "tnp.sort(f, kind='stable')", "tnp.sort(f, order='a')", "tnp.pad(f, [[1, 1]], 'edge')",
    "tnp.gcd(f, 2)", "tnp.lcm(1.5, 2)", "tnp.matmul(m, m)", "tnp.dot(m, m)", "tnp.einsum('i', f, casting='x')",
    "tnp.einsum('i', f, optimize='x')", "tnp.diff(f, -1)", "tnp.diff(f, axis=3)", "tnp.select([], [])",
    "tnp.select([b], [])", "tnp.compress(m, f)", "tnp.compress(b, m, 5)", "tnp.moveaxis(t, 0, (1, 2))",
    "tnp.broadcast_arrays(f, subok=True)", "tnp.broadcast_arrays(f, other=1)", "tnp.size(f, 0)", "tnp.array(3, ndmin=40)",
    "tnp.array([[1], [2, 3]])", "tnp.sign(f, out=f[0])", "tnp.random.seed(None)", "tnp.random.randint(3, dtype=np.int8)",
    "tnp.diag(t)", "tnp.diag(z)", "tnp.zeros((2,), 'no')", "tnp.result_type('no')", "tnp.add(f, v)", "tnp.subtract(b, k)",
    "tnp.bitwise_and(f, f)", "tnp.add(f, None)", "tnp.experimental_enable_numpy_behavior(dtype_conversion_mode='no')",
    "tnp.foo", "m['a']", "m[1.5]", "m[f]", "m[m > 0, 1]", "m[9]", "m[tf.constant([9])]", "y[0, 0, 0, 0]", "m[1.5:]",
    "m[[0, 1]:]",
]
"""What TensorFlow refuses, in the words that matter."""

GRADIENTS = [
    "tnp.log2(p)", "tnp.exp2(f)", "tnp.cbrt(p)", "tnp.hypot(p, q)", "tnp.logaddexp(f, p)", "tnp.logaddexp2(f, p)",
    "tnp.power(p, q)", "tnp.maximum(f, 0)", "tnp.clip(f, -0.5, 0.5)", "tnp.mean(m, 0)", "tnp.std(m, 1)",
    "tnp.var(m, ddof=1, dtype=np.float32)", "tnp.sum(i * p)", "tnp.average(m, 0, [1, 2, 3])", "tnp.nanmean(m)",
    "tnp.matmul(m, n)", "tnp.dot(t, n)", "tnp.kron(m, n)", "tnp.cross(v, x)", "tnp.diag(f, 1)", "tnp.diagonal(t, 1)",
    "tnp.trace(m)", "tnp.einsum('ij,jk', m, n)", "tnp.take(f, [0, 0, 9])", "tnp.take_along_axis(m, [[0, 1]], 1)",
    "tnp.sort(m)", "tnp.where(b, f, p)", "tnp.select([f > 0], [f * f], p)", "tnp.repeat(m, 2, 0)", "tnp.tile(f, (2, 2))",
    "tnp.roll(m, 1)", "tnp.rot90(m)", "tnp.moveaxis(t, 0, 2)", "tnp.tril(m)", "tnp.vander(f)", "tnp.cumsum(m)",
    "tnp.cumprod(p)", "tnp.polyval(f, p)", "tnp.sinc(p)", "tnp.concatenate([f, q])", "tnp.dstack([f, p])",
    "tnp.linspace(f, p, 4)", "tnp.ptp(m, 0)", "tnp.heaviside(f, p)", "tnp.outer(f, p)", "tnp.inner(m, f)", "tnp.diff(m, 2)",
    "tnp.angle(c)", "tnp.square(f) + tnp.add(i, p)",
]


def namespace(tf: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What a line may use."""
    return {"tf": tf, "tnp": tf.experimental.numpy, "np": np, **values}


def tensors(tf: Any) -> dict[str, Any]:
    """The named tensors."""
    return {name: tf.constant(array) for name, array in arrays().items()}


def evaluate(tf: Any, line: str, values: dict[str, Any]) -> Any:
    """The result of a line, its seed set."""
    tf.random.set_seed(1)
    return eval(line, namespace(tf, values))  # the lines are those above


def parts(tf: Any, result: Any) -> list[Any]:
    """A result as a list of arrays for tensors and of text for everything else."""
    if isinstance(result, (list, tuple)):
        return [part for r in result for part in parts(tf, r)]
    if isinstance(result, tf.Tensor):
        return [np.asarray(result.numpy())]
    return [repr(result).replace("np.True_", "True").replace("np.False_", "False")]
