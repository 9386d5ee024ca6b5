"""`tf.gfile` of TensorFlow 1: the file system under its older names."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "formats.gfile": "FastGFile=GFile GFile Open=GFile",
    "formats.local_files": "Copy=copy DeleteRecursively=rmtree Exists=exists Glob=glob IsDirectory=isdir ListDirectory=listdir "
        "MakeDirs=makedirs MkDir=mkdir Remove=remove Rename=rename Stat=stat Walk=walk_v1",
})
