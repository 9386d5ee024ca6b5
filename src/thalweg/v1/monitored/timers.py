"""`SecondOrStepTimer`: whether it is time again, by seconds or by steps."""
from __future__ import annotations

import time


class NeverTimer:
    """Whose time never comes."""

    def reset(self) -> None:
        """Forgets when it was time."""

    def should_trigger_for_step(self, step: int) -> bool:
        """Whether it is time at a step."""
        return False

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        """Notes that it was time; the seconds and steps since it was before."""
        return None, None

    def last_triggered_step(self) -> int | None:
        """The step when it was time last."""
        return None


class SecondOrStepTimer(NeverTimer):
    """Says at most once in so many seconds, or in so many steps, that it is time; at first always.

    Args:
      every_secs: the seconds.
      every_steps: the steps.

    Raises:
      ValueError: neither is given, or both are.
    """

    def __init__(self, every_secs: float | None = None, every_steps: int | None = None) -> None:
        self.reset()
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._every_secs, self._every_steps = every_secs, every_steps

    def reset(self) -> None:
        """Forgets when it was time."""
        self._last: tuple[float, int] | None = None

    def should_trigger_for_step(self, step: int) -> bool:
        """Whether it is time at a step. It is never time twice at one step."""
        if self._last is None:
            return True
        when, last = self._last
        if step == last:
            return False
        if self._every_secs is not None:
            return time.time() >= when + self._every_secs
        return self._every_steps is not None and step >= last + self._every_steps

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        """Notes that it was time.

        Args:
          step: when.

        Returns:
          The seconds and the steps since it was before; None for both at first.
        """
        before, self._last = self._last, (time.time(), step)
        return (None, None) if before is None else (self._last[0] - before[0], step - before[1])

    def last_triggered_step(self) -> int | None:
        """The step when it was time last, or None."""
        return None if self._last is None else self._last[1]
