"""Samples of blocks of space as depth or as batch."""
from __future__ import annotations

from . import A, D, F, H, I, sample

SAMPLES = [
    sample("SpaceToDepth", lambda tf, x: tf.nn.space_to_depth(x, 2), F(2, 4, 6, 3)),
    sample("SpaceToDepth", lambda tf, x: tf.nn.space_to_depth(x, 3), D(1, 3, 6, 1)),
    sample("SpaceToDepth", lambda tf, x: tf.nn.space_to_depth(x, 2), I(0, 9, 1, 2, 2, 2)),
    sample("DepthToSpace", lambda tf, x: tf.nn.depth_to_space(x, 2), F(2, 2, 3, 8)),
    sample("DepthToSpace", lambda tf, x: tf.nn.depth_to_space(x, 3), D(1, 1, 2, 9)),
    sample("DepthToSpace", lambda tf, x: tf.nn.depth_to_space(x, 2), H(1, 1, 2, 4)),
    sample("SpaceToBatchND", lambda tf, x: tf.space_to_batch(x, [2, 2], [[0, 0], [0, 0]]), F(2, 4, 6, 3)),
    sample("SpaceToBatchND", lambda tf, x: tf.space_to_batch(x, [2, 3], [[1, 0], [0, 2]]), F(2, 3, 4, 1)),
    sample("SpaceToBatchND", lambda tf, x: tf.space_to_batch(x, [3], [[1, 1]]), D(2, 4, 3)),
    sample("SpaceToBatchND", lambda tf, x, b, p: tf.space_to_batch(x, b, p), D(1, 4, 1), A([2]), A([[0, 0]])),
    sample("BatchToSpaceND", lambda tf, x: tf.batch_to_space(x, [2, 2], [[0, 0], [0, 0]]), F(8, 2, 3, 3)),
    sample("BatchToSpaceND", lambda tf, x: tf.batch_to_space(x, [2, 2], [[0, 1], [1, 0]]), F(4, 2, 3, 1)),
    sample("BatchToSpaceND", lambda tf, x: tf.batch_to_space(x, [3], [[1, 1]]), D(6, 2, 3)),
    sample("AddV2", lambda tf, x: tf.required_space_to_batch_paddings(x, [2, 4], [[1, 0], [0, 1]])[0] + x[0], A([5, 6])),
]
