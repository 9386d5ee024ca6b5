"""thalweg: TensorFlow's programming model as one readable Python library. `import thalweg as tf`."""
from __future__ import annotations

from ._lazy import attach as _attach
from .core import errors as errors
from .core.context import executing_eagerly as executing_eagerly
from .core.convert import convert_to_tensor as convert_to_tensor
from .core.convert import register_tensor_conversion_function as register_tensor_conversion_function
from .core.dtypes import DType as DType
from .core.dtypes import as_dtype as as_dtype
from .core.dtypes import bfloat16 as bfloat16
from .core.dtypes import bool as bool
from .core.dtypes import complex64 as complex64
from .core.dtypes import complex128 as complex128
from .core.dtypes import double as double
from .core.dtypes import float16 as float16
from .core.dtypes import float32 as float32
from .core.dtypes import float64 as float64
from .core.dtypes import half as half
from .core.dtypes import int8 as int8
from .core.dtypes import int16 as int16
from .core.dtypes import int32 as int32
from .core.dtypes import int64 as int64
from .core.dtypes import qint8 as qint8
from .core.dtypes import qint16 as qint16
from .core.dtypes import qint32 as qint32
from .core.dtypes import quint8 as quint8
from .core.dtypes import quint16 as quint16
from .core.dtypes import resource as resource
from .core.dtypes import string as string
from .core.dtypes import uint8 as uint8
from .core.dtypes import uint16 as uint16
from .core.dtypes import uint32 as uint32
from .core.dtypes import uint64 as uint64
from .core.dtypes import variant as variant
from .core.indexed_slices import IndexedSlices as IndexedSlices
from .core.opdef import FAMILIES as _FAMILIES
from .core.shape import TensorShape as TensorShape
from .core.tape import GradientTape as GradientTape
from .core.tape import UnconnectedGradients as UnconnectedGradients
from .core.tape import custom_gradient as custom_gradient
from .core.tensor import Tensor as Tensor
from .core.tensor import is_tensor as is_tensor
from .core.variable import Variable as Variable
from .core.variable import VariableAggregation as VariableAggregation
from .core.variable import VariableSynchronization as VariableSynchronization
from .names import FAMILIES, RUNTIME_FAMILIES, TOP_LEVEL
from .ops import operators as _operators

__version__ = "2.21.0"
"""The version of TensorFlow whose names and behaviour these are; `thalweg --version` prints the package's own."""
newaxis = None

_FAMILIES.extend([f"thalweg.ops.{name}" for name in FAMILIES] + [f"thalweg.runtime.{name}" for name in RUNTIME_FAMILIES])
_operators.install()

__getattr__, __dir__ = _attach(__name__, TOP_LEVEL)
