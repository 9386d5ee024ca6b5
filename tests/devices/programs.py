"""What programs do on a device other than the host: run by `test_virtual_cpus.py` and `test_gpu.py`.

Each function takes the device's name. They run in a process of their own, because the devices of a process are fixed
once somebody uses them:

    PYTHON tests/devices/programs.py CPU:1      prints a JSON object: program -> traceback, or null
"""
from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable

import numpy as np

import thalweg as tf

HOST = "/job:localhost/replica:0/task:0/device:CPU:0"
PROGRAMS: dict[str, Callable[[str], None]] = {}


def program(function: Callable[[str], None]) -> Callable[[str], None]:
    PROGRAMS[function.__name__] = function
    return function


def full(device: str) -> str:
    return f"/job:localhost/replica:0/task:0/device:{device}"


@program
def values_live_where_they_are_made(device: str) -> None:
    with tf.device(device):
        made = [tf.constant([1.0, 2.0]), tf.zeros([2]), tf.range(3), tf.eye(2), tf.random.normal([2]), tf.constant(1) + 1]
        assert [x.device for x in made] == [full(device)] * len(made)
        with tf.device(None):
            assert tf.constant([1.0]).device == HOST
        with tf.device("/job:localhost"):
            assert tf.constant([1.0]).device == full(device)
        with tf.device("CPU:0"):
            assert tf.constant([1.0]).device == HOST
            assert made[0].device == full(device)
            assert (made[0] + 1.0).device == HOST
    assert tf.constant([1.0]).device == HOST


@program
def operations_inside_bring_their_inputs(device: str) -> None:
    outside = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.device(device):
        products = [outside @ outside, tf.matmul(outside, outside, transpose_b=True), outside[0], tf.cast(outside, tf.int32),
                    tf.reduce_sum(outside, axis=0), tf.linalg.inv(outside), tf.where(outside > 2.0, outside, 0.0),
                    tf.identity(outside), tf.nn.softmax(outside)]
    expected = [outside @ outside, tf.matmul(outside, outside, transpose_b=True), outside[0], tf.cast(outside, tf.int32),
                tf.reduce_sum(outside, axis=0), tf.linalg.inv(outside), tf.where(outside > 2.0, outside, 0.0),
                tf.identity(outside), tf.nn.softmax(outside)]
    for mine, theirs in zip(products, expected, strict=True):
        assert mine.device == full(device) and theirs.device == HOST
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), rtol=1e-6)


@program
def dtypes_stay(device: str) -> None:
    with tf.device(device):
        for dtype in ("float64", "int64", "uint8", "bool", "complex128", "bfloat16", "float16"):
            x = tf.constant([0, 1], dtype) if dtype != "bool" else tf.constant([False, True])
            assert (tf.concat([x, x], 0).dtype.name, x.device) == (dtype, full(device))
        text = tf.strings.join([tf.constant("a"), "b"])
        assert text.numpy() == b"ab"


@program
def values_that_only_the_host_can_compute(device: str) -> None:
    with tf.device(device):
        where = tf.where([False, True, True])
        unique, index = tf.unique([3, 3, 5])
        quotient = tf.py_function(lambda x: x / 2, [tf.constant(4.0)], tf.float32)
    np.testing.assert_array_equal(where, [[1], [2]])
    np.testing.assert_array_equal(unique, [3, 5])
    np.testing.assert_array_equal(index, [0, 0, 1])
    assert quotient.numpy() == 2.0
    assert where.device == full(device)


@program
def errors_are_the_same(device: str) -> None:
    with tf.device(device):
        for call in (lambda: tf.matmul([[1.0, 2.0]], [[1.0, 2.0]]), lambda: tf.constant([1.0]) + tf.constant([1]),
                     lambda: tf.reshape(tf.constant([1.0, 2.0]), [3])):
            try:
                call()
            except tf.errors.InvalidArgumentError as error:
                assert "[Op:" in str(error), error
            else:
                raise AssertionError("no error")


@program
def variables_stay_where_they_are_made(device: str) -> None:
    with tf.device(device):
        v = tf.Variable([1.0, 2.0])
    assert (v.device, v.read_value().device) == (full(device), full(device))
    v.assign_add([1.0, 1.0])
    v.assign_sub(tf.constant([0.5, 0.5]))
    assert v.device == full(device)
    np.testing.assert_array_equal(v.numpy(), [1.5, 2.5])
    v.assign([4.0, 5.0])
    v.scatter_nd_update([[0]], [9.0])
    np.testing.assert_array_equal(v.numpy(), [9.0, 5.0])
    assert v.device == full(device)
    try:
        v.assign([1.0])
    except ValueError:
        pass
    np.testing.assert_array_equal(v.numpy(), [9.0, 5.0])


@program
def gradients(device: str) -> None:
    with tf.device(device):
        w = tf.Variable([[1.0], [2.0]])
        x = tf.constant([[3.0, 4.0]])
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(x @ w))
        gradient = tape.gradient(loss, w)
    np.testing.assert_allclose(gradient.numpy(), [[66.0], [88.0]])


@program
def functions_run_where_they_are_called(device: str) -> None:
    for jit_compile in (None, True, False):
        @tf.function(jit_compile=jit_compile)
        def f(x: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return x * 2.0, tf.constant(3.0)
        x = tf.constant([1.0, 2.0])
        with tf.device(device):
            there = tf.constant([1.0, 2.0])
        for _ in range(3):
            with tf.device(device):
                assert [y.device for y in f(x)] == [full(device)] * 2
                np.testing.assert_array_equal(f(there)[0], [2.0, 4.0])
            with tf.device("CPU:0"):
                assert [y.device for y in f(there)] == [HOST] * 2
                np.testing.assert_array_equal(f(there)[0], [2.0, 4.0])


@program
def functions_with_devices_inside(device: str) -> None:
    for jit_compile in (None, True, False):
        @tf.function(jit_compile=jit_compile)
        def f(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            with tf.device(device):
                y = x * 2.0
                assert y.device == f"/device:{device}"
            with tf.device("CPU:0"):
                return y, y + 1.0
        for _ in range(3):
            with tf.device("CPU:0"):
                results = f(tf.constant([1.0]))
            assert [r.numpy().item() for r in results] == [2.0, 3.0]


@program
def training_in_a_function(device: str) -> None:
    with tf.device(device):
        w = tf.Variable(0.0)
    x, y = tf.constant([1.0, 2.0, 3.0]), tf.constant([2.0, 4.0, 6.0])

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((w * x - y) ** 2)
        w.assign_sub(0.1 * tape.gradient(loss, w))
        return loss
    with tf.device(device):
        losses = [step().numpy() for _ in range(30)]
    assert losses[-1] < 1e-6 < losses[0]
    assert w.device == full(device)
    np.testing.assert_allclose(w.numpy(), 2.0, atol=1e-3)


@program
def keras_on_a_device(device: str) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 4)).astype(np.float32)
    y = x @ np.array([[1.0], [2.0], [3.0], [4.0]], np.float32)
    histories = []
    for place in ("CPU:0", device):
        tf.keras.utils.set_random_seed(1)
        with tf.device(place):
            model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(8, "relu"), tf.keras.layers.Dense(1)])
            model.compile("adam", "mse", jit_compile=True)
            histories.append(model.fit(x, y, epochs=3, batch_size=16, shuffle=False, verbose=0).history["loss"])
            assert model.predict(x, verbose=0).shape == (64, 1)
        assert {tf.convert_to_tensor(w).device for w in model.weights} == {full(place)}
    np.testing.assert_allclose(histories[0], histories[1], rtol=1e-5)


@program
def sessions(device: str) -> None:
    import thalweg.v1 as tf1
    graph = tf1.Graph()
    with graph.as_default():
        with tf1.device(f"/{device.lower()}"):
            w = tf1.get_variable("w", [2], initializer=tf1.ones_initializer())
            x = tf1.placeholder(tf1.float32, [2])
            y = w * x
        assert (y.device, w.device) == (f"/device:{device}",) * 2
        update = w.assign_add(y)
        with tf1.Session() as session:
            session.run(tf1.global_variables_initializer())
            for _ in range(3):
                session.run(update, {x: [1.0, 2.0]})
            np.testing.assert_array_equal(session.run(w), [8.0, 27.0])
            assert full(device) in [d.name for d in session.list_devices()]


def main(device: str) -> dict[str, str | None]:
    if device.startswith("CPU"):
        parts = [tf.config.LogicalDeviceConfiguration()] * (int(device.partition(":")[2]) + 1)
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    outcomes: dict[str, str | None] = {}
    for name, function in PROGRAMS.items():
        try:
            function(device)
            outcomes[name] = None
        except Exception:
            outcomes[name] = traceback.format_exc()
    return outcomes


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
