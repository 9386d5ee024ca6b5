"""tf.train: checkpoints, examples and their parts."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "checkpoint.checkpoint": "Checkpoint CheckpointOptions",
    "checkpoint.manager": "CheckpointManager",
    "checkpoint.paths": "checkpoints_iterator get_checkpoint_state latest_checkpoint",
    "checkpoint.reader": "list_variables load_checkpoint load_variable",
    "compat.averages": "ExponentialMovingAverage",
    "formats.example": "BytesList Example Feature FeatureList FeatureLists Features FloatList Int64List SequenceExample",
})
