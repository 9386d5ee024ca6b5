"""`tf.compat.v1.train.Saver` and what goes with it."""
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as v1

from .programs import graph

FILES = Path(__file__).parent / "files"
V = tf.compat.v1


@pytest.mark.parametrize("name", ["session", "old"])
def test_tensorflow_s_files_are_restored(name: str) -> None:
    with tf.Graph().as_default(), V.Session() as session:
        variables = graph(V)
        V.train.Saver().restore(session, str(FILES / name))
        kernel, bias = session.run(variables)
    np.testing.assert_array_equal(kernel, np.arange(200, dtype=np.float32).reshape(2, 100))
    assert bias.tolist() == [3, -4]


def test_a_session_s_file_is_the_one_that_tensorflow_writes(tmp_path: Path) -> None:
    with tf.Graph().as_default(), V.Session() as session:
        graph(V)
        session.run(V.global_variables_initializer())
        V.train.Saver().save(session, str(tmp_path / "session"))
    for end in (".index", ".data-00000-of-00001"):
        assert (tmp_path / f"session{end}").read_bytes() == (FILES / f"session{end}").read_bytes()


def test_old_checkpoints_are_removed(tmp_path: Path) -> None:
    with v1.Graph().as_default(), v1.Session() as session:
        step = v1.train.get_or_create_global_step()
        more = v1.assign_add(step, 1)
        saver = v1.train.Saver(max_to_keep=2)
        session.run(v1.global_variables_initializer())
        for _ in range(3):
            session.run(more)
            path = saver.save(session, str(tmp_path / "m"), global_step=step)
        assert path == str(tmp_path / "m-3") == v1.train.latest_checkpoint(tmp_path)
        assert saver.last_checkpoints == [str(tmp_path / "m-2"), str(tmp_path / "m-3")]
        assert sorted(os.listdir(tmp_path)) == ["checkpoint", "m-2.data-00000-of-00001", "m-2.index",
                                                "m-3.data-00000-of-00001", "m-3.index"]
        again = v1.train.Saver()
        again.recover_last_checkpoints(v1.train.get_checkpoint_state(tmp_path).all_model_checkpoint_paths)
        assert again.last_checkpoints == saver.last_checkpoints
        again.restore(session, saver.last_checkpoints[0])
        assert session.run(step) == 2
        assert v1.train.checkpoint_exists(path) and not v1.train.checkpoint_exists(str(tmp_path / "m-1"))


def test_bad_input(tmp_path: Path) -> None:
    with tf.Graph().as_default(), V.Session() as session:
        with pytest.raises(ValueError, match="No variables to save"):
            V.train.Saver()
        a = V.get_variable("a", [2], initializer=V.zeros_initializer())
        saver = V.train.Saver()
        with pytest.raises(ValueError, match="Parent directory of .* doesn't exist, can't save"):
            saver.save(session, str(tmp_path / "none" / "m"))
        with pytest.raises(tf.errors.FailedPreconditionError):
            saver.save(session, str(tmp_path / "m"))
        with pytest.raises(TypeError, match="'sess' must be a Session; 3"):
            saver.save(3, str(tmp_path / "m"))
        session.run(V.global_variables_initializer())
        with pytest.raises(ValueError, match="must not contain path components"):
            saver.save(session, str(tmp_path / "m"), latest_filename="a/b")
        path = saver.save(session, str(tmp_path / "m"))
        with pytest.raises(ValueError, match="Can't load save_path when it is None"):
            saver.restore(session, None)
        with pytest.raises(ValueError, match="not a valid checkpoint"):
            saver.restore(session, str(tmp_path / "zz"))
        with pytest.raises(ValueError, match="At least two variables have the same name: a"):
            V.train.Saver([a, a])
        with pytest.raises(TypeError, match="Not a variable: 3"):
            V.train.Saver({"a": 3})
        with pytest.raises(tf.errors.NotFoundError, match="Key zz not found in checkpoint"):
            V.train.Saver({"zz": a}).restore(session, path)
        wide = V.get_variable("wide", [3])
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"lhs shape= \[3\] rhs shape= \[2\]"):
            V.train.Saver({"a": wide}).restore(session, path)
        whole = V.get_variable("whole", [2], tf.int32)
        with pytest.raises(tf.errors.InvalidArgumentError, match="expected dtype int32 does not equal original dtype float"):
            V.train.Saver({"a": whole}).restore(session, path)
    with pytest.raises(RuntimeError, match="`var_list` must specify a list or dict"):
        V.train.Saver()


def test_objects_are_restored_by_the_names_of_their_variables(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(m=[tf.Variable([1.0, 2.0], name="a")]).save(tmp_path / "c")
    a = tf.Variable([0.0, 0.0], name="a")
    V.train.Saver([a]).restore(None, path)
    assert a.numpy().tolist() == [1.0, 2.0]


@pytest.mark.parametrize("assignment", [{"layer/": "mine/"}, {"layer/kernel": "mine/kernel"}, {"layer/kernel": None}])
def test_variables_begin_with_values_of_a_checkpoint(assignment: dict[str, Any]) -> None:
    with tf.Graph().as_default(), V.Session() as session:
        with V.variable_scope("mine"):
            kernel = V.get_variable("kernel", [2, 100])
        V.train.init_from_checkpoint(str(FILES / "session"), {k: v or kernel for k, v in assignment.items()})
        session.run(V.global_variables_initializer())
        np.testing.assert_array_equal(session.run(kernel), np.arange(200, dtype=np.float32).reshape(2, 100))
        with pytest.raises(ValueError, match="Tensor none is not found in"):
            V.train.init_from_checkpoint(str(FILES / "session"), {"none": kernel})
        with pytest.raises(ValueError, match=r"Shape of variable mine/kernel:0 .* doesn't match with shape of tensor bias"):
            V.train.init_from_checkpoint(str(FILES / "session"), {"bias": kernel})


def test_averages_of_tensorflow_2(tmp_path: Path) -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    averages = tf.train.ExponentialMovingAverage(0.9)
    averages.apply([v])
    v.assign([3.0, 4.0])
    averages.apply([v])
    average = averages.average(v)
    np.testing.assert_allclose(average.numpy(), [1.2, 2.2])
    assert average.name == "v/ExponentialMovingAverage:0" and averages.average_name(v) == "v/ExponentialMovingAverage"
    path = V.train.Saver([average]).save(None, str(tmp_path / "c"))
    V.train.Saver(averages.variables_to_restore([v])).restore(None, path)
    np.testing.assert_allclose(v.numpy(), [1.2, 2.2])
    with pytest.raises(TypeError, match="does not support non-Variable tensors"):
        averages.apply([tf.constant(1.0)])
