"""What every test starts from."""
from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from thalweg.ops.random_state import set_seed

# How long an example takes depends on what else the machine does.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _no_seed() -> None:
    """No seed of the program, whatever an earlier test has set."""
    set_seed(None)
