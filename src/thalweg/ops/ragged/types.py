"""The ragged tensor with everything that belongs to it: its operators are installed once this is loaded."""
from __future__ import annotations

from . import elementwise as _elementwise
from .partition import RowPartition as RowPartition
from .spec import RaggedTensorSpec as RaggedTensorSpec
from .tensor import RaggedTensor as RaggedTensor
from .values import RaggedTensorValue as RaggedTensorValue

_elementwise.install()
