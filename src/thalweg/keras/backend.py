"""Settings and session of Keras, under the names of `keras.backend`."""
from __future__ import annotations

import gc

from . import dtype_policies, naming, random
from .config import (
    epsilon,
    floatx,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_image_data_format,
    standardize_dtype,
)
from .dtype_policies import is_float_dtype
from .naming import get_uid, name_scope, reset_uids
from .symbolic.arithmetic import result_dtype as result_type
from .symbolic.keras_tensor import is_keras_tensor


def backend() -> str:
    """The name of the engine whose behaviour this follows."""
    return "tensorflow"


def clear_session(free_memory: bool = True) -> None:
    """Lets automatic names and random seeds begin anew, and frees what nobody holds.

    Args:
      free_memory: whether to collect garbage.
    """
    naming.reset_uids()
    random.reset_global_seed_generator()
    dtype_policies.set_dtype_policy(None)
    if free_memory:
        gc.collect()


__all__ = [
    "backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format", "is_float_dtype",
    "is_keras_tensor", "name_scope", "reset_uids", "result_type", "set_epsilon", "set_floatx", "set_image_data_format",
    "standardize_dtype",
]  # fmt: skip
