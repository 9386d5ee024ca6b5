"""tf.nest: structures of lists, tuples and dictionaries."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "core.nest": "assert_same_structure flatten is_nested map_structure pack_sequence_as",
})
