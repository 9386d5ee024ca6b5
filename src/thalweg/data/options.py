"""Options of data sets. They are kept, merged and given back; the order of elements never depends on timing."""
from __future__ import annotations

from typing import Any


class _Settings:
    """Values by name, None where nothing was said."""

    _names: tuple[str, ...] = ()

    def __init__(self) -> None:
        for name in self._names:
            object.__setattr__(self, name, None)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._names and not isinstance(getattr(type(self), name, None), property):
            raise AttributeError(f"Cannot set the property {name} on {type(self).__name__}.")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(getattr(self, n) == getattr(other, n) for n in self._names)

    __hash__ = object.__hash__

    def _merged(self, other: Any) -> Any:
        """Both sets of values together, those of `other` first."""
        made = type(self)()
        for name in self._names:
            mine, theirs = getattr(self, name), getattr(other, name)
            both = isinstance(mine, _Settings) and isinstance(theirs, _Settings)
            object.__setattr__(made, name, mine._merged(theirs) if both else mine if theirs is None else theirs)
        return made


class AutotuneOptions(_Settings):
    """How buffers and threads are chosen."""

    _names = ("enabled", "cpu_budget", "ram_budget", "autotune_algorithm", "initial_parallelism", "min_parallelism")


class DistributeOptions(_Settings):
    """How elements are divided among workers."""

    _names = ("auto_shard_policy", "num_devices")


class OptimizationOptions(_Settings):
    """Which rewrites of the pipeline are allowed."""

    _names = ("apply_default_optimizations", "filter_fusion", "filter_parallelization", "inject_prefetch",
              "map_and_batch_fusion", "map_and_filter_fusion", "map_fusion", "map_parallelization", "noop_elimination",
              "parallel_batch", "seq_interleave_prefetch", "shuffle_and_repeat_fusion")


class ThreadingOptions(_Settings):
    """How many threads work."""

    _names = ("max_intra_op_parallelism", "private_threadpool_size")


class Options(_Settings):
    """Options for `with_options`. What was not set is None, or a group of options of its own."""

    _names = ("autotune", "dataset_name", "deterministic", "experimental_distribute", "experimental_external_state_policy",
              "experimental_optimization", "experimental_service", "experimental_slack", "experimental_symbolic_checkpoint",
              "experimental_warm_start", "framework_type", "threading")

    def __init__(self) -> None:
        super().__init__()
        for name, group in (("autotune", AutotuneOptions), ("experimental_distribute", DistributeOptions),
                            ("experimental_optimization", OptimizationOptions), ("threading", ThreadingOptions)):
            object.__setattr__(self, name, group())
        object.__setattr__(self, "framework_type", [])

    @property
    def experimental_deterministic(self) -> Any:
        """The older name of `deterministic`."""
        return self.deterministic

    @experimental_deterministic.setter
    def experimental_deterministic(self, value: Any) -> None:
        self.deterministic = value

    @property
    def experimental_threading(self) -> Any:
        """The older name of `threading`."""
        return self.threading

    @experimental_threading.setter
    def experimental_threading(self, value: Any) -> None:
        self.threading = value

    def merge(self, options: Any) -> Any:
        """These options and others together; where both say something, `options` counts."""
        return self._merged(options)
