"""A graph that both libraries build, write, and read of each other."""
from __future__ import annotations

from typing import Any

import numpy as np

OUTPUTS = ("y", "z", "text", "tiled", "product", "inverse", "sums", "draw", "distinct", "top", "unit", "gradient")


def build(tf: Any) -> None:
    """Adds nodes of many kinds to the default graph."""
    v1 = tf.compat.v1
    rng = np.random.default_rng(0)
    x = v1.placeholder(tf.float32, [None, 8, 8, 3], name="x")
    n = v1.placeholder(tf.int32, [], name="n")
    s = v1.placeholder(tf.string, [None], name="s")
    h = tf.nn.conv2d(x, tf.constant(rng.normal(size=(3, 3, 3, 4)), tf.float32), [1, 2, 2, 1], "SAME")
    h = tf.nn.max_pool2d(tf.nn.relu(tf.nn.bias_add(h, [0.1, 0.2, 0.3, 0.4])), 2, 2, "VALID")
    h = tf.reshape(h, [-1, 16])
    v = v1.get_variable("v", initializer=tf.constant(rng.normal(size=(16, 5)), tf.float32))
    y = tf.nn.softmax(tf.matmul(h, v), name="y")
    z = tf.stack(tf.split(tf.concat([y, y * 2.0], 1), 2, 1), 0)
    z = tf.pad(tf.transpose(tf.reduce_mean(z, [0], keepdims=True), [0, 2, 1]), [[0, 0], [1, 1], [0, 0]])[:, ::2, :1]
    z = tf.clip_by_value(tf.cast(tf.argmax(z, 1), tf.float32) + tf.cast(n, tf.float32), 0.0, 1e3)
    z = tf.one_hot(tf.cast(tf.where(z > 1.0, z, -z), tf.int32), 4)
    text = tf.strings.join([tf.strings.upper(s), tf.strings.as_string(n)], "-")
    with tf.control_dependencies([y]):
        tiled = tf.tile(tf.expand_dims(tf.range(n), 0), [2, 1])
    product = tf.einsum("ij,kj->ik", y, y)
    inverse = tf.linalg.inv(product + tf.eye(2) * 3.0)
    found = (z, text, tiled, product, inverse, tf.cumsum(inverse, 1, exclusive=True),
             tf.random.stateless_normal([2, 2], [1, 2]), tf.unique(tf.constant([1, 1, 2]))[0], tf.math.top_k(y, 2).values,
             tf.math.l2_normalize(y, -1), v1.gradients(y, h)[0])
    for name, value in zip(OUTPUTS[1:], found, strict=True):
        tf.identity(value, name=name)
    v1.assign_add(v, v * 0.5, name="update")


def feeds() -> dict[str, Any]:
    """What the placeholders are fed with."""
    return {"x:0": np.random.default_rng(1).normal(size=(2, 8, 8, 3)).astype(np.float32), "n:0": 3,
            "s:0": np.array([b"ab", b"c"], object)}


def run(tf: Any, graph_def: Any) -> list[np.ndarray[Any, Any]]:
    """The outputs of a graph that is imported, then the variable after its update."""
    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph:
        found = tf.import_graph_def(graph_def, name="", return_elements=[f"{name}:0" for name in OUTPUTS])
        with v1.Session() as session:
            session.run("v/Assign")
            out = session.run(found, feeds())
            session.run([op for op in graph.get_operations() if op.type == "AssignAddVariableOp"])
            out.append(session.run("v/Read/ReadVariableOp:0"))
            frozen = v1.graph_util.convert_variables_to_constants(session, graph_def, ["y"])
    with tf.Graph().as_default(), v1.Session() as session:
        (y,) = tf.import_graph_def(frozen, return_elements=["y:0"])
        out.append(session.run(y, {"import/x:0": feeds()["x:0"]}))
    return out
