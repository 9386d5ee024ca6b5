"""tf.summary.experimental: the default step, and what summaries of one's own are made with."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "summary.state": "get_step set_step",
    "summary.writing": "summary_scope write_raw_pb",
})
