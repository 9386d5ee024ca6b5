"""What columns are: how they print, what they say of themselves, what they make of features."""
from __future__ import annotations

import os
import tempfile
from typing import Any

from .running import Api, Case

WORDS = os.path.join(os.path.dirname(__file__), "words.txt")
NUMBERS = os.path.join(os.path.dirname(__file__), "numbers.txt")


def _double(x: Any) -> Any:
    return x * 2


def _all(api: Api) -> list[Any]:
    """A column of each kind, some of several."""
    tf, fc = api.tf, api.fc
    price, size = fc.numeric_column("price"), fc.numeric_column("size", (2,), [1, 2], tf.int64)
    word = fc.categorical_column_with_vocabulary_list("word", ["a", "b", "c"], num_oov_buckets=2)
    ident = fc.categorical_column_with_identity("id", 5, 0)
    hashed = fc.categorical_column_with_hash_bucket("user", 10)
    buckets = fc.bucketized_column(price, [0.0, 1.5, 10])
    weighted = fc.weighted_categorical_column(word, "w")
    cross = fc.crossed_column(["x", word, buckets], 100, hash_key=3)
    return [
        price, size, fc.numeric_column("m", [2, 3], 0.5), fc.numeric_column("n", 3, dtype=tf.float64), word, ident, hashed,
        fc.categorical_column_with_hash_bucket("k", 7, tf.int32), buckets, fc.bucketized_column(size, (1, 2)), weighted, cross,
        fc.crossed_column([cross, "age"], 20), fc.indicator_column(word), fc.indicator_column(weighted),
        fc.categorical_column_with_vocabulary_list("i", (3, 1, 2), tf.int32, 0),
        fc.embedding_column(word, 4, "sqrtn", tf.compat.v1.ones_initializer(), max_norm=2.0, trainable=False),
        fc.embedding_column(cross, 9), fc.sequence_categorical_column_with_identity("si", 3),
        fc.sequence_categorical_column_with_hash_bucket("sh", 3),
        fc.sequence_categorical_column_with_vocabulary_list("sv", ["u", "v"], default_value=1),
        fc.sequence_numeric_column("sn", 2, -1.0), fc.sequence_numeric_column("sd", dtype=tf.float64),
        fc.indicator_column(fc.sequence_categorical_column_with_identity("si2", 3)),
    ]


def printed(api: Api) -> list[Any]:
    return list(_all(api))


def described(api: Api) -> list[Any]:
    found: list[Any] = []
    for c in _all(api):
        found += [c.name, c.parents, sorted(c.parse_example_spec.items()), getattr(c, "variable_shape", None),
                  getattr(c, "num_buckets", None)]
    return found


def configs(api: Api) -> list[Any]:
    """The configurations, and what is made from them."""
    found: list[Any] = []
    for c in _all(api):
        config = c.get_config()
        found += [config, type(c).from_config(config)]
    return found


def equality(api: Api) -> list[Any]:
    ones, others = _all(api), _all(api)
    return [[a == b for a, b in zip(ones, others)], [c.name for c in sorted(ones)],
            len({*ones[:12], *others[:12]}), ones[0] < ones[1], ones[0] > ones[1]]


def functions_in_configs(api: Api) -> list[Any]:
    c = api.fc.numeric_column("x", normalizer_fn=_double)
    config = c.get_config()
    return [c, config, type(c).from_config(config, custom_objects={"_double": _double}) == c]


def shared_in_configs(api: Api) -> list[Any]:
    """Columns by name are made once."""
    word = api.fc.categorical_column_with_identity("a", 3)
    one, other = api.fc.indicator_column(word), api.fc.weighted_categorical_column(word, "w")
    known: dict[str, Any] = {}
    a = type(one).from_config(one.get_config(), columns_by_name=known)
    b = type(other).from_config(other.get_config(), columns_by_name=known)
    return [sorted(known), a.categorical_column is b.categorical_column]


def specs(api: Api) -> list[Any]:
    columns = [c for c in _all(api) if c.name not in ("size_bucketized",)]
    return [sorted(api.fc.make_parse_example_spec(columns).items()), api.fc.make_parse_example_spec([])]


def parsed(api: Api) -> list[Any]:
    """Examples read with the columns' own specification, and put through a layer."""
    tf, fc = api.tf, api.fc
    price = fc.numeric_column("price", 2, [7.0, 8.0])
    word = fc.categorical_column_with_vocabulary_list("word", ["a", "b", "c"])
    columns = [price, fc.indicator_column(fc.weighted_categorical_column(word, "w"))]

    def example(words: list[bytes], weights: list[float], prices: list[float]) -> Any:
        feature = {"word": tf.train.Feature(bytes_list=tf.train.BytesList(value=words)),
                   "w": tf.train.Feature(float_list=tf.train.FloatList(value=weights))}
        if prices:
            feature["price"] = tf.train.Feature(float_list=tf.train.FloatList(value=prices))
        return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()
    data = [example([b"a", b"c", b"a"], [1.0, 2.0, 0.25], [3.0, 4.0]), example([b"z", b"b"], [5.0, 0.5], [])]
    return [api.v1.input_layer(tf.io.parse_example(data, fc.make_parse_example_spec(columns)), columns)]


def numeric(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    return [api.dense(fc.numeric_column("x"), {"x": tf.constant([1.0, 2.5])}),
            api.dense(fc.numeric_column("x", 2, dtype=tf.int32), {"x": [[1, 2], [3, 4]]}),
            api.dense(fc.numeric_column("x", (2, 2)), {"x": tf.ones([1, 2, 2], tf.float64)}),
            api.dense(fc.numeric_column("x", normalizer_fn=_double), {"x": tf.constant([[1.5], [-2.0]])})]


def bucketized(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    one = fc.bucketized_column(fc.numeric_column("x"), [-1.0, 0.0, 2.0])
    two = fc.bucketized_column(fc.numeric_column("x", 2), [0, 10])
    x = {"x": tf.constant([-5.0, -1.0, -0.5, 0.0, 1.999, 2.0, 1e30, float("nan")])}
    y = {"x": tf.constant([[-1, 5], [10, 11], [0, 0]])}
    return [api.dense(one, x), *api.ids(one, x), api.dense(two, y), *api.ids(two, y)]


def hashed(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    words = fc.categorical_column_with_hash_bucket("x", 1000)
    numbers = fc.categorical_column_with_hash_bucket("x", 97, tf.int64)
    return [*api.ids(words, {"x": tf.constant([["red", ""], ["", "green"], ["blue", "\u00fc"]])}),
            *api.ids(words, {"x": tf.constant(["one", "two"])}),
            *api.ids(words, {"x": api.sparse([["q"], [], ["", "r"]], tf.string)}),
            *api.ids(numbers, {"x": tf.constant([[1, -1, 123456789012], [-7, 0, 2**40]], tf.int64)}),
            *api.ids(numbers, {"x": tf.constant([3, 4], tf.int32)})]


def vocabulary_lists(api: Api) -> list[Any]:
    tf, column = api.tf, api.fc.categorical_column_with_vocabulary_list
    x = {"x": tf.constant([["b", "z", ""], ["a", "y", "a"]])}
    n = {"x": tf.constant([[20, 7, -1], [10, 8, 30]], tf.int32)}
    return [*api.ids(column("x", ["a", "b"]), x), *api.ids(column("x", ["a", "b"], default_value=1), x),
            *api.ids(column("x", ["a", "b"], num_oov_buckets=3), x), *api.ids(column("x", [10, 20, 30]), n),
            *api.ids(column("x", [10, 20, 30], tf.int32, num_oov_buckets=5), n),
            *api.ids(column("x", ["a", "b"]), {"x": api.sparse([["b", "b"], [], ["?"]], tf.string)})]


def vocabulary_files(api: Api) -> list[Any]:
    tf, column = api.tf, api.fc.categorical_column_with_vocabulary_file
    x = {"x": tf.constant([["plum", "fig", ""], ["nut", "kiwi", "apple"]])}
    n = {"x": tf.constant([[20, 7, -1], [10, 8, 30]], tf.int64)}
    first = api.tf.compat.v1.feature_column.categorical_column_with_vocabulary_file("x", WORDS, 2, 1)
    return [column("x", WORDS).num_buckets, *api.ids(column("x", WORDS), x), *api.ids(column("x", WORDS, 2), x),
            *api.ids(column("x", WORDS, num_oov_buckets=4), x), *api.ids(column("x", WORDS, default_value=0), x),
            *api.ids(column("x", NUMBERS, dtype=tf.int64, num_oov_buckets=2), n), first.num_buckets, *api.ids(first, x),
            *api.ids(api.fc.sequence_categorical_column_with_vocabulary_file("x", WORDS), x)]


def vocabulary_records(api: Api) -> list[Any]:
    tf = api.tf
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "words.tfrecord.gz")
        with tf.io.TFRecordWriter(path, tf.io.TFRecordOptions("GZIP")) as writer:
            for word in (b"u", b"v", b"w"):
                writer.write(word)
        column = api.fc.categorical_column_with_vocabulary_file("x", path)
        some = api.fc.categorical_column_with_vocabulary_file("x", path, 2, num_oov_buckets=3)
        x = {"x": tf.constant([["w", "u"], ["q", "v"]])}
        return [column.file_format, int(column.vocabulary_size), *api.ids(column, x), *api.ids(some, x)]


def identities(api: Api) -> list[Any]:
    tf, column = api.tf, api.fc.categorical_column_with_identity
    x = {"x": tf.constant([[1, 5, -1], [2, 4, -3]])}
    return [*api.ids(column("x", 5), x), *api.ids(column("x", 5, 3), x),
            *api.ids(column("x", 5), {"x": api.sparse([[0], [3, 9]], tf.int64)})]


def weights(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    word = fc.categorical_column_with_vocabulary_list("x", ["a", "b", "c"])
    real, whole = fc.weighted_categorical_column(word, "w"), fc.weighted_categorical_column(word, "w", tf.int32)
    x = api.sparse([["a", "c"], ["b"]], tf.string)
    dense = {"x": tf.constant([["a", "b"], ["c", "a"]]), "w": tf.constant([[1.0, 2.0], [0.5, -3.0]])}
    return [*api.ids(real, {"x": x, "w": api.sparse([[0.5, 2.0], [1.0]], tf.float32)}),
            *api.ids(whole, {"x": x, "w": api.sparse([[3, 2], [1]], tf.int32)}), *api.ids(real, dense),
            api.dense(fc.indicator_column(real), {"x": x, "w": api.sparse([[0.5, 2.0], [1.0]], tf.float32)}),
            api.dense(fc.indicator_column(real), dense)]


def crossed(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    x = {"a": tf.constant([["u", "v"], ["w", ""]]), "b": tf.constant([["x"], ["y"]]), "n": tf.constant([[3], [-1]], tf.int64),
         "p": tf.constant([0.5, 7.0]), "s": api.sparse([["k", "l"], ["m"]], tf.string)}
    bins = fc.bucketized_column(fc.numeric_column("p"), [1.0, 5.0])
    word = fc.categorical_column_with_vocabulary_list("b", ["y", "x"])
    inner = fc.crossed_column(["a", "b"], 50)
    return [*api.ids(inner, x), *api.ids(fc.crossed_column(["a", "n"], 10**6), x),
            *api.ids(fc.crossed_column(["a", "b"], 10**6, hash_key=11), x),
            *api.ids(fc.crossed_column([bins, word, "s"], 10**9), x),
            *api.ids(fc.crossed_column([inner, "n"], 1000), x),
            api.dense(fc.indicator_column(inner), x)]


def indicators(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    ident = fc.indicator_column(fc.categorical_column_with_identity("x", 4))
    return [api.dense(ident, {"x": tf.constant([[1, 1, 3], [-1, -1, 0]])}),
            api.dense(ident, {"x": api.sparse([[2], [], [0, 3, 3]], tf.int64)}),
            api.dense(fc.indicator_column(fc.bucketized_column(fc.numeric_column("p"), [0.0])), {"p": [1.0, -1.0]})]


def sequences(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    ids = api.sparse([[1, 0, 2], [], [2]], tf.int64)
    column = fc.sequence_categorical_column_with_identity("x", 3)
    deep = tf.SparseTensor([[0, 0, 0], [0, 1, 1], [1, 2, 0]], tf.constant([1, 2, 0], tf.int64), [3, 3, 2])
    numbers = api.sparse([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0]], tf.float32)
    return [*api.ids(column, {"x": ids}), *api.ids(column, {"x": deep}),
            *api.sequence(fc.indicator_column(column), {"x": ids}), *api.sequence(fc.indicator_column(column), {"x": deep}),
            *api.sequence(fc.sequence_numeric_column("x"), {"x": numbers}),
            *api.sequence(fc.sequence_numeric_column("x", 2, -1.0), {"x": numbers}),
            *api.sequence(fc.sequence_numeric_column("x", normalizer_fn=lambda sp: sp), {"x": numbers}),
            *api.ids(fc.sequence_categorical_column_with_hash_bucket("x", 50), {"x": tf.constant([["a", "b"], ["c", ""]])})]


_matrix = [[1.0, 2.0], [3.0, 5.0], [-4.0, 0.5]]


def embeddings(api: Api) -> list[Any]:
    tf, fc = api.tf, api.fc
    ident = fc.categorical_column_with_identity("x", 3)
    weighted = fc.weighted_categorical_column(ident, "w")
    start = tf.compat.v1.constant_initializer(_matrix)
    x = {"x": api.sparse([[0, 1], [], [2, 2, 1]], tf.int64), "w": api.sparse([[1.0, 3.0], [], [0.5, -1.0, 2.0]], tf.float32)}
    layer = api.v1.input_layer
    found = [layer(x, fc.embedding_column(c, 2, how, start)) for c in (ident, weighted) for how in ("mean", "sum", "sqrtn")]
    full = {"x": tf.constant([[0, 1], [2, 2]])}
    return [*found, layer(x, fc.embedding_column(ident, 2, initializer=start, max_norm=1.5)),
            layer(full, fc.embedding_column(ident, 2, "sum", start, use_safe_embedding_lookup=False))]


def layers(api: Api) -> list[Any]:
    """A layer puts columns in the order of their names."""
    tf, fc = api.tf, api.fc
    x = {"z": tf.constant([[1.0, 2.0], [3.0, 4.0]]), "a": tf.constant([7, 8]), "m": tf.constant([["u"], ["v"]])}
    columns = [fc.numeric_column("z", 2), fc.numeric_column("a"),
               fc.indicator_column(fc.categorical_column_with_vocabulary_list("m", ["v", "u"]))]
    outputs: dict[Any, Any] = {}
    found = api.v1.input_layer(x, iter(columns), cols_to_output_tensors=outputs)
    return [found, *(outputs[c] for c in columns), api.v1.linear_model(x, columns, units=3)]


CASES: dict[str, Case] = {f.__name__: f for f in (
    printed, described, configs, equality, functions_in_configs, shared_in_configs, specs, parsed, numeric, bucketized, hashed,
    vocabulary_lists, vocabulary_files, vocabulary_records, identities, weights, crossed, indicators, sequences, embeddings,
    layers)}
