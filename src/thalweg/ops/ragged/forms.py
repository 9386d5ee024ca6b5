"""What public functions do with ragged arguments: for each function its form, found when it is first needed."""
from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

UNARY = {
    "ops.activations": "gelu leaky_relu selu silu softsign",
    "ops.casting": "bitcast cast saturate_cast",
    "ops.clip": "clip_by_value",
    "ops.complex_numbers": "angle conj imag real",
    "ops.creation": "ones_like zeros_like stop_gradient identity",
    "ops.elementwise": "abs log_sigmoid reciprocal_no_nan round",
    "ops.image.colors": "adjust_brightness adjust_gamma convert_image_dtype",
    "ops.image.random_distortions": "random_brightness stateless_random_brightness",
    "ops.numerics": "check_numerics",
}
"""Functions that work element by element on their first argument."""

BINARY = {
    "ops.losses": "sigmoid_cross_entropy_with_logits",
    "ops.arithmetic": "add divide divide_no_nan floordiv floormod maximum minimum multiply multiply_no_nan pow "
        "squared_difference subtract truediv truncatediv truncatemod",
    "ops.complex_numbers": "complex",
    "ops.elementwise": "scalar_mul",
}
"""Functions of two arguments that broadcast."""

CHECKS = {
    "ops.assertions": "assert_equal assert_greater assert_greater_equal assert_less assert_less_equal assert_near "
        "assert_none_equal",
}
"""Functions that compare two arguments, which broadcast, and give no tensor."""

V1 = {
    "ops.reductions": "reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_sum",
}
"""Reductions with a form of TensorFlow 1, `reduce_sum_v1`."""

OWN = {
    **{f"ops.arrays.{name}": f"arrays.{name}" for name in ("expand_dims", "reverse", "split", "squeeze", "tile")},
    **{f"ops.arrays.{name}": f"joining.{name}" for name in ("concat", "stack")},
    **{f"ops.arrays.{name}": f"shaped.{name}" for name in ("broadcast_dynamic_shape", "broadcast_to", "reshape")},
    **{f"ops.creation.{name}": f"shaped.{name}" for name in ("fill", "ones", "shape", "zeros")},
    **{f"ops.creation.{name}": f"arrays.{name}" for name in ("rank", "size")},
    **{f"ops.reductions.reduce_{name}": f"reductions.reduce_{name}" for name in (
        "all", "any", "logsumexp", "max", "mean", "min", "prod", "std", "sum", "variance")},
    **{f"ops.segment.unsorted_segment_{name}": f"reductions.segment_{name}" for name in (
        "max", "mean", "min", "prod", "sqrt_n")},
    "ops.arithmetic.add_n": "joining.add_n",
    "ops.comparison.where_v1": "masking.where_v1",
    "ops.counting.bincount": "counting.bincount",
    "ops.cumulative.cumsum": "math.cumsum",
    "ops.dropping.dropout": "math.dropout",
    "ops.dropping.dropout_v1": "math.dropout_v1",
    "ops.dropping.stateless_dropout": "math.stateless_dropout",
    "ops.gathering.gather": "gathering.gather",
    "ops.gathering.gather_nd": "gathering.gather_nd",
    "ops.gathering.unsorted_segment_sum": "reductions.segment_sum",
    "ops.losses.softmax": "math.softmax",
    "ops.masking.dynamic_partition": "masking.dynamic_partition",
    "ops.masking.embedding_lookup": "gathering.embedding_lookup",
    "ops.masking.where": "masking.where",
    "ops.matmul.matmul": "math.matmul",
    "ops.normalization.moments": "reductions.moments",
    "ops.ranges.one_hot": "arrays.one_hot",
    "ops.sparse.lookup.safe_embedding_lookup_sparse": "lookup.safe_embedding_lookup_sparse",
    "ops.sparse.lookup.safe_embedding_lookup_sparse_v1": "lookup.safe_embedding_lookup_sparse_v1",
    "ops.string_format.format": "text.format",
    "ops.text.joining.reduce_join": "reductions.reduce_join",
    "ops.text.joining.reduce_join_v1": "reductions.reduce_join_v1",
}
"""Functions with a form of their own: `module.function` under `ops.ragged`."""


def _keys(table: dict[str, str]) -> set[str]:
    return {f"{module}.{name}" for module, names in table.items() for name in names.split()}


@cache
def form(key: str) -> Callable[..., Any] | None:
    """The form of a public function (`ops.arrays.concat`), or None."""
    from .elementwise import binary_form, check_form, unary_form
    own = OWN.get(key)
    if own is not None:
        module, _, name = own.rpartition(".")
        home = f"thalweg.{module}" if module.startswith("runtime") else f"thalweg.ops.ragged.{module}"
        return getattr(importlib.import_module(home), name)  # type: ignore[no-any-return]
    for table, make in ((UNARY, unary_form), (BINARY, binary_form), (CHECKS, check_form)):
        if key in _keys(table):
            module, _, name = key.rpartition(".")
            return make(getattr(importlib.import_module(f"thalweg.{module}"), name))
    if key.removesuffix("_v1") in _keys(V1):
        from .reductions import v1_form
        return v1_form(form(key.removesuffix("_v1")))
    return None
