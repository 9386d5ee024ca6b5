"""Devices: everything is on the CPU, and asking for another device says so."""
from __future__ import annotations

import pytest

import thalweg as tf


def test_what_there_is() -> None:
    assert repr(tf.config.list_physical_devices()) == "[PhysicalDevice(name='/physical_device:CPU:0', device_type='CPU')]"
    assert tf.config.list_physical_devices("GPU") == []
    assert repr(tf.config.list_logical_devices()) == "[LogicalDevice(name='/device:CPU:0', device_type='CPU')]"
    tf.config.set_visible_devices([], "GPU")
    with pytest.raises(ValueError, match="Unrecognized device: 3"):
        tf.config.set_visible_devices(3)
    with pytest.raises(ValueError, match="Cannot set memory growth on non-GPU"):
        tf.config.experimental.set_memory_growth(tf.config.list_physical_devices("CPU")[0], True)


def test_placement() -> None:
    with tf.device("/CPU:0"):
        assert (tf.constant(1.0) + 1.0).device == "/job:localhost/replica:0/task:0/device:CPU:0"
    with tf.device("/GPU:0"):
        assert (tf.constant(1.0) + 1.0).numpy() == 2.0
    with pytest.raises(ValueError, match="Unknown attribute 'foo'"):
        tf.device("foo")
    with pytest.raises(ValueError, match="Expecting a string device name"):
        tf.device(3)
    tf.config.set_soft_device_placement(False)
    try:
        with pytest.raises(tf.errors.InvalidArgumentError, match="Could not satisfy device specification"):
            tf.device("/GPU:0")
    finally:
        tf.config.set_soft_device_placement(True)


def test_nodes_remember_what_was_asked_for() -> None:
    with tf.Graph().as_default():
        with tf.device("/GPU:1"):
            a = tf.constant(1.0)
        b = tf.constant(1.0)
    assert (a.device, b.device) == ("/GPU:1", "")
