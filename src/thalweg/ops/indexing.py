"""What is behind `tensor[...]` and `variable[...]`: integers, slices, new axes and masks."""
from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply, record
from ..core.opdef import get_op
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import Variable, update
from .slicing import slice_, strided_slice_

# Indexing.


_INDEX_DTYPES = (dtypes.int16, dtypes.int32, dtypes.int64)
_PLAIN = frozenset((int, type(None), type(Ellipsis)))


def _check_index(index: Any) -> None:
    if isinstance(index, (int, np.integer)):
        return
    dtype = getattr(index, "dtype", None)
    if dtype is not None:
        try:
            dtype = dtypes.as_dtype(dtype)
        except TypeError:
            dtype = None
    if dtype not in _INDEX_DTYPES or len(index.shape):
        if type(index).__name__ == "Dimension":
            return
        raise TypeError("Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
                        f"tf.int32/tf.int64 tensors are valid indices, got {index!r}")


def _is_mask(key: Any) -> bool:
    if isinstance(key, bool):
        return True
    if isinstance(key, Tensor):
        return key.dtype == dtypes.bool
    return isinstance(key, np.ndarray) and key.dtype == bool


def _plain(key: Any) -> bool:
    """Whether NumPy reads this part of an index as TensorFlow does."""
    kind = type(key)
    if kind is slice:
        a, b, c = key.start, key.stop, key.step
        return (a is None or type(a) is int) and (b is None or type(b) is int) and (c is None or type(c) is int)
    return kind in _PLAIN


def getitem(x: Any, key: Any) -> Any:
    """`x[key]` for a tensor or variable: integers, slices, `...`, None, scalar integer tensors, or a boolean mask.

    Raises:
      TypeError: an index of another type.
      InvalidArgumentError: an index out of range.
    """
    if type(x) is EagerTensor and ctx.elsewhere is None:
        kind = type(key)
        if kind is int or (all(map(_plain, key)) if kind is tuple else _plain(key)):
            try:
                out = x._value[key]
            except (IndexError, ValueError):
                pass
            else:
                result = EagerTensor(out if type(out) is np.ndarray else _scalar(out), x._dtype)
                if ctx.tapes:
                    _record(x, key, result)
                return result
    if isinstance(x, Variable):
        return _variable_item(x, key)
    if _is_mask(key):
        from .masking import boolean_mask
        return boolean_mask(x, key)
    begin, end, strides, masks = _spec(key if isinstance(key, (list, tuple)) else (key,))
    return apply(strided_slice_, (convert_to_tensor(x), begin, end, strides), masks, _name())



def _name() -> str:
    """The name of a slice; outside a graph TensorFlow's messages have it with a slash."""
    return "strided_slice/" if ctx.graph is None else "strided_slice"


def _scalar(value: Any) -> Any:
    """A 0-d array of an element; a device array as it is."""
    if hasattr(value, "devices"):
        return value
    if isinstance(value, bytes):
        out = np.empty((), object)
        out[()] = value
        return out
    return np.asarray(value)


def _record(x: EagerTensor, key: Any, result: EagerTensor) -> None:
    """Tells the tapes of a plain index, worked out as StridedSlice only if one of them watches."""
    for tape in ctx.tapes:
        if id(x) in tape._watched:
            begin, end, strides, masks = _spec(key if type(key) is tuple else (key,))
            record(strided_slice_, (x, begin, end, strides), masks, (result,))
            return


def _spec(keys: Any) -> tuple[Any, Any, Any, dict[str, int]]:
    """An index as begin, end, strides and masks."""
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    begin_mask = end_mask = ellipsis_mask = new_axis_mask = shrink_axis_mask = 0
    for i, k in enumerate(keys):
        if isinstance(k, slice):
            for part, values, default in ((k.start, begin, 0), (k.stop, end, 0), (k.step, strides, 1)):
                if part is None:
                    values.append(default)
                else:
                    _check_index(part)
                    values.append(part)
            begin_mask |= (k.start is None) << i
            end_mask |= (k.stop is None) << i
        elif k is Ellipsis or k is None:
            begin.append(0)
            end.append(0)
            strides.append(1)
            ellipsis_mask |= (k is Ellipsis) << i
            new_axis_mask |= (k is None) << i
        else:
            _check_index(k)
            if not isinstance(k, Tensor):
                k = int(k) if hasattr(k, "__index__") else int(k.value)
            begin.append(k)
            end.append(k + 1)
            strides.append(1)
            shrink_axis_mask |= 1 << i
    masks = {"begin_mask": begin_mask, "end_mask": end_mask, "ellipsis_mask": ellipsis_mask,
             "new_axis_mask": new_axis_mask, "shrink_axis_mask": shrink_axis_mask}
    parts = [_packed(v) for v in (begin, end, strides)]
    found = {p.dtype for p in parts if isinstance(p, Tensor)}
    if found:
        from .casting import cast
        wide = dtypes.int64 if dtypes.int64 in found else dtypes.int32
        parts = [cast(p, wide) if isinstance(p, Tensor) else convert_to_tensor(p, wide) for p in parts]
    return parts[0], parts[1], parts[2], masks


def _packed(values: list[Any]) -> Any:
    """Indices as a list of ints, or a tensor where one is known only to a running graph."""
    if not values:
        return np.zeros(0, np.int32)
    out = []
    for v in values:
        if isinstance(v, EagerTensor):
            v = int(v)
        elif isinstance(v, Tensor) or hasattr(v, "__tf_tensor__"):
            from .arrays import stack
            from .casting import cast
            tensors = [t for t in values if isinstance(t, Tensor)]
            wide = dtypes.int64 if any(t.dtype == dtypes.int64 for t in tensors) else dtypes.int32
            return stack([cast(t, wide) if isinstance(t, Tensor) else convert_to_tensor(int(t), wide) for t in values])
        else:
            v = int(v)
        out.append(v)
    return out


# Slices of variables, which can be assigned.


class SliceOfVariable(EagerTensor):
    """What `variable[key]` gives: the value, and `assign`, which writes to that part of the variable."""

    __slots__ = ("_key", "_variable")

    def __init__(self, tensor: EagerTensor, variable: Any, key: Any) -> None:
        super().__init__(tensor._value, tensor._dtype)
        self._variable = variable
        self._key = key

    def assign(self, value: Any, name: str | None = None) -> Any:
        """Writes to this part of the variable.

        Raises:
          InvalidArgumentError: the value does not fit.
        """
        return assign_slice(self._variable, self._key, value, name)


def assign_slice(variable: Any, key: Any, value: Any, name: str | None = None) -> Any:
    """`variable[key].assign(value)`."""
    begin, end, strides, masks = _spec(key if isinstance(key, (list, tuple)) else (key,))
    node = update(get_op("ResourceStridedSliceAssign"), (variable,),
                  (begin, end, strides, convert_to_tensor(value, variable.dtype)), masks, name)
    return variable._assigned(node, True)


def _variable_item(variable: Any, key: Any) -> Any:
    value = variable.value()
    out = getitem(value, key)
    if _is_mask(key):
        return out
    if isinstance(out, EagerTensor):
        return _alias(out, SliceOfVariable(out, variable, key))
    from ..core.symbol import SymbolicTensor
    if type(out) is SymbolicTensor:
        result = _symbolic_slice()(out.op, out.value_index, out._shape, out._dtype)
        result.assign = lambda value, name=None: assign_slice(variable, key, value, name)
        out.op.outputs[out.value_index] = result
        return _alias(out, result)
    return out


@cache
def _symbolic_slice() -> Any:
    """The class of what `variable[key]` gives in a graph."""
    from ..core.symbol import SymbolicTensor
    return type("SymbolicTensor", (SymbolicTensor,), {"__slots__": ("assign",)})


def _alias(made: Any, shown: Any) -> Any:
    """Makes the tapes take one tensor for another: the record of the slice gets the object that the user sees."""
    for tape in ctx.tapes:
        if id(made) in tape._watched:
            del tape._watched[id(made)]
            tape._watched[id(shown)] = shown
            last = tape._records[-1]
            if isinstance(last.outputs, tuple):
                last.outputs = (shown,)
    return shown


def strided_slice(input_: Any, begin: Any, end: Any, strides: Any = None, begin_mask: int = 0, end_mask: int = 0,
                  ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0, var: Any = None,
                  name: str | None = None) -> Any:
    """The elements `begin[i] : end[i] : strides[i]` along each dimension.

    Args:
      input_: a tensor.
      begin, end, strides: integers for the first dimensions; strides are 1 unless given.
      begin_mask, end_mask: bits of the dimensions of which the begin or end is as far as it goes.
      ellipsis_mask, new_axis_mask, shrink_axis_mask: bits that stand for `...`, a new axis, a single index.
      var: the variable that `input_` was read from.

    Raises:
      InvalidArgumentError: an index out of range.
    """
    from .arrays import _static
    begin = _static(begin)
    if strides is None:
        count = begin.shape[0] if hasattr(begin, "shape") else len(begin)
        strides = [1] * count
    masks = {"begin_mask": begin_mask, "end_mask": end_mask, "ellipsis_mask": ellipsis_mask,
             "new_axis_mask": new_axis_mask, "shrink_axis_mask": shrink_axis_mask}
    return apply(strided_slice_, (convert_to_tensor(input_), begin, _static(end), _static(strides)), masks, name)


def slice_of(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:
    """`tf.slice`: `size[i]` elements from `begin[i]` on along each dimension; a size of -1 is all that follow.

    Raises:
      InvalidArgumentError: the part lies outside.
    """
    from .arrays import _static
    return apply(slice_, (convert_to_tensor(input_), _static(begin), _static(size)), name=name)
