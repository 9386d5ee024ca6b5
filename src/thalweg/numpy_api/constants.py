"""Numbers and dtypes by NumPy's names."""
from __future__ import annotations

import numpy as np

pi, e, inf, newaxis = np.pi, np.e, np.inf, None

bool_, object_, inexact, int_ = np.bool_, np.object_, np.inexact, np.int_
int8, int16, int32, int64 = np.int8, np.int16, np.int32, np.int64
uint8, uint16, uint32, uint64 = np.uint8, np.uint16, np.uint32, np.uint64
float16, float32, float64 = np.float16, np.float32, np.float64
complex64, complex128 = np.complex64, np.complex128
# Names that NumPy 2 no longer has.
float_, complex_, string_, unicode_ = np.float64, np.complex128, np.bytes_, np.str_

iinfo, issubdtype = np.iinfo, np.issubdtype
