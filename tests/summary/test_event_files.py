"""Event files equal those that TensorFlow writes, and are read as it reads them."""
from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1
from tests import goldens

from .summary_cases import CASES, V1_CASES, events, run

v1 = tf.compat.v1
_GOLDENS = goldens.load("event_files")


def _expected(name: str) -> list[bytes]:
    return [_GOLDENS[f"{name}/{i}"][0] for i in range(sum(key.startswith(f"{name}/") for key in _GOLDENS))]


def _shown(event: bytes) -> str:
    return str(v1.Event.FromString(event))


@pytest.fixture(autouse=True)
def _no_default() -> Any:
    yield
    tf.summary.experimental.set_step(None)


@pytest.mark.parametrize("name", [*CASES, *V1_CASES])
def test_equals_tensorflow(name: str, tmp_path: Path) -> None:
    found, expected = run(tf, name, tmp_path), _expected(name)
    assert [_shown(e) for e in found] == [_shown(e) for e in expected]
    assert found == expected


@pytest.mark.parametrize("name", V1_CASES)
def test_thalweg_v1_writes_the_same(name: str, tmp_path: Path) -> None:
    with tf1.Graph().as_default():
        V1_CASES[name](tf1, str(tmp_path))
    assert events(tf, tmp_path) == _expected(name)


def test_a_compiled_function_writes_the_same(tmp_path: Path) -> None:
    """Writing splits the program; what lies between is compiled."""
    writer = tf.summary.create_file_writer(str(tmp_path))

    @tf.function
    def f(x: Any, step: Any) -> Any:
        y = tf.reduce_sum(x * x)
        with writer.as_default(step=step):
            tf.summary.scalar("before", y)
            z = tf.sqrt(y) + tf.reduce_mean(x @ x)
            tf.summary.scalar("after", z)
        return z
    x = np.eye(64, dtype=np.float32)
    results = [float(f(tf.constant(x * i), tf.constant(i, tf.int64))) for i in range(4)]
    found = [v1.Event.FromString(e) for e in events(tf, tmp_path)[1:]]
    assert [(e.step, e.summary.value[0].tag) for e in found] == [(i, t) for i in range(4) for t in ("before", "after")]
    assert [float(tf.make_ndarray(e.summary.value[0].tensor)) for e in found[1::2]] == pytest.approx(results)


class TestReading:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        """A file that TensorFlow wrote."""
        path = tmp_path / "events"
        path.write_bytes(_GOLDENS["whole"].tobytes())
        return path

    def test_reads_what_tensorflow_wrote(self, file: Path) -> None:
        found = list(v1.train.summary_iterator(str(file)))
        assert found[0].file_version == "brain.Event:2"
        assert found[0].wall_time == int(found[0].wall_time)
        assert found[0].source_metadata.writer == "tensorflow.core.util.events_writer"
        assert [v.tag for e in found for v in e.summary.value] == ["one", "table", "none"]
        assert tf.make_ndarray(found[2].summary.value[0].tensor).tolist() == [[b"a", b"b"], [b"c", b""]]
        assert [e.WhichOneof("what") for e in found] == ["file_version", "summary", "summary", "summary"]

    def test_a_file_that_breaks_off_is_an_error(self, file: Path) -> None:
        whole = file.read_bytes()
        file.write_bytes(whole[:-1])
        iterator = v1.train.summary_iterator(str(file))
        assert [next(iterator).step for _ in range(3)] == [0, 1, 1]
        with pytest.raises(tf.errors.DataLossError, match="truncated record at"):
            next(iterator)

    def test_less_than_a_header_is_the_end(self, file: Path) -> None:
        file.write_bytes(file.read_bytes()[:78 + 5])
        assert len(list(v1.train.summary_iterator(str(file)))) == 1

    def test_goes_on_when_the_file_has_grown(self, file: Path) -> None:
        whole = file.read_bytes()
        file.write_bytes(whole[:78])
        iterator = v1.train.summary_iterator(str(file))
        assert len(list(iterator)) == 1
        file.write_bytes(whole)
        assert len(list(iterator)) == 3

    def test_a_missing_file_is_an_error_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(tf.errors.NotFoundError, match="No such file"):
            v1.train.summary_iterator(str(tmp_path / "none"))


class TestFiles:
    def test_names(self, tmp_path: Path) -> None:
        for suffix in (None, "x", ".y", ""):
            tf.summary.create_file_writer(str(tmp_path / "a"), filename_suffix=suffix)
        found = sorted(p.name.split(".", 4)[4].split(".")[-1] for p in (tmp_path / "a").iterdir())
        assert found == ["", "v2", "x", "y"]
        for path in (tmp_path / "a").iterdir():
            assert path.name.startswith("events.out.tfevents.")
            assert f".{socket.gethostname()}.{os.getpid()}." in path.name
        with tf.Graph().as_default():
            v1.summary.FileWriter(str(tmp_path / "b"), filename_suffix="z").close()
        name, = (tmp_path / "b").iterdir()
        assert name.name.endswith(f".{socket.gethostname()}z")

    def test_the_beginning_is_there_at_once(self, tmp_path: Path) -> None:
        tf.summary.create_file_writer(str(tmp_path))
        assert [v1.Event.FromString(e).file_version for e in events(tf, tmp_path)] == ["brain.Event:2"]

    def test_flushes_when_the_queue_is_full(self, tmp_path: Path) -> None:
        writer = tf.summary.create_file_writer(str(tmp_path), max_queue=2)
        state = []
        manager = writer.as_default()
        manager.__enter__()
        for step in range(4):
            tf.summary.scalar("x", 1.0, step=step)
            state.append(len(events(tf, tmp_path)))
        tf.summary.flush()
        state.append(len(events(tf, tmp_path)))
        manager.__exit__(None, None, None)
        assert state == [1, 1, 4, 4, 5]

    def test_flushes_after_a_time(self, tmp_path: Path) -> None:
        with tf.summary.create_file_writer(str(tmp_path), flush_millis=0).as_default():
            tf.summary.scalar("x", 1.0, step=1)
            assert len(events(tf, tmp_path)) == 2

    def test_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(tf.errors.FailedPreconditionError, match="ot a directory"):
            tf.summary.create_file_writer(str(tmp_path / "file"))
        with pytest.raises(tf.errors.FailedPreconditionError, match="ot a directory"):
            tf.summary.create_file_writer(str(tmp_path / "file" / "x"))
        with pytest.raises(tf.errors.InvalidArgumentError, match="logdir must be a scalar"):
            tf.summary.create_file_writer([str(tmp_path)])
        with pytest.raises(ValueError, match="cannot be None"):
            tf.summary.create_file_writer(None)

    def test_cache(self, tmp_path: Path) -> None:
        with tf.Graph().as_default():
            writer = v1.summary.FileWriterCache.get(str(tmp_path))
            assert v1.summary.FileWriterCache.get(str(tmp_path)) is writer
            writer.add_event(v1.Event(step=3))
            v1.summary.FileWriterCache.clear()
            found = [v1.Event.FromString(e) for e in events(tf, tmp_path)]
            assert [(e.step, e.WhichOneof("what")) for e in found] == [(0, "file_version"), (0, "graph_def"), (3, None)]
            shutil.rmtree(tmp_path)
            assert v1.summary.FileWriterCache.get(str(tmp_path)) is not writer
            v1.summary.FileWriterCache.clear()

    def test_a_closed_file_writer_warns_and_opens_again(self, tmp_path: Path) -> None:
        with tf.Graph().as_default():
            writer = v1.summary.FileWriter(str(tmp_path))
            writer.close()
            writer.close()
            with pytest.warns(UserWarning, match="closed FileWriter"):
                writer.add_event(v1.Event(step=3))
            assert len(events(tf, tmp_path)) == 1
            writer.reopen()
            writer.add_event(v1.Event(step=4))
            writer.close()
            newest = max(tmp_path.iterdir(), key=lambda p: p.name)
            assert [e.step for e in v1.train.summary_iterator(str(newest))] == [0, 4]
            assert writer.get_logdir() == str(tmp_path)
