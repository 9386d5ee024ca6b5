"""tf.summary: what happens while a program runs, in files that TensorBoard reads."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "summary.experimental": "experimental=.",
    "summary.graphs": "graph trace_export trace_off trace_on",
    "summary.state": "record_if should_record_summaries",
    "summary.values": "audio histogram image scalar text",
    "summary.writers": "SummaryWriter create_file_writer create_noop_writer flush",
    "summary.writing": "write",
})
