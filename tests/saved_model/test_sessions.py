"""Models of TensorFlow 1, written from sessions and read back."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf

v1 = tf.compat.v1
X = np.array([[1.0, 2.0]], np.float32)


def build(session: Any, words: Path | None = None) -> dict[str, Any]:
    """A small model in a session's graph, whose variables have other values than at first."""
    x = v1.placeholder(tf.float32, [None, 2], name="x")
    w = v1.get_variable("layer/w", initializer=[[1.0], [2.0]])
    count = v1.get_variable("count", initializer=0, trainable=False)
    y = tf.identity(tf.matmul(x, w), name="y")
    out = {"x": x, "y": y}
    if words is not None:
        path = tf.constant(str(words))
        v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, path)
        table = v1.lookup.StaticHashTable(tf.lookup.TextFileInitializer(
            path, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1)
        out["text"] = v1.placeholder(tf.string, [None], name="text")
        out["ids"] = tf.identity(table.lookup(out["text"]), name="ids")
        session.run(v1.tables_initializer())
    session.run(v1.global_variables_initializer())
    session.run([v1.assign(w, [[3.0], [4.0]]), v1.assign_add(count, 5)])
    return out


def test_simple_save(tmp_path: Path) -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        parts = build(session)
        v1.saved_model.simple_save(session, tmp_path / "m", {"x": parts["x"]}, {"y": parts["y"]})
    with tf.Graph().as_default(), v1.Session() as session:
        meta = v1.saved_model.load(session, ["serve"], tmp_path / "m")
        signature = meta.signature_def["serving_default"]
        assert session.run(signature.outputs["y"].name, {signature.inputs["x"].name: X}).tolist() == [[11.0]]
        assert session.run("count:0") == 5
        assert [v.name for v in v1.global_variables()] == ["layer/w:0", "count:0"]
        assert [v.name for v in v1.trainable_variables()] == ["layer/w:0"]
    model = tf.saved_model.load(tmp_path / "m")
    assert model.signatures["serving_default"](x=tf.constant(X))["y"].numpy().tolist() == [[11.0]]


def test_builder(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("one\ntwo\n")
    with tf.Graph().as_default(), v1.Session() as session:
        parts = build(session, words)
        builder = v1.saved_model.Builder(tmp_path / "m")
        signature = v1.saved_model.predict_signature_def({"text": parts["text"]}, {"ids": parts["ids"]})
        with pytest.raises(AssertionError, match="has not been saved yet"):
            builder.add_meta_graph(["train"])
        builder.add_meta_graph_and_variables(session, ["serve"], {"words": signature}, main_op=v1.tables_initializer(),
                                             assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS))
        builder.add_meta_graph(["train"], main_op=v1.tables_initializer(),
                               assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS))
        with pytest.raises(AssertionError, match="has already been saved"):
            builder.add_meta_graph_and_variables(session, ["again"])
        assert builder.save() == str(tmp_path / "m" / "saved_model.pb").encode()
    words.unlink()
    for tags in (["serve"], ["train"]):
        with tf.Graph().as_default(), v1.Session() as session:
            v1.saved_model.loader.load(session, tags, tmp_path / "m")
            assert session.run("ids:0", {"text:0": ["two", "none"]}).tolist() == [1, -1]
            assert session.run("y:0", {"x:0": X}).tolist() == [[11.0]]
    with pytest.raises(ValueError, match="requires a `tags=` argument if there is more than one MetaGraph"):
        tf.saved_model.load(tmp_path / "m")
    model = tf.saved_model.load(tmp_path / "m", tags=["serve"])
    assert model.signatures["words"](text=tf.constant(["two"]))["ids"].numpy().tolist() == [1]
    with pytest.raises(AssertionError, match="already exists, and isn't empty"):
        v1.saved_model.Builder(tmp_path / "m")


def test_as_text(tmp_path: Path) -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        build(session)
        builder = v1.saved_model.Builder(tmp_path / "m")
        builder.add_meta_graph_and_variables(session, ["serve"])
        builder.save(as_text=True)
    assert tf.saved_model.contains_saved_model(tmp_path / "m")
    assert tf.saved_model.load(tmp_path / "m").prune("x:0", "y:0")(tf.constant(X)).numpy().tolist() == [[11.0]]


def test_meta_graphs(tmp_path: Path) -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        build(session)
        v1.train.Saver().save(session, tmp_path / "ckpt")
        v1.train.export_meta_graph(str(tmp_path / "ckpt.meta"))
    with tf.Graph().as_default(), v1.Session() as session:
        saver = v1.train.import_meta_graph(tmp_path / "ckpt.meta")
        saver.restore(session, tmp_path / "ckpt")
        assert session.run(["y:0", "count:0"], {"x:0": X}) == [[[11.0]], 5]
        session.run(v1.global_variables_initializer())
        assert session.run("count:0") == 0
    with pytest.raises(OSError, match="File does not exist"):
        v1.train.import_meta_graph(tmp_path / "none.meta")


def test_signatures() -> None:
    with tf.Graph().as_default():
        examples = v1.placeholder(tf.string, [None])
        scores = v1.placeholder(tf.float32, [None, 2])
        made = v1.saved_model.classification_signature_def(examples, None, scores)
        assert made.method_name == v1.saved_model.CLASSIFY_METHOD_NAME
        assert v1.saved_model.is_valid_signature(made)
        assert v1.saved_model.is_valid_signature(v1.saved_model.regression_signature_def(examples, scores))
        assert not v1.saved_model.is_valid_signature(v1.saved_model.build_signature_def())
        info = v1.saved_model.build_tensor_info(scores)
        assert (info.name, [d.size for d in info.tensor_shape.dim]) == (scores.name, [-1, 2])
        sparse = v1.sparse_placeholder(tf.float32, name="s")
        again = v1.saved_model.get_tensor_from_tensor_info(v1.saved_model.build_tensor_info(sparse))
        assert again.indices is sparse.indices
        with pytest.raises(ValueError, match="Prediction `outputs` cannot be None or empty"):
            v1.saved_model.predict_signature_def({"x": scores}, {})
        with pytest.raises(ValueError, match="Classification input tensors must be of type string"):
            v1.saved_model.classification_signature_def(scores, None, scores)
