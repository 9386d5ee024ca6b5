"""tf.io.gfile: the file system under TensorFlow's names and errors."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import thalweg as tf

gfile: Any = tf.io.gfile


def test_files_and_directories(tmp_path: Path) -> None:
    root = str(tmp_path)
    a, b = gfile.join(root, "a.txt"), gfile.join(root, "k", "b.txt")
    with gfile.GFile(a, "w") as file:
        file.write("one\ntwo\n")
        file.write(b"three")
    assert gfile.exists(a) and not gfile.isdir(a) and gfile.isdir(root) and not gfile.exists(b)
    assert gfile.stat(a).length == 13 and not gfile.stat(a).is_directory and gfile.stat(root).is_directory
    gfile.makedirs(gfile.join(root, "k"))
    gfile.makedirs(gfile.join(root, "k"))
    gfile.mkdir(gfile.join(root, "k"))
    gfile.copy(a, b)
    assert gfile.glob(gfile.join(root, "*", "b*")) == [b] and gfile.glob([a, b]) == [a, b]
    assert sorted(gfile.listdir(root)) == ["a.txt", "k"]
    assert list(gfile.walk(root)) == [(root, ["k"], ["a.txt"]), (gfile.join(root, "k"), [], ["b.txt"])]
    assert [top for top, _, _ in gfile.walk(root, topdown=False)] == [gfile.join(root, "k"), root]
    gfile.rename(b, a, overwrite=True)
    assert not gfile.exists(b)
    gfile.remove(a)
    gfile.rmtree(gfile.join(root, "k"))
    assert gfile.listdir(root) == []
    assert gfile.exists(f"file://{root}")


def test_an_open_file(tmp_path: Path) -> None:
    path = str(tmp_path / "f")
    with gfile.GFile(path, "w") as file:
        file.write("ä\nb\n")
        file.flush()
        assert file.tell() == 5 and file.size() == 5
    file = gfile.GFile(path)
    assert file.name == path and file.mode == "r" and file.seekable()
    assert file.readline() == "ä\n" and file.readlines() == ["b\n"] and file.read() == ""
    file.seek(3)
    assert file.read(1) == "b"
    file.close()
    assert list(gfile.GFile(path, "rb")) == ["ä\n".encode(), b"b\n"]
    with gfile.GFile(path, "a") as file:
        file.write("c")
    assert gfile.GFile(path).read() == "ä\nb\nc"


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda p: gfile.GFile(p / "none").read(), tf.errors.NotFoundError, "none; No such file or directory"),
    (lambda p: gfile.GFile(p / "f", "q"), tf.errors.InvalidArgumentError, "mode is not 'r' or 'w' or 'a'"),
    (lambda p: gfile.GFile(p / "f").write("x"), tf.errors.PermissionDeniedError, "File isn't open for writing"),
    (lambda p: gfile.GFile(p / "g", "w").read(), tf.errors.PermissionDeniedError, "File isn't open for reading"),
    (lambda p: gfile.GFile(p / "f").seek(0, 5), tf.errors.InvalidArgumentError, "Invalid whence argument: 5"),
    (lambda p: gfile.listdir(p / "f"), tf.errors.NotFoundError, "Could not find directory"),
    (lambda p: gfile.mkdir(p / "a" / "b"), tf.errors.NotFoundError, "No such file or directory"),
    (lambda p: gfile.makedirs(p / "f"), tf.errors.FailedPreconditionError, "is not a directory"),
    (lambda p: gfile.copy(p / "f", p / "f"), tf.errors.AlreadyExistsError, "file already exists"),
    (lambda p: gfile.copy(p / "none", p / "g"), tf.errors.NotFoundError, "No such file or directory"),
    (lambda p: gfile.rename(p / "f", p / "f"), tf.errors.AlreadyExistsError, "file already exists"),
    (lambda p: gfile.remove(p), tf.errors.FailedPreconditionError, "Is a directory"),
    (lambda p: gfile.remove(p / "none"), tf.errors.NotFoundError, "No such file or directory"),
    (lambda p: gfile.rmtree(p / "none"), tf.errors.NotFoundError, "none not found"),
    (lambda p: gfile.stat(p / "none"), tf.errors.NotFoundError, "No such file or directory"),
    (lambda p: tf.io.read_file(str(p)), tf.errors.FailedPreconditionError, "Is a directory"),
    (lambda p: tf.io.read_file(str(p / "none")), tf.errors.NotFoundError, "No such file or directory"),
    (lambda p: tf.io.read_file([str(p)]), tf.errors.InvalidArgumentError, r"must be scalar, but had shape: \[1\]"),
    (lambda p: tf.io.write_file(str(p), "x"), tf.errors.FailedPreconditionError, "Is a directory")])
def test_errors(tmp_path: Path, call: Any, error: type[Exception], words: str) -> None:
    (tmp_path / "f").write_text("contents")
    with pytest.raises(error, match=words):
        call(tmp_path)
    assert (tmp_path / "f").read_text() == "contents"


def test_writing_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    tf.io.write_file(str(path), "first")
    assert tf.io.write_file(str(path), "second") is None
    assert path.read_bytes() == b"second" and [p.name for p in path.parent.iterdir()] == ["file"]


def test_names_of_tensorflow_1(tmp_path: Path) -> None:
    old = tf.compat.v1.gfile
    with old.Open(str(tmp_path / "f"), "w") as file:
        file.write("x")
    assert old.Exists(str(tmp_path / "f")) and old.FastGFile(str(tmp_path / "f"), "rb").read() == b"x"
    assert old.ListDirectory(str(tmp_path)) == ["f"] and old.IsDirectory(str(tmp_path))
    assert list(old.Walk(str(tmp_path), in_order=False)) == [(str(tmp_path), [], ["f"])]
    old.DeleteRecursively(str(tmp_path / "f"))
    assert old.Glob(str(tmp_path / "*")) == []
