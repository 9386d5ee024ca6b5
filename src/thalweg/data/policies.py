"""Choices that options name. They are kept; one process divides nothing."""
from __future__ import annotations

import enum

SHARD_HINT = -1


class AutoShardPolicy(enum.IntEnum):
    """How elements are divided among workers."""

    OFF = -1
    AUTO = 0
    FILE = 1
    DATA = 2
    HINT = 3


class AutotuneAlgorithm(enum.Enum):
    """How buffers and threads are chosen."""

    DEFAULT = 0
    HILL_CLIMB = 1
    GRADIENT_DESCENT = 2
    MAX_PARALLELISM = 3
    STAGE_BASED = 4


class ExternalStatePolicy(enum.Enum):
    """What happens to state outside the data set when it is sent elsewhere."""

    WARN = 0
    IGNORE = 1
    FAIL = 2
