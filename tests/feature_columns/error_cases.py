"""What columns and layers refuse, and in which words."""
from __future__ import annotations

from typing import Any

from .running import Api, Case


def _word(a: Api) -> Any:
    return a.fc.categorical_column_with_vocabulary_list("x", ["a", "b"])


def _ident(a: Api, key: str = "x") -> Any:
    return a.fc.categorical_column_with_identity(key, 3)


_numeric = {
    "size": lambda a: a.fc.numeric_column("x", 1.5), "sizes": lambda a: a.fc.numeric_column("x", (2, 0)),
    "dtype": lambda a: a.fc.numeric_column("x", dtype=a.tf.string),
    "default": lambda a: a.fc.numeric_column("x", default_value="a"),
    "default_int": lambda a: a.fc.numeric_column("x", default_value=1.5, dtype=a.tf.int32),
    "default_list": lambda a: a.fc.numeric_column("x", 2, [1.5, 2], a.tf.int32),
    "default_shape": lambda a: a.fc.numeric_column("x", 3, [1.0, 2.0]),
    "normalizer": lambda a: a.fc.numeric_column("x", normalizer_fn="a"), "key": lambda a: a.fc.numeric_column(7),
    "sparse": lambda a: a.dense(a.fc.numeric_column("x"), {"x": a.sparse([[1.0]], a.tf.float32)}),
    "boundaries": lambda a: a.fc.bucketized_column(a.fc.numeric_column("x"), [1.0, 1.0]),
    "no_boundaries": lambda a: a.fc.bucketized_column(a.fc.numeric_column("x"), []),
    "boundaries_set": lambda a: a.fc.bucketized_column(a.fc.numeric_column("x"), {1.0}),
    "source": lambda a: a.fc.bucketized_column("x", [1.0]),
    "source_rank": lambda a: a.fc.bucketized_column(a.fc.numeric_column("x", (2, 2)), [1.0]),
    "sequence_dtype": lambda a: a.fc.sequence_numeric_column("x", dtype=a.tf.string),
    "sequence_normalizer": lambda a: a.fc.sequence_numeric_column("x", normalizer_fn=3),
    "sequence_size": lambda a: a.fc.sequence_numeric_column("x", 0),
}
_categorical = {
    "hash_none": lambda a: a.fc.categorical_column_with_hash_bucket("x", None),
    "hash_zero": lambda a: a.fc.categorical_column_with_hash_bucket("x", 0),
    "hash_key": lambda a: a.fc.categorical_column_with_hash_bucket(("x",), 3),
    "hash_dtype": lambda a: a.fc.categorical_column_with_hash_bucket("x", 3, a.tf.float32),
    "hash_float": lambda a: a.ids(a.fc.categorical_column_with_hash_bucket("x", 3), {"x": a.tf.constant([[1.0]])}),
    "hash_int": lambda a: a.ids(a.fc.categorical_column_with_hash_bucket("x", 3), {"x": a.tf.constant([[1]])}),
    "list_empty": lambda a: a.fc.categorical_column_with_vocabulary_list("x", []),
    "list_twice": lambda a: a.fc.categorical_column_with_vocabulary_list("x", ["a", "a"]),
    "list_float": lambda a: a.fc.categorical_column_with_vocabulary_list("x", [1.5]),
    "list_both": lambda a: a.fc.categorical_column_with_vocabulary_list("x", ["a"], default_value=0, num_oov_buckets=1),
    "list_buckets": lambda a: a.fc.categorical_column_with_vocabulary_list("x", ["a"], num_oov_buckets=-1),
    "list_dtype": lambda a: a.fc.categorical_column_with_vocabulary_list("x", ["a"], a.tf.int32),
    "list_dtype_float": lambda a: a.fc.categorical_column_with_vocabulary_list("x", ["a"], a.tf.float32),
    "list_feature": lambda a: a.ids(_word(a), {"x": a.tf.constant([[1]])}),
    "list_feature_float": lambda a: a.ids(_word(a), {"x": a.tf.constant([[1.0]])}),
    "file_missing": lambda a: a.fc.categorical_column_with_vocabulary_file("x", ""),
    "file_absent": lambda a: a.fc.categorical_column_with_vocabulary_file("x", "no such file"),
    "file_size": lambda a: a.fc.categorical_column_with_vocabulary_file("x", "f", 0),
    "file_both": lambda a: a.fc.categorical_column_with_vocabulary_file("x", "f", 1, default_value=0, num_oov_buckets=1),
    "file_buckets": lambda a: a.fc.categorical_column_with_vocabulary_file("x", "f", 1, num_oov_buckets=-2),
    "file_dtype": lambda a: a.fc.categorical_column_with_vocabulary_file("x", "f", 1, a.tf.float32),
    "identity_zero": lambda a: a.fc.categorical_column_with_identity("x", 0),
    "identity_default": lambda a: a.fc.categorical_column_with_identity("x", 3, 3),
    "identity_text": lambda a: a.ids(_ident(a), {"x": a.tf.constant([["a"]])}),
    "weight_dtype": lambda a: a.fc.weighted_categorical_column(_ident(a), "w", a.tf.string),
    "weight_none": lambda a: a.fc.weighted_categorical_column(_ident(a), "w", None),
    "weight_feature": lambda a: a.ids(a.fc.weighted_categorical_column(_ident(a), "w"),
                                      {"x": a.tf.constant([[1]]), "w": a.tf.constant([[1]])}),
    "weight_key": lambda a: a.fc.weighted_categorical_column(_ident(a), "x").parse_example_spec,
    "cross_one": lambda a: a.fc.crossed_column(["a"], 5), "cross_size": lambda a: a.fc.crossed_column(["a", "b"], 0),
    "cross_kind": lambda a: a.fc.crossed_column(["a", a.fc.numeric_column("b")], 5),
    "cross_hashed": lambda a: a.fc.crossed_column(["a", a.fc.categorical_column_with_hash_bucket("b", 3)], 5),
    "cross_weights": lambda a: a.ids(a.fc.crossed_column(["a", a.fc.weighted_categorical_column(_ident(a), "w")], 5),
                                     {"a": a.tf.constant([["u"]]), "x": a.tf.constant([[1]]), "w": a.tf.constant([[1.0]])}),
    "indicator": lambda a: a.fc.indicator_column(a.fc.numeric_column("x")),
    "dimension": lambda a: a.fc.embedding_column(_ident(a), 0),
    "no_dimension": lambda a: a.fc.embedding_column(_ident(a), None),
    "checkpoint": lambda a: a.fc.embedding_column(_ident(a), 2, ckpt_to_load_from="c"),
    "initializer": lambda a: a.fc.embedding_column(_ident(a), 2, initializer=1.0),
    "sequence": lambda a: a.sequence(a.fc.indicator_column(_ident(a)), {"x": a.tf.constant([[1]])}),
    "config": lambda a: type(_ident(a)).from_config({"key": "x"}),
    "eager": lambda a: a.fc.shared_embeddings([_ident(a), _ident(a, "y")], 2),
    "eager_v1": lambda a: a.v1.shared_embedding_columns([_ident(a), _ident(a, "y")], 2),
}


def _layer(a: Api, columns: Any, **features: Any) -> Any:
    return a.v1.input_layer({k: a.tf.constant(v) for k, v in features.items()}, columns)


_layers = {
    "missing": lambda a: _layer(a, [a.fc.numeric_column("x")], y=[1.0]),
    "scalar": lambda a: a.v1.input_layer({"x": a.tf.constant(1.0)}, [a.fc.numeric_column("x")]),
    "none": lambda a: _layer(a, [], x=[1.0]), "dict": lambda a: _layer(a, {"x": a.fc.numeric_column("x")}, x=[1.0]),
    "text": lambda a: _layer(a, ["x"], x=[1.0]), "categorical": lambda a: _layer(a, [_ident(a)], x=[1]),
    "twice": lambda a: _layer(a, [a.fc.numeric_column("x"), a.fc.numeric_column("x", 2)], x=[1.0]),
    "batches": lambda a: _layer(a, [a.fc.numeric_column("x"), a.fc.numeric_column("y")], x=[1.0], y=[1.0, 2.0]),
    "sequence_indicator": lambda a: _layer(
        a, a.fc.indicator_column(a.fc.sequence_categorical_column_with_identity("x", 3)), x=[[1]]),
    "sequence_embedding": lambda a: _layer(
        a, a.fc.embedding_column(a.fc.sequence_categorical_column_with_identity("x", 3), 2), x=[[1]]),
    "sequence_numeric": lambda a: _layer(a, [a.fc.sequence_numeric_column("x")], x=[[1.0]]),
    "linear_text": lambda a: a.v1.linear_model({"x": a.tf.constant([1.0])}, ["x"]),
    "linear_none": lambda a: a.v1.linear_model({"x": a.tf.constant([1.0])}, []),
    "linear_batches": lambda a: a.v1.linear_model({"x": a.tf.constant([1.0]), "y": a.tf.constant([1.0, 2.0])},
                                                  [a.fc.numeric_column("x"), a.fc.numeric_column("y")]),
    "spec": lambda a: a.fc.make_parse_example_spec(["x"]), "spec_v1": lambda a: a.v1.make_parse_example_spec(["x"]),
    "spec_sequence": lambda a: a.v1.make_parse_example_spec([a.fc.sequence_numeric_column("x")]),
    "spec_differs": lambda a: a.fc.make_parse_example_spec([a.fc.numeric_column("x"), _ident(a)]),
}


def _in_graph(make: Case) -> Case:
    def build(a: Api) -> Any:
        with a.tf.Graph().as_default():
            return make(a)
    return build


_shared = {
    "kinds": lambda a: a.fc.shared_embeddings([_ident(a), _word(a)], 2),
    "buckets": lambda a: a.fc.shared_embeddings([_ident(a), a.fc.categorical_column_with_identity("y", 4)], 2),
    "dimension": lambda a: a.fc.shared_embeddings([_ident(a)], 0),
    "initializer": lambda a: a.fc.shared_embeddings([_ident(a)], 2, initializer=3),
    "checkpoint": lambda a: a.fc.shared_embeddings([_ident(a)], 2, tensor_name_in_ckpt="t"),
    "kinds_v1": lambda a: a.v1.shared_embedding_columns([_ident(a), _word(a)], 2),
    "layer": lambda a: _layer(a, a.fc.shared_embeddings([_ident(a), _ident(a, "y")], 2), x=[[1]], y=[[2]]),
    "spec": lambda a: a.v1.make_parse_example_spec(a.fc.shared_embeddings([_ident(a), _ident(a, "y")], 2)),
}
_groups: dict[str, dict[str, Case]] = {"numeric": _numeric, "categorical": _categorical, "layers": _layers,
                                       "shared": {k: _in_graph(f) for k, f in _shared.items()}}
CASES: dict[str, Case] = {f"{group}-{name}": case for group, cases in _groups.items() for name, case in cases.items()}
