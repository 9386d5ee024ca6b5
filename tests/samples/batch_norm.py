"""Samples of batch normalisation."""
from __future__ import annotations

from typing import Any

from tests.samples import F, H, P, Sample, sample

BOTH = "FusedBatchNormV3 FusedBatchNormGradV3"


def norm(tf: Any, *args: Any, **kwargs: Any) -> Any:
    return tf.compat.v1.nn.fused_batch_norm(*args, **kwargs)


def second_order(tf: Any, sources: list[Any], **kwargs: Any) -> Any:
    with tf.GradientTape() as tape:
        tape.watch(sources)
        loss = tf.reduce_sum(tf.sin(norm(tf, *sources, **kwargs)[0]))
    return tape.gradient(loss, sources[:3])


SAMPLES: list[Sample] = [
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o), F(2, 3, 3, 2), P(2), F(2), fd=False,
           note="no gradient goes through the statistics"),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o)[0], F(2, 3, 3, 2), P(2), F(2)),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x + 1000.0, s, o), F(4, 8, 8, 3), P(3), F(3), tol=(1e-3, 1e-3), fd=False,
           note="a mean far from zero"),
    sample(BOTH, lambda tf, x, s, o: norm(tf, tf.tile(x, [6, 3, 3, 1]), s, o)[0][:2, :2], F(1, 6, 6, 40), P(40), F(40),
           fd=False, note="several blocks"),
    sample(BOTH, lambda tf, x, s, o, m, v: norm(tf, x, s, o, m, v, is_training=False), F(2, 3, 3, 2), P(2), F(2), F(2),
           P(2), fd=False),
    sample(BOTH, lambda tf, x, s, o, m, v: norm(tf, x, s, o, m, v, 0.1, exponential_avg_factor=0.25), F(2, 3, 3, 2), P(2),
           F(2), F(2), P(2), fd=False, note="no gradient goes through the averages"),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o, data_format="NCHW"), F(2, 3, 4, 3), P(3), F(3), fd=False),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o, data_format="NDHWC"), F(2, 2, 3, 2, 3), P(3), F(3), fd=False),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o, data_format="NCDHW"), F(2, 2, 3, 2, 3), P(2), F(2), fd=False),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o), H(2, 3, 3, 2), P(2), F(2), fd=False),
    sample(BOTH, lambda tf, x, s, o: norm(tf, x, s, o), F(1, 1, 1, 3), P(3), F(3), fd=False),
    sample("FusedBatchNormV3", lambda tf, x, s, o: norm(tf, x, s, o), F(0, 2, 2, 3), P(3), F(3), grad=False),
    sample(BOTH, lambda tf, x, s, o: second_order(tf, [x, s, o]), F(2, 2, 3, 2), P(2), F(2), fd=False),
    sample(BOTH, lambda tf, x, s, o: second_order(tf, [x, s, o], data_format="NCHW"), F(2, 2, 3, 2), P(2), F(2), fd=False),
    sample(BOTH, lambda tf, x, s, o, m, v: second_order(tf, [x, s, o, m, v], is_training=False), F(2, 2, 3, 2), P(2), F(2),
           F(2), P(2), fd=False),
]
