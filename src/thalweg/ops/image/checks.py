"""What the functions about images share: scopes, checks of shapes, and sizes that may be known only as a graph runs."""
from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ...core import dtypes, errors
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.opdef import OpDef
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ..common import constant_value, shape_of


def scope(name: str | None, default: str) -> AbstractContextManager[Any]:
    """A name scope where a graph is being built; its value is the name for the op that the scope is about."""
    return nullcontext(name) if ctx.graph is None else name_scope(name or default)


def image_of(value: Any) -> Any:
    """An argument as a tensor of at least three dimensions.

    Raises:
      ValueError: it has fewer, or one of its last three is empty.
    """
    image = convert_to_tensor(value)
    rank = image.shape.rank
    if rank is not None and rank < 3:
        raise ValueError(f"'image' (shape {image.shape}) must be at least three-dimensional.")
    if rank is not None and 0 in image.shape.as_list()[-3:]:
        raise ValueError(f"inner 3 dims of 'image.shape' must be > 0: {image.shape}")
    return image


def three_or_four(image: Any, gap: str = " ") -> int | None:
    """The rank of images.

    Raises:
      ValueError: neither 3 nor 4.
    """
    rank: int | None = image.shape.rank
    if rank not in (None, 3, 4):
        raise ValueError(f"'image' (shape {image.shape}){gap}must have either 3 or 4 dimensions.")
    return rank


def batched(value: Any) -> tuple[Any, bool]:
    """An argument as a batch of images, and whether it was one; an image of unknown rank is taken for a single one.

    Raises:
      ValueError: neither 3 nor 4 dimensions.
    """
    from ..arrays import expand_dims
    image = convert_to_tensor(value)
    rank = three_or_four(image)
    if rank == 4:
        return image, True
    if rank is None:
        from ..creation import ensure_shape
        image = ensure_shape(image, [None, None, None])
    return expand_dims(image, 0), False


def unbatched(image: Any, was_batch: bool) -> Any:
    """The opposite of `batched`."""
    from ..arrays import squeeze
    return image if was_batch else squeeze(image, [0])


def extent(image: Any) -> tuple[Any, Any]:
    """The height and width of a batch of images: ints, or tensors where a graph does not know them."""
    from ..indexing import getitem
    dims = image.shape.as_list()
    if None not in dims[1:3]:
        return dims[1], dims[2]
    sizes = shape_of(image)
    return tuple(dims[i] if dims[i] is not None else getitem(sizes, i) for i in (1, 2))


def known(value: Any) -> Any:
    """A number given as itself or as a tensor with a value: a number; a tensor that has none yet as it is."""
    if isinstance(value, Tensor) or hasattr(value, "__tf_tensor__"):
        value = convert_to_tensor(value)
        found = constant_value(value)
        return value if found is None else found[()]
    return value


def require(condition: Any, message: str) -> None:
    """Raises `ValueError(message)` unless the condition holds; one that a graph does not know yet is not checked."""
    if not isinstance(condition, Tensor) and not condition:
        raise ValueError(message)


def int_pair(first: Any, second: Any) -> Any:
    """Two sizes as one argument: a list of ints, or a tensor where one of them is."""
    if isinstance(first, Tensor) or isinstance(second, Tensor):
        from ..arrays import stack
        return stack([first, second])
    return [first, second]


def is_float(dtype: dtypes.DType) -> bool:
    """Whether adjustments work in a dtype itself; others go by float32."""
    return dtype in (dtypes.float16, dtypes.float32)


def check_choice(op: OpDef, name: str, value: Any) -> str:
    """An attribute that is one of the words in the op's signature.

    Raises:
      InvalidArgumentError, ValueError: in eager code and in a graph, for another word.
    """
    word = value.decode() if isinstance(value, bytes) else value
    attr = op.signature.attr(name)
    allowed = () if attr is None else attr.allowed
    if word in {a.strip("'\"") for a in allowed}:
        return str(word)
    listed = ", ".join(allowed)
    if ctx.graph is not None:
        raise ValueError(f"Attr '{name}' of '{op.type}' Op passed string '{word}' not in: {listed}.")
    raise errors.InvalidArgumentError(
        f"Value for attr '{name}' of \"{word}\" is not in the list of allowed values: {listed}\n\t; NodeDef: "
        f"{{{{node {op.type}}}}}; {op.describe()} [Op:{op.type}] name: ")
