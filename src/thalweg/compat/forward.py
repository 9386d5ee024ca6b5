"""What programs ask that write graphs for older versions of TensorFlow."""
from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager


class _Horizon:
    date = datetime.date(2026, 1, 16)
    """Programs of TensorFlow 2.21 can be read by versions that were built from here on."""


def forward_compatible(year: int, month: int, day: int) -> bool:
    """Whether graphs need not be readable any more by versions of TensorFlow from before a day."""
    return _Horizon.date > datetime.date(year, month, day)


@contextmanager
def forward_compatibility_horizon(year: int, month: int, day: int) -> Iterator[None]:
    """Another horizon inside, to test both ways."""
    before, _Horizon.date = _Horizon.date, datetime.date(year, month, day)
    try:
        yield
    finally:
        _Horizon.date = before
