"""`Hashing` and `HashedCrossing`: categories, and pairs of them, as numbers below a bound."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...config import floatx
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape
from ..layer import Layer
from .encoding import MODES, check_choice, encoded, tensor_of


class Hashing(Layer):
    """Strings or integers as hash values below `num_bins`, the same on every machine.

    Args:
      num_bins: how many values there are, that of the mask included.
      mask_value: an input that becomes 0; the hash values begin at 1 then.
      salt: an integer, or a pair of them, for SipHash (Aumasson and Bernstein, 2012); FarmHash for None.
      output_mode: `"int"`, `"one_hot"`, `"multi_hot"` or `"count"`.
      sparse: whether the result is a `SparseTensor`, not for `"int"`.

    Raises:
      ValueError: no positive number of bins, an unknown mode, a salt of another kind, or a dtype that is no integer for
        `"int"`.
    """

    def __init__(self, num_bins: int, mask_value: Any = None, salt: Any = None, output_mode: str = "int",
                 sparse: bool = False, **kwargs: Any) -> None:
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = "int64" if output_mode == "int" else floatx()
        super().__init__(**kwargs)
        if num_bins is None or num_bins <= 0:
            raise ValueError("The `num_bins` for `Hashing` cannot be `None` or non-positive values. Received: "
                             f"num_bins={num_bins}.")
        if output_mode == "int" and self.dtype_policy.name not in ("int32", "int64"):
            raise ValueError("When `output_mode=\"int\"`, `dtype` should be an integer type, 'int32' or 'in64'. Received: "
                             f"dtype={kwargs['dtype']}")
        if output_mode not in MODES:
            raise ValueError(f"Invalid value for argument `output_mode`. Expected one of {MODES}. Received: "
                             f"output_mode={output_mode}")
        if sparse and output_mode == "int":
            raise ValueError("`sparse` may only be true if `output_mode` is `\"one_hot\"`, `\"multi_hot\"`, or `\"count\"`. "
                             f"Received: sparse={sparse} and output_mode={output_mode}")
        self.num_bins = num_bins
        self.mask_value = mask_value
        self.output_mode = output_mode
        self.sparse = sparse
        self.salt: Any = None
        if isinstance(salt, (tuple, list)) and len(salt) == 2:
            self.salt = tuple(salt)
        elif isinstance(salt, int):
            self.salt = (salt, salt)
        elif salt is not None:
            raise ValueError("The `salt` argument for `Hashing` can only be a tuple of size 2 integers, or a single integer. "
                             f"Received: salt={salt}.")
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True

    def call(self, inputs: Any) -> Any:
        x = tensor_of(inputs)
        if isinstance(x, tf.SparseTensor):
            found: Any = tf.SparseTensor(x.indices, self._hashed(x.values), x.dense_shape)
        elif isinstance(x, tf.RaggedTensor):
            found = x.with_flat_values(self._hashed(x.flat_values))
        else:
            found = self._hashed(x)
        return encoded(found, self.output_mode, self.num_bins, self.dtype, self.sparse)

    def _hashed(self, values: Any) -> Any:
        masked = self.mask_value is not None and self.num_bins > 1
        bins = self.num_bins - masked
        mask = tf.equal(values, self.mask_value) if masked else None
        if values.dtype.is_floating:
            values = tf.cast(values, tf.int64)
        if values.dtype != tf.string:
            values = tf.as_string(values)
        if self.salt is None:
            found = tf.strings.to_hash_bucket_fast(values, bins)
        else:
            found = tf.strings.to_hash_bucket_strong(values, bins, key=list(self.salt))
        return found if mask is None else tf.where(mask, tf.zeros_like(found), found + 1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        if self.output_mode == "int":
            return tuple(input_shape)
        return (*input_shape[:-1], self.num_bins)

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self.dtype)

    def get_config(self) -> Config:
        salt = None if self.salt is None else list(self.salt)
        return {**super().get_config(), "num_bins": self.num_bins, "salt": salt, "mask_value": self.mask_value,
                "output_mode": self.output_mode, "sparse": self.sparse}


class HashedCrossing(Layer):
    """Pairs, or longer rows, of categories as hash values below `num_bins`.

    Args:
      num_bins: how many values there are.
      output_mode: `"int"` or `"one_hot"`.
      sparse: whether the result is a `SparseTensor`, for `"one_hot"`.
      name: of the layer.
      dtype: of the result; int64 for `"int"`.

    Raises:
      ValueError: an unknown mode; in the call, less than two inputs, or inputs of other shapes and dtypes.
    """

    def __init__(self, num_bins: int, output_mode: str = "int", sparse: bool = False, name: str | None = None,
                 dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name=name, dtype="int64" if output_mode == "int" and dtype is None else dtype)
        check_choice(output_mode, ("int", "one_hot"), self, "output_mode")
        self.num_bins = num_bins
        self.output_mode = output_mode
        self.sparse = sparse
        self._allow_non_tensor_positional_args = True
        self._convert_input_args = False

    def call(self, inputs: Any) -> Any:
        if not isinstance(inputs, (list, tuple)):
            raise ValueError(f"`HashedCrossing` should be called on a list or tuple of inputs. Received: inputs={inputs}")
        if len(inputs) < 2:
            raise ValueError(f"`HashedCrossing` should be called on at least two inputs. Received: inputs={inputs}")
        tensors = [tensor_of(x) for x in inputs]
        _check(tensors, tensors[0].shape)
        shape = tensors[0].shape
        rows = [tf.reshape(x, [-1, 1]) for x in tensors]
        crossed = tf.sparse.to_dense(tf.sparse.cross_hashed(rows, self.num_bins))
        found = tf.reshape(crossed, tf.shape(tensors[0]))
        found.set_shape(shape)
        return encoded(found, self.output_mode, self.num_bins, self.compute_dtype, self.sparse)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        if len(input_shape) != 2 or not all(isinstance(shape, tuple) for shape in input_shape):
            raise ValueError(f"Expected as input a list/tuple of 2 tensors. Received input_shape={input_shape}")
        shape, other = input_shape
        if shape[-1] != other[-1]:
            raise ValueError(f"Expected the two input tensors to have identical shapes. Received input_shape={input_shape}")
        if self.output_mode == "int":
            return shape
        return (*(shape if shape[-1] != 1 else shape[:-1]), self.num_bins)

    def get_config(self) -> Config:
        return {"num_bins": self.num_bins, "output_mode": self.output_mode, "sparse": self.sparse, "name": self.name,
                "dtype": self.dtype}


def _check(tensors: list[Any], shape: Any) -> None:
    kinds = (tf.RaggedTensor, tf.SparseTensor)
    if len(shape) > 2 or (len(shape) == 2 and shape[-1] != 1):
        raise ValueError("All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or `(batch_size, 1)`. Received: "
                         f"inputs={tensors}")
    if not all(tuple(x.shape) == tuple(shape) for x in tensors):
        raise ValueError(f"All `HashedCrossing` inputs should have equal shape. Received: inputs={tensors}")
    if any(isinstance(x, kinds) for x in tensors):
        raise ValueError(f"All `HashedCrossing` inputs should be dense tensors. Received: inputs={tensors}")
    if not all(x.dtype.is_integer or x.dtype == tf.string for x in tensors):
        raise ValueError("All `HashedCrossing` inputs should have an integer or string dtype. Received: "
                         f"inputs={tensors}")
