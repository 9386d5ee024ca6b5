"""Helpers of `keras.utils`: files that are fetched once and kept, and vocabularies in files."""
from __future__ import annotations

import hashlib
import tarfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf

get_file = tf.keras.utils.get_file


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source" / "words.txt"
    path.parent.mkdir()
    path.write_text("one\ntwo\n")
    return path


def test_a_file_is_fetched_once(source: Path, tmp_path: Path) -> None:
    found = get_file(origin=source.as_uri(), cache_dir=tmp_path, cache_subdir="kept")
    assert found == str(tmp_path / "kept" / "words.txt") and Path(found).read_text() == "one\ntwo\n"
    source.write_text("three\n")
    assert Path(get_file("words.txt", source.as_uri(), cache_dir=tmp_path, cache_subdir="kept")).read_text() == "one\ntwo\n"
    again = get_file("words.txt", source.as_uri(), cache_dir=tmp_path, cache_subdir="kept", force_download=True)
    assert Path(again).read_text() == "three\n"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["words.txt"]


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_a_file_with_another_hash_is_fetched_again(source: Path, tmp_path: Path, algorithm: str,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    wanted = hashlib.new(algorithm, source.read_bytes()).hexdigest()
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "words.txt").write_text("broken")
    found = get_file(origin=source.as_uri(), cache_dir=tmp_path, file_hash=wanted)
    assert Path(found).read_text() == "one\ntwo\n" and "incomplete or outdated" in capsys.readouterr().out
    with pytest.raises(ValueError, match="Incomplete or corrupted file detected"):
        get_file(origin=source.as_uri(), cache_dir=tmp_path, md5_hash="0" * 32)


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_archives_are_unpacked(source: Path, tmp_path: Path, kind: str) -> None:
    archive = source.parent / f"all.{kind}"
    if kind == "tar":
        with tarfile.open(archive, "w") as tar:
            tar.add(source, "inner/words.txt")
    else:
        with zipfile.ZipFile(archive, "w") as packed:
            packed.write(source, "inner/words.txt")
    found = get_file(origin=archive.as_uri(), cache_dir=tmp_path, extract=True)
    assert found == str(tmp_path / "datasets" / f"all.{kind}")
    assert (Path(found) / "inner" / "words.txt").read_text() == "one\ntwo\n"
    named = get_file(f"mine.{kind}", archive.as_uri(), cache_dir=tmp_path, extract=True)
    assert named == str(tmp_path / "datasets" / "mine_extracted")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        get_file("words", source.as_uri(), cache_dir=tmp_path, extract=True)
    assert "Could not extract archive." in [str(warning.message) for warning in caught]


def test_an_archive_cannot_write_elsewhere(source: Path, tmp_path: Path) -> None:
    archive = source.parent / "evil.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(source, "../../outside.txt")
    with pytest.raises(tarfile.TarError):
        get_file(origin=archive.as_uri(), cache_dir=tmp_path / "a" / "b", extract=True)
    assert not list(tmp_path.rglob("outside.txt"))


def test_what_cannot_be_fetched_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="URL fetch failure on"):
        get_file(origin=(tmp_path / "missing.txt").as_uri(), cache_dir=tmp_path)
    assert not list((tmp_path / "datasets").iterdir())


def test_keras_home_is_where_files_are_kept(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    assert get_file(origin=source.as_uri()) == str(tmp_path / "home" / "datasets" / "words.txt")


def test_a_vocabulary_from_a_file(source: Path) -> None:
    layer = tf.keras.layers.StringLookup(vocabulary=str(source))
    assert layer.get_vocabulary() == ["[UNK]", "one", "two"]
    np.testing.assert_array_equal(layer(["two", "none", "one"]), [2, 0, 1])
    inverse = tf.keras.layers.StringLookup(vocabulary=str(source), invert=True)
    assert inverse([0, 1, 2]).numpy().tolist() == [b"[UNK]", b"one", b"two"]


def test_a_learnt_vocabulary_goes_through_a_folder(tmp_path: Path) -> None:
    layer = tf.keras.layers.TextVectorization(output_mode="tf_idf")
    layer.adapt(["a b", "b c", "b"])
    layer.save_assets(str(tmp_path))
    kept: dict[str, np.ndarray] = {}
    layer.save_own_variables(kept)
    other = tf.keras.layers.TextVectorization(output_mode="tf_idf")
    other.load_own_variables(kept)
    other.load_assets(str(tmp_path))
    assert other.get_vocabulary() == layer.get_vocabulary() == ["[UNK]", "b", "c", "a"]
    np.testing.assert_array_equal(other(["a b x"]), layer(["a b x"]))


def test_image_files(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    x = np.random.default_rng(3).integers(0, 256, (4, 5, 3)).astype("float32")
    tf.keras.utils.save_img(tmp_path / "x.png", x, scale=False)
    img = tf.keras.utils.load_img(tmp_path / "x.png")
    assert img.size == (5, 4)
    np.testing.assert_array_equal(tf.keras.preprocessing.image.img_to_array(img), x)
    with pytest.warns(UserWarning, match="does not support RGBA"):
        tf.keras.utils.save_img(str(tmp_path / "x.jpg"), np.ones((2, 2, 4)))
    assert tf.keras.utils.load_img(str(tmp_path / "x.jpg")).size == (2, 2)
