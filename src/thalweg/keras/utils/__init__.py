"""Helpers. Names are loaded when they are first used."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.backend": "clear_session",
    "keras.config": "standardize_dtype",
    "keras.random": "set_random_seed",
    "keras.registry": "CustomObjectScope custom_object_scope=CustomObjectScope deserialize_keras_object "
        "get_custom_objects get_registered_name get_registered_object register_keras_serializable "
        "serialize_keras_object",
    "keras.symbolic.keras_tensor": "is_keras_tensor",
    "keras.training.data.packing": "pack_x_y_sample_weight unpack_x_y_sample_weight",
    "keras.utils.files": "get_file",
    "keras.utils.images": "array_to_img img_to_array load_img save_img",
    "keras.utils.io": "disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled",
    "keras.utils.numerical": "normalize to_categorical",
    "keras.utils.padding": "pad_sequences",
    "keras.utils.progbar": "Progbar",
    "keras.utils.sequence": "PyDataset Sequence",
})
