"""Golden values of Keras: a case's arrays and texts, packed into one small .npz a family.

A family is a module with `CASES`: for each case a function of `(keras, tf)` that returns results by name. The same
function runs on Keras (`tools/make_keras_goldens.py`) and on this library (`test_goldens.py`).
"""
from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "goldens"

Results = dict[str, Any]
Case = Callable[[Any, Any], Results]

FAMILIES = {
    "activations": "activation_cases", "attention": "attention_cases", "backend": "backend_cases",
    "categories": "category_cases", "conv": "conv_cases", "helpers": "helper_cases", "images": "image_cases",
    "initializers": "initializer_cases", "layers": "layer_cases", "losses": "loss_cases", "metrics": "metric_cases",
    "models": "model_cases", "normalization": "normalization_cases", "ops": "ops_cases",
    "optimizers": "optimizer_cases",
    "recurrent": "recurrent_cases", "resizing": "resizing_cases", "training": "training_cases",
}  # fmt: skip
"""The module of each family's cases."""


def cases(family: str) -> dict[str, Case]:
    """The cases of a family."""
    found: dict[str, Case] = importlib.import_module(f"tests.keras.{FAMILIES[family]}").CASES
    return found


def as_plain(value: Any) -> Any:
    """A result as an array, or as a JSON value where it is a text or a config."""
    if value is None or isinstance(value, (str, dict)):
        return json.loads(json.dumps(value, default=float))
    if isinstance(value, (list, tuple)) and not all(isinstance(item, (int, float)) for item in value):
        return json.loads(json.dumps(value, default=float))
    return np.asarray(value)


def save(family: str, results: Mapping[str, Results]) -> None:
    """Writes the results of a family."""
    index: dict[str, dict[str, Any]] = {}
    flat: dict[str, list[Any]] = {}
    for case, values in results.items():
        index[case] = {}
        for name, value in values.items():
            value = as_plain(value)
            if not isinstance(value, np.ndarray):
                index[case][name] = {"json": value}
                continue
            parts = flat.setdefault(value.dtype.name, [])
            index[case][name] = {"dtype": value.dtype.name, "shape": value.shape, "start": sum(p.size for p in parts)}
            parts.append(value.ravel())
    arrays = {name: np.concatenate(parts) for name, parts in flat.items()}
    np.savez_compressed(FOLDER / f"keras_{family}.npz", index=np.frombuffer(json.dumps(index).encode(), np.uint8),
                        **arrays)


def load(family: str) -> dict[str, Results]:
    """The results that `save` wrote."""
    with np.load(FOLDER / f"keras_{family}.npz") as z:
        index = json.loads(z["index"].tobytes())
        arrays = {name: z[name] for name in z.files}
    return {case: {name: _unpacked(entry, arrays) for name, entry in values.items()} for case, values in index.items()}


def _unpacked(entry: dict[str, Any], arrays: dict[str, Any]) -> Any:
    if "json" in entry:
        return entry["json"]
    start, shape = entry["start"], tuple(entry["shape"])
    return arrays[entry["dtype"]][start:start + int(np.prod(shape, dtype=int))].reshape(shape)


def error_of(function: Callable[[], Any]) -> str:
    """The type and the text of what a function raises."""
    try:
        function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing raised"


def check(results: Results, expected: Results, rtol: float = 1e-5, atol: float = 1e-6) -> None:
    """Asserts that results have the golden dtypes, shapes and values."""
    assert set(results) == set(expected)
    for name, wanted in expected.items():
        got = as_plain(results[name])
        if not isinstance(wanted, np.ndarray):
            assert got == wanted, name
            assert not isinstance(wanted, dict) or list(got) == list(wanted), f"{name}: another order"
            continue
        assert isinstance(got, np.ndarray), name
        assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape), name
        np.testing.assert_allclose(got, wanted, rtol=rtol, atol=atol, err_msg=name)
