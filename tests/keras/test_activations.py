"""Activations: what they promise beyond the golden values."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras import activations, tags


def test_unknown_name_says_what_it_resembles() -> None:
    with pytest.raises(ValueError) as caught:
        activations.get("reluu")
    assert str(caught.value) == "Could not interpret activation function identifier: reluu"
    assert caught.value.__notes__ == ["Did you mean 'relu'?"]


def test_callables_are_returned_themselves() -> None:
    assert activations.get(len) is len
    assert activations.get(None) is activations.linear
    assert activations.get("swish") is activations.silu


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_losses_see_the_logits_behind_probabilities(name: str) -> None:
    logits = tf.constant([[200.0, 0.0]])
    probabilities = getattr(activations, name)(logits)
    assert tags.get_logits(probabilities) is logits
    assert tags.get_logits(probabilities + 0.0) is None


def test_softmax_over_one_class_warns() -> None:
    with pytest.warns(UserWarning, match="This axis has size 1"):
        activations.softmax(tf.zeros([2, 1]))


def test_softmax_over_several_axes_sums_to_one() -> None:
    y = activations.softmax(tf.constant(np.random.RandomState(0).randn(2, 3, 4), tf.float32), axis=(1, 2))
    np.testing.assert_allclose(tf.reduce_sum(y, axis=(1, 2)).numpy(), np.ones(2), rtol=1e-6)
