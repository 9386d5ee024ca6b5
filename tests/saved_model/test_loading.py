"""Loading models that TensorFlow wrote: `tools/make_saved_model_goldens.py` made them."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf

FOLDER = Path(__file__).parent.parent / "goldens" / "saved_models"
X = [1.0, 2.0, 3.0]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    with np.load(FOLDER / "expected.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture
def model() -> Any:
    return tf.saved_model.load(FOLDER / "v2")


def same(found: Any, wanted: Any) -> None:
    found = np.asarray(found)
    assert found.dtype == wanted.dtype
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_functions(model: Any, expected: dict[str, Any]) -> None:
    x = tf.constant(X)
    same(model.dense(tf.constant([[1.0, 2.0], [-1.0, 0.5]])), expected["dense"])
    same(model.dense([[1.0, 2.0], [-1.0, 0.5]]), expected["dense"])
    for i in range(3):
        same(model.case(i, x), expected[f"case{i}"])
    same(model.parts["b"][1](x), expected["inner"])
    same(model.big(), expected["big"])


def test_python_arguments_choose_the_trace(model: Any, expected: dict[str, Any]) -> None:
    x = tf.constant(X)
    plain = model.choose(x)
    assert isinstance(plain, list)
    assert plain[1] is None
    same(plain[0], expected["plain"])
    same(model.choose(x, "other")[0], expected["other"])
    same(model.choose(x, mode="other")[0], expected["other"])
    same(model.choose(x, flag=True)[0], expected["flag"])
    with pytest.raises(ValueError, match="Could not find matching concrete function to call loaded from the SavedModel. Got:"):
        model.choose(x, "third")
    with pytest.raises(TypeError, match="Binding inputs to tf.function failed due to `Can not cast"):
        model.dense(tf.constant([[1, 2]]))
    with pytest.raises(TypeError, match="too many positional arguments"):
        model.dense(tf.ones([1, 2]), 3)


def test_loops_and_variables(model: Any, expected: dict[str, Any]) -> None:
    found = model.loop(tf.constant(X), 3)
    same(found["last"], expected["last"])
    same(found["sums"], expected["sums"])
    same(model.steps, expected["steps"])


def test_gradients(model: Any, expected: dict[str, Any]) -> None:
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model.loop(tf.constant(X), 3)["last"] ** 2) + \
            tf.reduce_sum(model.dense(tf.constant([[1.0, 2.0], [-1.0, 0.5]])) ** 2)
    found = tape.gradient(loss, [model.w, model.parts["a"].scale, model.many[0], model.many[1][0]])
    for i, gradient in enumerate(found):
        same(gradient, expected[f"gradient{i}"])
    assert [v.trainable for v in (model.w, model.steps)] == [True, False]


def test_inside_a_function(model: Any, expected: dict[str, Any]) -> None:
    @tf.function
    def twice(x: Any) -> Any:
        return model.loop(x, 3)["last"] * 2.0
    same(twice(tf.constant(X)), expected["last"] * 2)
    same(model.steps, expected["steps"])


def test_tables(model: Any, expected: dict[str, Any]) -> None:
    words, counts = model.look(tf.constant(["blue", "x", "red"]))
    same(words, expected["words"])
    same(counts, expected["counts"])


def test_ragged(model: Any, expected: dict[str, Any]) -> None:
    sums, doubled = model.ragged(tf.ragged.constant([[1.0, 2.0], [], [3.0]]))
    same(sums, expected["ragged_sum"])
    same(doubled.flat_values, expected["ragged_values"])
    assert doubled.to_list() == [[2.0, 4.0], [], [6.0]]


def test_signatures(model: Any, expected: dict[str, Any]) -> None:
    assert sorted(model.signatures) == ["loop", "serving_default"]
    serve = model.signatures["serving_default"]
    assert serve.structured_input_signature == ((), {"x": tf.TensorSpec([None, 2], tf.float32, "x")})
    assert serve.structured_outputs == {"output_0": tf.TensorSpec([None, 2], tf.float32, "output_0")}
    same(serve(x=tf.constant([[1.0, 2.0], [-1.0, 0.5]]))["output_0"], expected["dense"])
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        serve(y=1)
    assert model.tensorflow_version == "2.21.0"
    with pytest.raises(AttributeError, match="object has no attribute 'nothing'"):
        _ = model.nothing


def test_assets_lie_in_the_models_folder(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "v2", tmp_path / "moved")
    (tmp_path / "moved" / "assets" / "words.txt").write_text("white\n")
    words, _ = tf.saved_model.load(tmp_path / "moved").look(tf.constant(["white"]))
    assert words.numpy().tolist() == [0]


def test_checkpoints_take_loaded_models(model: Any, tmp_path: Path) -> None:
    model.w.assign(tf.ones([2, 2]))
    path = tf.train.Checkpoint(model=model).save(tmp_path / "ckpt")
    other = tf.saved_model.load(FOLDER / "v2")
    tf.train.Checkpoint(model=other).restore(path)
    assert other.w.numpy().tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_tags() -> None:
    assert tf.saved_model.load(FOLDER / "v2", tags="serve").w.shape == [2, 2]
    with pytest.raises(ValueError, match=r"Got an incompatible argument to `tags`: \['x'\]"):
        tf.saved_model.load(FOLDER / "v2", tags=["x"])


def test_files_that_are_no_models(tmp_path: Path) -> None:
    assert tf.saved_model.contains_saved_model(FOLDER / "v2")
    assert not tf.saved_model.contains_saved_model(tmp_path)
    with pytest.raises(OSError, match="SavedModel file does not exist at: .*/{saved_model.pbtxt|saved_model.pb}"):
        tf.saved_model.load(tmp_path)
    whole = (FOLDER / "v2" / "saved_model.pb").read_bytes()
    for bad in (b"hello world", whole[:20000], whole[:-1]):
        (tmp_path / "saved_model.pb").write_bytes(bad)
        with pytest.raises(OSError, match="Cannot parse file"):
            tf.saved_model.load(tmp_path)


def test_missing_and_damaged_variables(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "v2", tmp_path / "m")
    data = tmp_path / "m" / "variables" / "variables.data-00000-of-00001"
    data.write_bytes(bytes([data.read_bytes()[0] ^ 255]) + data.read_bytes()[1:])
    with pytest.raises(tf.errors.DataLossError):
        tf.saved_model.load(tmp_path / "m")
    shutil.rmtree(tmp_path / "m" / "variables")
    with pytest.raises(AssertionError, match="not bound to checkpointed values"):
        tf.saved_model.load(tmp_path / "m")
    skipped = tf.saved_model.LoadOptions(experimental_skip_checkpoint=True)
    assert tf.saved_model.load(tmp_path / "m", options=skipped).w.numpy().tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_models_of_tensorflow_1(expected: dict[str, Any]) -> None:
    model = tf.saved_model.load(FOLDER / "v1")
    same(model.signatures["serving_default"](x=tf.constant([[1.0, 2.0], [3.0, 4.0]]))["y"], expected["v1_y"])
    same(model.signatures["words"](text=tf.constant(["two", "one", "none"]))["ids"], expected["v1_ids"])
    same(model.prune([], "counted:0")(), expected["v1_counted"])
    same(model.prune("x:0", ["y:0"])(tf.constant([[1.0, 2.0], [3.0, 4.0]]))[0], expected["v1_y"])
    assert sorted(v.name for v in model.variables) == ["count:0", "layer/b:0", "layer/w:0"]
    with tf.GradientTape() as tape:
        y = model.signatures["serving_default"](x=tf.constant([[1.0, 2.0]]))["y"]
    weights = next(v for v in model.variables if v.name == "layer/w:0")
    assert tape.gradient(y, weights).numpy().tolist() == [[1.0], [2.0]]
    with pytest.raises(KeyError, match="does not exist"):
        model.prune("nothing:0", "y:0")


def test_models_in_sessions(expected: dict[str, Any]) -> None:
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        meta = v1.saved_model.load(session, [v1.saved_model.tag_constants.SERVING], FOLDER / "v1")
        x = [[1.0, 2.0], [3.0, 4.0]]
        signature = meta.signature_def["serving_default"]
        assert v1.saved_model.is_valid_signature(signature)
        same(session.run(signature.outputs["y"].name, {signature.inputs["x"].name: x}), expected["v1_y"])
        same(session.run("ids:0", {"text:0": ["two", "one", "none"]}), expected["v1_ids"])
        same(session.run("counted:0"), expected["v1_counted"])
        assert session.run("count:0") == expected["v1_counted"]
        names = [v.name for v in v1.trainable_variables()]
        assert names == ["layer/w:0", "layer/b:0"]
        session.run(v1.global_variables_initializer())
        assert session.run("count:0") == 0
        assert v1.saved_model.get_tensor_from_tensor_info(signature.outputs["y"]).name == "y:0"
    with tf.Graph().as_default(), v1.Session() as session:
        v1.saved_model.loader.load(session, ["serve"], FOLDER / "v1", import_scope="there")
        same(session.run("there/y:0", {"there/x:0": x}), expected["v1_y"])
        with pytest.raises(RuntimeError, match="MetaGraphDef associated with tags 'a' could not be found in SavedModel"):
            v1.saved_model.load(session, ["a"], FOLDER / "v1")


def test_models_of_tensorflow_2_in_sessions(expected: dict[str, Any]) -> None:
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        meta = v1.saved_model.load(session, ["serve"], FOLDER / "v2")
        signature = meta.signature_def["serving_default"]
        found = session.run(signature.outputs["output_0"].name,
                            {signature.inputs["x"].name: [[1.0, 2.0], [-1.0, 0.5]]})
        same(found, expected["dense"])
        signature = meta.signature_def["loop"]
        feeds = {signature.inputs["x"].name: X, signature.inputs["n"].name: 3}
        same(session.run(signature.outputs["last"].name, feeds), expected["last"])


def test_functions_that_call_themselves_or_each_other_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    from thalweg.formats import graph_functions
    from thalweg.formats.graph_proto import AttrValue, GraphDef, NodeDef

    def graph(callees: list[str]) -> Any:
        """`f` calls functions one after another on its argument; the graph calls `f`."""
        made = GraphDef()
        f = made.library.function.add()
        f.signature.name = "f"
        f.signature.input_arg.add(name="x", type=1)
        f.signature.output_arg.add(name="y", type=1)
        text = "x"
        for i, name in enumerate(callees):
            node = NodeDef(name=f"n{i}", op="PartitionedCall" if name == "f" else name, input=[text])
            if name == "f":
                node.attr.put("f", AttrValue(func={"name": "f"}))
            else:
                node.attr.put("T", AttrValue(type=1))
            f.node_def.append(node)
            text = f"n{i}:output:0" if name == "f" else f"n{i}:y:0"
        f.ret.put("y", text)
        made.node.append(NodeDef(name="x", op="Placeholder"))
        made.node[0].attr.put("dtype", AttrValue(type=1))
        made.node.append(NodeDef(name="call", op="f", input=["x"]))
        return made
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        y, = tf.import_graph_def(graph(["Neg", "Exp"]), name="", return_elements=["call:0"])
        np.testing.assert_allclose(session.run(y, {"x:0": 1.0}), np.exp(-1.0), rtol=1e-6)
    with tf.Graph().as_default(), pytest.raises(tf.errors.UnimplementedError, match="calls itself"):
        tf.import_graph_def(graph(["f"]), name="")
    monkeypatch.setattr(graph_functions, "NODES", 1)
    with tf.Graph().as_default(), pytest.raises(tf.errors.ResourceExhaustedError, match="millions of nodes"):
        tf.import_graph_def(graph(["Neg", "Neg", "f"]), name="")
