"""Objects that `fit`, `evaluate` and `predict` call along the way."""
from __future__ import annotations

from ..._lazy import attach

_HOME = "keras.callbacks"

__getattr__, __dir__ = attach(__name__, {
    f"{_HOME}.callback": "Callback",
    f"{_HOME}.callback_list": "CallbackList",
    f"{_HOME}.csv_logger": "CSVLogger",
    f"{_HOME}.early_stopping": "EarlyStopping",
    f"{_HOME}.history": "History",
    f"{_HOME}.lambda_callback": "LambdaCallback",
    f"{_HOME}.learning_rate_scheduler": "LearningRateScheduler",
    f"{_HOME}.progbar_logger": "ProgbarLogger",
    f"{_HOME}.reduce_lr_on_plateau": "ReduceLROnPlateau",
    f"{_HOME}.tensorboard": "TensorBoard",
    f"{_HOME}.terminate_on_nan": "TerminateOnNaN",
})
