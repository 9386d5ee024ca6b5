"""Writes the checkpoints in `tests/checkpoint/files` with TensorFlow. Run it with `tensorflow-cpu`."""
from __future__ import annotations

import sys
from pathlib import Path

import tensorflow as tf

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "checkpoint"))
from programs import graph, objects

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "checkpoint" / "files"
V = tf.compat.v1


def main() -> None:
    """A checkpoint of objects, one of a session, one in the format before, one whose tensor lies in slices."""
    FOLDER.mkdir(exist_ok=True)
    tf.train.Checkpoint(**objects(tf, 3.0)).save(str(FOLDER / "objects"))
    with tf.Graph().as_default(), V.Session() as session:
        variables = graph(V)
        session.run(V.global_variables_initializer())
        V.train.Saver().save(session, str(FOLDER / "session"), write_meta_graph=False, write_state=False)
        V.train.Saver(variables, write_version=V.train.SaverDef.V1).save(
            session, str(FOLDER / "old"), write_meta_graph=False, write_state=False)
    with tf.Graph().as_default(), V.Session() as session:
        V.get_variable("sliced", [200, 3], tf.float64, V.zeros_initializer(),
                       partitioner=V.fixed_size_partitioner(3))
        session.run([V.assign(v, tf.cast(tf.reshape(tf.range(600), [200, 3])[i * 67:i * 67 + v.shape[0]], tf.float64))
                     for i, v in enumerate(V.global_variables())])
        V.train.Saver().save(session, str(FOLDER / "sliced"), write_meta_graph=False, write_state=False)


if __name__ == "__main__":
    main()
