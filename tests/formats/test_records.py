"""Files of records. The bytes here are TensorFlow's."""
from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

import thalweg as tf
from thalweg.formats.records import read_records

TWO = (b"\x03\x00\x00\x00\x00\x00\x00\x00\xb0\x99I\x0eabcnW\xf1!\x03\x00\x00\x00\x00\x00\x00\x00\xb0\x99I\x0exyz\x1e5\x8ds")


def test_writing(tmp_path: Path) -> None:
    path = tmp_path / "two.tfrecord"
    writer = tf.io.TFRecordWriter(str(path))
    writer.write(b"abc")
    writer.flush()
    assert path.read_bytes() == TWO[:19]
    writer.write("xyz")
    writer.close()
    writer.close()
    assert path.read_bytes() == TWO and list(read_records(path)) == [b"abc", b"xyz"]
    assert list(read_records(path, start=19)) == [b"xyz"]
    for call in (lambda: writer.write(b""), writer.flush):
        with pytest.raises(tf.errors.FailedPreconditionError, match="Writer is closed."):
            call()


@pytest.mark.parametrize("options", ["GZIP", "ZLIB", tf.io.TFRecordOptions("GZIP", compression_level=1), None,
                                     tf.io.TFRecordOptions(compression_type="")])
def test_both_ways(tmp_path: Path, options: Any) -> None:
    records = [b"", b"x" * 100_000, *(bytes([i]) * i for i in range(50))]
    path = tmp_path / "file"
    with tf.io.TFRecordWriter(path, options) as writer:
        for record in records:
            writer.write(record)
    assert list(tf.compat.v1.python_io.tf_record_iterator(str(path), options)) == records
    assert list(read_records(path, options)) == records
    if options == "GZIP":
        assert gzip.decompress(path.read_bytes())[12:16] == b"\xd8\xea\x82\xa2"  # the checksum of no bytes, masked
        whole = path.read_bytes()
        path.write_bytes(whole + whole)
        assert list(read_records(path, "GZIP")) == records * 2


@pytest.mark.parametrize("count", [0, 1, 8, 11, 19, 22, 30])
def test_less_than_a_header_at_the_end_is_the_end(tmp_path: Path, count: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(TWO[:count])
    assert list(read_records(path)) == [b"abc"][:count // 19]


@pytest.mark.parametrize(("data", "words"), [
    (TWO[:12], "truncated record at 0' failed with Read less bytes than requested"),
    (TWO[:18], "truncated record at 0' failed"), (TWO[:33], "truncated record at 19' failed"),
    (b"\xfc" + TWO[1:], r"corrupted record at 0 \(Is this even a TFRecord file\?\)"),
    (TWO[:9] + b"\0" + TWO[10:], "corrupted record at 0 "), (TWO[:13] + b"\0" + TWO[14:], "corrupted record at 12$"),
    (TWO[:16] + b"\0" + TWO[17:], "corrupted record at 12$"), (TWO[:20] + b"\1" + TWO[21:], "corrupted record at 19$")])
def test_damaged(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(tf.errors.DataLossError, match=words):
        list(read_records(path))


def test_damaged_and_compressed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(TWO)[:-14])
    with pytest.raises(tf.errors.DataLossError, match="truncated record at .* failed with EOF reached"):
        list(read_records(path, "GZIP"))
    path.write_bytes(TWO)
    with pytest.raises(tf.errors.DataLossError, match=r"inflate\(\) failed with error -3: incorrect header check"):
        list(read_records(path, "ZLIB"))


def test_bad_arguments(tmp_path: Path) -> None:
    for call in (lambda: tf.io.TFRecordOptions("FOO"), lambda: tf.io.TFRecordWriter(tmp_path / "x", "FOO"),
                 lambda: tf.compat.v1.io.tf_record_iterator("x", 7)):
        with pytest.raises(ValueError, match="Not a valid compression_type"):
            call()
    with pytest.raises(tf.errors.NotFoundError, match="No such file or directory"):
        tf.io.TFRecordWriter(tmp_path / "none" / "x")
    with pytest.raises(tf.errors.NotFoundError, match="No such file or directory"):
        next(read_records(tmp_path / "none"))
    with pytest.raises(tf.errors.FailedPreconditionError, match="Is a directory"):
        next(read_records(tmp_path))
    with tf.io.TFRecordWriter(tmp_path / "x") as writer, pytest.raises(TypeError, match="incompatible function arguments"):
        writer.write(3)
    kinds = tf.compat.v1.python_io.TFRecordCompressionType
    assert tf.io.TFRecordOptions.get_compression_type_string(tf.io.TFRecordOptions(kinds.GZIP)) == "GZIP"
