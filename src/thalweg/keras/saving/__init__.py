"""Objects as configs, and back."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.saving.object_registration": "CustomObjectScope custom_object_scope=CustomObjectScope get_custom_objects "
        "get_registered_name get_registered_object register_keras_serializable",
    "keras.saving.serialization": "deserialize_keras_object serialize_keras_object",
})
