"""Programs that write event files: each is run under TensorFlow, for the goldens, and here."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Case = Callable[[Any, str], Any]

_NUMBERS = np.array([0.5, -1.0, 2.0, 2.0, 0.0, 7.25, 3.125, -0.25, 0.0078125, 4.5])
_PICTURES = (np.arange(4 * 3 * 2 * 3) / 71.0).reshape(4, 3, 2, 3).astype(np.float32)
_SOUNDS = np.sin(np.arange(2 * 6 * 2)).reshape(2, 6, 2).astype(np.float32)


def numbers(tf: Any, folder: str) -> None:
    writer = tf.summary.create_file_writer(folder)
    with writer.as_default():
        tf.summary.scalar("loss", 0.25, step=0)
        tf.summary.scalar("loss", tf.constant(3, tf.int64), step=tf.constant(2**40, tf.int64), description="of *training*")
        tf.summary.scalar("loss", np.float64(1e-50), step=np.int32(7))
        tf.summary.scalar("loss", True, step=tf.Variable(3, dtype=tf.int64))
        tf.summary.scalar("name with spaces/é", float("nan"), step=-1)
    writer.close()


def scopes(tf: Any, folder: str) -> None:
    with tf.summary.create_file_writer(folder).as_default(step=5):
        with tf.name_scope("a"), tf.name_scope("b"):
            tf.summary.scalar("x", 1.0)
            with tf.name_scope("/"):
                tf.summary.text("y", "z")
        tf.summary.scalar("", 2.0)
        tf.summary.scalar("c/d", 2.0)
        tf.summary.experimental.set_step(6)
        tf.summary.scalar("c/d", 2.0)


def histograms(tf: Any, folder: str) -> None:
    with tf.summary.create_file_writer(folder).as_default(step=1):
        for i, data in enumerate((_NUMBERS, [], [[3, 3], [3, 3]], [1, 2], 5.0, [True, False, True], np.float16([1.5, 2.5]))):
            tf.summary.histogram(f"h{i}", data)
        tf.summary.histogram("ragged", tf.ragged.constant([[1.0, 2.0], [], [4.5]]))
        tf.summary.histogram("variable", tf.Variable(_NUMBERS))
        for buckets in (0, -2, 1, 3, 4, tf.constant(7)):
            tf.summary.histogram("buckets", _NUMBERS, buckets=buckets)
            tf.summary.histogram("empty", np.zeros([0, 2]), buckets=buckets)
            tf.summary.histogram("same", [1.5, 1.5], buckets=buckets, description="all the same")


def pictures(tf: Any, folder: str) -> None:
    with tf.summary.create_file_writer(folder).as_default(step=1):
        tf.summary.image("floats", _PICTURES)
        tf.summary.image("one", _PICTURES, max_outputs=1, description="first")
        tf.summary.image("none", _PICTURES[:0])
        tf.summary.image("bytes", (_PICTURES * 255).astype(np.uint8)[..., :1], max_outputs=9)
        tf.summary.image("beyond", _PICTURES * 4 - 1, max_outputs=2)


def words(tf: Any, folder: str) -> None:
    with tf.summary.create_file_writer(folder).as_default(step=1):
        tf.summary.text("one", "**hello**", description="said")
        tf.summary.text("table", [["a", "b"], ["c", ""]])
        tf.summary.text("none", tf.constant([], tf.string))


def sounds(tf: Any, folder: str) -> None:
    with tf.summary.create_file_writer(folder).as_default(step=1):
        tf.summary.audio("two", _SOUNDS, 8000)
        tf.summary.audio("first", _SOUNDS, tf.constant(44100), max_outputs=1, encoding="wav", description="loud")
        tf.summary.audio("none", _SOUNDS[:0], 8000)


def any_tensor(tf: Any, folder: str) -> None:
    metadata = tf.compat.v1.SummaryMetadata(display_name="shown")
    metadata.plugin_data.plugin_name = "mine"
    metadata.plugin_data.content = b"\x00\x01"
    with tf.summary.create_file_writer(folder).as_default(step=1):
        for i, x in enumerate(([1, 2], [1.5], True, "text", [[1j]], np.zeros([0, 3], np.int8), np.uint64(2**63))):
            tf.summary.write(f"x{i}", x)
        tf.summary.write("y", lambda: tf.constant([1.0]), metadata=metadata)
        tf.summary.write("z", tf.constant(1.0, tf.bfloat16), metadata=b"\x12\x02zz")
        with tf.summary.record_if(False):
            tf.summary.write("never", lambda: 1 / 0)
        tf.summary.experimental.write_raw_pb(tf.compat.v1.Summary(value=[
            tf.compat.v1.Summary.Value(tag="q", simple_value=2.0), tf.compat.v1.Summary.Value(tag="r")]).SerializeToString())


def conditions(tf: Any, folder: str) -> None:
    writer = tf.summary.create_file_writer(folder)
    with writer.as_default():
        for step in range(6):
            with tf.summary.record_if(lambda step=step: tf.equal(step % 2, 0)):
                tf.summary.scalar("even", step, step=step)
            with tf.summary.record_if(step > 3):
                tf.summary.scalar("late", step, step=step)
                with tf.summary.record_if(True):
                    tf.summary.scalar("always", step, step=step)


def traced(tf: Any, folder: str) -> None:
    writer = tf.summary.create_file_writer(folder)
    step = tf.Variable(0, dtype=tf.int64)

    @tf.function
    def train(x: Any) -> Any:
        with writer.as_default(step=step), tf.name_scope("in"):
            tf.summary.scalar("first", x)
            tf.summary.histogram("spread", tf.range(4.0) * x, buckets=2)
            with tf.summary.record_if(lambda: step % 2 == 0):
                tf.summary.text("even", tf.strings.as_string(step))
            tf.summary.image("picture", _PICTURES * x, max_outputs=1)
            tf.summary.audio("sound", _SOUNDS, 8000)
            tf.summary.scalar("last", x * x)
        return x

    for i in range(4):
        train(tf.constant(float(i)))
        step.assign_add(1)


def loops(tf: Any, folder: str) -> None:
    writer = tf.summary.create_file_writer(folder)

    @tf.function
    def count(n: Any) -> Any:
        def body(i: Any) -> Any:
            with writer.as_default():
                tf.summary.scalar("i", i, step=tf.cast(i, tf.int64))
            return i + 1
        return tf.while_loop(lambda i: i < n, body, [tf.constant(0)])

    count(tf.constant(3))
    count(tf.constant(2))


def blocks(tf: Any, folder: str) -> None:
    """Tags within branches and loops begin with their scopes."""
    writer = tf.summary.create_file_writer(folder)

    def note(x: Any) -> Any:
        with writer.as_default():
            tf.summary.scalar("x", x, step=tf.cast(x, tf.int64))
        return x + 1

    @tf.function
    def call(x: Any) -> Any:
        with tf.name_scope("s"):
            y = tf.cond(x > 0, lambda: note(x), lambda: x)
            y = tf.cond(y < 0, lambda: x, lambda: note(y), name="second")
        tf.map_fn(note, tf.range(y))
        tf.scan(lambda a, b: note(a + b), tf.range(y))
        return tf.while_loop(lambda i: i < 6, lambda i: tf.cond(i < 5, lambda: note(i), lambda: i + 1), [y], name="again")

    call(tf.constant(2))
    call(tf.constant(1))


def earlier_names(tf: Any, folder: str) -> None:
    v1 = tf.compat.v1
    with tf.summary.create_file_writer(folder).as_default(step=4), tf.name_scope("s"):
        v1.summary.scalar("a b", 1.0)
        v1.summary.scalar("c", 1.0, family="f")
        v1.summary.histogram("h", _NUMBERS)
        v1.summary.image("i", _PICTURES, max_outputs=1)
        v1.summary.audio("s", tf.constant(_SOUNDS[..., 0]), 8000)
        v1.summary.text("t", tf.constant("x"))


CASES: dict[str, Case] = {f.__name__: f for f in (
    numbers, scopes, histograms, pictures, words, sounds, any_tensor, conditions, traced, loops, blocks, earlier_names)}


# TensorFlow 1. Here `tf` is its module, and a graph is open.


def merged(tf: Any, folder: str) -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    tf.summary.scalar("a b", tf.reduce_sum(x))
    with tf.name_scope("s"):
        tf.summary.scalar("x", x[0], family="fam")
        tf.summary.scalar("x", x[0])
        tf.summary.scalar("x", x[0])
        tf.summary.histogram("h", x)
        tf.summary.image("i", tf.reshape(x, [1, -1, 1, 1]), max_outputs=1)
        tf.summary.image("i", tf.reshape(x, [1, -1, 1, 1]))
        tf.summary.audio("s", tf.reshape(x, [1, -1]), 8000)
        tf.summary.text("t", tf.as_string(x))
        tf.summary.tensor_summary("d", x, "described", display_name="shown", family="fam")
    everything = tf.summary.merge_all()
    some = tf.summary.merge_all(scope="s/h")
    with tf.Session() as session, tf.summary.FileWriter(folder) as writer:
        for i in range(3):
            writer.add_summary(session.run(everything, {x: _NUMBERS[i:]}), i)
            writer.add_summary(session.run(some, {x: _NUMBERS[i:]}), global_step=np.int64(i))


def other_events(tf: Any, folder: str) -> None:
    writer = tf.summary.FileWriter(folder, filename_suffix=".x")
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="p", simple_value=1.5)]))
    writer.add_session_log(tf.SessionLog(status=tf.SessionLog.CHECKPOINT, checkpoint_path="here", msg="m"), 5)
    writer.add_run_metadata(tf.RunMetadata(), "tag", 6)
    writer.add_event(tf.Event(step=3, wall_time=7.0, log_message=tf.LogMessage(level=tf.LogMessage.INFO, message="hi")))
    graph = tf.GraphDef()
    graph.node.add(name="n", op="NoOp")
    writer.add_graph(None, 2, graph_def=graph)
    histogram = tf.HistogramProto(min=-1, max=2, num=3, bucket_limit=[1, 2], bucket=[1, 2])
    image = tf.Summary.Image(height=1, width=2, colorspace=3, encoded_image_string=b"abc")
    audio = tf.Summary.Audio(sample_rate=8.5, num_channels=1, length_frames=2, encoded_audio_string=b"x", content_type="t")
    values = [tf.Summary.Value(tag=k, **{k: v}) for k, v in (("histo", histogram), ("image", image), ("audio", audio))]
    writer.add_summary(tf.Summary(value=values).SerializeToString(), 9)
    writer.close()


def through_session(tf: Any, folder: str) -> None:
    with tf.Session() as session:
        writer = tf.summary.FileWriter(folder, session=session)
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="p", simple_value=1.5)]), 4)
        writer.flush()
        writer.add_summary(session.run(tf.summary.scalar("x", 2.0)), 5)
        writer.close()


V1_CASES: dict[str, Case] = {f.__name__: f for f in (merged, other_events, through_session)}


# Keras.

KERAS: tuple[dict[str, Any], ...] = (
    {}, {"histogram_freq": 1, "write_graph": False}, {"update_freq": "batch"},
    {"update_freq": 2, "write_images": True, "histogram_freq": 2, "write_steps_per_second": True})


def trained(tf: Any, folder: Path, options: dict[str, Any]) -> tuple[list[str], dict[str, float], Any]:
    """What the callback writes while a model is trained and measured: lines, the numbers among them, and the history."""
    tf.keras.utils.set_random_seed(1)
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.Input([4, 4, 2]), layers.Conv2D(3, 2, name="conv"), layers.Flatten(),
                                 layers.Dense(1, name="out")], name="m")
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = np.ones([8, 4, 4, 2], np.float32), np.ones([8, 1], np.float32)
    callback = tf.keras.callbacks.TensorBoard(folder, **options)
    history = model.fit(x, y, 4, 2, verbose=0, validation_data=(x, y), callbacks=[callback])
    model.evaluate(x, y, verbose=0, callbacks=[tf.keras.callbacks.TensorBoard(folder / "again", **options)])
    lines, numbers = [], {}
    for path in sorted(folder.rglob("events*")):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                name = f"{path.parent.relative_to(folder)} {event.step} {value.tag}"
                array = tf.make_ndarray(value.tensor)
                lines.append(f"{name} {value.metadata.plugin_data.plugin_name} {array.dtype} {array.shape}")
                if array.dtype == np.float32 and "per_second" not in name:
                    numbers[name] = float(array)
    return lines, numbers, history.history


def events(tf: Any, folder: Path) -> list[bytes]:
    """The events in the one file of a folder, without their times."""
    name, = folder.iterdir()
    found = []
    for event in tf.compat.v1.train.summary_iterator(str(name)):
        event.ClearField("wall_time")
        found.append(event.SerializeToString())
    return found


def run(tf: Any, name: str, folder: Path) -> list[bytes]:
    """What a case writes."""
    if name in CASES:
        CASES[name](tf, str(folder))
        tf.summary.experimental.set_step(None)
    else:
        with tf.Graph().as_default():
            V1_CASES[name](tf.compat.v1, str(folder))
    return events(tf, folder)
