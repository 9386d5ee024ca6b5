"""`get_file`: files from the network, kept on disk."""
from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any


def keras_home() -> str:
    """The folder for what is kept: `$KERAS_HOME`, or `.keras` in the user's home; a temporary one if it cannot be written."""
    home = os.environ.get("KERAS_HOME")
    if home:
        return home
    base = os.path.expanduser("~")
    return os.path.join(base if os.access(base, os.W_OK) else "/tmp", ".keras")


def get_file(fname: Any = None, origin: str | None = None, untar: bool = False, md5_hash: str | None = None,
             file_hash: str | None = None, cache_subdir: str = "datasets", hash_algorithm: str = "auto",
             extract: bool = False, archive_format: Any = "auto", cache_dir: Any = None,
             force_download: bool = False) -> str:
    """The path of a file that is downloaded unless it is there already.

    Args:
      fname: its name on disk; that of the address for None.
      origin: the address.
      untar: whether to unpack it as a tar file.
      md5_hash: as `file_hash`, of MD5.
      file_hash: what the file must hash to; another file on disk is downloaded anew.
      cache_subdir: the folder below `cache_dir`.
      hash_algorithm: `"md5"`, `"sha256"`, or `"auto"`, which goes by the length of the hash.
      extract: whether to unpack it.
      archive_format: `"tar"`, `"zip"`, a list of these, `"auto"` for both, None for neither.
      cache_dir: where files are kept; Keras's folder for None.
      force_download: whether to download it in any case.

    Returns:
      The path of the file, or of the folder that it was unpacked into.

    Raises:
      ValueError: no address, a name with folders, or a file with another hash.
      Exception: the address cannot be read.
    """
    if origin is None:
        raise ValueError('Please specify the "origin" argument (URL of the file to download).')
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    folder = _folder(cache_dir, cache_subdir)
    name = _name(fname, origin)
    target, unpacked = _places(folder, name, bool(fname)) if extract or untar else (os.path.join(folder, name), None)
    if force_download or not os.path.exists(target):
        _download(origin, target)
    elif file_hash is not None and _hash(target, hash_algorithm, file_hash) != file_hash:
        print("A local file was found, but it seems to be incomplete or outdated because the "
              f"{hash_algorithm} file hash does not match the original value of {file_hash} so we will re-download the data.")
        _download(origin, target)
    else:
        file_hash = None
    if file_hash is not None and _hash(target, hash_algorithm, file_hash) != file_hash:
        raise ValueError(f"Incomplete or corrupted file detected. The {hash_algorithm} file hash does not match the provided "
                         f"value of {file_hash}.")
    if unpacked is None:
        return target
    if not _unpack(target, unpacked, "tar" if untar else archive_format):
        warnings.warn("Could not extract archive.", stacklevel=2)
    return unpacked


def _folder(cache_dir: Any, cache_subdir: str) -> str:
    base = os.path.expanduser(keras_home() if cache_dir is None else cache_dir)
    if cache_dir is None:
        os.makedirs(base, exist_ok=True)
    if not os.access(base, os.W_OK):
        base = os.path.join("/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir(), ".keras")
    folder = os.path.join(base, cache_subdir)
    os.makedirs(folder, exist_ok=True)
    return folder


def _name(fname: Any, origin: str) -> str:
    from urllib.parse import urlsplit

    if not fname:
        name = os.path.basename(urlsplit(origin).path)
        if not name:
            raise ValueError(f"Can't parse the file name from the origin provided: '{origin}'.Please specify the `fname` "
                             "argument.")
        return name
    name = str(os.fspath(fname))
    if os.sep in name:
        raise ValueError("Paths are no longer accepted as the `fname` argument. To specify the file's parent directory, use "
                         f"the `cache_dir` argument. Received: fname={name}")
    return name


def _places(folder: str, name: str, named: bool) -> tuple[str, str]:
    """Where an archive is kept, and where it is unpacked."""
    if named and "." in name:
        return os.path.join(folder, name), os.path.join(folder, f"{name[:name.find('.')]}_extracted")
    unpacked = os.path.join(folder, name)
    return f"{unpacked}_archive", unpacked


def _download(origin: str, target: str) -> None:
    from urllib.error import HTTPError, URLError
    from urllib.request import urlretrieve

    from .progbar import Progbar

    print(f"Downloading data from {origin}")
    bar: Any = None
    done = False

    def show(blocks: int, size: int, total: int) -> None:
        nonlocal bar, done
        known = None if total == -1 else total
        bar = bar or Progbar(known)
        present = blocks * size
        if known is None or present < known:
            bar.update(present)
        elif not done:
            bar.update(bar.target)
            done = True

    partial = f"{target}.part{os.getpid()}"  # What is cut short is never taken for the file.
    try:
        urlretrieve(origin, partial, show)
        os.replace(partial, target)
    except HTTPError as error:
        raise Exception(f"URL fetch failure on {origin}: {error.code} -- {error.msg}") from error
    except URLError as error:
        raise Exception(f"URL fetch failure on {origin}: {error.errno} -- {error.reason}") from error
    finally:
        Path(partial).unlink(missing_ok=True)


def _hash(path: str, algorithm: str, wanted: str) -> str:
    import hashlib

    sha = algorithm == "sha256" or (algorithm == "auto" and len(wanted) == 64)
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256" if sha else "md5").hexdigest()


def _unpack(path: str, folder: str, archive_format: Any) -> bool:
    """Unpacks a file, without what would lie outside of the folder; False if it is no archive."""
    import tarfile
    import zipfile

    kinds = {None: [], "auto": ["tar", "zip"]}.get(archive_format, archive_format) if not isinstance(
        archive_format, (list, tuple)) else archive_format
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind not in ("tar", "zip"):
            raise NotImplementedError(kind)
        try:
            if kind == "tar" and tarfile.is_tarfile(path):
                with tarfile.open(path) as archive:
                    archive.extractall(folder, filter="data")
                return True
            if kind == "zip" and zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive_:
                    archive_.extractall(folder)  # `zipfile` drops drives, leading separators and `..` itself.
                return True
        except (tarfile.TarError, RuntimeError, KeyboardInterrupt):
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return False
