"""Control flow and calls as `tf.raw_ops` has them: on the functions that TensorFlow's nodes have as attributes.

The nodes that they make are those of `tf.cond`, `tf.while_loop` and calls of functions.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import nest
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from . import branches, loops

Function = Callable[..., Any]


def _called(function: Function, inputs: Sequence[Any]) -> list[Any]:
    return list(nest.flatten(function(*inputs)))


def _tensors(values: Sequence[Any]) -> list[Any]:
    return [convert_to_tensor(v) for v in values]


def either(*, cond: Any, input: Sequence[Any], Tout: Sequence[Any], then_branch: Function, else_branch: Function,
           output_shapes: Any = (), name: str | None = None) -> list[Any]:
    """`If` and `StatelessIf`: one of two functions of the inputs.

    Args:
      cond: a scalar that is not zero or empty, or a tensor with elements, for the first of them.
      input: the arguments of both.
      Tout: the dtypes of their results.
      then_branch, else_branch: concrete functions.
      output_shapes: without effect.
    """
    inputs, chosen = _tensors(input), apply(get_op("ToBool"), (convert_to_tensor(cond),))
    found = branches.cond(chosen, lambda: _called(then_branch, inputs), lambda: _called(else_branch, inputs), name=name)
    return list(nest.flatten(found))[:len(Tout)]


def choice(*, branch_index: Any, input: Sequence[Any], Tout: Sequence[Any], branches: Sequence[Function],
           output_shapes: Any = (), name: str | None = None) -> list[Any]:
    """`Case` and `StatelessCase`: one of several functions of the inputs, the last for a number out of range.

    Args:
      branch_index: an int32 scalar.
      input: the arguments of all of them.
      Tout: the dtypes of their results.
      branches: concrete functions.
      output_shapes: without effect.
    """
    from .branches import switch_case
    inputs = _tensors(input)

    def branch(function: Function) -> Function:
        return lambda: _called(function, inputs)
    found = switch_case(convert_to_tensor(branch_index), [branch(f) for f in branches], name=name or "switch_case")
    return list(nest.flatten(found))[:len(Tout)]


def loop(*, input: Sequence[Any], cond: Function, body: Function, output_shapes: Any = (), parallel_iterations: int = 10,
         name: str | None = None) -> list[Any]:
    """`While` and `StatelessWhile`: what a function makes of the inputs, again and again, as long as another says so.

    Args:
      input: the tensors to begin with.
      cond: a concrete function of as many tensors to a scalar.
      body: a concrete function of as many tensors to as many.
      output_shapes, parallel_iterations: without effect.
    """
    def goes_on(*values: Any) -> Any:
        return apply(get_op("ToBool"), (_called(cond, values)[0],))
    return list(nest.flatten(loops.while_loop(goes_on, lambda *values: _called(body, values), _tensors(input), name=name)))


def call(*, args: Sequence[Any], Tout: Sequence[Any], f: Function, config: str = "", config_proto: str = "",
         executor_type: str = "", name: str | None = None) -> list[Any]:
    """`PartitionedCall` and `StatefulPartitionedCall`: a function of the arguments.

    Args:
      args: tensors.
      Tout: the dtypes of the results.
      f: a concrete function.
      config, config_proto, executor_type: without effect.
    """
    return _called(f, _tensors(args))[:len(Tout)]


CALLS: dict[str, Function] = {
    "If": either, "StatelessIf": either, "Case": choice, "StatelessCase": choice, "While": loop, "StatelessWhile": loop,
    "PartitionedCall": call, "StatefulPartitionedCall": call}
"""The functions by the op types that they stand for."""
