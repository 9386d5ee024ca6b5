"""What all losses have in common."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .. import tags
from ..config import as_tensor, standardize_dtype
from ..naming import auto_name
from ..types import Config, Tensor, TensorFunction, TensorLike
from .reduction import (
    MEANS,
    reduce_weighted_values,
    squeeze_or_expand_to_same_rank,
    standardize_reduction,
)


class Loss:
    """A function from labels and predictions to one number. Subclasses define `call(y_true, y_pred)`.

    Args:
      name: of the loss; from the class where None.
      reduction: `"sum_over_batch_size"` (the mean of all values), its synonym `"mean"`, `"sum"`,
        `"mean_with_sample_weight"` (the sum over the sum of the weights), `"none"` or None.
      dtype: a name, a DType or a dtype policy to compute in; `floatx` where None.

    Raises:
      ValueError: there is no such reduction.
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size",
                 dtype: Any = None) -> None:
        self.name = name or auto_name(type(self).__name__)
        self.reduction = standardize_reduction(reduction)
        self._dtype = standardize_dtype(dtype)
        self._compute_dtype = tf.as_dtype(self._dtype)

    @property
    def dtype(self) -> str:
        """The name of the dtype that the loss computes in."""
        return self._dtype

    def __call__(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> Tensor:
        """The loss.

        Args:
          y_true: the labels, or a structure of such.
          y_pred: the predictions, or a structure of such.
          sample_weight: a weight for every sample, or for every value of the loss.
        """
        mask = tags.get_mask(y_pred)
        y_pred = self._converted(y_pred)
        y_true = self._converted_labels(y_true)
        values = self.call(y_true, y_pred)
        made = tags.get_mask(values)
        if made is not None:
            mask = made if mask is None else tf.logical_and(tf.cast(mask, tf.bool), tf.cast(made, tf.bool))
        return reduce_weighted_values(values, sample_weight, mask, self.reduction, self._compute_dtype)

    def _converted(self, x: Any) -> Any:
        dtype = self._compute_dtype
        if isinstance(x, (list, tuple, dict)) and any(tf.is_tensor(part) for part in tf.nest.flatten(x)):
            return tf.nest.map_structure(lambda part: as_tensor(part, dtype), x)
        return as_tensor(x, dtype)

    def _converted_labels(self, y_true: Any) -> Any:
        return self._converted(y_true)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The values before the reduction, as a rule one for every sample."""
        raise NotImplementedError(f"Loss '{type(self).__name__}' must define `call(y_true, y_pred)`.")

    def get_config(self) -> Config:
        """The arguments of the constructor."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: Config) -> Loss:
        """The loss that `get_config` described."""
        return cls(**config)


class LossFunctionWrapper(Loss):
    """A loss made of a function `fn(y_true, y_pred, **kwargs)`."""

    def __init__(self, fn: TensorFunction, reduction: str | None = "sum_over_batch_size", name: str | None = None,
                 dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        if isinstance(y_pred, (list, tuple, dict)):
            pairs = list(map(squeeze_or_expand_to_same_rank, tf.nest.flatten(y_true), tf.nest.flatten(y_pred)))
            y_true = tf.nest.pack_sequence_as(y_true, [pair[0] for pair in pairs])
            y_pred = tf.nest.pack_sequence_as(y_pred, [pair[1] for pair in pairs])
        else:
            y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self) -> Config:
        from .. import registry

        return super().get_config() | {"fn": registry.serialize_keras_object(self.fn), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config: Config) -> Loss:
        if "fn" in config:
            from .. import registry

            config = config | {"fn": registry.deserialize_keras_object(config["fn"])}
        return cls(**config)

    def __repr__(self) -> str:
        return f"<LossFunctionWrapper({self.fn}, kwargs={self._fn_kwargs})>"


class NamedLoss(LossFunctionWrapper):
    """A loss whose class stands for its function."""

    _arguments: tuple[str, ...] = ()
    """The arguments of the function that are attributes of the loss and belong to its config."""

    _elementwise: TensorFunction | None = None
    """A function whose mean over the last axis is `fn`: without weights, one mean over everything does for both."""

    def __init__(self, fn: TensorFunction, reduction: str | None, name: str | None, dtype: Any, **kwargs: Any) -> None:
        super().__init__(fn, reduction=reduction, name=name, dtype=dtype, **kwargs)
        for argument in self._arguments:
            setattr(self, argument, kwargs[argument])
        kind = type(self)
        self._values_of = (
            kind._elementwise if self.reduction in MEANS and kind.call is LossFunctionWrapper.call else None
        )

    def __call__(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> Tensor:
        values_of = self._values_of
        if (values_of is None or sample_weight is not None or not tf.is_tensor(y_pred)
                or tags.get_mask(y_pred) is not None):
            return super().__call__(y_true, y_pred, sample_weight)
        y_pred = as_tensor(y_pred, self._compute_dtype)
        y_true = as_tensor(y_true, self._compute_dtype)
        values = values_of(*squeeze_or_expand_to_same_rank(y_true, y_pred), **self._fn_kwargs)
        shape = values.shape
        if shape.is_fully_defined() and shape.num_elements():
            return tf.reduce_mean(values)
        return super().__call__(y_true, y_pred)

    def get_config(self) -> Config:
        return Loss.get_config(self) | {argument: getattr(self, argument) for argument in self._arguments}
