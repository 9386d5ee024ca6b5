"""Errors of quantization and of sound files, and quantized tensors in functions and sessions."""
from __future__ import annotations

import struct

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1 as tf1

quantization = tf.quantization
WAV = tf.audio.encode_wav([[0.0], [0.5], [-0.5]], 8000).numpy()


@pytest.mark.parametrize("call, words", [
    (lambda: quantization.fake_quant_with_min_max_args([1.0], 6.0, -6.0), "min has to be smaller than max, was: 6 >= -6"),
    (lambda: quantization.fake_quant_with_min_max_args([1.0], num_bits=1), "num_bits must be between 2 and 16, inclusive"),
    (lambda: quantization.fake_quant_with_min_max_vars([1.0], 0.0, 1.0, num_bits=17), "between 2 and 16, inclusive"),
    (lambda: quantization.fake_quant_with_min_max_vars([1.0], [0.0], 1.0), r"`min` must be rank 0 \(a scalar\)"),
    (lambda: quantization.fake_quant_with_min_max_vars_per_channel([[1.0, 2.0]], [0.0], [1.0]), "incorrect size"),
    (lambda: quantization.quantize([1.0], 2.0, 1.0, tf.quint8), "max_range must be larger than min_range"),
    (lambda: quantization.quantize([1.0], 0.0, 1.0, tf.quint8, round_mode="HALF_TO_EVEN"), "only supported for mode 'SCALED'"),
    (lambda: quantization.quantize([1.0], 0.0, 1.0, tf.float32), "allowed values"),
    (lambda: quantization.quantize_and_dequantize_v2([1.0], 2.0, 1.0, range_given=True), "Invalid range: input_min 2 > "),
    (lambda: quantization.quantize_and_dequantize_v2([1.0], float("nan"), 1.0, range_given=True), "Invalid range: input_min n"),
    (lambda: quantization.quantize_and_dequantize_v2([1.0], 0.0, 1.0, num_bits=64), "num_bits is out of range: 64"),
    (lambda: tf.audio.decode_wav(b""), "Data too short"),
    (lambda: tf.audio.decode_wav(WAV[:-1]), "Data too short"),
    (lambda: tf.audio.decode_wav([WAV]), r"contents must be scalar, got shape \[1\]"),
    (lambda: tf.audio.decode_wav(b"RIFX" + WAV[4:]), "Expected RIFF but found RIFX"),
    (lambda: tf.audio.decode_wav(WAV[:12] + b"abcd" + WAV[16:]), "Unexpected field abcd"),
    (lambda: tf.audio.decode_wav(WAV[:16] + struct.pack("<I", 14) + WAV[20:]), "Bad format chunk size for WAV"),
    (lambda: tf.audio.decode_wav(WAV[:20] + struct.pack("<H", 3) + WAV[22:]), r"Expected 1 \(PCM\), but got3"),
    (lambda: tf.audio.decode_wav(WAV[:34] + struct.pack("<H", 8) + WAV[36:]), "Can only read 16-bit WAV files"),
    (lambda: tf.audio.decode_wav(WAV[:22] + struct.pack("<H", 0) + WAV[24:]), "Bad number of channels"),
    (lambda: tf.audio.decode_wav(WAV[:28] + struct.pack("<I", 7) + WAV[32:]), "Bad bytes per second"),
    (lambda: tf.audio.decode_wav(WAV[:32] + struct.pack("<H", 7) + WAV[34:]), "Bad bytes per sample"),
    (lambda: tf.audio.decode_wav(WAV[:36]), "No data chunk found in WAV"),
    (lambda: tf.audio.encode_wav([1.0], 8000), r"audio must be 2-dimensional\[1\]"),
    (lambda: tf.audio.encode_wav([[1.0]], 0), "sample_rate must be in"),
    (lambda: tf.audio.encode_wav(np.zeros([3, 0]), 8000), "num_channels must be in"),
])
def test_errors(call, words):
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        call()


def test_quantized_tensors_pass_through_functions():
    x = tf.constant([-0.5, 0.25, 2.0])
    there = tf.function(lambda x: quantization.quantize(x, -1.0, 1.0, tf.qint8, mode="SCALED").output)
    back = tf.function(lambda q: quantization.dequantize(q, -1.0, 1.0, mode="SCALED"))
    for _ in range(3):
        q = there(x)
        assert q.dtype == tf.qint8
        np.testing.assert_allclose(back(q), [-0.5, 0.25, 1.0], atol=5e-3)
    both = tf.function(lambda x: back(there(x)))
    np.testing.assert_allclose(both(x), [-0.5, 0.25, 1.0], atol=5e-3)
    folded = tf.function(lambda: tf.bitcast(tf.cast(tf.constant([1.0, -2.0]), tf.qint8), tf.int8))
    np.testing.assert_array_equal(folded(), [1, -2])


def test_straight_through_and_clipped_gradients():
    x = tf.Variable([-2.0, 0.3, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        clipped = quantization.quantize_and_dequantize_v2(x, -1.0, 1.0, range_given=True)
        through = quantization.quantize_and_dequantize(x, -1.0, 1.0, range_given=True)
    np.testing.assert_array_equal(tape.gradient(clipped, x), [0, 1, 0])
    np.testing.assert_array_equal(tape.gradient(through, x), [1, 1, 1])


def test_in_a_session():
    with tf1.Graph().as_default(), tf1.Session() as session:
        x = tf1.placeholder(tf1.float32, [None])
        y = tf1.fake_quant_with_min_max_args(x, -1.0, 1.0, num_bits=3)
        q, low, high = tf1.quantize_v2(x, -1.0, 1.0, tf1.quint8)
        z = tf1.dequantize(q, low, high)
        rounded, back = session.run([y, z], {x: [0.3, 5.0]})
    np.testing.assert_allclose(rounded, quantization.fake_quant_with_min_max_args([0.3, 5.0], -1.0, 1.0, num_bits=3))
    np.testing.assert_allclose(back, [0.3, 1.0], atol=5e-3)


def test_sound_in_a_function():
    decode = tf.function(lambda s: tf.audio.decode_wav(s, desired_channels=1))
    audio, rate = decode(tf.constant(WAV))
    assert decode.get_concrete_function(tf.TensorSpec([], tf.string)).structured_outputs[0].shape.as_list() == [None, 1]
    assert (audio.shape.as_list(), int(rate)) == ([3, 1], 8000)
