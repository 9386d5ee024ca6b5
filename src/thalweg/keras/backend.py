"""Settings and session of Keras, under the names of `keras.backend`."""
from __future__ import annotations

import gc

from .._lazy import attach
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


# What it had before Keras 3.
__getattr__, __dir__ = attach(__name__, {
    "keras.older.networks": "batch_normalization dropout foldl foldr hard_sigmoid in_top_k l2_normalize map_fn "
        "moving_average_update random_normal random_uniform relu sigmoid softmax softplus softsign "
        "spatial_2d_padding spatial_3d_padding tanh temporal_padding truncated_normal",
    "keras.older.numbers": "abs all any arange argmax argmin batch_flatten batch_get_value batch_set_value cast cast_to_floatx "
        "clip concatenate constant cos count_params cumprod cumsum dot dtype elu equal eval exp expand_dims "
        "eye flatten gather get_value gradients greater greater_equal int_shape is_sparse less less_equal log "
        "max maximum mean min minimum ndim not_equal one_hot ones ones_like permute_dimensions pow prod "
        "repeat repeat_elements reshape reverse round set_value shape sign sin sqrt square squeeze stack std "
        "stop_gradient sum switch tile to_dense transpose update update_add update_sub var variable zeros "
        "zeros_like",
})
