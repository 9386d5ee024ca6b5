"""`tf.feature_column` of TensorFlow 1: layers of columns, and the functions whose arguments it ordered differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "feature_columns.input_layer": "input_layer",
    "feature_columns.linear_model": "linear_model",
    "feature_columns.parse_spec": "make_parse_example_spec=make_parse_example_spec_v1",
    "feature_columns.shared_embedding_columns": "shared_embedding_columns",
    "feature_columns.vocabulary_file": "categorical_column_with_vocabulary_file=categorical_column_with_vocabulary_file_v1",
})
