"""tf.queue."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.queues.objects": "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue",
})
