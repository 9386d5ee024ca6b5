"""tf.dtypes: the types and conversions between them."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "dtypes_experimental": "experimental=.",
    "core.dtypes": "as_dtype bfloat16 bool complex128 complex64 double DType float16 float32 float64 half int16 "
        "int32 int64 int8 qint16 qint32 qint8 QUANTIZED_DTYPES quint16 quint8 resource string uint16 "
        "uint32 uint64 uint8 variant",
    "ops.casting": "cast saturate_cast",
    "ops.complex_numbers": "complex",
})
