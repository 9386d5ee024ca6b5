"""tf.io.gfile: the file system."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "formats.gfile": "GFile",
    "formats.local_files": "copy exists get_registered_schemes glob isdir join listdir makedirs mkdir remove rename rmtree "
        "stat walk",
})
