"""Saving models, and what loading them gives back."""
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf

from .test_loading import FOLDER, X


class Inner(tf.Module):
    def __init__(self) -> None:
        super().__init__(name="inner")
        self.k = tf.Variable([2.0, 3.0], name="k")


class Model(tf.Module):
    def __init__(self) -> None:
        super().__init__(name="model")
        self.w = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="w")
        self.steps = tf.Variable(0, trainable=False, dtype=tf.int64, name="steps")
        self.parts = {"a": Inner(), "b": (Inner(), tf.Variable(7.0))}
        self.many = [tf.Variable([1.0, 2.0]), [tf.Variable(5.0)]]
        self.big = tf.constant(np.arange(100, dtype=np.float32))
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(["a", "b", "c"], tf.constant([0, 1, 2], tf.int64)), -1)
        self.counts = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, 0)
        self.counts.insert(tf.constant(["x", "y"]), tf.constant([7, 8], tf.int64))

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name="x")])
    def __call__(self, x: Any) -> Any:
        return tf.nn.relu(x @ self.w) * self.parts["a"].k + self.parts["b"][1]

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int32)])
    def loop(self, x: Any, n: Any) -> Any:
        def body(i: Any, y: Any) -> Any:
            self.steps.assign_add(1)
            return i + 1, tf.cond(tf.reduce_sum(y) > 10.0, lambda: y * self.many[1][0] / 6.0, lambda: y * 1.5)
        i, y = tf.while_loop(lambda i, y: i < n, body, [tf.constant(0), x])
        return {"y": y, "n": i, "pair": (tf.reduce_max(y), tf.shape(y))}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def look(self, words: Any) -> Any:
        branch = tf.cond(tf.size(words) > 2, lambda: self.table.lookup(words), lambda: tf.constant([5], tf.int64))
        return self.table.lookup(tf.strings.lower(words)), self.counts.lookup(words), branch

    @tf.function
    def mode(self, x: Any, training: bool = False, *, scale: int = 1) -> Any:
        return (x * 2.0 if training else x + 1.0) * scale

    @tf.function(input_signature=[])
    def count(self) -> Any:
        before = self.steps + 0
        self.steps.assign_add(2)
        return before, self.steps.assign_add(3)

    @tf.function(input_signature=[tf.TensorSpec([], tf.int32)])
    def case(self, i: Any) -> Any:
        return tf.switch_case(i, [lambda: self.many[0] * 1.0, lambda: self.many[0] + 1.0, lambda: self.big[:2]])

    @tf.function(input_signature=[tf.RaggedTensorSpec([None, None], tf.float32)])
    def ragged(self, x: Any) -> Any:
        return tf.reduce_sum(x, 1), x * 2.0

    @tf.function(input_signature=[tf.TensorSpec([6], tf.float32)])
    def several(self, x: Any) -> Any:
        values, places = tf.math.top_k(tf.reshape(x, [2, -1]), 2)
        a, b = tf.split(tf.concat(tf.unstack(values, axis=1), 0), 2)
        return tf.einsum("i,i->", a, b), places, tf.unique(tf.reshape(places, [-1]))[0]


def flat(value: Any) -> list[Any]:
    return [np.asarray(t).tolist() for t in tf.nest.flatten(value, expand_composites=True)]


CALLS = {
    "call": lambda m: m(tf.ones([2, 3])),
    "loop": lambda m: m.loop(tf.constant(X), 6),
    "steps": lambda m: m.steps,
    "look": lambda m: m.look(tf.constant(["A", "x", "b"])),
    "look one": lambda m: m.look(tf.constant(["C"])),
    "mode": lambda m: [m.mode(tf.constant(X)), m.mode(tf.constant(X), True), m.mode(tf.constant(X), scale=3)],
    "count": lambda m: m.count(),
    "case": lambda m: [m.case(i) for i in range(3)],
    "ragged": lambda m: m.ragged(tf.ragged.constant([[1.0, 2.0], [], [3.0]])),
    "several": lambda m: m.several(tf.constant([5.0, 1.0, 3.0, 2.0, 9.0, 4.0])),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: Any) -> tuple[Model, str]:
    model = Model()
    model.mode(tf.constant(X))
    model.mode(tf.constant(X), True)
    model.mode(tf.constant(X), scale=3)
    with tf.GradientTape() as tape:  # leaves nodes of the gradient in the graph, which are not saved
        loss = tf.reduce_sum(model.loop(tf.constant(X), 6)["y"])
    tape.gradient(loss, model.many[1][0])
    model.steps.assign(0)
    path = str(tmp_path_factory.mktemp("saved") / "m")
    tf.saved_model.save(model, path, signatures={"serving_default": model.__call__, "look": model.look})
    return model, path


def test_functions_return_the_same(saved: tuple[Model, str]) -> None:
    model, path = saved
    loaded = tf.saved_model.load(path)
    model.steps.assign(0)
    for name, call in CALLS.items():
        assert flat(call(loaded)) == flat(call(model)), name


def test_saved_again(saved: tuple[Model, str], tmp_path: Path) -> None:
    model, path = saved
    once = tf.saved_model.load(path)
    once.w.assign_add(tf.ones([3, 2]))
    tf.saved_model.save(once, tmp_path / "again")
    twice = tf.saved_model.load(tmp_path / "again")
    for name, call in CALLS.items():
        assert flat(call(twice)) == flat(call(once)), name
    model.counts.insert(tf.constant(["new"]), tf.constant([9], tf.int64))
    assert flat(twice.look(tf.constant(["new"]))[1]) == [[0]]
    model.counts.remove(tf.constant(["new"]))


def test_structure(saved: tuple[Model, str]) -> None:
    loaded = tf.saved_model.load(saved[1])
    assert loaded.w.name == "w:0"
    assert isinstance(loaded.parts["b"], tuple)
    assert [v.trainable for v in (loaded.w, loaded.steps)] == [True, False]
    assert sorted(loaded.signatures) == ["look", "serving_default"]
    serve = loaded.signatures["serving_default"]
    assert serve.structured_input_signature == ((), {"x": tf.TensorSpec([None, 3], tf.float32, "x")})
    assert list(serve.structured_outputs) == ["output_0"]
    assert flat(serve(x=tf.ones([2, 3]))) == flat(loaded(tf.ones([2, 3])))
    assert sorted(os.listdir(saved[1])) == ["saved_model.pb", "variables"]


def test_gradients(saved: tuple[Model, str]) -> None:
    loaded, x = tf.saved_model.load(saved[1]), tf.constant(X)
    found = []
    for m in (saved[0], loaded):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(m.loop(x, 6)["y"]) + tf.reduce_sum(m(tf.ones([1, 3])) ** 2)
        found.append(flat(tape.gradient(loss, [m.w, m.parts["a"].k, m.many[1][0], x])))
    assert found[0] == found[1]


def test_in_a_session(saved: tuple[Model, str]) -> None:
    v1 = tf.compat.v1
    wanted = flat(saved[0](tf.ones([2, 3])))
    with tf.Graph().as_default(), v1.Session() as session:
        meta = v1.saved_model.load(session, ["serve"], saved[1])
        serve, look = meta.signature_def["serving_default"], meta.signature_def["look"]
        assert flat(session.run(serve.outputs["output_0"].name, {serve.inputs["x"].name: np.ones([2, 3])})) == wanted
        words = next(iter(look.inputs.values())).name
        assert session.run(look.outputs["output_0"].name, {words: ["b", "A", "zz"]}).tolist() == [1, 0, -1]


def test_checkpoints_and_single_functions(tmp_path: Path) -> None:
    v = tf.Variable([1.0, 2.0])

    @tf.function(input_signature=[tf.TensorSpec([2], tf.float32, name="z")])
    def double(z: Any) -> Any:
        return {"twice": z * v}
    root = tf.train.Checkpoint(v=v)
    root.run = double
    tf.saved_model.save(root, tmp_path / "m")
    loaded = tf.saved_model.load(tmp_path / "m")
    assert flat(loaded.run(tf.ones([2]))) == [[1.0, 2.0]]
    assert list(loaded.signatures) == ["serving_default"]
    assert flat(loaded.signatures["serving_default"](z=tf.ones([2]))["twice"]) == [[1.0, 2.0]]
    v.assign([3.0, 4.0])
    tf.saved_model.save(root, tmp_path / "m")
    assert flat(tf.saved_model.load(tmp_path / "m").run(tf.ones([2]))) == [[3.0, 4.0]]
    assert sorted(os.listdir(tmp_path)) == ["m"]


def test_assets(tmp_path: Path) -> None:
    loaded = tf.saved_model.load(FOLDER / "v2")
    (tmp_path / "note.txt").write_text("hello")
    root = tf.Module()
    root.note = tf.saved_model.Asset(str(tmp_path / "note.txt"))
    root.read = tf.function(lambda: tf.io.read_file(root.note.asset_path), input_signature=[])
    root.inner = loaded
    tf.saved_model.save(root, tmp_path / "m")
    (tmp_path / "note.txt").unlink()
    again = tf.saved_model.load(tmp_path / "m")
    assert again.read().numpy() == b"hello"
    assert again.inner.look(tf.constant(["blue", "x"]))[0].numpy()[0] == 2


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    root = tf.Module()
    hidden = tf.Variable(1.0)
    root.f = tf.function(lambda x: x * hidden, input_signature=[tf.TensorSpec([], tf.float32)])
    with pytest.raises(AssertionError, match="references an 'untracked'"):
        tf.saved_model.save(root, tmp_path / "m")
    with pytest.raises(ValueError, match="Expected an object of type `Trackable`"):
        tf.saved_model.save(3, tmp_path / "m")
    root = tf.Module()
    with pytest.raises(ValueError, match="Expected a TensorFlow function for which to generate a signature"):
        tf.saved_model.save(root, tmp_path / "m", signatures=tf.function(lambda x: x))
    with pytest.raises(ValueError, match="Got a non-Tensor value"):
        tf.saved_model.save(root, tmp_path / "m", signatures=tf.function(
            lambda x: {"a": [x]}, input_signature=[tf.TensorSpec([], tf.float32)]))
    root.f = tf.function(lambda x: tf.py_function(lambda v: v, [x], tf.float32),
                         input_signature=[tf.TensorSpec([], tf.float32)])
    with pytest.raises(tf.errors.UnimplementedError, match="EagerPyFunc"):
        tf.saved_model.save(root, tmp_path / "m")
    assert not os.listdir(tmp_path)


def test_keras_models_in_a_module(tmp_path: Path) -> None:
    layers = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input([6, 6, 1]), layers.Conv2D(2, 3, activation="relu"), layers.BatchNormalization(),
                                 layers.Dropout(0.5), layers.Flatten(), layers.Dense(3)])
    root = tf.Module()
    root.model = model
    root.serve = tf.function(lambda x: model(x, training=False), input_signature=[tf.TensorSpec([None, 6, 6, 1], tf.float32)])
    tf.saved_model.save(root, tmp_path / "m")
    x = np.random.default_rng(0).random((2, 6, 6, 1), np.float32)
    loaded = tf.saved_model.load(tmp_path / "m")
    np.testing.assert_allclose(loaded.serve(x), root.serve(x), rtol=1e-5)
    assert list(loaded.signatures) == ["serving_default"]


def test_generators_go_on(tmp_path: Path) -> None:
    root = tf.Module()
    root.source = tf.random.Generator.from_seed(1)
    root.draw = tf.function(lambda: root.source.normal([3]), input_signature=[])
    root.draw()
    tf.saved_model.save(root, tmp_path / "m")
    loaded = tf.saved_model.load(tmp_path / "m")
    for _ in range(2):
        np.testing.assert_allclose(loaded.draw(), root.draw(), rtol=1e-5)
