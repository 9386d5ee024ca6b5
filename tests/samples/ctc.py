"""Samples of connectionist temporal classification."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, D, F, H, sample

_LABELS = np.array([[1, 2, 2, 0], [3, 1, 0, 0], [0, 0, 0, 0]])
_LENGTHS = np.array([3, 2, 0])
_TIMES = np.array([7, 5, 3])
_SPARSE = {"indices": [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [2, 0]], "values": [1, 2, 2, 3, 1, 2], "dense_shape": [3, 4]}


def _sparse(tf: Any) -> Any:
    s = tf.sparse.SparseTensor(**_SPARSE)
    return tf.sparse.SparseTensor(s.indices, tf.cast(s.values, tf.int32), s.dense_shape)


def _dense(**settings: Any) -> Any:
    return lambda tf, x: tf.nn.ctc_loss(tf.constant(_LABELS), x, tf.constant(_LENGTHS), tf.constant(_TIMES), **settings)


def _from_sparse(**settings: Any) -> Any:
    return lambda tf, x: tf.nn.ctc_loss(_sparse(tf), x, None, tf.constant(_TIMES, tf.int32), **settings)


def _v1(**settings: Any) -> Any:
    return lambda tf, x: tf.compat.v1.nn.ctc_loss(_sparse(tf), x, tf.constant(_TIMES, tf.int32), **settings)


def _decode(name: str, **settings: Any) -> Any:
    return lambda tf, x: getattr(tf.nn, name)(x, tf.constant(_TIMES, tf.int32), **settings)


def _decode_v1(**settings: Any) -> Any:
    return lambda tf, x: tf.compat.v1.nn.ctc_beam_search_decoder(x, tf.constant(_TIMES, tf.int32), **settings)


def _unique(tf: Any, x: Any) -> Any:
    labels = tf.constant(_LABELS)
    return tf.nn.ctc_loss(labels, x, tf.constant(_LENGTHS), tf.constant(_TIMES), unique=tf.nn.ctc_unique_labels(labels))


SAMPLES = [
    sample("CTCLossDense", _dense(), F(7, 3, 5)),
    sample("CTCLossDense", _dense(), H(7, 3, 5)),
    sample("CTCLossDense", _dense(blank_index=-1), F(7, 3, 5)),
    sample("CTCLossDense", _dense(blank_index=4, logits_time_major=False), F(3, 7, 5)),
    sample("CTCLossDense", _unique, F(7, 3, 5)),
    sample("CTCLoss", _from_sparse(blank_index=-1), F(7, 3, 5)),
    sample("CTCLoss", _from_sparse(blank_index=0), F(7, 3, 5)),
    sample("CTCLoss", _from_sparse(blank_index=4, logits_time_major=False), F(3, 7, 5)),
    sample("CTCLoss", _v1(), F(7, 3, 5)),
    sample("CTCLoss", _v1(), D(7, 3, 5), tol=(1e-6, 1e-6)),
    sample("CTCLoss", _v1(time_major=False), F(3, 7, 5)),
    sample("CTCLoss", _v1(preprocess_collapse_repeated=True), F(7, 3, 5)),
    sample("CTCLoss", _v1(ctc_merge_repeated=False), F(7, 3, 5)),
    sample("CTCLoss", lambda tf, x: tf.compat.v1.nn.ctc_loss(_sparse(tf), x, tf.constant([3, 5, 3]),
                                                             ignore_longer_outputs_than_inputs=True), F(7, 3, 5), fd=False),
    sample("CTCGreedyDecoder", _decode("ctc_greedy_decoder"), F(7, 3, 4), grad=False),
    sample("CTCGreedyDecoder", _decode("ctc_greedy_decoder", merge_repeated=False), D(7, 3, 4), grad=False),
    sample("CTCGreedyDecoder", _decode("ctc_greedy_decoder", blank_index=0), F(7, 3, 3), grad=False),
    sample("CTCBeamSearchDecoder", _decode("ctc_beam_search_decoder"), F(7, 3, 4), grad=False),
    sample("CTCBeamSearchDecoder", _decode("ctc_beam_search_decoder", beam_width=5, top_paths=3), D(7, 3, 4), grad=False,
           tol=(1e-6, 1e-6)),
    sample("CTCBeamSearchDecoder", _decode_v1(top_paths=2), F(7, 3, 4, scale=2.0), grad=False),
    sample("CTCUniqueLabels", lambda tf, x: tf.nn.ctc_unique_labels(x), A([[3, 4, 4, 3], [1, 1, 1, 0]]), grad=False),
    sample("CTCCollapseRepeated", lambda tf, x, n: tf.nn.collapse_repeated(x, n), A([[1, 1, 2, 2, 1], [1, 2, 3, 4, 5],
           [1, 1, 1, 1, 1]]), A([4, 5, 2]), grad=False),
    sample("CTCBeamSearchDecoder", lambda tf, x: tf.nn.ctc_beam_search_decoder(x, [2], 2, 1)[1], A(
        [[[0.5, 1.0, np.nan]], [[1.0, 2.0, 0.5]]]), grad=False),
    sample("CTCGreedyDecoder", _decode("ctc_greedy_decoder"), A(
        np.insert(np.linspace(-1.0, 1.0, 83), 40, np.nan).astype("float32").reshape(7, 3, 4)), grad=False),
    sample("CTCLossDense", _dense(), F(7, 3, 4), fd=False, note="labels beyond the classes cost nothing"),
]
