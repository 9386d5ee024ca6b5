"""What spectrograms refuse."""
from __future__ import annotations

from typing import Any

import pytest

import thalweg as tf

raw = tf.raw_ops
POWER = tf.ones([1, 2, 9])


@pytest.mark.parametrize("attrs", [{"window_size": 1, "stride": 4}, {"window_size": 3, "stride": 0}])
def test_a_window_of_one_sample_or_no_stride(attrs: dict[str, int]) -> None:
    said = f"failed for window size {attrs['window_size']} and stride {attrs['stride']}"
    with pytest.raises(tf.errors.InvalidArgumentError, match=said):
        raw.AudioSpectrogram(input=tf.zeros([9, 1]), **attrs)


@pytest.mark.parametrize("arguments", [
    {"sample_rate": 0}, {"upper_frequency_limit": 20.0}, {"lower_frequency_limit": -1.0}, {"filterbank_channel_count": 0},
    {"dct_coefficient_count": 41}, {"dct_coefficient_count": 0}, {"spectrogram": POWER[:, :, :1]}])
def test_coefficients_that_cannot_be(arguments: dict[str, Any]) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="Mfcc initialization failed for channel count"):
        raw.Mfcc(**{"spectrogram": POWER, "sample_rate": 8000, **arguments})


def test_ranks() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"input must be 2-dimensional\[9\]"):
        raw.AudioSpectrogram(input=tf.zeros([9]), window_size=4, stride=2)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"spectrogram must be 3-dimensional\[2,9\]"):
        raw.Mfcc(spectrogram=POWER[0], sample_rate=8000)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"should be a scalar tensor, got \[1\] instead"):
        raw.Mfcc(spectrogram=POWER, sample_rate=[8000])
    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"window size must be > 1, got 1"):
        raw.AudioSpectrogram(input=tf.zeros([9, 1]), window_size=1, stride=2)
