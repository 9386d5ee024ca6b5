"""Arguments of layers that move a window over their inputs."""
from __future__ import annotations

from typing import Any


def numbers(value: Any, rank: int, name: str) -> tuple[int, ...]:
    """A number, or one for each of `rank` axes, as a tuple.

    Raises:
      ValueError: it is neither.
    """
    if isinstance(value, int):
        return (value,) * rank
    try:
        found = tuple(int(v) for v in value)
    except (TypeError, ValueError):
        found = ()
    if len(found) != rank:
        raise ValueError(f"The `{name}` argument must be a tuple of {rank} integers. Received: {value}")
    return found


def formatted(data_format: str, rank: int) -> str:
    """The operations' name of a data format, such as "NHWC".

    Raises:
      ValueError: there is no such data format.
    """
    axes = "DHW"[3 - rank:] if rank > 1 else "W"
    if data_format == "channels_last":
        return f"N{axes}C"
    if data_format == "channels_first":
        return f"NC{axes}"
    raise ValueError('The `data_format` argument must be one of "channels_first", "channels_last". '
                     f"Received: {data_format}")
