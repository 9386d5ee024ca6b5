"""`tf.train.Checkpoint` and `CheckpointManager`."""
from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf

from .programs import objects, values

FILES = Path(__file__).parent / "files"


def _same(found: list[Any], wanted: list[Any]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def test_tensorflow_s_checkpoint_is_restored() -> None:
    made = objects(tf, 2.0)
    tf.train.Checkpoint(**made).restore(tf.train.latest_checkpoint(FILES)).assert_consumed()
    _same(values(tf, made), values(tf, objects(tf, 3.0)))


def test_a_checkpoint_has_the_names_that_tensorflow_gives(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(**objects(tf, 3.0)).save(tmp_path / "c")
    assert path == str(tmp_path / "c-1")
    found = dict(tf.train.list_variables(path))
    wanted = dict(tf.train.list_variables(FILES / "objects-1"))
    ours = {name for name in found if not name.startswith(("model", "functional", "optimizer"))}
    theirs = {name for name in wanted if not name.startswith(("model", "functional", "optimizer"))}
    assert ours == theirs and sorted(map(tuple, found.values())) == sorted(map(tuple, wanted.values()))


def test_round_trip(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(**objects(tf, 5.0)).save(tmp_path / "c")
    made = objects(tf, 2.0)
    tf.train.Checkpoint(**made).restore(path).assert_consumed()
    _same(values(tf, made), values(tf, objects(tf, 5.0)))


def test_objects_that_come_later_get_their_values(tmp_path: Path) -> None:
    first = tf.Module()
    first.v = tf.Variable([1.0, 2.0])
    first.inner = tf.Module()
    first.inner.w = tf.Variable(3)
    path = tf.train.Checkpoint(m=first).write(tmp_path / "c")
    later = tf.Module()
    status = tf.train.Checkpoint(m=later).read(path)
    assert not later.variables
    later.inner = tf.Module()
    later.v = tf.Variable([0.0, 0.0])
    with pytest.raises(AssertionError, match="Unresolved object in checkpoint .*m.inner.w"):
        status.assert_consumed()
    later.inner.w = tf.Variable(0)
    assert later.v.numpy().tolist() == [1.0, 2.0] and later.inner.w.numpy() == 3
    status.assert_consumed()
    later.inner.w.assign(9)
    later.other = tf.Variable(1)
    assert later.inner.w.numpy() == 9  # given once
    assert len(copy.deepcopy(later).variables) == 3


def test_layers_and_optimizers_built_later_get_their_values(tmp_path: Path) -> None:
    def model(fill: float | None) -> tuple[Any, Any]:
        made = tf.keras.Sequential([tf.keras.layers.Dense(2), tf.keras.layers.BatchNormalization()])
        optimizer = tf.keras.optimizers.Adam(0.5)
        if fill is not None:
            made.build((None, 3))
            optimizer.build(made.trainable_variables)
            for v in [*made.weights, *optimizer.variables]:
                v.assign(tf.fill(v.shape, tf.cast(fill, v.dtype)))
        return made, optimizer
    saved, optimizer = model(7.0)
    path = tf.train.Checkpoint(model=saved, optimizer=optimizer).write(tmp_path / "c")
    later, moves = model(None)
    status = tf.train.Checkpoint(model=later, optimizer=moves).read(path)
    later(np.ones((2, 3), np.float32))
    moves.build(later.trainable_variables)
    assert all((np.asarray(v) == 7).all() for v in [*later.weights, *moves.variables])
    status.assert_consumed()


def test_nothing_is_assigned_unless_all_fits(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(a=tf.Variable(1.0), b=tf.Variable([1.0, 2.0])).write(tmp_path / "c")
    a, b = tf.Variable(0.0), tf.Variable([0.0, 0.0, 0.0], name="b")
    with pytest.raises(ValueError, match=r"incompatible tensor with shape \(2,\) when attempting to restore variable with "
                                         r"shape \(3,\) and name b:0"):
        tf.train.Checkpoint(a=a, b=b).read(path)
    assert a.numpy() == 0
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected dtype int32 does not equal original dtype float"):
        tf.train.Checkpoint(a=a, b=tf.Variable([0, 0])).read(path)
    assert a.numpy() == 0


def test_what_a_status_says(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(a=tf.Variable([1.0, 2.0])).write(tmp_path / "c")
    partly = tf.train.Checkpoint(a=tf.Variable([0.0, 0.0]), b=tf.Variable(0.0)).read(path).expect_partial()
    partly.assert_nontrivial_match()
    with pytest.raises(AssertionError, match="Found 1 Python objects that were not bound"):
        partly.assert_existing_objects_matched()
    with pytest.raises(AssertionError, match="Nothing except the root object matched"):
        tf.train.Checkpoint(z=tf.Variable(0.0)).read(path).assert_nontrivial_match()
    with pytest.raises(AssertionError, match="save_path=None"):
        tf.train.Checkpoint(a=tf.Variable(0.0)).restore(None).assert_consumed()


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="was expecting a to be a trackable object"):
        tf.train.Checkpoint(a=1)
    with pytest.raises(ValueError, match="non-string key"):
        tf.train.Checkpoint(a={1: tf.Variable(1.0)}).write(tmp_path / "c")
    with pytest.raises(RuntimeError, match="while a function is traced"):
        tf.function(lambda: tf.train.Checkpoint(a=tf.Variable(1.0)).write(tmp_path / "c"))()
    root = tf.Module()
    root.v = tf.Variable(1.0)
    with pytest.raises(ValueError, match="keyword argument v if root.v already exists"):
        tf.train.Checkpoint(root, v=tf.Variable(2.0))


def test_a_root_lends_its_names(tmp_path: Path) -> None:
    root = tf.Module()
    root.v = tf.Variable(1.0)
    path = tf.train.Checkpoint(root, k=tf.Variable(2.0)).write(tmp_path / "c")
    names = [name for name, _ in tf.train.list_variables(path)]
    assert names == ["_CHECKPOINTABLE_OBJECT_GRAPH", "k/.ATTRIBUTES/VARIABLE_VALUE", "v/.ATTRIBUTES/VARIABLE_VALUE"]
    other = tf.Module()
    k = tf.Variable(0.0)
    tf.train.Checkpoint(other, k=k).read(path)
    other.v = tf.Variable(0.0)
    assert (k.numpy(), other.v.numpy()) == (2.0, 1.0)


def test_a_checkpoint_by_names_of_variables() -> None:
    bias = tf.Variable([0, 0], dtype=tf.int64, name="bias")
    status = tf.train.Checkpoint(anything=bias).read(FILES / "session")
    assert bias.numpy().tolist() == [3, -4]
    status.assert_consumed()


def test_variables_of_a_graph(tmp_path: Path) -> None:
    V = tf.compat.v1
    with tf.Graph().as_default(), V.Session() as session:
        checkpoint = tf.train.Checkpoint(v=V.get_variable("v", [2], initializer=V.ones_initializer()))
        session.run(V.global_variables_initializer())
        path = checkpoint.save(tmp_path / "c")
        assert path.endswith("c-1") and checkpoint.save(tmp_path / "c").endswith("c-2")
    with tf.Graph().as_default(), V.Session() as session:
        v, w = V.get_variable("v", [2], initializer=V.zeros_initializer()), tf.Variable(5.0)
        tf.train.Checkpoint(v=v, w=w).restore(path).initialize_or_restore(session)
        assert session.run([v, w])[0].tolist() == [1.0, 1.0] and session.run(w) == 5.0


def test_a_manager(tmp_path: Path) -> None:
    step = tf.Variable(0)
    called: list[int] = []
    checkpoint = tf.train.Checkpoint(step=step)
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 2, step_counter=step, checkpoint_interval=2,
                                         init_fn=lambda: called.append(1))
    assert manager.restore_or_initialize() is None and called == [1]
    written = []
    for _ in range(8):
        step.assign_add(1)
        written.append(manager.save())
    assert [path and os.path.basename(path) for path in written] == [
        "ckpt-1", None, "ckpt-2", None, "ckpt-3", None, "ckpt-4", None]
    assert [os.path.basename(path) for path in manager.checkpoints] == ["ckpt-3", "ckpt-4"]
    assert sorted(os.listdir(tmp_path)) == ["checkpoint", "ckpt-3.data-00000-of-00001", "ckpt-3.index",
                                            "ckpt-4.data-00000-of-00001", "ckpt-4.index"]
    assert 'model_checkpoint_path: "ckpt-4"\nall_model_checkpoint_paths: "ckpt-3"\n' in (tmp_path / "checkpoint").read_text()
    again = tf.train.CheckpointManager(checkpoint, tmp_path, 2)
    assert again.latest_checkpoint == tf.train.latest_checkpoint(tmp_path) == str(tmp_path / "ckpt-4")
    step.assign(0)
    assert again.restore_or_initialize() == again.latest_checkpoint and step.numpy() == 7
    assert list(tf.train.checkpoints_iterator(tmp_path, timeout=0.05)) == [str(tmp_path / "ckpt-4")]
    with pytest.raises(ValueError, match="positive integer"):
        tf.train.CheckpointManager(checkpoint, tmp_path, 0)


def test_one_in_so_many_hours_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("thalweg.checkpoint.manager.time.time", lambda: now[0])
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(v=tf.Variable(1)), tmp_path, 1, keep_checkpoint_every_n_hours=2)
    for _ in range(5):
        manager.save()
        now[0] += 3600
    assert sorted(p.name for p in tmp_path.glob("*.index")) == ["ckpt-3.index", "ckpt-5.index"]


def test_optimizers_of_tensorflow_1_keep_their_slots(tmp_path: Path) -> None:
    def train(steps: int) -> tuple[Any, Any]:
        v, optimizer = tf.Variable([1.0, 2.0], name="v"), tf.compat.v1.train.AdamOptimizer(0.1)
        for _ in range(steps):
            optimizer.minimize(lambda: tf.reduce_sum(v * v), var_list=[v])
        return v, optimizer
    v, optimizer = train(3)
    path = tf.train.Checkpoint(v=v, o=optimizer).write(tmp_path / "c")
    assert "v/.OPTIMIZER_SLOT/o/m/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(path))
    w, other = train(1)
    tf.train.Checkpoint(v=w, o=other).read(path).assert_consumed()
    _same([x.numpy() for x in other.variables()], [x.numpy() for x in optimizer.variables()])
    w, other = tf.Variable([0.0, 0.0], name="v"), tf.compat.v1.train.AdamOptimizer(0.1)
    tf.train.Checkpoint(v=w, o=other).read(path)
    for made in ((v, optimizer), (w, other)):
        made[1].minimize(lambda made=made: tf.reduce_sum(made[0] * made[0]), var_list=[made[0]])
    _same([x.numpy() for x in (w, *other.variables())], [x.numpy() for x in (v, *optimizer.variables())])
