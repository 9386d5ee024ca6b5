"""tf.logging."""
from __future__ import annotations

import logging
import sys

import pytest

import thalweg as tf2
import thalweg.v1 as tf


def test_messages_by_severity(caplog: pytest.LogCaptureFixture) -> None:
    before = tf.logging.get_verbosity()
    try:
        tf.logging.set_verbosity(tf.logging.ERROR)
        tf.logging.warn("not shown")
        tf.logging.error("loss %d", 3)
        tf.logging.set_verbosity(tf.logging.INFO)
        for _ in range(5):
            tf.logging.log_first_n(tf.logging.INFO, "twice", 2)
            tf.logging.log_every_n(tf.logging.INFO, "at 0 and 3", 3)
    finally:
        tf.logging.set_verbosity(before)
    assert [r.getMessage() for r in caplog.records] == ["loss 3", "twice", "at 0 and 3", "twice", "at 0 and 3"]
    assert tf2.compat.v1.logging.INFO == tf.logging.INFO


def test_messages_are_shown_unless_the_program_shows_them(monkeypatch: pytest.MonkeyPatch,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    before = tf.logging.get_verbosity()
    root = logging.getLogger()
    try:
        tf.logging.set_verbosity(tf.logging.INFO)
        monkeypatch.setattr(root, "handlers", [])
        tf.logging.info("loss = %g", 0.5)
        monkeypatch.setattr(root, "handlers", [logging.StreamHandler(sys.stdout)])
        tf.logging.info("once")
    finally:
        tf.logging.set_verbosity(before)
    assert capsys.readouterr() == ("once\n", "INFO:thalweg:loss = 0.5\n")
