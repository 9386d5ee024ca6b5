"""Graphs as messages: written, read, and what TensorFlow made of them (`tools/make_graph_goldens.py`)."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import goldens
from tests.formats import graph_cases

import thalweg as tf
from thalweg.formats.text import parse

v1 = tf.compat.v1


@pytest.fixture(scope="module")
def golden() -> Any:
    with np.load(goldens.FOLDER / "graph_def.npz") as store:
        return {key: goldens.decode(store[key]) for key in store.files}


def _message(golden: Any) -> Any:
    return v1.GraphDef.FromString(golden["message"].tobytes())


def _check(found: list[Any], golden: Any) -> None:
    for i, value in enumerate(found):
        expected = golden[f"out/{i}"]
        assert value.dtype == expected.dtype and value.shape == expected.shape
        if value.dtype.kind == "O":
            assert value.tolist() == expected.tolist()
        else:
            np.testing.assert_allclose(value, expected, 1e-4, 1e-6)


def test_what_tensorflow_wrote_runs(golden: Any) -> None:
    message = _message(golden)
    assert message.SerializeToString() == golden["message"].tobytes()
    assert parse(golden["text"].tobytes(), v1.GraphDef()) == message
    _check(graph_cases.run(tf, message), golden)


def test_what_is_written_runs_and_has_tensorflows_attributes(golden: Any, tmp_path: Path) -> None:
    with tf.Graph().as_default() as graph:
        graph_cases.build(tf)
    path = tf.io.write_graph(graph, str(tmp_path / "deep"), "graph.pb", as_text=False)
    text = tf.io.write_graph(graph.as_graph_def(), str(tmp_path), "graph.pbtxt")
    message = v1.GraphDef.FromString(Path(path).read_bytes())
    assert parse(Path(text).read_text(), v1.GraphDef()) == message == graph.as_graph_def()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["deep", "graph.pbtxt"]
    _check(graph_cases.run(tf, message), golden)
    theirs = {node.op: set(node.attr) for node in _message(golden).node}
    for node in message.node:
        extra = set(node.attr) - theirs.get(node.op, set(node.attr))
        assert not extra, f"{node.op} has attributes that TensorFlow does not write: {extra}"


def test_a_node_as_message_and_text() -> None:
    with tf.Graph().as_default() as graph:
        assert not graph.as_graph_def().node and str(graph.as_graph_def()) == "versions {\n  producer: 2474\n}\n"
        x = v1.placeholder(tf.float32, [None, 3], name="x")
        y = tf.matmul(x, tf.ones([3, 2]), name="s/y")
        with tf.control_dependencies([y]), tf.device("/gpu:0"):
            z = tf.identity(x, name="z")
    assert str(x.op) == str(x.op.node_def) == (
        'name: "x"\nop: "Placeholder"\nattr {\n  key: "shape"\n  value {\n    shape {\n      dim {\n        size: -1\n'
        '      }\n      dim {\n        size: 3\n      }\n    }\n  }\n}\nattr {\n  key: "dtype"\n  value {\n    type: DT_FLOAT\n'
        '  }\n}\n')
    assert list(z.op.node_def.input) == ["x", "^s/y"] and z.op.node_def.device == "/device:GPU:0"
    assert y.op.node_def.attr["transpose_a"].HasField("b") and not y.op.node_def.attr["transpose_a"].b
    shapes = graph.as_graph_def(add_shapes=True).node[0].attr["_output_shapes"].list.shape
    assert [d.size for d in shapes[0].dim] == [-1, 3]


def _small() -> Any:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 3], name="x")
        y = tf.matmul(x, tf.ones([3, 2], name="s/ones"), name="s/y")
        with tf.control_dependencies([y]):
            tf.identity(x, name="z")
    return graph.as_graph_def()


def test_names_and_replaced_inputs() -> None:
    with tf.Graph().as_default() as graph:
        assert tf.import_graph_def(_small()) is None
        assert [op.name for op in graph.get_operations()] == ["import/x", "import/s/ones", "import/s/y", "import/z"]
        assert list(graph.get_operation_by_name("import/z").control_inputs) == [graph.get_operation_by_name("import/s/y")]
        y, z = tf.import_graph_def(_small(), return_elements=["s/y:0", "z"])
        assert y.name == "import_1/s/y:0" and z is graph.get_operation_by_name("import_1/z")
        (op,) = tf.graph_util.import_graph_def(_small(), name="p/q", return_elements=["s/y"])
        assert op.name == "p/q/s/y"
        rows = tf.ones([5, 3])
        for key in ("x:0", "x"):
            (y,) = tf.import_graph_def(_small(), input_map={key: rows}, return_elements=["s/y:0"])
            assert y.shape.as_list() == [5, 2] and y.op.inputs[0] is rows
        tf.import_graph_def(_small(), name="")
        with tf.name_scope("s") as scope:
            assert scope == "s_1/"
        backwards = v1.GraphDef(node=list(reversed(_small().node)))
        (y,) = tf.import_graph_def(backwards, return_elements=["s/y:0"])
        with v1.Session() as session:
            assert session.run(y, {y.op.inputs[0]: [[1, 2, 3]]}).tolist() == [[6, 6]]


def _nodes(*nodes: Any) -> Any:
    return v1.GraphDef(node=[{"name": name, "op": op, "input": inputs, "attr": attrs} for name, op, inputs, attrs in nodes])


_T, _DT, _INT = {"T": {"type": 1}}, {"dtype": {"type": 1}}, {"dtype": {"type": 3}}


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda: tf.import_graph_def(3), TypeError, "Argument `graph_def` must be a GraphDef proto."),
    (lambda: tf.import_graph_def(_small(), input_map=3), TypeError, "must be a dictionary. Obtained int"),
    (lambda: tf.import_graph_def(_small(), return_elements=[3]), TypeError, "must be a list of strings"),
    (lambda: tf.import_graph_def(_small(), input_map={"nope:0": tf.ones([1])}), ValueError, r"in graph_def: \[nope:0\]"),
    (lambda: tf.import_graph_def(_small(), return_elements=["nope:0"]), ValueError, "return tensor 'nope:0' not found"),
    (lambda: tf.import_graph_def(_small(), return_elements=["nope"]), ValueError, "return node 'nope' not found"),
    (lambda: tf.import_graph_def(_small(), name="a b"), ValueError, "is not a valid root scope name"),
    (lambda: tf.import_graph_def(_small(), input_map={"x:0": tf.constant(1)}), ValueError,
     "Input 0 of node import/s/y was passed int32 from Const:0 incompatible with expected float."),
    (lambda: tf.import_graph_def(_nodes(("q", "Nope", [], {}))), tf.errors.NotFoundError, "Op type not registered 'Nope'"),
    (lambda: tf.import_graph_def(_nodes(("q", "Neg", ["r"], _T))), ValueError, "Node 'q': Unknown input node 'r'"),
    (lambda: tf.import_graph_def(_nodes(("q", "NoOp", ["^r"], {}))), ValueError, r"Node 'q': Unknown input node '\^r'"),
    (lambda: tf.import_graph_def(_nodes(("q", "NoOp", [], {}), ("q", "NoOp", [], {}))), ValueError, "Node 'q' is not unique"),
    (lambda: tf.import_graph_def(_nodes(("q", "Placeholder", [], {}))), ValueError, "NodeDef missing attr 'dtype'"),
    (lambda: tf.import_graph_def(_nodes(("q", "Neg", ["c"], _T), ("c", "Placeholder", [], _INT))), ValueError,
     "Input 0 of node import/q was passed int32 from import/c:0 incompatible with expected float."),
    (lambda: tf.import_graph_def(_nodes(("q", "Neg", ["c:3"], _T), ("c", "Placeholder", [], _DT))), ValueError,
     "Connecting to invalid output 3 of source node c which has 1 outputs"),
    (lambda: tf.import_graph_def(_nodes(("q", "Placeholder", [], {"dtype": {"i": 1}}))), ValueError,
     "AttrValue had value with type 'int' when 'type' expected"),
    (lambda: tf.import_graph_def(_nodes(("a", "Neg", ["b"], _T), ("b", "Neg", ["a"], _T))), ValueError, "part of a cycle"),
    (lambda: tf.import_graph_def(_nodes(("q", "NoOp", [], {"foo": {"i": 3}, "_bar": {"b": True}}), ("r", "Nope", [], {}))),
     tf.errors.NotFoundError, "Nope")])
def test_errors(call: Any, kind: Any, words: str) -> None:
    with tf.Graph().as_default() as graph:
        with pytest.raises(kind, match=words):
            call()
        assert not [op for op in graph.get_operations() if op.name.startswith("import/")]


def test_random_bytes_do_no_harm(golden: Any) -> None:
    rng = np.random.default_rng(0)
    whole = golden["message"].tobytes()
    read = 0
    for _ in range(60):
        data = bytearray(whole)
        data[rng.integers(len(data))] ^= 1 << rng.integers(7)
        with tf.Graph().as_default():
            try:
                tf.import_graph_def(v1.GraphDef.FromString(bytes(data)))
                read += 1
            except (ValueError, TypeError, tf.errors.OpError):
                pass
    assert read


def test_parts_of_graphs() -> None:
    part = v1.graph_util.extract_sub_graph(_small(), ["s/y"])
    assert [n.name for n in part.node] == ["x", "s/ones", "s/y"] and part.versions.producer == 2474
    with pytest.raises(AssertionError, match="nope is not in graph"):
        v1.graph_util.extract_sub_graph(_small(), ["nope"])
    with pytest.raises(TypeError, match="dest_nodes must be an iterable of strings"):
        v1.graph_util.extract_sub_graph(_small(), "s/y")
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [2], name="x")
        y = tf.negative(tf.identity(tf.identity(x, name="a"), name="b"), name="y")
        assert v1.graph_util.tensor_shape_from_node_def_name(graph, "y") == [2]
    removed = v1.graph_util.remove_training_nodes(graph.as_graph_def())
    assert [n.name for n in removed.node] == ["x", "y"] and list(removed.node[1].input) == ["x"]
    kept = v1.graph_util.remove_training_nodes(graph.as_graph_def(), ["b"])
    assert [n.name for n in kept.node] == ["x", "b", "y"] and not v1.graph_util.must_run_on_cpu(y.op)


def test_a_graph_with_functions_says_so() -> None:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [], name="x")
        tf.while_loop(lambda i: i < 3.0, lambda i: (i + 1.0,), [x])
        with pytest.raises(tf.errors.UnimplementedError, match="holds functions"):
            graph.as_graph_def()
