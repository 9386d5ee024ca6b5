"""Models as graphs: placeholders, the operations that connect them, and the walk through what they form."""
from __future__ import annotations

from . import arithmetic as arithmetic  # It gives symbolic tensors their operators.
