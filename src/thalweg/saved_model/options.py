"""How models are loaded and saved."""
from __future__ import annotations

from typing import Any


class LoadOptions:
    """How a model is loaded.

    Args:
      allow_partial_checkpoint: whether variables without a value in the file are an error; they start as zeros.
      experimental_io_device, experimental_variable_policy, experimental_load_function_aliases: accepted, without effect.
      experimental_skip_checkpoint: whether variables start as zeros instead of their values.
    """

    def __init__(self, allow_partial_checkpoint: bool = False, experimental_io_device: str | None = None,
                 experimental_skip_checkpoint: bool = False, experimental_variable_policy: Any = None,
                 experimental_load_function_aliases: bool = False) -> None:
        self.allow_partial_checkpoint = allow_partial_checkpoint
        self.experimental_io_device = experimental_io_device
        self.experimental_skip_checkpoint = experimental_skip_checkpoint
        self.experimental_variable_policy = experimental_variable_policy
        self.experimental_load_function_aliases = experimental_load_function_aliases


class SaveOptions:
    """How a model is saved.

    Args:
      function_aliases: functions by names that programs which read the model may use for them.
      namespace_whitelist, save_debug_info, experimental_io_device, experimental_variable_policy,
        experimental_custom_gradients, experimental_image_format, experimental_skip_saver, experimental_sharding_callback,
        extra_tags, experimental_debug_stripper: accepted, without effect.
    """

    def __init__(self, namespace_whitelist: Any = None, save_debug_info: bool = False, function_aliases: Any = None,
                 experimental_debug_stripper: bool = False, experimental_io_device: str | None = None,
                 experimental_variable_policy: Any = None, experimental_custom_gradients: bool = True,
                 experimental_image_format: bool = False, experimental_skip_saver: bool = False,
                 experimental_sharding_callback: Any = None, extra_tags: Any = None) -> None:
        self.namespace_whitelist = list(namespace_whitelist or ())
        self.save_debug_info = save_debug_info
        self.function_aliases = dict(function_aliases or {})
        self.experimental_debug_stripper = experimental_debug_stripper
        self.experimental_io_device = experimental_io_device
        self.experimental_variable_policy = experimental_variable_policy
        self.experimental_custom_gradients = experimental_custom_gradients
        self.experimental_image_format = experimental_image_format
        self.experimental_skip_saver = experimental_skip_saver
        self.experimental_sharding_callback = experimental_sharding_callback
        self.extra_tags = extra_tags
