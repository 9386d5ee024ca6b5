"""Running the cases of `*_cases.py`, in TensorFlow for the golden values and here for the tests.

A case is a function of an `Api` that returns a list of results: tensors, columns, texts, whatever can be printed. What it
raises is a result too.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests import goldens


@dataclass
class Api:
    """Where the names of a case come from."""

    tf: Any
    cache: Any
    """The class `FeatureTransformationCache`, which neither library shows."""

    @property
    def fc(self) -> Any:
        return self.tf.feature_column

    @property
    def v1(self) -> Any:
        return self.tf.compat.v1.feature_column

    def ids(self, column: Any, features: dict[str, Any]) -> list[Any]:
        """What a categorical column makes of features: the parts of the sparse tensors of ids and of weights."""
        pair = column.get_sparse_tensors(self.cache(features), None)
        return [part for sp in pair if sp is not None for part in (sp.indices, sp.values, sp.dense_shape)]

    def dense(self, column: Any, features: dict[str, Any]) -> Any:
        """What a dense column without variables makes of features."""
        return column.get_dense_tensor(self.cache(features), None)

    def sequence(self, column: Any, features: dict[str, Any]) -> list[Any]:
        """What a column of sequences without variables makes of features: the tensor and the lengths."""
        return list(column.get_sequence_dense_tensor(self.cache(features), None))

    def sparse(self, rows: list[list[Any]], dtype: Any) -> Any:
        """A sparse matrix with these rows."""
        places = [[i, k] for i, row in enumerate(rows) for k in range(len(row))]
        values = self.tf.constant([x for row in rows for x in row], dtype)
        indices = self.tf.reshape(self.tf.constant(places, self.tf.int64), [-1, 2])
        return self.tf.SparseTensor(indices, values, [len(rows), max(map(len, rows))])


Case = Callable[[Api], list[Any]]


def run(api: Api, case: Case) -> dict[str, np.ndarray[Any, Any]]:
    """The results of a case: the texts together, the arrays by their places."""
    try:
        found = case(api)
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
    kept = {str(i): goldens.encode(np.asarray(x.numpy())) for i, x in enumerate(found) if hasattr(x, "numpy")}
    return {"text": np.array([_plain(str(x)) for x in found if not hasattr(x, "numpy")], str), **kept}


def _plain(text: str) -> str:
    """A text without what differs between two libraries: modules and addresses of objects."""
    text = re.sub(r"<class '[\w.]*?(\w+)'>", r"\1", text)
    text = re.sub(r"<[\w.]*?(\w+) object at 0x\w+>", r"\1", text)
    return re.sub(r"<function [^>]*>", "function", text)
