"""Models from JSON."""
from __future__ import annotations

import json
from typing import Any


def model_from_json(json_string: str, custom_objects: Any = None) -> Any:
    """The model that `to_json` described, not compiled.

    Args:
      json_string: the JSON.
      custom_objects: classes and functions by the names that the JSON has for them.
    """
    from .. import registry

    return registry.deserialize_keras_object(json.loads(json_string), custom_objects=custom_objects)
