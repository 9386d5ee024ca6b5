"""Errors, shapes known in part, and transforms over any axes in `tf.signal`."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1 as tf1


@pytest.mark.parametrize("call, kind, words", [
    (lambda: tf.signal.fft(1.0), tf.errors.InvalidArgumentError, r"rank of at least 1 but got: \[\]"),
    (lambda: tf.signal.fft(tf.ones([3])), tf.errors.InvalidArgumentError, "Tcomplex.*not in the list of allowed values"),
    (lambda: tf.signal.fft2d(tf.ones([3], tf.complex64)), tf.errors.InvalidArgumentError, "rank of at least 2"),
    (lambda: tf.signal.rfft(tf.ones([3]), [2, 2]), tf.errors.InvalidArgumentError, r"fft_length must have shape \[1\]"),
    (lambda: tf.signal.rfft(tf.ones([])), ValueError, "must have rank at least 1"),
    (lambda: tf.signal.rfft(tf.ones([3], tf.complex64)), ValueError, "RFFT requires tf.float32 or tf.float64 inputs"),
    (lambda: tf.signal.irfft(tf.ones([3])), ValueError, "IRFFT requires tf.complex64 or tf.complex128 inputs"),
    (lambda: tf.raw_ops.RFFT(input=tf.ones([2, 4]), fft_length=[6]), tf.errors.InvalidArgumentError,
     "Input dimension 1 must have length of at least 6 but got: 4"),
    (lambda: tf.signal.dct([1.0, 2.0], type=5), ValueError, "Types I, II, III and IV"),
    (lambda: tf.signal.dct([1.0, 2.0], n=0), ValueError, "n should be a positive integer"),
    (lambda: tf.signal.dct([1.0, 2.0], axis=0), NotImplementedError, "axis must be -1. Got: 0"),
    (lambda: tf.signal.dct([1.0, 2.0], type=1, norm="ortho"), ValueError, "not supported for the Type-I DCT"),
    (lambda: tf.signal.dct([1.0], type=1), ValueError, "requires the dimension to be greater than one"),
    (lambda: tf.signal.dct([1.0, 2.0], norm="x"), ValueError, "Unknown normalization"),
    (lambda: tf.signal.dct([1, 2, 3]), TypeError, "Cannot convert 0.0 to EagerTensor of dtype int32"),
    (lambda: tf.signal.hann_window(8, dtype=tf.int32), ValueError, "dtype must be a floating point type"),
    (lambda: tf.signal.hann_window([8]), ValueError, "must have rank 0"),
    (lambda: tf.signal.frame(1.0, 2, 1), ValueError, "must have rank at least 1"),
    (lambda: tf.signal.frame([1.0], [2], 1), ValueError, "must have rank 0"),
    (lambda: tf.signal.frame([1.0], 2, 0), tf.errors.InvalidArgumentError, "division by zero"),
    (lambda: tf.signal.overlap_and_add([1.0], 1), ValueError, "must have rank at least 2"),
    (lambda: tf.signal.overlap_and_add([[1.0]], 1.0), ValueError, "frame_step must be an integer"),
    (lambda: tf.signal.stft(1.0, 4, 2), ValueError, "must have rank at least 1"),
    (lambda: tf.signal.mdct(tf.ones([20]), 6), ValueError, "must be a multiple of 4"),
    (lambda: tf.signal.linear_to_mel_weight_matrix(0), ValueError, "num_mel_bins must be positive"),
    (lambda: tf.signal.linear_to_mel_weight_matrix(lower_edge_hertz=-1.0), ValueError, "must be non-negative"),
    (lambda: tf.signal.linear_to_mel_weight_matrix(lower_edge_hertz=4000.0), ValueError, "4000.0 >= upper_edge_hertz 3800.0"),
    (lambda: tf.signal.linear_to_mel_weight_matrix(sample_rate=100), ValueError, "Nyquist frequency"),
    (lambda: tf.signal.linear_to_mel_weight_matrix(sample_rate=0), ValueError, "sample_rate must be positive"),
    (lambda: tf.signal.mfccs_from_log_mel_spectrograms(tf.ones([2, 0])), ValueError, "num_mel_bins must be positive"),
])
def test_errors(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


@pytest.mark.parametrize("lengths, axes", [(None, None), ([3, 6], [0, 2]), ([2, 2], [2, 1]), ([5], [-2])])
@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
def test_transforms_over_any_axes_are_numpys(lengths, axes, norm):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((3, 4, 5))
    z = x + 1j * rng.standard_normal(x.shape)
    a, b = tf.constant(x), tf.constant(z)
    close = lambda got, expected: np.testing.assert_allclose(got, expected, atol=1e-12)
    close(tf.signal.fftnd(b, lengths, axes, norm), np.fft.fftn(z, lengths, axes, norm))
    close(tf.signal.ifftnd(b, lengths, axes, norm), np.fft.ifftn(z, lengths, axes, norm))
    close(tf.signal.rfftnd(a, lengths, axes, norm), np.fft.rfftn(x, lengths, axes, norm))
    close(tf.signal.irfftnd(b, lengths, axes, norm), np.fft.irfftn(z, lengths, axes, norm))


@pytest.mark.parametrize("call", [
    lambda x: tf.signal.rfft(x, [5]), lambda x: tf.signal.rfft(x, [3]), lambda x: tf.signal.rfft3d(x),
    lambda x: tf.signal.rfft2d(x, [2, 5]), lambda x: tf.signal.irfft(tf.cast(x, tf.complex128), [4]),
    lambda x: tf.signal.irfft3d(tf.complex(x, x * x)), lambda x: tf.signal.fftnd(tf.complex(x, x * x), [2, 6], [0, 2]),
    lambda x: tf.signal.ifftnd(tf.complex(x, x * x), axes=[1]), lambda x: tf.signal.rfftnd(x, [3, 2], axes=[2, 0]),
    lambda x: tf.signal.irfftnd(tf.complex(x, x * x), [2, 6], axes=[1, 2])])
def test_gradients_where_tensorflow_has_none(call):
    rng = np.random.default_rng(2)
    x, direction = rng.standard_normal((2, 2, 3, 4))
    out = call(tf.constant(x))
    w = rng.standard_normal(out.shape) + 1j * rng.standard_normal(out.shape)

    def value(at):
        y = call(at)
        return tf.reduce_sum(tf.math.real(tf.cast(y, tf.complex128) * w))
    at = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(at)
        loss = value(at)
    slope = np.sum(tape.gradient(loss, at).numpy() * direction)
    h = 1e-6
    numeric = (value(tf.constant(x + h * direction)) - value(tf.constant(x - h * direction))) / (2 * h)
    assert slope == pytest.approx(float(numeric), rel=1e-6)


@pytest.mark.parametrize("shape", [None, [None, None], [2, None], [2, 12]])
def test_shapes_known_in_part(shape):
    x = tf.constant(np.random.default_rng(3).standard_normal((2, 12)).astype(np.float32))

    def calls(x):
        return [tf.signal.rfft(x), tf.signal.rfft(x, [16]), tf.signal.frame(x, 4, 3, pad_end=True),
                tf.signal.overlap_and_add(x, 5), tf.signal.stft(x, 4, 2), tf.signal.stft(x, 5, 2, pad_end=True)]

    def ranked(x):
        n = tf.shape(x)[-1]
        return [tf.signal.irfft(tf.signal.rfft(x)), tf.signal.dct(x), tf.signal.dct(x, type=1), tf.signal.idct(x, norm="ortho"),
                tf.signal.dct(x, type=4), tf.signal.dct(x, n=20), tf.signal.dct(x, n=5), tf.signal.fftshift(x),
                tf.signal.mdct(x, 4), tf.signal.inverse_stft(tf.signal.stft(x, 4, 2), 6, 2),
                tf.signal.rfftnd(x), tf.signal.fftnd(tf.cast(x, tf.complex64), axes=[0]), tf.signal.rfft2d(x),
                tf.signal.hann_window(n), tf.signal.kaiser_window(n), tf.signal.stft(x, n // 2, n // 4)]
    functions = [calls] if shape is None else [calls, ranked]
    for function in functions:
        traced = tf.function(function, input_signature=[tf.TensorSpec(shape)])
        for _ in range(2):
            for got, expected in zip(traced(x), function(x), strict=True):
                np.testing.assert_allclose(got, expected, atol=2e-5)


def test_gradient_with_unknown_length():
    def slope(x):
        return tf.gradients(tf.math.real(tf.signal.irfft(tf.signal.rfft(x, [6]) ** 2, [7])), x)[0]
    x = tf.constant([1.0, -2.0, 0.5, 3.0])
    traced = tf.function(slope, input_signature=[tf.TensorSpec([None])])
    np.testing.assert_allclose(traced(x), tf.function(slope)(x), rtol=1e-5)


def test_in_a_session():
    with tf1.Graph().as_default(), tf1.Session() as session:
        x = tf1.placeholder(tf1.float32, [None, 8])
        y = tf1.spectral.irfft(tf1.spectral.rfft(x))
        z = tf1.fft(tf1.cast(x, tf1.complex64))
        value = np.random.default_rng(4).standard_normal((3, 8)).astype(np.float32)
        back, spectrum = session.run([y, z], {x: value})
    np.testing.assert_allclose(back, value, atol=1e-6)
    np.testing.assert_allclose(spectrum, np.fft.fft(value), atol=1e-5)


def test_compiled():
    @tf.function(jit_compile=True)
    def features(x):
        spectrum = tf.abs(tf.signal.stft(x, 8, 4))
        mel = tf.matmul(spectrum, tf.signal.linear_to_mel_weight_matrix(4, 5, 8000, 0.0, 3900.0))
        return tf.signal.mfccs_from_log_mel_spectrograms(tf.math.log(mel + 1e-6))
    x = tf.constant(np.random.default_rng(5).standard_normal((2, 32)).astype(np.float32))
    np.testing.assert_allclose(features(x), features.python_function(x), rtol=1e-3, atol=1e-4)
