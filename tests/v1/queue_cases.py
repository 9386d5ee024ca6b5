"""Input pipelines of TensorFlow 1: each gives what a session fetches until its input ends."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

Build = Callable[[Any, Path], Any]


def lines_of_files(tf: Any, folder: Path) -> Any:
    for name, text in (("a.csv", "1,2.5\n2,3.5\n3,4.5\n"), ("b.csv", "4,5.5\n5,6.5\n")):
        (folder / name).write_text(text)
    names = [str(folder / n) for n in ("a.csv", "b.csv")]
    _, line = tf.TextLineReader().read(tf.train.string_input_producer(names, num_epochs=2, shuffle=False))
    return tf.train.batch(list(tf.decode_csv(line, [[0], [0.0]])), 3, allow_smaller_final_batch=True)


def whole_files(tf: Any, folder: Path) -> Any:
    for i in range(3):
        (folder / f"{i}.txt").write_text("x" * i)
    names = tf.identity(tf.train.match_filenames_once(str(folder / "*.txt")))
    _, text = tf.WholeFileReader().read(tf.train.string_input_producer(names, num_epochs=1, shuffle=False))
    return tf.train.batch([text, tf.strings.length(text)], 2, allow_smaller_final_batch=True)


def records(tf: Any, folder: Path) -> Any:
    def example(n: int) -> bytes:
        return bytes([10, 13, 10, 11, 10, 1, ord("n"), 18, 6, 26, 4, 10, 2, n, n + 1])
    with tf.python_io.TFRecordWriter(str(folder / "r")) as writer:
        for n in range(4):
            writer.write(example(n))
    _, record = tf.TFRecordReader().read(tf.train.string_input_producer([str(folder / "r")], num_epochs=2))
    found = tf.parse_single_example(record, {"n": tf.FixedLenFeature([2], tf.int64)})
    return tf.train.batch(found, 3)


def shuffled_slices(tf: Any, folder: Path) -> Any:
    n, x = tf.train.slice_input_producer([np.arange(10), np.arange(10) * 2.0], num_epochs=2, seed=4)
    return tf.train.batch({"n": n, "x": x}, 4)


def padded(tf: Any, folder: Path) -> Any:
    n = tf.train.range_input_producer(7, num_epochs=1, shuffle=False).dequeue()
    return tf.train.batch([tf.range(n), tf.fill([n, 2], tf.as_string(n))], 3, dynamic_pad=True, allow_smaller_final_batch=True)


def sparse(tf: Any, folder: Path) -> Any:
    n = tf.train.range_input_producer(5, num_epochs=1, shuffle=False).dequeue()
    at = tf.expand_dims(tf.stack([tf.cast(n, tf.int64)] * 2), 0)
    value = tf.SparseTensor(at, tf.expand_dims(tf.cast(n, tf.float32), 0), [5, 5])
    batch = tf.train.batch([n, value], 2, allow_smaller_final_batch=True)
    return [batch[0], batch[1].indices, batch[1].values, batch[1].dense_shape]


def kept(tf: Any, folder: Path) -> Any:
    n = tf.train.range_input_producer(9, num_epochs=1, shuffle=False).dequeue()
    return tf.train.maybe_batch([n], tf.equal(n % 2, 0), 2, allow_smaller_final_batch=True)


def kept_rows(tf: Any, folder: Path) -> Any:
    n = tf.train.range_input_producer(9, num_epochs=1, shuffle=False).dequeue_many(3)
    return tf.train.maybe_batch([n, n * 2], tf.equal(n % 2, 0), 2, enqueue_many=True, allow_smaller_final_batch=True)


def training(tf: Any, folder: Path) -> Any:
    x = tf.train.input_producer(np.arange(8, dtype=np.float32) / 8, num_epochs=5, shuffle=False).dequeue()
    xs = tf.train.batch([x], 4)
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    step = tf.train.get_or_create_global_step()
    loss = tf.reduce_mean((w * xs - 3.0 * xs) ** 2)
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss, step)
    with tf.control_dependencies([train]):
        return [tf.identity(loss), tf.identity(step)]


def mixed(tf: Any, folder: Path) -> Any:
    """The last: nothing is taken out before everything has been put in, so the order follows from the seed."""
    rows = tf.range(30)
    queue = tf.RandomShuffleQueue(99, 4, tf.int32, [[]], seed=6)
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue_many([tf.train.limit_epochs(rows, 2)])]))
    tf.add_to_collection("wait for", queue.is_closed())
    return queue.dequeue_up_to(25)


CASES: dict[str, Build] = {f.__name__: f for f in (
    lines_of_files, whole_files, records, shuffled_slices, padded, sparse, kept, kept_rows, training, mixed)}


def run(tf: Any, build: Build) -> list[list[np.ndarray[Any, Any]]]:
    """What each run fetched, until the input ended."""
    out = []
    with tf.Graph().as_default(), TemporaryDirectory() as folder:
        tf.set_random_seed(5)
        fetches = build(tf, Path(folder))
        if isinstance(fetches, dict):
            fetches = [fetches[k] for k in sorted(fetches)]
        with tf.Session() as session:
            session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            coordinator = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(session, coordinator)
            for closed in tf.get_collection("wait for"):
                while not session.run(closed):
                    pass
            try:
                while not coordinator.should_stop():
                    found = session.run(fetches)
                    out.append([np.asarray(x) for x in (found if isinstance(found, (list, tuple)) else [found])])
            except tf.errors.OutOfRangeError:
                coordinator.request_stop()
            coordinator.join(threads)
    return out
