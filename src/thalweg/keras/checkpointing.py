"""What a checkpoint of TensorFlow's (`tf.train.Checkpoint`) asks of layers and optimizers."""
from __future__ import annotations

from typing import Any

_WAITING = "_deferred_restorations"
_OWN = frozenset({"_all", "_unfrozen", _WAITING})


def announce(owner: Any) -> None:
    """Says that an object has got a new part, for which a checkpoint restored before may have a value."""
    for more in owner.__dict__.get(_WAITING, ()):
        more()


def attributes(owner: Any) -> dict[str, Any]:
    """A layer's attributes that a checkpoint follows. Its lists and dictionaries are tracked ones; plain ones are lists of
    what is found elsewhere."""
    return {name: value for name, value in vars(owner).items()
            if name not in _OWN and type(value) not in (list, dict, set)}
