"""Entries that only a graph has: what is fed, and what stands for a variable."""
from __future__ import annotations

from typing import Any

from ..core import dtypes, errors
from ..core.opdef import op
from ..core.shape import TensorShape


@op("Placeholder", " -> output: dtype", attrs="dtype: type; shape: shape = unknown", host=True,
    infer=lambda call: [(call.attrs["shape"], call.attrs["dtype"])])
def placeholder(xp: Any, dtype: dtypes.DType, shape: TensorShape) -> Any:
    raise errors.InvalidArgumentError("You must feed a value for placeholder tensor")


placeholder.not_differentiable()


@op("VarHandleOp", " -> resource: resource", attrs="container: string = \"\"; shared_name: string = \"\"; dtype: type; "
    "shape: shape", stateful=True, infer=lambda call: [(TensorShape([]), dtypes.resource)])
def var_handle(xp: Any, **attrs: Any) -> Any:
    raise errors.InternalError("a variable's handle is not a value")


var_handle.not_differentiable()


@op("PlaceholderWithDefault", "input: dtype -> output: dtype", attrs="dtype: type; shape: shape",
    infer=lambda call: [(call.attrs["shape"], call.inputs[0].dtype)])
def placeholder_with_default(xp: Any, input: Any, shape: TensorShape) -> Any:
    return input


@placeholder_with_default.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return dy
