"""Samples of operations that few programs name."""
from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from . import BF, A, B, C, D, F, H, I, P, S, sample


def _raw(type, *names, **attrs):
    return lambda tf, *xs: getattr(tf.raw_ops, type)(**dict(zip(names, xs, strict=True)), **attrs)


def _rows(name, x, i, v):
    return sample(f"Inplace{name}", _raw(f"Inplace{name}", "x", "i", "v"), x, i, v, grad=False)


def _of_file(tf: Any, shape: Any = (2, 3), dtype: str = "float32") -> Any:
    """The file stays where it is, for graphs that read it later."""
    path = Path(tempfile.gettempdir()) / f"numbers_{dtype}.bin"
    np.arange(10, dtype=dtype).tofile(path)
    return tf.raw_ops.ImmutableConst(dtype=dtype, shape=shape, memory_region_name=str(path)) + 0


_KINDS = (F, D, H, BF, C, lambda *s: I(-9, 9, *s), lambda *s: I(0, 9, *s, dtype=np.uint8))

SAMPLES = [
    *[_rows(name, kind(4, 3), A([2, 0]), kind(2, 3)) for name in ("Update", "Add", "Sub") for kind in _KINDS],
    *[_rows(name, F(4), A([1, 5, -1, 1]), F(4)) for name in ("Update", "Add", "Sub")],
    *[_rows(name, F(4, 0), A([1]), F(1, 0)) for name in ("Update", "Add", "Sub")],
    *[_rows(name, F(2, 2, 2), A([], "int32"), F(0, 2, 2)) for name in ("Update", "Add", "Sub")],
    _rows("Update", B(4, 2), A([3]), B(1, 2)),
    _rows("Update", S("a", "b", "c"), A([1]), S("d")),
    sample("ParallelConcat", lambda tf, x, y: tf.raw_ops.ParallelConcat(values=[x, y], shape=[2, 3]), F(1, 3), F(1, 3),
           grad=False),
    sample("ParallelConcat", lambda tf, x: tf.raw_ops.ParallelConcat(values=[x] * 3, shape=[3]), I(0, 9, 1)),
    sample("ParallelConcat", lambda tf, x: tf.raw_ops.ParallelConcat(values=[x], shape=[1, 0, 2]), D(1, 0, 2), grad=False),
    sample("Empty", lambda tf: tf.raw_ops.Empty(shape=[2, 3], dtype=tf.float32, init=True)),
    sample("Empty", lambda tf: tf.raw_ops.Empty(shape=[0, 2], dtype=tf.complex64)),
    sample("Empty", lambda tf: tf.raw_ops.Empty(shape=tf.zeros(0, tf.int32), dtype=tf.bool, init=True)),
    *[sample("ImmutableConst", _of_file, grad=False),
      sample("ImmutableConst", lambda tf: _of_file(tf, [0, 3]), grad=False),
      sample("ImmutableConst", lambda tf: _of_file(tf, [], "int64"), grad=False)],
    sample("Fact", lambda tf: tf.raw_ops.Fact()),
    *[sample("DeviceIndex", lambda tf, names=names: tf.raw_ops.DeviceIndex(device_names=names))
      for names in (["CPU", "GPU"], ["GPU", "CPU"], ["TPU"])],
    sample("ControlTrigger SyncDevice", lambda tf, x: (tf.raw_ops.ControlTrigger(), tf.raw_ops.SyncDevice(), x + 1)[2], F(2)),
    *[sample("GuaranteeConst", _raw("GuaranteeConst", "input"), x, grad=False) for x in (F(2, 3), S("a", "b"), F(0))],
    *[sample("ToBool", _raw("ToBool", "input"), x, grad=False)
      for x in (F(), A(0.0), A(np.nan), A(-0.0, "float64"), A(0), A(7, "int64"), A(3, "uint8"), A(0, "int8"), A(True),
                A(False), F(1), F(0), C(2), F(2, 0), S("a"), I(0, 1, 3))],
    sample("ToBool", lambda tf: tf.raw_ops.ToBool(input=""), grad=False),
    sample("ToBool", lambda tf: tf.raw_ops.ToBool(input="a"), grad=False),
    sample("DataFormatDimMap", _raw("DataFormatDimMap", "x"), A([0, 1, 2, 3, -1, -4])),
    sample("DataFormatDimMap", _raw("DataFormatDimMap", "x", src_format="NDHWC", dst_format="NCDHW"),
           I(-5, 5, 2, 3, dtype=np.int64)),
    sample("DataFormatDimMap", _raw("DataFormatDimMap", "x", src_format="HWNC", dst_format="CNHW"), A(2)),
    sample("DataFormatDimMap", _raw("DataFormatDimMap", "x"), I(0, 4, 0)),
    *[sample("DataFormatVecPermute", _raw("DataFormatVecPermute", "x"), x)
      for x in (I(0, 9, 4), I(0, 9, 2), I(0, 9, 4, 2, dtype=np.int64), I(0, 9, 2, 2))],
    *[sample("DataFormatVecPermute", _raw("DataFormatVecPermute", "x", src_format="NDHWC", dst_format="NCHWD"), x)
      for x in (I(0, 9, 5), I(0, 9, 3), I(0, 9, 5, 2), I(0, 9, 3, 2))],
    sample("DataFormatVecPermute", _raw("DataFormatVecPermute", "x", src_format="HWNC", dst_format="CNWH"), I(0, 9, 4)),
    sample("DataFormatVecPermute", _raw("DataFormatVecPermute", "x", src_format="NCHW", dst_format="NWHC"), I(0, 9, 2)),
    *[sample("Bucketize", _raw("Bucketize", "input", boundaries=[0.1, 1.5, 3.0]), x, grad=False)
      for x in (F(5, 2), D(7), I(-2, 6, 9), I(-2, 6, 2, 3, dtype=np.int64), F(0, 2), A([0.1, 1.5, np.nan, np.inf, -np.inf]),
                A([0.1, 1.5], "float64"), P())],
    sample("Bucketize", _raw("Bucketize", "input", boundaries=[]), F(3), grad=False),
]
