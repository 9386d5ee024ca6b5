"""Queues, readers and input pipelines of TensorFlow 1, and the threads that work on them."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf2
import thalweg.v1 as tf
from tests import goldens
from tests.tolerances import difference

from .queue_cases import CASES, run


@pytest.fixture(autouse=True)
def _graph(request: pytest.FixtureRequest) -> Iterator[None]:
    with tf.Graph().as_default() if request.cls is None else nullcontext():
        yield


class Beside(threading.Thread):
    """Calls a function in a thread, which is given a moment to get as far as it can."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self.result: Any = None
        self.start()
        self.join(0.1)

    def run(self) -> None:
        try:
            self.result = self._call()
        except Exception as error:
            self.result = error

    def end(self) -> Any:
        """What the function returned or raised."""
        self.join(10)
        assert not self.is_alive()
        return self.result


@pytest.mark.parametrize("name", CASES)
def test_pipelines_equal_tensorflow(name: str) -> None:
    expected = {key: value for key, value in goldens.load("v1_queues").items() if key.startswith(f"{name}/")}
    got = {f"{name}/{i}/{k}": x for i, fetched in enumerate(run(tf, CASES[name])) for k, x in enumerate(fetched)}
    assert sorted(got) == sorted(expected)
    for key, value in expected.items():
        assert difference(got[key], value, (1e-5, 1e-6)) == "", key


def test_names_and_shapes() -> None:
    q = tf.FIFOQueue(3, [tf.int32], shapes=[[2]], name="my")
    n = tf.placeholder(tf.int32, [])
    made = [q.enqueue([[1, 2]]), q.enqueue_many([[[1, 2]]]), q.dequeue().op, q.close(), q.size().op, q.is_closed().op]
    assert [op.name for op in made] == ["my_enqueue", "my_EnqueueMany", "my_Dequeue", "my_Close", "my_Size", "my_Is_Closed"]
    assert made[0].inputs[1].name == "my_enqueue/component_0:0"
    shapes = [t.shape.as_list() for t in (q.dequeue(), q.dequeue_many(3), q.dequeue_many(n), q.dequeue_up_to(3))]
    assert shapes == [[2], [3, 2], [None, 2], [None, 2]]
    assert (q.name, q.dtypes, q.shapes, q.queue_ref.dtype) == ("my", [tf.int32], [[2]], tf.resource)
    batch = tf.train.batch({"a": 1, "b": [2.0, 3.0]}, 2, allow_smaller_final_batch=True)
    assert [batch["b"].name, batch["b"].shape.as_list()] == ["batch:1", [None, 2]]
    assert tf.train.shuffle_batch([1], 2, 10, 5).name == "shuffle_batch:0"
    assert tf.train.input_producer([[1, 2], [3, 4]]).name == "input_producer"
    assert [v.name for v in (tf.train.match_filenames_once("*"),)] == ["matching_filenames:0"]
    tf.train.limit_epochs(tf.constant(3), 2)
    assert [v.name for v in tf.local_variables()] == ["matching_filenames:0", "limit_epochs/epochs:0"]


def test_queues_wait_for_room_and_for_elements() -> None:
    q = tf.FIFOQueue(2, tf.int32, [[]])
    put, take, size = q.enqueue_many([[1, 2, 3, 4]]), q.dequeue_many(3), q.size()
    with tf.Session() as s:
        waiting = Beside(lambda: s.run(put))
        assert waiting.is_alive()
        assert s.run(size) == 2
        assert s.run(take).tolist() == [1, 2, 3]
        waiting.end()
        assert s.run(size) == 1
        waiting = Beside(lambda: s.run(take))
        assert s.run(size) == 0  # it waits with what there was
        s.run(put)
        assert waiting.end().tolist() == [4, 1, 2]


def test_attempts_do_not_overtake_each_other() -> None:
    q = tf.FIFOQueue(9, tf.int32, [[]])
    three, one = q.dequeue_many(3), q.dequeue()
    with tf.Session() as s:
        first = Beside(lambda: s.run(three))
        second = Beside(lambda: s.run(one))
        s.run(q.enqueue_many([[1, 2]]))
        assert first.is_alive() and second.is_alive()
        s.run(q.enqueue_many([[3, 4]]))
        assert (first.end().tolist(), second.end()) == ([1, 2, 3], 4)


def test_a_closed_queue_gives_what_it_has() -> None:
    q = tf.FIFOQueue(5, tf.int32, [[]])
    many, up_to, put = q.dequeue_many(2), q.dequeue_up_to(2), q.enqueue(5)
    with tf.Session() as s:
        s.run(q.enqueue_many([[1, 2, 3]]))
        s.run(q.close())
        assert s.run(q.is_closed())
        assert s.run(many).tolist() == [1, 2]
        with pytest.raises(tf.errors.OutOfRangeError, match=r"is closed and has insufficient elements \(requested 2, current"):
            s.run(many)
        assert s.run(up_to).tolist() == [3]
        with pytest.raises(tf.errors.OutOfRangeError, match="current size 0"):
            s.run(up_to)
        with pytest.raises(tf.errors.CancelledError, match="is closed"):
            s.run(put)
        with pytest.raises(tf.errors.CancelledError, match="is already closed"):
            s.run(q.close())


def test_closing_waits_for_those_before_or_cancels_them() -> None:
    q = tf.FIFOQueue(1, tf.int32, [[]])
    put = q.enqueue_many([[1, 2]])
    with tf.Session() as s:
        waiting = Beside(lambda: s.run(put))
        closing = Beside(lambda: s.run(q.close()))
        assert closing.is_alive()
        assert [s.run(q.dequeue()), s.run(q.dequeue())] == [1, 2]
        assert (waiting.end(), closing.end(), s.run(q.is_closed())) == (None, None, True)
    with tf.Session() as s:
        waiting = Beside(lambda: s.run(put))
        s.run(q.close(cancel_pending_enqueues=True))
        assert isinstance(waiting.end(), tf.errors.CancelledError)
        assert s.run(q.dequeue()) == 1


def test_a_queue_is_its_sessions_and_may_be_shared_by_name() -> None:
    q, same, other = (tf.FIFOQueue(c, tf.int32, [[]], shared_name="s") for c in (3, 3, 4))
    with tf.Session() as a, tf.Session() as b:
        a.run(q.enqueue(7))
        assert (a.run(same.size()), b.run(q.size())) == (1, 0)
        with pytest.raises(tf.errors.InvalidArgumentError, match="has capacity 3 but requested capacity was 4"):
            a.run(other.size())
        second = tf.QueueBase.from_list(1, [tf.FIFOQueue(3, tf.int32, [[]]), same])
        assert a.run(second.dequeue()) == 7


def test_waiting_ends_with_the_session_or_in_time() -> None:
    take = tf.FIFOQueue(2, tf.int32, [[]]).dequeue()
    s = tf.Session()
    with pytest.raises(tf.errors.DeadlineExceededError):
        s.run(take, options=tf.RunOptions(timeout_in_ms=50))
    with tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=50)) as other, pytest.raises(tf.errors.DeadlineExceededError):
        other.run(take)
    waiting = Beside(lambda: s.run(take))
    s.close()
    assert "Dequeue operation was cancelled" in str(waiting.end())


def test_a_run_that_takes_an_element_takes_one_whatever_compiles() -> None:
    """The run in which it turns out that XLA cannot have a stretch goes on, and does not start again."""
    q = tf.FIFOQueue(9, tf.int32, [[]])
    n = q.dequeue()
    both = [n, tf.range(n), tf.fill([n, 2], 1.0)]
    with tf.Session() as s:
        s.run(q.enqueue_many([[0, 1, 2, 3, 4]]))
        assert [int(s.run(both)[0]) for _ in range(5)] == [0, 1, 2, 3, 4]


def test_threads_share_one_operation() -> None:
    q, out = tf.FIFOQueue(4, tf.int64, [[]]), tf.FIFOQueue(-1, tf.int64, [[]])
    move = out.enqueue(q.dequeue() * 2)
    put = q.enqueue_many([np.arange(50)])
    with tf.Session() as s:
        coordinator = tf.train.Coordinator()
        threads = tf.train.QueueRunner(out, [move] * 4).create_threads(s, coordinator, start=True)
        s.run(put)
        s.run(q.close())
        assert sorted(s.run(out.dequeue_up_to(60)).tolist()) == [2 * i for i in range(50)]
        coordinator.request_stop()
        coordinator.join(threads)


def test_errors_in_runners_reach_the_coordinator() -> None:
    x = tf.placeholder_with_default([1, 0], [2])
    q = tf.FIFOQueue(4, tf.int32, [[]])
    tf.train.add_queue_runner(tf.train.QueueRunner(q, [q.enqueue_many([12 // x])]))
    with tf.Session() as s:
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(s, coordinator)
        assert coordinator.wait_for_stop(10)
        with pytest.raises(tf.errors.InvalidArgumentError, match="division by zero"):
            coordinator.join(threads)
        assert coordinator.joined
    with tf.Session() as s:
        runner = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)[0]
        threading.excepthook, hook = lambda _: None, threading.excepthook
        for thread in runner.create_threads(s, start=True):
            thread.join()
        threading.excepthook = hook
        assert [type(e) for e in runner.exceptions_raised] == [tf.errors.InvalidArgumentError]


def test_coordinators() -> None:
    coordinator = tf.train.Coordinator()
    with coordinator.stop_on_exception():
        raise KeyError("k")
    assert coordinator.should_stop()
    with pytest.raises(KeyError):
        coordinator.raise_requested_exception()
    coordinator.clear_stop()
    late = threading.Thread(target=time.sleep, args=(0.5,), name="late")
    late.start()
    coordinator.request_stop()
    with pytest.raises(RuntimeError, match="Coordinator stopped with threads still running: late"):
        coordinator.join([late], stop_grace_period_secs=0.05)
    calls: list[int] = []

    def work(n: int) -> None:
        calls.append(n)
        if len(calls) == 3:
            raise tf.errors.OutOfRangeError(None, None, "the end")
    coordinator = tf.train.Coordinator()
    tf.train.LooperThread.loop(coordinator, None, work, (7,))
    coordinator.join()
    assert calls == [7, 7, 7]


def test_readers_restart_and_fail(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one\ntwo\n")
    q = tf.FIFOQueue(9, tf.string, [[]])
    reader = tf.TextLineReader()
    read, counts, reset = reader.read(q), [reader.num_records_produced(), reader.num_work_units_completed()], reader.reset()
    state = reader.serialize_state()
    whole = tf.WholeFileReader().read(q)
    with tf.Session() as s:
        s.run(q.enqueue_many([[str(tmp_path / "a"), str(tmp_path / "a"), "nothing"]]))
        assert s.run(read) == (str(tmp_path / "a").encode() + b":1", b"one")
        assert s.run(counts) == [1, 0]
        s.run(reset)
        assert s.run(read.value) == b"one"
        with pytest.raises(tf.errors.UnimplementedError):
            s.run(state)
        for _ in range(2):
            with pytest.raises(tf.errors.NotFoundError, match="nothing; No such file"):
                s.run(whole)
    assert (reader.supports_serialize, tf.IdentityReader().supports_serialize) == (False, True)


def test_staging_areas() -> None:
    raw, area = tf2.raw_ops, {"shared_name": "area", "capacity": 1}
    put = raw.Stage(values=[tf.constant(3), tf.constant("a")], **area)
    take = raw.Unstage(dtypes=[tf.int32, tf.string], **area)
    peek, size = raw.StagePeek(index=0, dtypes=[tf.int32, tf.string], **area), raw.StageSize(dtypes=[], **area)
    clear = raw.StageClear(dtypes=[], **area)
    wrong = raw.Unstage(dtypes=[tf.float32, tf.string], **area)
    large = raw.Stage(values=[tf.zeros([100])], memory_limit=10)
    s = tf.Session()
    looking = Beside(lambda: s.run(peek))
    assert looking.is_alive()
    s.run(put)
    assert looking.end() == [3, b"a"]
    waiting = Beside(lambda: s.run(put))
    assert waiting.is_alive()
    assert s.run(take) == [3, b"a"]
    waiting.end()
    with pytest.raises(tf.errors.InvalidArgumentError, match="Type mismatch: actual int32 vs. expect float"):
        s.run(wrong)
    s.run(put)
    s.run(clear)
    assert s.run(size) == 0
    with pytest.raises(tf.errors.ResourceExhaustedError, match="combined size of '400' bytes .* memory limit of '10'"):
        s.run(large)
    waiting = Beside(lambda: s.run(take))
    s.close()
    assert isinstance(waiting.end(), tf.errors.CancelledError)


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: tf.FIFOQueue(2, [tf.int32], [[None]]), ValueError, "All shapes must be fully defined"),
    (lambda: tf.PaddingFIFOQueue(2, [tf.int32], None), ValueError, "a list of shapes must be provided"),
    (lambda: tf.FIFOQueue(2, [tf.int32] * 2, names=["a"]), ValueError, r"received len\(names\)=1,len\(dtypes\)=2"),
    (lambda: tf.FIFOQueue(2, tf.int32).enqueue({"a": 1}), ValueError, "must have names"),
    (lambda: tf.FIFOQueue(2, tf.int32, names=["a"]).enqueue(1), ValueError, "must enqueue a dictionary"),
    (lambda: tf.FIFOQueue(2, tf.int32, names=["a"]).enqueue({"b": 1}), ValueError, r"Dictionary: \['b'\],Queue: \['a'\]"),
    (lambda: tf.FIFOQueue(2, tf.int32, [[2]]).enqueue([[1, 2, 3]]), ValueError, r"Shapes \(3,\) and \(2,\) are incompatible"),
    (lambda: tf.FIFOQueue(2, [tf.int32] * 2, [[], []]).enqueue_many([[1, 2], [3]]), ValueError, "Dimensions 2 and 1"),
    (lambda: tf.QueueBase.from_list(0, []), TypeError, "A list of queues expected"),
    (lambda: tf.train.QueueRunner(tf.FIFOQueue(2, tf.int32), []), ValueError, "Must provide queue and enqueue_ops."),
    (lambda: tf.train.start_queue_runners(), ValueError, "No default session is registered"),
    (lambda: tf.train.start_queue_runners(3), TypeError, "must be a `tf.Session` object"),
    (lambda: tf.train.string_input_producer([]), ValueError, "requires a non-null input tensor"),
    (lambda: tf.train.string_input_producer(["a"], num_epochs=0), ValueError, "num_epochs must be > 0 not 0"),
    (lambda: tf.train.input_producer(tf.placeholder(tf.int32)), ValueError, "`element_shape` must be specified"),
    (lambda: tf.train.slice_input_producer([]), ValueError, "Expected at least one tensor in slice_input_producer"),
    (lambda: tf.train.batch([], 2), ValueError, "Expected at least one tensor in batch"),
    (lambda: tf.train.batch([tf.placeholder(tf.int32)], 2), ValueError, "Cannot infer Tensor's rank"),
    (lambda: tf.train.maybe_batch([1], [True], 2), ValueError, "cannot be a vector when `enqueue_many=False`"),
    (lambda: tf.train.batch_join([[1], [1.0]], 2), TypeError, "Expected types to be consistent: int32 vs. float32"),
    (lambda: tf.train.LooperThread(3, 1), ValueError, "must be a Coordinator"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("call", "kind", "words"), REFUSED)
def test_refused(call: Callable[[], Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


class TestEagerly:
    """The same names where operations run at once."""

    def test_queues_and_functions(self) -> None:
        q = tf2.queue.FIFOQueue(9, tf2.int32, [[]])

        @tf2.function
        def double(x: Any) -> Any:
            q.enqueue(x)
            q.enqueue(x + x)
            return q.dequeue()
        assert [int(double(tf2.constant(n))) for n in (1, 2, 3)] == [1, 2, 2]
        with pytest.raises(tf2.errors.InvalidArgumentError, match="have: resource, int32-> expected: resource, int32, float->"):
            tf2.queue.FIFOQueue(3, [tf2.int32, tf2.float32]).enqueue(1)
        with pytest.raises(tf2.errors.InvalidArgumentError, match="require the components to have specified shapes"):
            tf2.queue.FIFOQueue(3, tf2.int32).dequeue_many(1)
        with pytest.raises(tf2.errors.InvalidArgumentError, match="DequeueManyOp requested -1 < 0 elements"):
            q.dequeue_many(-1)
        with pytest.raises(tf2.errors.InvalidArgumentError, match="min_after_dequeue 7 must be < capacity 5"):
            tf2.compat.v1.RandomShuffleQueue(5, 7, tf2.int32)

    def test_pipelines_are_refused(self) -> None:
        v1 = tf2.compat.v1
        for call in (lambda: v1.train.string_input_producer(["a"]), lambda: v1.TextLineReader(),
                     lambda: v1.train.start_queue_runners()):
            with pytest.raises(RuntimeError, match="eager execution"):
                call()
        with pytest.raises(ValueError, match="not supported when eager execution"):
            v1.train.batch([1], 2)
