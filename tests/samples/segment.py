"""Samples of reductions over segments."""
from __future__ import annotations

from . import BF, A, C, D, F, H, I, sample

_IDS = [0, 0, 2, 2, 3]
_LOOSE = [3, 0, -1, 0, 1]


def _sorted(name, *inputs, **options):
    return sample(f"Segment{name.capitalize()}", lambda tf, x, i: getattr(tf.math, f"segment_{name}")(x, i), *inputs,
                  **options)


def _unsorted(name, *inputs, **options):
    entry = {"mean": "Sum", "sqrt_n": "Sum"}.get(name, name.capitalize())
    return sample(f"UnsortedSegment{entry}",
                  lambda tf, x, i: getattr(tf.math, f"unsorted_segment_{name}")(x, i, 5), *inputs, **options)


def _sparse(name, function, *inputs, count=None, **options):
    type = f"SparseSegment{name}" + ("WithNumSegments" if count is not None else "")
    return sample(type, lambda tf, x, i, s: getattr(tf.sparse, function)(x, i, s, num_segments=count), *inputs,
                  **options)


def _sparse_grad(name):
    return sample(f"SparseSegment{name}Grad", lambda tf, x, i, s: getattr(tf.raw_ops, f"SparseSegment{name}Grad")(
        grad=x, indices=i, segment_ids=s, output_dim0=6), F(3, 4), A([4, 0, 1, 4]), A([0, 0, 1, 2]), grad=False)


SAMPLES = [
    *[_sorted(name, F(5, 3), A(_IDS)) for name in ("sum", "mean", "max", "min", "prod")],
    *[_sorted(name, D(5), A(_IDS)) for name in ("sum", "mean", "max", "min", "prod")],
    *[_sorted(name, I(-9, 9, 5, 2), A(_IDS)) for name in ("sum", "mean", "max", "min", "prod")],
    *[_sorted(name, H(5, 2), A(_IDS)) for name in ("sum", "mean", "max", "prod")],
    *[_sorted(name, F(0, 2), A([], "int32"), grad=False) for name in ("sum", "mean", "max", "min", "prod")],
    _sorted("sum", C(5, 2), A(_IDS)),
    _sorted("sum", BF(5, 2), A(_IDS)),
    _sorted("mean", F(5, 2, 3), A(_IDS, "int64")),
    _sorted("max", A([[1.0, 2.0], [1.0, 3.0], [0.0, 0.0]]), A([0, 0, 1]), fd=False, note="ties"),
    _sorted("prod", A([[2.0, 0.0], [3.0, 0.0], [0.0, 5.0]]), A([0, 0, 0]), fd=False),
    *[_unsorted(name, F(5, 3), A(_LOOSE)) for name in ("max", "min", "prod", "mean", "sqrt_n")],
    *[_unsorted(name, D(2, 2, 3), A([[1, 0], [4, 1]])) for name in ("max", "min", "prod", "mean", "sqrt_n")],
    *[_unsorted(name, I(-9, 9, 5), A(_LOOSE)) for name in ("max", "min", "prod")],
    *[_unsorted(name, F(5), A(_LOOSE)) for name in ("max", "min", "prod")],
    _unsorted("max", H(5), A(_LOOSE)),
    _unsorted("max", A([1.0, 1.0, 2.0]), A([0, 0, 0]), fd=False, note="ties"),
    _unsorted("prod", A([2.0, 0.0, 3.0, 0.0, 0.0]), A([0, 0, 0, 1, 1]), fd=False),
    *[_sparse(*names, F(4, 3), A([0, 3, 0, 1]), A([0, 0, 1, 3]))
      for names in (("Sum", "segment_sum"), ("Mean", "segment_mean"), ("SqrtN", "segment_sqrt_n"))],
    *[_sparse(*names, D(4), A([0, 3, 0, 1]), A([0, 0, 1, 3]), count=6)
      for names in (("Sum", "segment_sum"), ("Mean", "segment_mean"), ("SqrtN", "segment_sqrt_n"))],
    _sparse("Sum", "segment_sum", I(-9, 9, 4, 2), A([0, 3, 0, 1]), A([0, 0, 1, 3])),
    _sparse("Sum", "segment_sum", F(4, 2), A([], "int32"), A([], "int32"), count=3, grad=False),
    *[_sparse_grad(name) for name in ("Sum", "Mean", "SqrtN")],
]
