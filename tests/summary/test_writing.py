"""Writers, steps and conditions of summaries; what they return and refuse."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1
from thalweg.formats.run_metadata import RunMetadata

from .summary_cases import events

v1 = tf.compat.v1


@pytest.fixture
def writer(tmp_path: Path) -> Any:
    yield tf.summary.create_file_writer(str(tmp_path))
    tf.summary.experimental.set_step(None)
    tf.summary.trace_off()


def _summaries(folder: Path) -> list[tuple[int, str]]:
    """The steps and tags in the one file of a folder."""
    found = [v1.Event.FromString(e) for e in events(tf, folder)]
    return [(e.step, v.tag) for e in found for v in e.summary.value]


class TestWriters:
    def test_without_a_writer_nothing_is_written(self) -> None:
        assert not tf.summary.scalar("a", 1.0, step=1)
        assert not tf.summary.scalar("a", 1.0)
        assert not tf.summary.write("a", lambda: pytest.fail("made"), step=1)
        assert not tf.summary.should_record_summaries()
        assert not tf.summary.graph("anything")
        assert tf.summary.flush() is None

    def test_says_whether_it_wrote(self, writer: Any) -> None:
        with writer.as_default() as same:
            assert same is writer
            assert tf.summary.should_record_summaries()
            done = tf.summary.scalar("a", 1.0, step=1)
            assert done.dtype is tf.bool and bool(done)
            with tf.summary.record_if(False):
                assert not tf.summary.scalar("a", 1.0, step=1)
                assert not tf.summary.should_record_summaries()

    def test_closed(self, writer: Any, tmp_path: Path) -> None:
        with writer.as_default():
            tf.summary.scalar("a", 1.0, step=1)
            writer.close()
            with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
                tf.summary.scalar("a", 1.0, step=1)
        assert writer.close() is None
        assert writer.flush() is None
        for call in (writer.as_default, writer.set_as_default, writer.init):
            with pytest.raises(RuntimeError, match="is already closed"):
                call()
        assert _summaries(tmp_path) == [(1, "a")]

    def test_set_as_default(self, writer: Any, tmp_path: Path) -> None:
        manager = tf.summary.create_noop_writer()
        writer.set_as_default(step=3)
        manager.set_as_default()
        with manager.as_default(step=9):
            tf.summary.scalar("a", 1.0)
        assert tf.summary.experimental.get_step() == 3
        tf.summary.flush(writer)
        assert _summaries(tmp_path) == [(3, "a")]
        from thalweg.summary.state import state
        state.writer = None
        assert [manager.init(), manager.flush(), manager.close()] == [None] * 3

    def test_writers_inside_one_another(self, writer: Any, tmp_path: Path) -> None:
        other = tf.summary.create_file_writer(str(tmp_path / "other"))
        with writer.as_default(step=1):
            with other.as_default(step=2):
                tf.summary.scalar("b", 1.0)
            tf.summary.scalar("a", 1.0)
        assert _summaries(tmp_path / "other") == [(2, "b")]
        (tmp_path / "other" / next((tmp_path / "other").iterdir()).name).unlink()
        (tmp_path / "other").rmdir()
        assert _summaries(tmp_path) == [(1, "a")]
        assert tf.summary.experimental.get_step() is None

    def test_made_inside_a_function(self, tmp_path: Path) -> None:
        """The writer is made once, outside the function, and stays as long as the function."""
        @tf.function
        def f(x: Any) -> Any:
            with tf.summary.create_file_writer(str(tmp_path)).as_default():
                tf.summary.scalar("a", x, step=1)
            return x
        f(tf.constant(1.0))
        f(tf.constant(2.0))
        assert _summaries(tmp_path) == [(1, "a"), (1, "a")]
        with pytest.raises(ValueError, match="Invalid graph Tensor argument 'logdir="):
            tf.function(lambda x: tf.summary.create_file_writer(x).flush())(tf.constant(str(tmp_path)))

    def test_refuses(self, writer: Any) -> None:
        with pytest.raises(ValueError, match="Invalid argument to flush"):
            tf.summary.flush(3)
        with pytest.raises(ValueError, match="Must enable trace before export"):
            tf.summary.trace_export("x")
        with writer.as_default():
            with pytest.raises(ValueError, match="No step set"):
                tf.summary.scalar("a", 1.0)
            with pytest.raises(ValueError, match="No step set"):
                tf.summary.experimental.write_raw_pb(b"")
            with pytest.raises(ValueError, match="must be a scalar. Received step with shape"):
                tf.summary.scalar("a", 1.0, step=[1, 2])
            with pytest.raises(ValueError, match="requested dtype int64"):
                tf.summary.scalar("a", 1.0, step=tf.constant(1))
            with pytest.raises(TypeError, match="Cannot convert 1.5"):
                tf.summary.scalar("a", 1.0, step=1.5)
            with pytest.raises(ValueError, match="Expected scalar shape"):
                tf.summary.scalar("a", [1.0], step=1)
            with pytest.raises(ValueError, match="must have rank 4"):
                tf.summary.image("a", np.zeros([1, 1, 1]), step=1)
            with pytest.raises(tf.errors.InvalidArgumentError, match="x >= 0 did not hold"):
                tf.summary.image("a", np.zeros([1, 1, 1, 1]), step=1, max_outputs=-1)
            with pytest.raises(TypeError, match="must be of type tf.int32"):
                tf.summary.histogram("a", [1.0], step=1, buckets=1.5)
            with pytest.raises(TypeError, match="must be of type tf.string"):
                tf.summary.text("a", 1, step=1)
            with pytest.raises(ValueError, match="must have rank 3"):
                tf.summary.audio("a", [1.0], 8000, step=1)
            with pytest.raises(ValueError, match="Unknown encoding: 'mp3'"):
                tf.summary.audio("a", np.zeros([1, 1, 1], np.float32), 8000, step=1, encoding="mp3")
            with pytest.raises(tf.errors.DataLossError, match="Bad tf.compat.v1.Summary binary proto"):
                tf.summary.experimental.write_raw_pb(b"xyz", step=1)
            with pytest.raises(ValueError, match="is not tf.Graph or"):
                tf.summary.graph("x")
            with tf.Graph().as_default(), pytest.raises(ValueError, match="cannot be invoked inside a graph"):
                tf.summary.graph(tf.Graph())

    def test_scopes(self) -> None:
        with tf.name_scope("out"):
            with tf.summary.experimental.summary_scope("a b", "c") as found:
                assert found == ("out/a b", "out/ab/")
            with tf.summary.experimental.summary_scope("", "c") as found:
                assert found == ("out/c", "out/c/")


class TestGraphs:
    def test_graph(self, writer: Any, tmp_path: Path) -> None:
        graph = tf.Graph()
        with graph.as_default():
            x = tf.constant(2.0, name="two")
            tf.while_loop(lambda i: i < 3.0, lambda i: i * x, [x], name="loop")
        with writer.as_default():
            assert tf.summary.graph(graph)
            assert tf.summary.graph(v1.GraphDef())
        _, first, second = [v1.Event.FromString(e) for e in events(tf, tmp_path)]
        nodes = {n.name: n for n in v1.GraphDef.FromString(first.graph_def).node}
        assert nodes["two"].op == "Const" and "loop" in nodes
        assert nodes["two"].attr["_output_shapes"].list.shape[0].dim == []
        assert second.WhichOneof("what") == "graph_def" and second.graph_def == b""

    def test_trace(self, writer: Any, tmp_path: Path) -> None:
        @tf.function
        def f(x: Any) -> Any:
            return tf.multiply(x, 2.0, name="doubled")
        f(tf.constant(1.0))
        tf.summary.trace_on()
        for _ in range(2):
            f(tf.constant(1.0))
        f(tf.constant([1.0]))
        with writer.as_default():
            tf.summary.trace_export("t", step=7)
        f(tf.constant([[1.0]]))
        event = v1.Event.FromString(events(tf, tmp_path)[-1])
        value, = event.summary.value
        assert (event.step, value.tag) == (7, "t")
        assert value.metadata.plugin_data.plugin_name == "graph_run_metadata_graph"
        assert value.metadata.plugin_data.content == b"1"
        recorded = RunMetadata.FromString(tf.make_ndarray(value.tensor).item())
        assert len(recorded.function_graphs) == len(recorded.partition_graphs) == 2
        assert "doubled" in [n.name for n in recorded.function_graphs[0].pre_optimization_graph.node]
        with pytest.raises(ValueError, match="Must enable trace"):
            tf.summary.trace_export("t", step=7)

    def test_traces_are_forgotten(self, caplog: pytest.LogCaptureFixture) -> None:
        tf.summary.trace_on(profiler=True)
        assert "no profiler" in caplog.text
        tf.summary.trace_on()
        assert "already enabled" in caplog.text
        tf.summary.trace_off()
        tf.summary.trace_off()
        with tf.Graph().as_default():
            tf.summary.trace_on()
        with pytest.raises(ValueError, match="Must enable trace"):
            tf.summary.trace_export("t", step=7)


class TestInGraphs:
    """TensorFlow 2's summaries in sessions."""

    def test_runs_when_asked(self, tmp_path: Path) -> None:
        with tf.Graph().as_default() as graph:
            step = v1.train.get_or_create_global_step()
            wanted = v1.placeholder(tf.bool)
            writer = tf.summary.create_file_writer(str(tmp_path))
            with writer.as_default(step=step):
                always = tf.summary.scalar("always", 3.0)
                with tf.summary.record_if(tf.constant(False)):
                    never = tf.summary.scalar("never", 3.0)
                with tf.summary.record_if(wanted):
                    maybe = tf.summary.scalar("maybe", 3.0)
                assert v1.summary.all_v2_summary_ops() == [always, never, maybe]
                with v1.Session() as session:
                    session.run(v1.global_variables_initializer())
                    with pytest.raises(tf.errors.NotFoundError, match="create_file_writer/.* does not exist"):
                        session.run(always)
                    v1.summary.initialize(graph)
                    assert session.run([always, never, maybe], {wanted: False}) == [True, False, False]
                    session.run(step.assign_add(1))
                    assert session.run(maybe, {wanted: True})
                    session.run(writer.close())
                    with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
                        session.run(always)
        assert _summaries(tmp_path) == [(0, "always"), (1, "maybe")]
        assert any(v1.Event.FromString(e).graph_def for e in events(tf, tmp_path))

    def test_initialize_refuses(self, tmp_path: Path) -> None:
        assert v1.summary.initialize() is None
        with tf.Graph().as_default():
            with pytest.raises(RuntimeError, match="No default"):
                v1.summary.initialize()
            with tf.summary.create_file_writer(str(tmp_path)).as_default(), pytest.raises(ValueError, match="session"):
                v1.summary.initialize()
        assert v1.summary.all_v2_summary_ops() is None


class TestFirstGeneration:
    """TensorFlow 1's summaries."""

    def test_names_and_tags(self) -> None:
        with tf1.Graph().as_default():
            x = tf1.placeholder(tf1.float32, [])
            first = tf1.summary.scalar("a b", x)
            with tf1.name_scope("s"):
                second = tf1.summary.scalar("/a", x, family="f", collections=["mine"])
            assert [first.name, second.name] == ["a_b:0", "s/f/a:0"]
            assert tf1.get_collection(tf1.GraphKeys.SUMMARIES) == [first]
            assert tf1.get_collection("mine") == [second]
            assert tf1.summary.merge_all("none") is None
            merged = tf1.summary.merge([first, second], collections=["mine"], name="all of it")
            assert merged.name == "all_of_it/all_of_it:0"
            assert tf1.get_collection("mine")[1] is merged
            assert tf1.summary.merge_all().name == "Merge/MergeSummary:0"
            with tf1.Session() as session:
                found = tf1.Summary.FromString(session.run(merged, {x: 2.0}))
                assert [(v.tag, v.simple_value) for v in found.value] == [("a_b", 2.0), ("f/s/f/a", 2.0)]
                with pytest.raises(tf1.errors.InvalidArgumentError, match="Duplicate tag a_b found"):
                    session.run(tf1.summary.merge([first, first]), {x: 2.0})

    def test_refuses(self) -> None:
        with tf1.Graph().as_default():
            with pytest.raises(ValueError, match="to have dtype string, got <dtype: 'float32'>"):
                tf1.summary.text("e", tf1.constant(1.0))
            with pytest.raises(ValueError, match="length 0 shorter than minimum length 1"):
                tf1.summary.merge([])
            with pytest.raises(TypeError, match="DataType string not in list of allowed values"):
                tf1.summary.scalar("e", tf1.constant("s"))
            with pytest.raises(ValueError, match="At least one of name"):
                tf1.summary.scalar(None, 1.0)
            with tf1.Session() as session:
                for x in (np.nan, np.inf):
                    with pytest.raises(tf1.errors.InvalidArgumentError, match="for: "):
                        session.run(tf1.summary.histogram("h", [x]))
                for shape in ([1, 1], [1, 1, 1, 2]):
                    with pytest.raises(tf1.errors.InvalidArgumentError, match="must be 4-D with last dim 1, 3, or 4"):
                        session.run(tf1.summary.image("i", np.zeros(shape, np.float32)))
                for shape in ([1, 0, 1, 3], [0, 0, 0, 4]):
                    with pytest.raises(tf1.errors.InvalidArgumentError, match="must have non-zero dims"):
                        session.run(tf1.summary.image("i", np.zeros(shape, np.float32)))
                with pytest.raises(tf1.errors.InvalidArgumentError, match="3-D or 2-D"):
                    session.run(tf1.summary.audio("a", np.zeros([1], np.float32), 8000))
                with pytest.raises(tf1.errors.InvalidArgumentError, match="sample_rate must be > 0"):
                    session.run(tf1.summary.audio("a", np.zeros([1, 1], np.float32), 0))
        for call in (lambda: v1.summary.merge([]), v1.summary.merge_all):
            with pytest.raises(RuntimeError, match="not compatible with eager execution"):
                call()
        with pytest.raises(RuntimeError, match="not compatible with eager execution"):
            v1.summary.FileWriter("anywhere")

    def test_eagerly(self, writer: Any) -> None:
        """Without a writer and a step the result is the summary; otherwise it is written, and the result is empty."""
        with pytest.warns(UserWarning, match="default summary writer not found"):
            found = v1.summary.scalar("a", 2.0)
        assert v1.Summary.FromString(found.numpy()).value[0].simple_value == 2.0
        with writer.as_default(), pytest.warns(UserWarning, match="global step not set"):
            assert v1.summary.scalar("a", 2.0).numpy()
        with writer.as_default(step=1):
            assert v1.summary.scalar("a", 2.0).numpy() == b""

    def test_file_writer_refuses(self, tmp_path: Path) -> None:
        with tf1.Graph().as_default() as graph, tf1.summary.FileWriter(str(tmp_path), graph) as writer:
            writer.add_run_metadata(tf1.RunMetadata(), "t")
            with pytest.raises(ValueError, match="already used"):
                writer.add_run_metadata(tf1.RunMetadata(), "t")
            with pytest.raises(ValueError, match="not both"):
                writer.add_graph(graph, graph_def=tf1.GraphDef())
            for wrong in ("x", None):
                with pytest.raises(TypeError, match="must be an instance of `Graph`"):
                    writer.add_graph(wrong)
            with pytest.raises(TypeError, match="must be type MetaGraphDef, saw type: <class 'str'>"):
                writer.add_meta_graph("x")
            with pytest.raises(AttributeError):
                writer.add_summary("x")
        assert [v1.Event.FromString(e).WhichOneof("what") for e in events(tf, tmp_path)] == [
            "file_version", "graph_def", "tagged_run_metadata"]

    def test_description(self) -> None:
        node = tf1.NodeDef(op="TensorSummary", attr={"description": tf1.AttrValue(s=b'{"typeHint": "x"}')})
        assert tf1.summary.get_summary_description(node) == tf1.summary.SummaryDescription(type_hint="x")
        with pytest.raises(ValueError, match="Can't get_summary_description on X"):
            tf1.summary.get_summary_description(tf1.NodeDef(op="X"))


def test_words_of_enumerations() -> None:
    assert tf1.SessionLog.STOP == tf1.SessionLog.SessionStatus.Value("STOP") == 2
    assert tf1.LogMessage.Level.Name(tf1.LogMessage.ERROR) == "ERROR"
    assert tf1.SessionLog.SessionStatus.items()[1] == ("START", 1)
    assert tf1.SessionLog.SessionStatus.keys()[0] == "STATUS_UNSPECIFIED"
    assert tf1.SessionLog.SessionStatus.values() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="no name defined for value 9"):
        tf1.SessionLog.SessionStatus.Name(9)
    with pytest.raises(ValueError, match="no value defined for name 'X'"):
        tf1.SessionLog.SessionStatus.Value("X")
    assert str(tf1.SessionLog(status="START", msg="m")) == 'status: START\nmsg: "m"\n'


def test_writes_of_one_element(tmp_path: Path) -> None:
    raw = tf.raw_ops
    writer = raw.SummaryWriter()
    with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
        raw.FlushSummaryWriter(writer=writer)
    raw.CreateSummaryFileWriter(writer=writer, logdir=str(tmp_path), max_queue=1, flush_millis=1, filename_suffix="")
    assert raw.WriteScalarSummary(writer=writer, step=[4], tag=["t"], value=[1.0, 2.0]) is None
    for step, value in (([1, 2], 1.0), (1, np.zeros([0], np.float32))):
        with pytest.raises(tf.errors.InvalidArgumentError, match="one element tensor"):
            raw.WriteScalarSummary(writer=writer, step=step, tag="t", value=value)
    for call in (lambda x: raw.WriteScalarSummary(writer=writer, step=1, tag="t", value=x),
                 lambda x: raw.WriteHistogramSummary(writer=writer, step=1, tag="t", values=x)):
        with pytest.raises(tf.errors.UnimplementedError, match="bfloat16 not supported"):
            call(tf.constant(1.0, tf.bfloat16))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Nan in summary histogram for: t"):
        raw.WriteHistogramSummary(writer=writer, step=1, tag="t", values=[np.nan])
    for wrong in (lambda: raw.ImportEvent(writer=writer, event=b"q"),
                  lambda: raw.WriteGraphSummary(writer=writer, step=1, tensor=b"q")):
        with pytest.raises(tf.errors.DataLossError, match="Bad tf"):
            wrong()
    raw.CloseSummaryWriter(writer=writer)
    assert _summaries(tmp_path) == [(4, "t")]


@pytest.mark.parametrize(("color", "words"), [
    ([1], "expected depth <= bad_color.size, got depth = 3, bad_color.size = 1"),
    ([[1, 2, 3, 4]], "bad_color must be a vector"),
    ([1.0, 2.0, 3.0], "bad_color must be uint8, got float")])
def test_colors_of_bad_pixels(color: Any, words: str) -> None:
    given = tf.make_tensor_proto(color, tf.float32 if isinstance(color[0], float) else tf.uint8)
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        tf.raw_ops.ImageSummary(tag="t", tensor=np.zeros([1, 1, 1, 3], np.float32), bad_color=given)
