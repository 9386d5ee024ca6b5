"""Monitored sessions, their hooks and scaffolds do, log, write and raise what TensorFlow's do."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf2
import thalweg.v1 as tf
from tests import goldens
from tests.v1 import monitored_hook_programs, monitored_session_programs
from tests.v1.monitored_programs import PROGRAMS, counter

assert monitored_hook_programs and monitored_session_programs  # they fill PROGRAMS
GOLDEN: dict[str, Any] = dict(np.load(goldens.FOLDER / "v1_monitored.npz"))
WAYS = {"v1": tf, "compat": tf2.compat.v1}


@pytest.fixture(autouse=True)
def _graph() -> Iterator[None]:
    with tf.Graph().as_default():
        yield
    tf.summary.FileWriterCache.clear()


@pytest.mark.filterwarnings("ignore:Attempting to use a closed FileWriter")  # a supervisor that is stopped twice
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_equals_tensorflow(name: str, way: str, tmp_path: Path) -> None:
    with WAYS[way].Graph().as_default():
        assert PROGRAMS[name](WAYS[way], tmp_path) == GOLDEN[name].tolist()


def test_programs_are_those_of_the_golden() -> None:
    assert sorted(PROGRAMS) == sorted(GOLDEN)


def test_shapes_stay_as_the_graph_gives_them() -> None:
    """A graph that is built by TensorFlow 2's names does not become one of TensorFlow 1 by being monitored."""
    v1 = tf2.compat.v1
    with v1.Graph().as_default() as graph:
        x = v1.placeholder(tf2.float32, [2, 3])
        y = x * 1.0
        with v1.train.MonitoredTrainingSession() as session:
            session.run(y, {x: np.zeros([2, 3])})
        assert not graph.first_version
        assert type(x.shape[0]) is int


def test_a_step_is_read_before_it_is_counted() -> None:
    """What hooks see does not depend on which node was built first."""
    _, count = counter(tf)
    seen: list[int] = []

    class Sees(tf.train.StopAtStepHook):  # type: ignore[misc]
        def after_run(self, run_context: Any, run_values: Any) -> None:
            seen.append(int(run_values.results))
    with tf.train.MonitoredSession(hooks=[Sees(9)]) as session:
        session.run(count)
        session.run(count)
    assert seen == [0, 1]


def test_a_message_about_several_pieces_is_complete() -> None:
    for _ in range(2):
        tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.no_op())
    with pytest.raises(RuntimeError, match=r'the collection "init_op".*tf\.Scaffold\(init_op=item to use\)'):
        tf.train.Scaffold().finalize()


def test_a_function_goes_on_with_the_session_after_a_recovery() -> None:
    step, count = counter(tf)
    lost = [tf.errors.AbortedError(None, None, "gone")]

    def work(step_context: Any) -> Any:
        step_context.session.run(count)
        if lost:
            raise lost.pop()
        return step_context.session.run(step)
    with tf.train.MonitoredSession() as session:
        assert session.run_step_fn(work) == 1


def test_a_thread_that_fails_ends_the_session() -> None:
    """`should_stop` says so, and closing raises it."""
    queue = tf.FIFOQueue(1, tf.float32)
    bad = tf.Print(tf.linalg.inv([[0.0]])[0, 0], [], name="bad")
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue([bad])]))
    x = tf.constant(1.0)

    def train() -> None:
        with tf.train.MonitoredSession() as session:
            while not session.should_stop():
                session.run(x)
    with pytest.raises(tf.errors.InvalidArgumentError, match="not invertible"):
        train()
