"""Functions of tensors, symbolic ones included, with NumPy's names. Names are loaded when they are first used."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.ops.numbers": "abs absolute add arccos argmax argmin array cast clip concatenate convert_to_numpy "
        "convert_to_tensor cos cumsum divide exp expand_dims log logsumexp matmul max maximum mean min "
        "minimum multiply ones ones_like prod ravel relu reshape round shape sigmoid sign sin softmax "
        "sqrt square squeeze stack subtract sum take tanh transpose where zeros zeros_like",
})
