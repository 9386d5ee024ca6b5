"""Sparse tensors: the elements that are there, and where they are."""
from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.known_shape import shape_in
from ...core.nest import CompositeTensor
from ...core.opdef import get_op
from ...core.shape import TensorShape, as_shape, unknown_shape
from ...core.tensor import EagerTensor, Tensor
from ...core.tensor_spec import TensorSpec
from ...core.type_spec import BatchableTypeSpec, register_type_spec_from_value_converter
from ..common import graph_name

SparseTensorValue = namedtuple("SparseTensorValue", ["indices", "values", "dense_shape"])
"""The arrays of a sparse tensor, as sessions return them and are fed with them."""


class SparseTensor(CompositeTensor):
    """A tensor of which only some elements are stored; the others are zero.

    Most operations want the elements in row-major order; `tf.sparse.reorder` brings them into it.

    Args:
      indices: int64, shape `[n, rank]`: where the elements are.
      values: shape `[n]`: the elements.
      dense_shape: int64, shape `[rank]`.

    Raises:
      ValueError: the shapes of the three do not fit, or a tensor has another dtype than int64.
    """

    __slots__ = ("__weakref__", "_dense_shape", "_indices", "_shape", "_values")
    _is_tensor_like = True

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with ctx.graph.name_scope("SparseTensor") if ctx.graph is not None else nullcontext():
            self._indices = _converted(indices, dtypes.int64, "indices")
            self._values = _converted(values, None, "values")
            self._dense_shape = _converted(dense_shape, dtypes.int64, "dense_shape")
        self._shape = shape_in(self._dense_shape)
        count, rank = self._indices.shape.with_rank(2)
        values_count = self._values.shape.with_rank(1)[0]
        _same(count, values_count)
        _same(rank, self._dense_shape.shape.with_rank(1)[0])

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """A sparse tensor from a SparseTensorValue, or from another sparse tensor.

        Raises:
          TypeError: something else.
        """
        if not is_sparse(sparse_tensor_value):
            raise TypeError(f"Argument sparse_tensor_value={sparse_tensor_value} is neither a SparseTensor nor "
                            "SparseTensorValue.")
        return cls(sparse_tensor_value.indices, sparse_tensor_value.values, sparse_tensor_value.dense_shape)

    @property
    def indices(self) -> Any:
        """Where the elements are: int64, shape `[n, rank]`."""
        return self._indices

    @property
    def values(self) -> Any:
        """The elements, shape `[n]`."""
        return self._values

    @property
    def dense_shape(self) -> Any:
        """The shape, as an int64 tensor."""
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """The static shape."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """The element type."""
        return self._values.dtype  # type: ignore[no-any-return]

    @property
    def op(self) -> Any:
        """The operation that makes the values, in a graph."""
        return self._values.op

    @property
    def graph(self) -> Any:
        """The graph of the tensors."""
        return self._indices.graph

    def get_shape(self) -> TensorShape:
        """The static shape, as `shape`."""
        return self._shape

    def set_shape(self, shape: Any) -> None:
        """Adds what is known about the static shape.

        Raises:
          ValueError: it contradicts what is known.
        """
        self._shape = self._shape.merge_with(as_shape(shape))

    def with_values(self, new_values: Any) -> SparseTensor:
        """The same places with other elements, which may have another dtype."""
        return SparseTensor(self._indices, new_values, self._dense_shape)

    def eval(self, feed_dict: Any = None, session: Any = None) -> SparseTensorValue:
        """Runs the graph in a session for this tensor's value.

        Raises:
          ValueError: there is no default session.
        """
        from ...core.symbol import _session
        graph = self.graph  # eager tensors say here that they have none
        assert graph is not None
        found = _session(session, "Cannot evaluate tensor using `eval()`", "eval")
        return SparseTensorValue(*found.run([self._indices, self._values, self._dense_shape], feed_dict))

    def _session_value(self, arrays: list[Any]) -> SparseTensorValue:
        return SparseTensorValue(*arrays)

    def _feed_values(self, value: Any) -> list[Any]:
        return list(value) if not isinstance(value, SparseTensor) else [value.indices, value.values, value.dense_shape]

    def consumers(self) -> list[Any]:
        """The operations that read one of the tensors."""
        found = [node for t in (self._indices, self._values, self._dense_shape) if not isinstance(t, EagerTensor)
                 for node in t.consumers()]
        return list(dict.fromkeys(found))

    @property
    def _type_spec(self) -> SparseTensorSpec:
        return SparseTensorSpec(self._shape, self.dtype)

    def _shape_invariant_to_type_spec(self, shape: TensorShape) -> SparseTensorSpec:
        """The spec for a loop's shape invariant, which for sparse tensors is the shape of `dense_shape`."""
        if shape.rank not in (None, 1):
            raise ValueError(f"Expected a shape with 1 dimension. Obtained: {shape} which has {shape.rank} dimensions.")
        return SparseTensorSpec(unknown_shape(shape[0] if shape.rank else None), self.dtype)

    @classmethod
    def _form(cls, key: str) -> Callable[..., Any] | None:
        from .forms import FORMS
        return FORMS.get(key)

    @classmethod
    def _unary(cls, op: Any, x: Any, name: str | None) -> Any:
        from .forms import ON_VALUES
        return x.with_values(apply(op, (x.values,), name=name)) if op.type in ON_VALUES else NotImplemented

    def _with_dense(self, type: str, other: Any, name: str) -> SparseTensor:
        """An operation of the elements and of those of a dense tensor at their places."""
        dense = _converted(other, self.dtype, "y")
        inputs = (self._indices, self._values, self._dense_shape, dense)
        return SparseTensor(self._indices, apply(get_op(type), inputs, name=graph_name(None, name)), self._dense_shape)

    def __mul__(self, other: Any) -> SparseTensor:
        return self._with_dense("SparseDenseCwiseMul", other, "mul")

    def __rmul__(self, other: Any) -> SparseTensor:
        return self._with_dense("SparseDenseCwiseMul", other, "mul") if isinstance(other, Tensor) else NotImplemented

    def __truediv__(self, other: Any) -> SparseTensor:
        from .elementwise import true_divisor
        values, dense = true_divisor(self, other)
        quotient = apply(get_op("SparseDenseCwiseDiv"), (self._indices, values, self._dense_shape, dense))
        return SparseTensor(self._indices, quotient, self._dense_shape)

    def __div__(self, other: Any) -> SparseTensor:
        return self._with_dense("SparseDenseCwiseDiv", other, "div")

    def __repr__(self) -> str:
        return f"SparseTensor(indices={self._indices!s}, values={self._values!s}, dense_shape={self._dense_shape!s})"


def _converted(value: Any, dtype: dtypes.DType | None, name: str) -> Any:
    try:
        return convert_to_tensor(value, dtype, name=name)
    except ValueError as error:
        if isinstance(value, Tensor):
            raise ValueError(f"{name}: {error}") from None
        raise


def _same(a: int | None, b: int | None) -> None:
    if a is not None and b is not None and a != b:
        raise ValueError(f"Dimensions {a} and {b} are not compatible")


class SparseTensorSpec(BatchableTypeSpec):
    """The type of sparse tensors of a dtype and of what is known of a shape.

    Args:
      shape: of the whole tensor, None where nothing is known of it.
      dtype: of the elements.
    """

    __slots__ = ("_dtype", "_shape")

    def __init__(self, shape: Any = None, dtype: Any = dtypes.float32) -> None:
        self._shape = as_shape(shape)
        self._dtype = dtypes.as_dtype(dtype)

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """The element type."""
        return self._dtype

    @property
    def value_type(self) -> type:
        """`SparseTensor`."""
        return SparseTensor

    @classmethod
    def from_value(cls, value: Any) -> SparseTensorSpec:
        """The spec of a sparse tensor or SparseTensorValue.

        Raises:
          TypeError: something else.
        """
        if isinstance(value, SparseTensor):
            return cls(value.shape, value.dtype)
        if isinstance(value, SparseTensorValue):
            values = np.asarray(value.values)
            return cls([int(d) for d in np.asarray(value.dense_shape)], dtypes.from_numpy(values.dtype))
        raise TypeError("Expected SparseTensor or SparseTensorValue. Received: "
                        f"{value} of type {type(value).__name__}.")

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype

    @property
    def _component_specs(self) -> list[TensorSpec]:
        rank = self._shape.rank
        return [TensorSpec([None, rank], dtypes.int64), TensorSpec([None], self._dtype), TensorSpec([rank], dtypes.int64)]

    def _to_components(self, value: Any) -> list[Any]:
        return [value.indices, value.values, value.dense_shape]

    def _from_components(self, components: Any) -> Any:
        if all(isinstance(c, np.ndarray) for c in components):
            return SparseTensorValue(*components)
        made = SparseTensor(*components)
        made._shape = made._shape.merge_with(self._shape)
        return made

    def _batch(self, batch_size: int | None) -> SparseTensorSpec:
        return SparseTensorSpec(TensorShape([batch_size]).concatenate(self._shape), self._dtype)

    def _unbatch(self) -> SparseTensorSpec:
        if self._shape.rank == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return SparseTensorSpec(self._shape[1:] if self._shape.rank is not None else None, self._dtype)

    def _to_legacy_output_types(self) -> dtypes.DType:
        return self._dtype

    def _to_legacy_output_shapes(self) -> TensorShape:
        return self._shape


register_type_spec_from_value_converter(SparseTensorValue, SparseTensorSpec.from_value)


def is_sparse(x: Any) -> bool:
    """Whether `x` is a SparseTensor or a SparseTensorValue."""
    return isinstance(x, (SparseTensor, SparseTensorValue))


def convert_to_tensor_or_sparse_tensor(value: Any, dtype: Any = None, name: str | None = None) -> Any:
    """A sparse tensor as it is or from its value, anything else as a tensor.

    Raises:
      RuntimeError: a sparse tensor of another dtype than `dtype`.
    """
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if isinstance(value, SparseTensor):
        wanted = dtypes.as_dtype(dtype) if dtype is not None else None
        if wanted is not None and not wanted.is_compatible_with(value.dtype):
            raise RuntimeError(f"Sparse dtype mismatch. Requested: {wanted.name},  Actual: {value.dtype.name}")
        return value
    return convert_to_tensor(value, dtype, name=name)
