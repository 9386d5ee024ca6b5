"""tf.feature_column: columns of a table as a model's input."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "feature_columns.bucketized": "bucketized_column",
    "feature_columns.crossed": "crossed_column",
    "feature_columns.embedding": "embedding_column",
    "feature_columns.hashed": "categorical_column_with_hash_bucket",
    "feature_columns.identity": "categorical_column_with_identity",
    "feature_columns.indicator": "indicator_column",
    "feature_columns.numeric": "numeric_column",
    "feature_columns.parse_spec": "make_parse_example_spec",
    "feature_columns.sequence_categorical": "sequence_categorical_column_with_hash_bucket "
        "sequence_categorical_column_with_identity sequence_categorical_column_with_vocabulary_file "
        "sequence_categorical_column_with_vocabulary_list",
    "feature_columns.sequence_numeric": "sequence_numeric_column",
    "feature_columns.shared_embeddings": "shared_embeddings",
    "feature_columns.vocabulary_file": "categorical_column_with_vocabulary_file",
    "feature_columns.vocabulary_list": "categorical_column_with_vocabulary_list",
    "feature_columns.weighted": "weighted_categorical_column",
})
