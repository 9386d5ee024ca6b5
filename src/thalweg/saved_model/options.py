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
