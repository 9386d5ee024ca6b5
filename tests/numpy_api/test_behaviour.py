"""The switch: what it changes, what it leaves alone. It is global, so each program has a process of its own."""
from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import thalweg as tf

ROOT = Path(__file__).resolve().parents[2]


def run(program: str) -> str:
    """What a program prints."""
    done = subprocess.run([sys.executable, "-c", "import thalweg as tf\nimport numpy as np\ntnp = tf.experimental.numpy\n"
                           + textwrap.dedent(program)], capture_output=True, text=True, cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_nothing_changes_before() -> None:
    x = tf.constant([1, 2])
    tf.experimental.numpy.add(x, 1.5)
    with pytest.raises(tf.errors.InvalidArgumentError):
        x + tf.constant(1.5)
    with pytest.raises(AttributeError, match="experimental_enable_numpy_behavior"):
        _ = x.T
    assert "T" not in vars(tf.Tensor) and tf.Tensor.__add__.__module__.startswith("thalweg.ops")


def test_off_again() -> None:
    assert run("""
        x = tf.constant([1, 2])
        tnp.experimental_enable_numpy_behavior()
        print((x + 1.5).dtype.name, (tf.Variable(1) + 1.5).dtype.name)
        tnp.experimental_enable_numpy_behavior(dtype_conversion_mode="off")
        for left in (x, tf.Variable([1, 2])):
            try:
                left + 1.5
            except (TypeError, tf.errors.InvalidArgumentError):
                print("strict")
        print(x.T.shape, x[[1, 0]].numpy())
    """) == "float64 float64\nstrict\nstrict\n(2,) [2 1]"


def test_float32_where_it_is_preferred() -> None:
    assert run("""
        tnp.experimental_enable_numpy_behavior(prefer_float32=True)
        print(tnp.array([1.5]).dtype.name, (tf.constant(1, tf.float16) + 1.5).dtype.name, tnp.result_type(1.0).name)
        print((tf.constant(1) + 1.5).dtype.name, tnp.arange(3.0).dtype.name, tnp.add(2, 1.5).dtype.name)
    """) == "float32 float32 float32\nfloat64 float32 float32"


def test_functions_and_gradients() -> None:
    assert run("""
        tnp.experimental_enable_numpy_behavior()

        @tf.function(jit_compile=True)
        def f(x, i):
            return (x.T @ x + i * 2.5).reshape(-1)[[0, 2]].max()

        x = tf.constant([[1.0, 2], [3, 4]])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x, tf.constant(2))
        print(y, tape.gradient(y, x).numpy().tolist())
    """) == "tf.Tensor(19.0, shape=(), dtype=float64) [[2.0, 1.0], [4.0, 3.0]]"


def test_partly_known_shapes() -> None:
    assert run("""
        tnp.experimental_enable_numpy_behavior()

        @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.int32)])
        def f(x):
            print(x.T.shape, x.ndim, x.size, (x / 2).dtype.name, x.astype(np.int8).dtype.name, x[:, [0]].shape)
            return x

        f.get_concrete_function()

        @tf.function(input_signature=[tf.TensorSpec(None, tf.int32)])
        def g(x):
            print(x.ndim, x.size)
            try:
                x.tolist()
            except ValueError as error:
                print(error)
            return x

        g.get_concrete_function()
    """) == "(3, None) 2 None float64 int8 (None, 1)\nNone None\nSymbolic Tensors do not support the tolist API."


def test_sessions() -> None:
    """In a TensorFlow 1 graph `==` compares the objects, promoted or not."""
    assert run("""
        tnp.experimental_enable_numpy_behavior()
        v1 = tf.compat.v1
        with tf.Graph().as_default(), v1.Session() as session:
            x, y = v1.placeholder(tf.int32, [2]), v1.placeholder(tf.float32)
            print(x == y, x == x, x == None, (x + y).dtype.name)
            print(session.run((x * 2.5 + y).max(), {x: [1, 2], y: 0.5}))
    """) == "False True False float64\n5.5"


def test_composites_and_layers() -> None:
    """Ragged tensors and Keras stand beside tensors as they did before."""
    assert run("""
        tnp.experimental_enable_numpy_behavior()
        print((tf.constant(1.0) + tf.RaggedTensor.from_row_splits([1.0, 2.0, 3.0], [0, 1, 3])).to_list())
        tf.keras.utils.set_random_seed(1)
        inputs = tf.keras.Input([3])
        outputs = tf.keras.layers.Dense(2)(inputs) * 2.0 + 1.0
        model = tf.keras.Model(inputs, outputs)
        model.compile("adam", "mse")
        history = model.fit(np.ones([8, 3], np.float32), np.zeros([8, 2], np.float32), epochs=2, verbose=0)
        print(model.output_shape, history.history["loss"][1] < history.history["loss"][0])
    """) == "[[2.0], [3.0, 4.0]]\n(None, 2) True"


def test_modes_that_do_not_exist() -> None:
    for mode in ("safe", "all", "no"):
        with pytest.raises(ValueError, match="promotion mode"):
            tf.experimental.numpy.experimental_enable_numpy_behavior(dtype_conversion_mode=mode)
