"""Writes the models that `tests/saved_model` loads, and what they return, with TensorFlow.

Run in an environment with `tensorflow-cpu`: `python tools/make_saved_model_goldens.py`.
"""
from __future__ import annotations

import os
import shutil
from typing import Any

import numpy as np
import tensorflow as tf

FOLDER = os.path.join(os.path.dirname(__file__), "..", "tests", "goldens", "saved_models")


class Inner(tf.Module):
    def __init__(self, scale: float) -> None:
        super().__init__(name="inner")
        self.scale = tf.Variable(scale, name="scale")

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name="x")])
    def __call__(self, x: Any) -> Any:
        return x * self.scale


class Model(tf.Module):
    def __init__(self, words: str) -> None:
        super().__init__(name="model")
        self.w = tf.Variable([[1.0, -2.0], [0.5, 3.0]], name="w")
        self.steps = tf.Variable(0, trainable=False, dtype=tf.int64, name="steps")
        self.parts = {"a": Inner(2.0), "b": (Inner(3.0), Inner(4.0))}
        self.many = [tf.Variable([1.0, 2.0]), [tf.Variable(5.0)]]
        self.offset = tf.constant(np.arange(100, dtype=np.float32))
        self.words = tf.lookup.StaticVocabularyTable(tf.lookup.TextFileInitializer(
            words, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), 2)
        self.counts = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, 0)
        self.counts.insert(["x", "y"], [7, 8])

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
    def dense(self, x: Any) -> Any:
        return tf.nn.relu(x @ self.w) + self.many[0]

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name="x"), tf.TensorSpec([], tf.int32, name="n")])
    def loop(self, x: Any, n: Any) -> Any:
        out = tf.TensorArray(tf.float32, n)
        for i in tf.range(n):
            self.steps.assign_add(1)
            x = x * self.parts["a"].scale
            if tf.reduce_sum(x) > 10.0:
                x = x - self.many[1][0]
            out = out.write(i, tf.reduce_sum(x))
        return {"last": x, "sums": out.stack()}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="words")])
    def look(self, words: Any) -> Any:
        return self.words.lookup(words), self.counts.lookup(words)

    @tf.function(input_signature=[tf.RaggedTensorSpec([None, None], tf.float32)])
    def ragged(self, x: Any) -> Any:
        return tf.reduce_sum(x, 1), x * 2.0

    @tf.function
    def choose(self, x: Any, mode: str = "plain", *, flag: bool = False) -> Any:
        y = x + 1.0 if flag else x - 1.0
        return [y, None] if mode == "plain" else (y * 10.0, tf.shape(y))

    @tf.function(input_signature=[tf.TensorSpec([], tf.int32), tf.TensorSpec([None], tf.float32)])
    def case(self, i: Any, x: Any) -> Any:
        return tf.switch_case(i, [lambda: x, lambda: self.parts["b"][0](x), lambda: x + self.offset[:tf.shape(x)[0]]])

    @tf.function(input_signature=[])
    def big(self) -> Any:
        return self.offset[90:]


def tensorflow_2(folder: str) -> dict[str, Any]:
    """A model of TensorFlow 2 and what its functions return."""
    words = os.path.join(folder, "words.txt")
    with open(words, "w") as file:
        file.write("red\ngreen\nblue\n")
    m = Model(words)
    x = tf.constant([1.0, 2.0, 3.0])
    m.choose(x)
    m.choose(x, "other")
    m.choose(x, flag=True)
    tf.saved_model.save(m, os.path.join(folder, "v2"),
                        signatures={"serving_default": m.dense, "loop": m.loop})
    batch = tf.constant([[1.0, 2.0], [-1.0, 0.5]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(m.loop(x, 3)["last"] ** 2) + tf.reduce_sum(m.dense(batch) ** 2)
    gradients = tape.gradient(loss, [m.w, m.parts["a"].scale, m.many[0], m.many[1][0]])
    m.steps.assign(0)
    loop = m.loop(x, 3)
    ragged = m.ragged(tf.ragged.constant([[1.0, 2.0], [], [3.0]]))
    look = m.look(tf.constant(["blue", "x", "red"]))
    out = {"dense": m.dense(batch), "last": loop["last"], "sums": loop["sums"], "steps": m.steps, "words": look[0],
           "counts": look[1], "ragged_sum": ragged[0], "ragged_values": ragged[1].flat_values,
           "plain": m.choose(x)[0], "other": m.choose(x, "other")[0], "flag": m.choose(x, flag=True)[0],
           "case0": m.case(0, x), "case1": m.case(1, x), "case2": m.case(2, x), "inner": m.parts["b"][1](x), "big": m.big()}
    out |= {f"gradient{i}": g for i, g in enumerate(gradients)}
    os.remove(words)
    return {k: v.numpy() for k, v in out.items()}


def tensorflow_1(folder: str) -> dict[str, Any]:
    """A model of TensorFlow 1, with tables, variables by reference and as resources."""
    v1 = tf.compat.v1
    words = os.path.join(folder, "terms.txt")
    with open(words, "w") as file:
        file.write("one\ntwo\n")
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 2], name="x")
        text = v1.placeholder(tf.string, [None], name="text")
        w = v1.get_variable("layer/w", initializer=[[1.0], [2.0]], use_resource=False)
        b = v1.get_variable("layer/b", initializer=[0.5], use_resource=True)
        count = v1.get_variable("count", initializer=0, trainable=False, use_resource=False)
        counted = v1.assign_add(count, 2, name="counted")
        path = tf.constant(words)
        v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, path)
        table = tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(
            path, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1)
        ids = tf.identity(table.lookup(text), name="ids")
        y = tf.add(x @ w, b, name="y")
        session.run([v1.global_variables_initializer(), v1.tables_initializer()])
        session.run(counted)
        builder = v1.saved_model.Builder(os.path.join(folder, "v1"))
        signature = v1.saved_model.predict_signature_def({"x": x}, {"y": y})
        words_signature = v1.saved_model.predict_signature_def({"text": text}, {"ids": ids})
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature, "words": words_signature},
                                             assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS),
                                             main_op=v1.tables_initializer())
        builder.save()
        out = session.run({"y": y, "ids": ids}, {x: [[1.0, 2.0], [3.0, 4.0]], text: ["two", "one", "none"]})
        out["counted"] = session.run(counted)
    os.remove(words)
    return {f"v1_{k}": v for k, v in out.items()}


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    values = tensorflow_2(FOLDER) | tensorflow_1(FOLDER)
    np.savez(os.path.join(FOLDER, "expected.npz"), **values)


if __name__ == "__main__":
    main()
