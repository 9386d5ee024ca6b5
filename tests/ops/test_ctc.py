"""What the CTC losses and decoders refuse, and their loss in compiled programs."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

_LOGITS = np.random.default_rng(0).standard_normal((4, 2, 3)).astype(np.float32)


def _labels(values: list[int]) -> tf.sparse.SparseTensor:
    return tf.sparse.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant(values, tf.int32), [2, 2])


def test_sparse_labels_need_a_blank() -> None:
    with pytest.raises(ValueError, match="Argument `blank_index` must be provided when `labels` is a `SparseTensor`"):
        tf.nn.ctc_loss(_labels([0, 1, 0]), _LOGITS, None, [4, 4])


def test_too_few_steps() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="Not enough time for target transition sequence"):
        tf.nn.ctc_loss(_labels([1, 1, 0]), _LOGITS, None, [2, 4], blank_index=-1)
    dense = tf.nn.ctc_loss([[1, 1], [2, 0]], _LOGITS, [2, 1], [2, 4])
    assert np.isinf(dense.numpy()).tolist() == [True, False]


def test_a_label_out_of_range_ends_its_sequence() -> None:
    ended = tf.sparse.SparseTensor([[0, 0], [1, 0]], tf.constant([0, 0], tf.int32), [2, 2])
    np.testing.assert_allclose(tf.compat.v1.nn.ctc_loss(_labels([0, 2, 0]), _LOGITS, [4, 4]),
                               tf.compat.v1.nn.ctc_loss(ended, _LOGITS, [4, 4]), rtol=1e-5)


def test_dense_labels_are_refused_by_the_older_form() -> None:
    with pytest.raises(TypeError, match="Expected argument `labels` to be a SparseTensor"):
        tf.compat.v1.nn.ctc_loss([[1]], _LOGITS, [4, 4])


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="inputs is not a 3-Tensor"):
        tf.nn.ctc_greedy_decoder(_LOGITS[0], [4, 4])
    with pytest.raises(tf.errors.FailedPreconditionError, match=r"len\(sequence_length\) != batch_size"):
        tf.nn.ctc_beam_search_decoder(_LOGITS, [4])
    with pytest.raises(tf.errors.InvalidArgumentError, match="top_paths"):
        tf.nn.ctc_beam_search_decoder(_LOGITS, [4, 4], beam_width=2, top_paths=3)


def test_training_step_compiles() -> None:
    def step(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(tf.nn.ctc_loss([[1, 2], [2, 0]], x, [2, 1], [4, 3]))
        return loss, tape.gradient(loss, x)
    plain = step(tf.constant(_LOGITS))
    compiled = tf.function(step, jit_compile=True)(tf.constant(_LOGITS))
    for a, b in zip(plain, compiled):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
