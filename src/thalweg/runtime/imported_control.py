"""Control flow of imported graphs: on functions of the graph's library, built where they are called."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import nest
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.shape import TensorShape
from .branches import cond, switch_case
from .loops import while_loop

Function = Callable[..., list[Any]]


def either(chosen: Any, inputs: Sequence[Any], then: Function, otherwise: Function, name: str) -> list[Any]:
    """The results of one of two functions of the inputs."""
    truth = apply(get_op("ToBool"), (chosen,)) if chosen.dtype.name != "bool" or chosen.shape.rank != 0 else chosen
    return list(nest.flatten(cond(truth, lambda: then(*inputs), lambda: otherwise(*inputs), name=name)))


def choice(index: Any, inputs: Sequence[Any], branches: Sequence[Function], name: str) -> list[Any]:
    """The results of one of several functions of the inputs."""
    def branch(function: Function) -> Callable[[], list[Any]]:
        return lambda: function(*inputs)
    return list(nest.flatten(switch_case(index, [branch(f) for f in branches], name=name)))


def loop(inputs: Sequence[Any], goes_on: Any, body: Any, shapes: Sequence[TensorShape], name: str) -> list[Any]:
    """What a function makes of the inputs as long as another says so. Inputs that it hands on unchanged are none of the
    loop's variables."""
    same = {i for i, source in body.kept().items() if i == source}
    carried = [i for i in range(len(inputs)) if i not in same]
    known = list(shapes) if len(shapes) == len(inputs) else body.argument_shapes()
    invariants = [known[i] if known[i].is_compatible_with(inputs[i].shape) and _covers(known[i], inputs[i].shape)
                  else TensorShape(None) for i in carried]

    def everything(values: Sequence[Any]) -> list[Any]:
        out = list(inputs)
        for i, value in zip(carried, values, strict=True):
            out[i] = value
        return out

    def test(*values: Any) -> Any:
        found = goes_on(*everything(values))[0]
        return found if found.dtype.name == "bool" and found.shape.rank == 0 else apply(get_op("ToBool"), (found,))

    def step(*values: Any) -> list[Any]:
        made = body(*everything(values))
        out = [made[i] for i in carried]
        for t, shape in zip(out, invariants, strict=True):
            if t.shape.is_compatible_with(shape):
                t.set_shape(shape)
        return out
    found = while_loop(test, step, [inputs[i] for i in carried], shape_invariants=invariants, name=name)
    return everything(nest.flatten(found))


def _covers(shape: TensorShape, other: TensorShape) -> bool:
    return shape.rank is None or (other.rank == shape.rank and
                                  all(a is None or a == b for a, b in zip(shape.as_list(), other.as_list(), strict=True)))
