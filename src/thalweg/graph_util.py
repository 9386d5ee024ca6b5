"""tf.graph_util: graphs from messages."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {"formats.graph_import": "import_graph_def"})
