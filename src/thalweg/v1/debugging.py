"""Assertions as TensorFlow 1 has them: `data` and `summarize` come before `message`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ..core.graph import get_default_graph
from ..ops import assertions, shape_assertions
from .building import in_default_graph


def _of_two(function: Callable[..., Any]) -> Callable[..., Any]:
    def check(x: Any, y: Any, data: Any = None, summarize: int | None = None, message: str | None = None,
              name: str | None = None) -> Any:
        with in_default_graph():
            return function(x, y, message=message, summarize=summarize, name=name, data=data)
    check.__name__, check.__doc__ = function.__name__, function.__doc__
    return check


def _of_one(function: Callable[..., Any]) -> Callable[..., Any]:
    def check(x: Any, data: Any = None, summarize: int | None = None, message: str | None = None,
              name: str | None = None) -> Any:
        with in_default_graph():
            return function(x, message=message, summarize=summarize, name=name, data=data)
    check.__name__, check.__doc__ = function.__name__, function.__doc__
    return check


assert_equal = _of_two(assertions.assert_equal)
assert_none_equal = _of_two(assertions.assert_none_equal)
assert_less = _of_two(assertions.assert_less)
assert_less_equal = _of_two(assertions.assert_less_equal)
assert_greater = _of_two(assertions.assert_greater)
assert_greater_equal = _of_two(assertions.assert_greater_equal)
assert_rank = _of_two(shape_assertions.assert_rank)
assert_rank_at_least = _of_two(shape_assertions.assert_rank_at_least)
assert_rank_in = _of_two(shape_assertions.assert_rank_in)
assert_negative = _of_one(assertions.assert_negative)
assert_positive = _of_one(assertions.assert_positive)
assert_non_negative = _of_one(assertions.assert_non_negative)
assert_non_positive = _of_one(assertions.assert_non_positive)


def assert_near(x: Any, y: Any, rtol: Any = None, atol: Any = None, data: Any = None, summarize: int | None = None,
                message: str | None = None, name: str | None = None) -> Any:
    """Checks that two tensors are close everywhere; see `tf.debugging.assert_near`."""
    with in_default_graph():
        return assertions.assert_near(x, y, rtol, atol, message, summarize, name, data)


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Any:
    """The tensor, if it is a scalar; see `tf.debugging.assert_scalar`."""
    with in_default_graph():
        tensor = tf.convert_to_tensor(tensor)
        shape_assertions.assert_scalar(tensor, message=message, name=name)
        return tensor


def assert_type(tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None) -> Any:
    """Checks the dtype of a tensor at once and returns an operation that does nothing."""
    with in_default_graph():
        shape_assertions.assert_type(tensor, tf_type, message, name)
        return tf.no_op(name=f"{name or 'assert_type'}/statically_determined_correct_type")


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Any:
    """Checks at once that a tensor is of an integer dtype and returns an operation that does nothing."""
    with in_default_graph():
        shape_assertions.assert_integer(x, message, name)
        return tf.no_op(name=f"{name or 'assert_integer'}/statically_determined_was_integer")


def verify_tensor_all_finite(t: Any = None, msg: str | None = None, name: str | None = None, x: Any = None,
                             message: str | None = None) -> Any:
    """The tensor, if all its elements are finite when the graph runs; `x` and `message` are other names of `t` and `msg`.

    Raises:
      InvalidArgumentError: an element is NaN or infinite.
    """
    with in_default_graph():
        return tf.debugging.assert_all_finite(t if x is None else x, (msg if message is None else message) or "", name)


assert_all_finite = verify_tensor_all_finite


def add_check_numerics_ops() -> Any:
    """An operation that checks every floating tensor of the default graph for NaN and infinity.

    Raises:
      RuntimeError: eager execution is on and no graph is being built.
      ValueError: control flow in the graph hides tensors from it.
    """
    with in_default_graph() as building:
        if building is None:
            raise RuntimeError("add_check_numerics_ops() is not compatible with eager execution. To check for Inf's and NaN's "
                               "under eager execution call tf.debugging.enable_check_numerics() once before executing the "
                               "checked operations.")
        checks: list[Any] = []
        for node in get_default_graph().get_operations():
            for t in node.outputs:
                if t.dtype.name in ("float16", "float32", "float64", "bfloat16"):
                    with tf.control_dependencies(checks):
                        checks = [tf.debugging.check_numerics(t, t.name).op]
        return tf.group(*checks)
