"""Files of checkpoints: those that TensorFlow wrote, ours, and damaged ones."""
from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.formats.bundle import Checkpoint, Saved, write_bundle
from thalweg.formats.crc32c import crc32c, masked, unmasked
from thalweg.formats.sstable import read_table, snappy_unpacked, write_table

FILES = Path(__file__).parent / "files"


def test_checksums() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    rng = np.random.default_rng(5)
    for size in (0, 1, 511, 512, 513, 5000, 70001):
        data = rng.integers(0, 256, size, np.uint8).tobytes()
        whole = 0
        for at in range(0, size, 100):  # in pieces that are short enough for the plain loop
            whole = crc32c(data[at:at + 100], whole)
        assert crc32c(data) == whole
        assert unmasked(masked(whole)) == whole


@pytest.mark.parametrize("name", ["objects-1.index", "session.index", "sliced.index", "old"])
def test_a_table_is_written_as_tensorflow_writes_it(name: str) -> None:
    data = (FILES / name).read_bytes()
    assert write_table(read_table(data).items()) == data


def test_a_large_table_has_several_blocks() -> None:
    entries = {b"key%05d" % i: bytes([i % 251]) * 200 for i in range(5000)}
    assert read_table(write_table(entries.items())) == entries


def test_compressed_blocks() -> None:
    # Ten literal bytes, a copy of four of them from eight back, a copy that reaches into itself.
    packed = bytes([22, 9 << 2]) + b"abcdefghij" + bytes([1, 8]) + bytes([7 << 2 | 2, 1, 0])
    assert snappy_unpacked(packed) == b"abcdefghijcdef" + b"f" * 8
    with pytest.raises(tf.errors.DataLossError):
        snappy_unpacked(packed[:-1])
    with pytest.raises(tf.errors.DataLossError):
        snappy_unpacked(bytes([4, 1, 8]))


def test_slices_make_a_tensor(tmp_path: Path) -> None:
    whole = np.arange(600.0).reshape(200, 3)
    np.testing.assert_array_equal(tf.train.load_variable(str(FILES / "sliced"), "sliced"), whole)
    rows = [(0, 67), (67, 67), (134, 66)]
    write_bundle(str(tmp_path / "s"), [Saved("sliced", whole[a:a + n], tf.float64, (200, 3), ((a, n), (0, 3)))
                                       for a, n in rows])
    for end in (".index", ".data-00000-of-00001"):
        assert (tmp_path / f"s{end}").read_bytes() == (FILES / f"sliced{end}").read_bytes()


def test_the_format_before() -> None:
    assert tf.train.list_variables(str(FILES / "old")) == [("bias", [2]), ("layer/kernel", [2, 100])]
    np.testing.assert_array_equal(tf.train.load_variable(str(FILES / "old"), "bias"), np.array([3, -4]))
    np.testing.assert_array_equal(tf.train.load_variable(str(FILES / "old"), "layer/kernel:0"),
                                  np.arange(200, dtype=np.float32).reshape(2, 100))


def test_a_reader() -> None:
    reader = tf.train.load_checkpoint(FILES)
    names = {name for name, _ in tf.train.list_variables(FILES / "objects-1")}
    assert set(reader.get_variable_to_shape_map()) == names
    key = "module/text/.ATTRIBUTES/VARIABLE_VALUE"
    assert reader.has_tensor(key) and not reader.has_tensor("module")
    assert reader.get_tensor(key).tolist() == [b"x\0", b"", b"yyy"]
    assert reader.get_variable_to_dtype_map()["module/half/.ATTRIBUTES/VARIABLE_VALUE"] is tf.bfloat16
    assert reader.get_variable_to_shape_map()["module/parts/0/pair/1/.ATTRIBUTES/VARIABLE_VALUE"] == [0, 3]
    assert b"module/w/.ATTRIBUTES/VARIABLE_VALUE (DT_DOUBLE) [2,3]\n" in reader.debug_string()
    with pytest.raises(tf.errors.NotFoundError, match="Key q not found in checkpoint"):
        reader.get_tensor("q")


def test_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files for /nonexistent/ckpt"):
        tf.train.load_checkpoint("/nonexistent/ckpt")
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints in given directory"):
        tf.train.load_checkpoint(tmp_path)
    assert tf.train.latest_checkpoint(tmp_path) is None
    assert tf.train.get_checkpoint_state(tmp_path) is None


def _variables() -> dict[str, Any]:
    return {"a": tf.Variable(np.arange(50.0)), "s": tf.Variable(["x", "yy"])}


def test_damage_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    """Every byte of the files matters: with any other value nothing is restored."""
    good = tmp_path / "good"
    tf.train.Checkpoint(**_variables()).write(good)
    ends = (".index", ".data-00000-of-00001")
    sizes = {end: os.path.getsize(f"{good}{end}") for end in ends}
    rng = np.random.default_rng(3)
    fresh = {"a": tf.Variable(np.zeros(50)), "s": tf.Variable(["", ""])}
    checkpoint = tf.train.Checkpoint(**fresh)
    for end in ends:
        for at in sorted(rng.choice(sizes[end], 40, replace=False)):
            for other in ends:
                shutil.copy(f"{good}{other}", f"{tmp_path}/bad{other}")
            data = bytearray(Path(f"{good}{end}").read_bytes())
            data[at] ^= 0x10
            Path(f"{tmp_path}/bad{end}").write_bytes(data)
            if end == ".index" and _same_entries(f"{tmp_path}/bad", str(good)):
                continue  # the padding of the footer
            with pytest.raises(tf.errors.DataLossError):
                checkpoint.read(f"{tmp_path}/bad")
            assert not fresh["a"].numpy().any() and fresh["s"].numpy().tolist() == [b"", b""]
        Path(f"{tmp_path}/bad{end}").write_bytes(Path(f"{good}{end}").read_bytes()[:-3])
        with pytest.raises(tf.errors.DataLossError):
            checkpoint.read(f"{tmp_path}/bad")


def _same_entries(one: str, other: str) -> bool:
    try:
        return {k: v[:2] for k, v in Checkpoint(one).entries.items()} == {
            k: v[:2] for k, v in Checkpoint(other).entries.items()}
    except tf.errors.DataLossError:
        return False


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = _variables()
    checkpoint = tf.train.Checkpoint(**held)
    checkpoint.write(tmp_path / "c")
    held["a"].assign(np.ones(50))

    def fail(*_: Any) -> bytes:
        raise OSError(28, "")

    with monkeypatch.context() as patch:
        patch.setattr("thalweg.formats.bundle.write_table", fail)
        with pytest.raises(tf.errors.ResourceExhaustedError):
            checkpoint.write(tmp_path / "c")
    assert sorted(os.listdir(tmp_path)) == ["c.data-00000-of-00001", "c.index"]
    checkpoint.read(tmp_path / "c").assert_consumed()
    np.testing.assert_array_equal(held["a"].numpy(), np.arange(50.0))
