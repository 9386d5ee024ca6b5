"""What every test starts from."""
from __future__ import annotations

import pytest

from thalweg.ops.random_state import set_seed


@pytest.fixture(autouse=True)
def _no_seed() -> None:
    """No seed of the program, whatever an earlier test has set."""
    set_seed(None)
