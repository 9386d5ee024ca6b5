"""What is known of a linear operator: dtype, shape, hints; how it is taken apart; checks that users may ask for."""
from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from typing import Any

import thalweg as tf
from thalweg.core.dimension import Dimension
from thalweg.core.nest import CompositeTensor

from . import tools


class DescribedOperator(tf.Module, CompositeTensor, abc.ABC):  # type: ignore[misc]
    """The part of `LinearOperator` that does not depend on what the operator does; see there for the arguments."""

    _parameter_ndims: Mapping[str, int] = {}
    """The arguments that are made of tensors, and how many dimensions each has beside the batch's; 0 for operators."""

    def __init__(self, dtype: Any, graph_parents: Any = None, is_non_singular: bool | None = None,
                 is_self_adjoint: bool | None = None, is_positive_definite: bool | None = None,
                 is_square: bool | None = None, name: str | None = None,
                 parameters: Mapping[str, Any] | None = None) -> None:
        if is_positive_definite:
            if is_non_singular is False:
                raise ValueError("A positive definite matrix is always non-singular.")
            is_non_singular = True
        if is_non_singular:
            if is_square is False:
                raise ValueError("A non-singular matrix is always square.")
            is_square = True
        if is_self_adjoint:
            if is_square is False:
                raise ValueError("A self-adjoint matrix is always square.")
            is_square = True
        for i, t in enumerate(graph_parents or []):
            if t is None or not tf.is_tensor(t):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {t}.")
        self._graph_parents = list(graph_parents or [])
        self._dtype = tf.as_dtype(dtype) if dtype else dtype
        self._is_non_singular = is_non_singular
        self._is_self_adjoint = is_self_adjoint
        self._is_positive_definite = is_positive_definite
        self._square_hint = is_square
        self._parameters = dict(parameters or {})
        self._name = name or type(self).__name__
        self._name_scope = tf.name_scope(self._name)

    # What is known of it.

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments that the operator was made with."""
        return dict(self._parameters)

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self._dtype

    @property
    def name(self) -> str:
        """The prefix of the names of nodes."""
        return self._name

    @property
    def graph_parents(self) -> list[Any]:
        """The tensors given as such."""
        return self._graph_parents

    @property
    def is_non_singular(self) -> bool | None:
        """The hint."""
        return self._is_non_singular

    @property
    def is_self_adjoint(self) -> bool | None:
        """The hint."""
        return self._is_self_adjoint

    @property
    def is_positive_definite(self) -> bool | None:
        """The hint."""
        return self._is_positive_definite

    @property
    def is_square(self) -> bool | None:
        """The hint, or what follows from the shape.

        Raises:
          ValueError: the hint is False, but the shape is square.
        """
        rows, columns = self.range_dimension.value, self.domain_dimension.value
        found = None if rows is None or columns is None else rows == columns
        if self._square_hint is False and found:
            raise ValueError("User set is_square hint to False, but the operator was square.")
        return found if self._square_hint is None else self._square_hint

    @abc.abstractmethod
    def _shape(self) -> Any:
        """The TensorShape."""

    def _shape_tensor(self) -> Any:
        raise NotImplementedError("_shape_tensor is not implemented.")

    @property
    def shape(self) -> Any:
        """The TensorShape `[..., rows, columns]`, known in full, in part or not at all."""
        return self._shape()

    def shape_tensor(self, name: str = "shape_tensor") -> Any:
        """The shape as an int32 tensor."""
        with self._scope(name):
            shape = self.shape
            return tf.constant(shape.as_list(), tf.int32) if shape.is_fully_defined() else self._shape_tensor()

    @property
    def batch_shape(self) -> Any:
        """The TensorShape without rows and columns."""
        return self.shape[:-2]

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Any:
        """The shape of the batch as an int32 tensor."""
        with self._scope(name):
            batch = self.batch_shape
            return tf.constant(batch.as_list(), tf.int32) if batch.is_fully_defined() else self.shape_tensor()[:-2]

    @property
    def tensor_rank(self) -> Any:
        """How many dimensions it has, batch included; None where that is not known."""
        return self.shape.rank

    def tensor_rank_tensor(self, name: str = "tensor_rank_tensor") -> Any:
        """How many dimensions it has, as an int32 tensor."""
        with self._scope(name):
            return tf.size(self.shape_tensor()) if self.tensor_rank is None else tf.constant(self.tensor_rank)

    @property
    def domain_dimension(self) -> Any:
        """How many columns, as a `Dimension`."""
        dims = self.shape.dims
        return Dimension(None) if not dims else dims[-1]

    def domain_dimension_tensor(self, name: str = "domain_dimension_tensor") -> Any:
        """How many columns, as an int32 tensor."""
        with self._scope(name):
            n = self.domain_dimension.value
            return self.shape_tensor()[-1] if n is None else tf.constant(n)

    @property
    def range_dimension(self) -> Any:
        """How many rows, as a `Dimension`."""
        dims = self.shape.dims
        return Dimension(None) if not dims else dims[-2]

    def range_dimension_tensor(self, name: str = "range_dimension_tensor") -> Any:
        """How many rows, as an int32 tensor."""
        with self._scope(name):
            n = self.range_dimension.value
            return self.shape_tensor()[-2] if n is None else tf.constant(n)

    def _batch(self) -> Any:
        """The shape of the batch: a list of ints where it is known, else a tensor."""
        batch = self.batch_shape
        return batch.as_list() if batch.is_fully_defined() else self.batch_shape_tensor()

    def _size(self) -> Any:
        """How many columns: an int where it is known, else a tensor."""
        n = self.domain_dimension.value
        return self.domain_dimension_tensor() if n is None else n

    def _rows(self) -> Any:
        """How many rows: an int where it is known, else a tensor."""
        n = self.range_dimension.value
        return self.range_dimension_tensor() if n is None else n

    def _hints(self) -> dict[str, Any]:
        """The hints of an operator that shares all of them, such as the adjoint."""
        return {"is_non_singular": self.is_non_singular, "is_self_adjoint": self.is_self_adjoint,
                "is_positive_definite": self.is_positive_definite, "is_square": True}

    def _scope(self, name: str | None) -> Any:
        return tf.name_scope(f"{self._name}/{name}" if name else self._name)

    # As a value made of tensors.

    def _split_parameters(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The constructor's arguments: those made of tensors, and the others."""
        hints = ("is_non_singular", "is_self_adjoint", "is_positive_definite", "is_square")
        tensors: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, value in self._parameters.items():
            if name in self._parameter_ndims:
                value = getattr(self, name)
                (others if value is None else tensors)[name] = value
            else:
                others[name] = getattr(self, name) if name in hints else value
        return tensors, others

    @property
    def _type_spec(self) -> Any:
        from .spec import spec_of
        return spec_of(self)

    def _gradient_parts(self) -> list[Any]:
        leaves = tf.nest.flatten(self._split_parameters()[0])
        return [x for x in leaves if isinstance(x, DescribedOperator) or _has_gradient(x)]

    def _with_gradients(self, gradients: list[Any]) -> Any:
        tensors, others = self._split_parameters()
        found = iter(gradients)
        leaves = [next(found) if isinstance(x, DescribedOperator) or _has_gradient(x) else x for x in tf.nest.flatten(tensors)]
        return type(self)(**others, **tf.nest.pack_sequence_as(tensors, leaves))

    @classmethod
    def _form(cls, key: str) -> Callable[..., Any] | None:
        from .forms import FORMS
        return FORMS.get(key)

    def __getitem__(self, slices: Any) -> Any:
        """The operator of a part of the batch."""
        slices = slices if isinstance(slices, tuple) else (slices,)
        return self._sliced(slices, self._batch())

    def _sliced(self, slices: tuple[Any, ...], batch: Any) -> Any:
        def part(value: Any, ndims: int) -> Any:
            if isinstance(value, (list, tuple)):
                return [part(v, ndims) for v in value]
            if isinstance(value, DescribedOperator):
                return value._sliced(slices, batch)
            shape = tools.shape_of(value)
            whole = tf.broadcast_to(value, tools.joined(batch, shape[len(shape) - ndims:] if isinstance(shape, list)
                                                        else shape[tf.size(shape) - ndims:]))
            ellipsis = () if Ellipsis in slices else (Ellipsis,)
            return whole[(*slices, *ellipsis, *[slice(None)] * ndims)]
        tensors, others = self._split_parameters()
        parts = {name: part(value, self._parameter_ndims[name]) for name, value in tensors.items()}
        return type(self)(**others, **parts)


def _has_gradient(x: Any) -> bool:
    return bool(x.dtype.is_floating or x.dtype.is_complex)
