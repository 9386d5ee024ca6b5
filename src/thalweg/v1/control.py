"""Control flow with TensorFlow 1's arguments."""
from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from ..ops.common import constant_value as get_static_value
from ..runtime import branches, graph_scopes, host_calls, loops
from .building import in_default_graph


def cond(pred: Any, true_fn: Callable[[], Any] | None = None, false_fn: Callable[[], Any] | None = None,
         strict: bool = False, name: str | None = None, fn1: Callable[[], Any] | None = None,
         fn2: Callable[[], Any] | None = None) -> Any:
    """`tf.cond`; `fn1` and `fn2` are older names of the functions.

    Raises:
      TypeError: a function that is given twice, or not at all.
    """
    for new, old, first, second in (("true_fn", "fn1", true_fn, fn1), ("false_fn", "fn2", false_fn, fn2)):
        if first is not None and second is not None:
            raise TypeError(f"cond(): '{new}' and '{old}' may not be set simultaneously.")
    with in_default_graph():
        return branches.cond(pred, true_fn if fn1 is None else fn1, false_fn if fn2 is None else fn2, name)


def while_loop(cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, shape_invariants: Any = None,
               parallel_iterations: int = 10, back_prop: bool = True, swap_memory: bool = False, name: str | None = None,
               maximum_iterations: Any = None, return_same_structure: bool = False) -> Any:
    """`tf.while_loop`; a single loop variable is returned as it is, unless `return_same_structure`."""
    with in_default_graph():
        result = loops.while_loop(cond, body, loop_vars, shape_invariants, parallel_iterations, back_prop, swap_memory,
                                  maximum_iterations, name)
    single = not return_same_structure and isinstance(result, (list, builtins.tuple)) and len(result) == 1
    return result[0] if single else result


def py_func(func: Callable[..., Any], inp: Any, Tout: Any, stateful: bool = True, name: str | None = None) -> Any:
    """`tf.numpy_function`."""
    with in_default_graph():
        return host_calls.numpy_function(func, inp, Tout, stateful, name)


def tuple(tensors: Any, name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """`tf.tuple` with its arguments in the older order."""
    with in_default_graph():
        return graph_scopes.tuple(tensors, control_inputs, name)


def smart_cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """`cond` that builds one branch only where the value of `pred` is known."""
    if not hasattr(pred, "dtype"):
        return true_fn() if pred else false_fn()
    known = get_static_value(pred)
    if known is not None:
        return true_fn() if known else false_fn()
    return branches.cond(pred, true_fn, false_fn)
