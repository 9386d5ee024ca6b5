"""Looking for NaN and infinity: in one tensor, or in the result of every operation."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor
from .common import unchanged
from .requirements import require

_FLOATS = "{bfloat16, half, float, double}"

# Ops that make no NaN or infinity of their own: what they show came from before, or from the user.
_SAFE = frozenset((
    "Assign", "Cast", "CheckNumerics", "CheckNumericsV2", "Concat", "ConcatV2", "Const", "Copy", "Empty", "ExpandDims", "Fill",
    "Gather", "GatherV2", "Identity", "IdentityN", "If", "StatelessIf", "Maximum", "Minimum", "Pack", "PartitionedCall",
    "Placeholder", "PlaceholderWithDefault", "ReadVariableOp", "Reshape", "Slice", "Split", "SplitV", "Squeeze", "StopGradient",
    "StridedSlice", "StridedSliceGrad", "Tile", "Transpose", "Unpack", "While", "StatelessWhile"))


@op("CheckNumerics", "tensor: T -> output: T", attrs=f'message: string = ""; T: {_FLOATS}', stateful=True,
    infer=unchanged)
def check_numerics_(xp: Any, tensor: Any, message: str = "") -> Any:
    finite = np.isfinite(tensor)
    if not finite.all():
        nan, infinite = bool(np.isnan(tensor).any()), bool(np.isinf(tensor).any())
        found = " and ".join(word for word, there in (("Inf", infinite), ("NaN", nan)) if there)
        raise errors.InvalidArgumentError(f"{message} : Tensor had {found} values")
    return tensor


@op("CheckNumericsV2", "tensor: T -> output: T", attrs=f'message: string = ""; T: {_FLOATS}', stateful=True,
    infer=unchanged)
def check_numerics_v2_(xp: Any, tensor: Any, message: str = "") -> Any:
    if not np.isfinite(tensor).all():
        raise errors.InvalidArgumentError(f"{message} : Tensor had {_found(tensor)} values")
    return tensor


def _found(array: Any) -> str:
    kinds = (("-Inf", np.isneginf(array.astype(np.float64))), ("+Inf", np.isposinf(array.astype(np.float64))),
             ("NaN", np.isnan(array)))
    return ", ".join(word for word, there in kinds if there.any())


@check_numerics_.xla
@check_numerics_v2_.xla
def _(xp: Any, tensor: Any, message: str = "") -> Any:
    require(xp, xp.isfinite(tensor), always=True)
    return tensor


@check_numerics_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return check_numerics(dy, f"Not a number (NaN) or infinity (Inf) values detected in gradient. {op.get_attr('message')}")


@check_numerics_v2_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    message = f"Not a number (NaN) or infinity (Inf) values detected in gradient. {op.get_attr('message')}"
    return apply(check_numerics_v2_, (dy,), {"message": message})


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Any:
    """The tensor, if all its elements are finite.

    Args:
      tensor: floating.
      message: what the error begins with.
      name: of the node.

    Raises:
      InvalidArgumentError: an element is NaN or infinite; when the graph runs, in a graph.
    """
    return apply(check_numerics_, (convert_to_tensor(tensor),), {"message": message}, name)


def verify_tensor_all_finite(x: Any, message: str, name: str | None = None) -> Any:
    """The tensor, if all its elements are finite; see `check_numerics`."""
    with name_scope(name or "VerifyFinite"):
        tensor = convert_to_tensor(x, name="t")
        return check_numerics(tensor, message)


class _Checker:
    """Checks what every operation gives, eager or in graphs that are built meanwhile."""

    def apply(self, entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None = None) -> Any:
        """Runs an operation as it would run otherwise, and looks at its results.

        Raises:
          InvalidArgumentError: NaN or infinity among them.
        """
        ctx.elsewhere = ctx.target
        try:
            out = apply(entry, inputs, attrs, name)
        finally:
            ctx.observe(self)
        if entry.type not in _SAFE:
            results = out if isinstance(out, tuple) else (out,)
            for slot, result in enumerate(results):
                if isinstance(result, EagerTensor) and result.dtype.is_floating and not np.isfinite(result.numpy()).all():
                    raise _eager_error(entry, inputs, slot, len(results), result)
        return out

    def constant(self, array: Any, dtype: Any, name: str | None = None) -> Any:
        """A tensor around an array; what a program writes down itself is not looked at."""
        tensor = EagerTensor(array, dtype)
        return tensor if ctx.target is None else ctx.target.place(tensor)

    def seen(self, node: Any) -> list[Any]:
        """The outputs of a node that was just made, each behind a node that checks it when the graph runs."""
        if node.type in _SAFE:
            return list(node.outputs)
        checked = []
        ctx.observe(None)
        try:
            for slot, t in enumerate(node.outputs):
                if t.dtype.is_floating and t.dtype.is_numpy_compatible:
                    t = apply(check_numerics_v2_, (t,), {"message": _graph_text(node, slot)}, f"{node.name}/CheckNumericsV2")
                checked.append(t)
        finally:
            ctx.observe(self)
        return checked


def _inputs_text(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"  Input tensor: {texts[0]}\n"
    return f"  Input tensors ({len(texts)}):\n" + "".join(f"         {i}: {text}\n" for i, text in enumerate(texts))


def _eager_error(entry: OpDef, inputs: Sequence[Any], slot: int, count: int,
                 result: EagerTensor) -> errors.InvalidArgumentError:
    array = result.numpy().astype(np.float64) if result.dtype.name != "float64" else result.numpy()
    numbers = "".join(f"  # of {word} elements: {int(there.sum())}\n" for word, there in (
        ("-Inf", np.isneginf(array)), ("+Inf", np.isposinf(array)), ("+NaN", np.isnan(array))) if there.any())
    return errors.InvalidArgumentError(
        None, None, f"\n\n!!! Detected Infinity or NaN in output {slot} of eagerly-executing op \"{entry.type}\" (# of "
        f"outputs: {count}) !!!\n  dtype: {result.dtype}\n  shape: {result.shape}\n{numbers}\n"
        f"{_inputs_text([str(x) for x in inputs])}\n"
        f" : Tensor had {_found(np.asarray(array))} values [Op:CheckNumericsV2] name: ")


def _graph_text(node: Any, slot: int) -> str:
    tensor, frame = node.outputs[slot], node.frame
    inputs = _inputs_text([str(x) for x in node.inputs]) if node.inputs else ""
    graph = getattr(node.graph, "name", None)
    within = f"  Graph name: \"{graph}\"\n" if graph else ""
    return (f"\n\n!!! Detected Infinity or NaN in output {slot} of graph op \"{node.type}\" (# of outputs: "
            f"{len(node.outputs)}) !!!\n  dtype: {tensor.dtype}\n  shape: {tensor.shape}\n\n{inputs}{within}"
            f"\n  Stack trace of op's creation (\"->\": inferred user code):\n -> + {frame.filename} (L{frame.lineno}) "
            f"{frame.name}\n")


def enable_check_numerics(stack_height_limit: int = 30, path_length_limit: int = 50) -> None:
    """From here on, every operation of this thread that gives NaN or infinity fails, and says with which inputs.

    In eager code it fails at once. Functions and graphs that are traced or built meanwhile carry the checks along; a program
    that is compiled with `jit_compile=True` does not look at values on the way.

    Args:
      stack_height_limit, path_length_limit: accepted; the text names the line of the program that made a node.
    """
    ctx.observe(_Checker())


def disable_check_numerics() -> None:
    """Ends what `enable_check_numerics` began; functions traced meanwhile keep their checks."""
    ctx.observe(None)
