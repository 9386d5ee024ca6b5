"""Data sets as values: their spec, a description bound to values, and what stands for one while a function is traced."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import thalweg as tf

from .dataset import Dataset
from .run import Run
from .structure import Leaves


class DatasetSpec(tf.TypeSpec):  # type: ignore[misc]
    """The spec of a data set.

    Args:
      element_spec: of its elements.
      dataset_shape: the shape of an array of data sets; () for a single one.
    """

    __slots__ = ("_dataset_shape", "_element_spec")

    def __init__(self, element_spec: Any, dataset_shape: Any = ()) -> None:
        self._element_spec = element_spec
        self._dataset_shape = tf.TensorShape(dataset_shape)

    @property
    def element_spec(self) -> Any:
        """The spec of the elements."""
        return self._element_spec

    @property
    def value_type(self) -> Any:
        """The class of what the spec describes."""
        return Dataset

    @staticmethod
    def from_value(value: Any) -> DatasetSpec:
        """The spec of a data set."""
        return DatasetSpec(value.element_spec)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether a data set, or what another spec describes, could be of this type."""
        other = spec_or_value if isinstance(spec_or_value, DatasetSpec) else getattr(spec_or_value, "_type_spec", None)
        if not isinstance(other, DatasetSpec):
            return False
        try:
            tf.nest.assert_same_structure(self._element_spec, other._element_spec)
        except (TypeError, ValueError):
            return False
        return all(a.is_compatible_with(b) for a, b in zip(
            tf.nest.flatten(self._element_spec), tf.nest.flatten(other._element_spec), strict=True))

    def _serialize(self) -> tuple[Any, ...]:
        return self._element_spec, self._dataset_shape

    @property
    def _component_specs(self) -> Any:
        return tf.TensorSpec(self._dataset_shape, tf.variant)

    def _to_components(self, value: Any) -> Any:
        return value._variant_tensor

    def _from_components(self, components: Any) -> Any:
        return components

    def _batch(self, batch_size: int | None) -> DatasetSpec:
        return DatasetSpec(self._element_spec, tf.TensorShape([batch_size]).concatenate(self._dataset_shape))

    def _unbatch(self) -> DatasetSpec:
        if not self._dataset_shape.rank:
            raise ValueError("Slicing dataset elements is not supported for rank 0.")
        return DatasetSpec(self._element_spec, self._dataset_shape[1:])

    def _to_legacy_output_types(self) -> Any:
        return self

    _to_legacy_output_shapes = _to_legacy_output_classes = _to_legacy_output_types

    def __hash__(self) -> int:
        return hash(DatasetSpec)


class _VariantDataset(Dataset):
    """A data set that is an element or an argument: what it looks like from outside does not say how it was made."""

    def __repr__(self) -> str:
        return f"<_VariantDataset element_spec={self.element_spec}>"


class StandIn(_VariantDataset):
    """Stands for the data set that a function will be given, while the function is traced."""

    _stands_for_another = True

    def __init__(self, element_spec: Any) -> None:
        super().__init__((), element_spec)

    def _symbols(self) -> list[Any]:
        return [self]

    def _cardinality(self, run: Run) -> int:
        return run.value(self)._cardinality(Run())  # type: ignore[no-any-return]

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return run.value(self)._iterate(Run())  # type: ignore[no-any-return]


class Bound(_VariantDataset):
    """A data set described with symbols, and the values of these."""

    def __init__(self, dataset: Dataset, values: Mapping[int, Any]) -> None:
        super().__init__((), dataset.element_spec)
        self._dataset = dataset
        self._values = Run(values)

    def _cardinality(self, run: Run) -> int:
        return self._dataset._cardinality(self._values)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return self._dataset._iterate(self._values)

    def _rows(self, run: Run) -> Any:
        return self._dataset._rows(self._values)


class Window(_VariantDataset):
    """Elements that were put aside."""

    def __init__(self, elements: list[Leaves], element_spec: Any) -> None:
        super().__init__((), element_spec)
        self._elements = elements

    def _cardinality(self, run: Run) -> int:
        return len(self._elements)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return iter(self._elements)

