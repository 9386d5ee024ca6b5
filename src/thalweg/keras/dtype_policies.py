"""Which dtype a layer keeps its weights in, and which it computes in."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .config import floatx, standardize_dtype
from .types import Config, Tensor

_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}


class DTypePolicy:
    """A pair of dtypes: `"float32"` for both, or `"mixed_bfloat16"` to compute in bfloat16 on float32 weights.

    Args:
      name: a dtype's name, `"mixed_float16"` or `"mixed_bfloat16"`; the global policy's for None.

    Raises:
      TypeError: the name is no string.
      ValueError: it names no policy.
    """

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = dtype_policy().name
        if not isinstance(name, str):
            raise TypeError(f"'name' must be a string, such as 'mixed_float16'. Received: name={name} "
                            f"(of type {type(name)})")
        self._name = name
        if name in _MIXED:
            self._compute_dtype, self._variable_dtype = _MIXED[name], "float32"
            return
        try:
            self._compute_dtype = self._variable_dtype = standardize_dtype(name)
        except ValueError:
            raise ValueError(
                f"Cannot convert '{name}' to a mixed precision DTypePolicy. Valid policies include 'mixed_float16', "
                "'mixed_bfloat16', and the name of any float dtype such as 'float32'."
            ) from None

    @property
    def name(self) -> str:
        """The name that the policy was made with."""
        return self._name

    @property
    def compute_dtype(self) -> str:
        """The dtype of the inputs and outputs of a layer."""
        return self._compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the weights of a layer."""
        return self._variable_dtype

    @property
    def quantization_mode(self) -> None:
        """How weights are quantized: not at all."""
        return None

    def convert_input(self, x: Any, autocast: bool, dtype: Any) -> Any:
        """`x` as a tensor where it is an array; floating-point tensors are cast to `dtype` if `autocast` says so."""
        from .symbolic.keras_tensor import KerasTensor

        wanted = standardize_dtype(dtype)
        if isinstance(x, KerasTensor):
            if autocast and is_float_dtype(x.dtype) and x.dtype != wanted:
                from .symbolic.arithmetic import cast

                return cast(x, wanted)
            return x
        if not tf.is_tensor(x):
            if not hasattr(x, "__array__"):
                return x
            x = tf.convert_to_tensor(x)
        return cast_float(x, wanted) if autocast else x

    def get_config(self) -> Config:
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> DTypePolicy:
        return cls(**config)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self._name}">'

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and self._name == other._name

    def __hash__(self) -> int:
        return hash(self._name)


FloatDTypePolicy = DTypePolicy

_policy: DTypePolicy | None = None


def dtype_policy() -> DTypePolicy:
    """The policy of layers that are given no dtype."""
    return DTypePolicy(floatx()) if _policy is None else _policy


def set_dtype_policy(policy: Any) -> None:
    """Sets the policy of layers that are given no dtype; None goes back to `floatx`.

    Raises:
      ValueError: `policy` is neither a name nor a policy.
    """
    global _policy
    if policy is None:
        _policy = None
        return
    if not isinstance(policy, DTypePolicy):
        if not isinstance(policy, (str, dict)):
            raise ValueError("Invalid `policy` argument. Expected the string name of a policy (such as "
                             f"'mixed_float16') or a `DTypePolicy` instance. Received: policy={policy} (of type "
                             f"{type(policy)})")
        policy = get(policy)
    _policy = policy


def get(identifier: Any) -> DTypePolicy:
    """The policy for a name, a DType, a config or a policy; the global one for None.

    Raises:
      ValueError: `identifier` is none of these.
    """
    if identifier is None:
        return dtype_policy()
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return DTypePolicy(identifier)
    try:
        return DTypePolicy(standardize_dtype(identifier))
    except ValueError:
        raise ValueError("Cannot interpret `dtype` argument. Expected a string or an instance of DTypePolicy. "
                         f"Received: dtype={identifier}") from None


def serialize(policy: DTypePolicy) -> Config:
    """The config of a policy: module, class name, config, registered name."""
    return {"module": "keras", "class_name": "DTypePolicy", "config": policy.get_config(), "registered_name": None}


def deserialize(config: Config, custom_objects: Any = None) -> DTypePolicy:
    """The policy that `serialize` wrote."""
    return DTypePolicy.from_config(config.get("config", config))


def is_float_dtype(dtype: Any) -> bool:
    """Whether a dtype, given by name or as a DType, is one of the floating-point ones."""
    name = dtype if type(dtype) is str else dtype.name
    return name.startswith(("float", "bfloat"))


def cast_float(x: Tensor, dtype: str) -> Tensor:
    """A floating-point tensor cast to `dtype`; any other tensor as it is."""
    held = x.dtype
    if held.is_floating and held.name != dtype:
        return tf.cast(x, dtype)
    return x
