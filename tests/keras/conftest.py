"""Every test of Keras starts as a fresh program does."""
from __future__ import annotations

import pytest

import thalweg as tf


@pytest.fixture(autouse=True)
def fresh_session() -> None:
    tf.keras.backend.clear_session(free_memory=False)
