"""Samples of summaries and of event files. A file is read back without its time and checksum, which differ every time."""
from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

from . import BF, A, B, D, F, H, I, S, U, sample
from .removed import run_old

_COUNT = itertools.count()
_HEAD = 78
"""The size of the record that every event file begins with."""
_BEFORE = _HEAD + 12 + 9
"""What comes before the contents of the first event: its length, a checksum, and its time."""


def _event(tf: Any, write: Callable[[Any], Any]) -> Any:
    """The one event that a function writes, given a writer."""
    parent = os.path.join(tempfile.gettempdir(), f"thalweg-samples-summaries-{os.getpid()}")
    shutil.rmtree(parent, ignore_errors=True)
    folder = os.path.join(parent, str(next(_COUNT)))
    raw = tf.raw_ops
    writer = raw.SummaryWriter(shared_name=folder)
    steps = [lambda: raw.CreateSummaryFileWriter(writer=writer, logdir=folder, max_queue=5, flush_millis=1000,
                                                 filename_suffix=".s"),
             lambda: write(writer), lambda: raw.FlushSummaryWriter(writer=writer),
             lambda: raw.CloseSummaryWriter(writer=writer)]
    for step in steps:
        done = step()
        with tf.control_dependencies([done] if done is not None else []):
            pattern = tf.constant(os.path.join(folder, "events.out.tfevents.*.s"))
    with tf.control_dependencies([done] if done is not None else []):
        name = tf.io.matching_files(tf.identity(pattern))
    text = tf.io.read_file(tf.reshape(name, []))
    return tf.strings.substr(text, _BEFORE, tf.strings.length(text) - _BEFORE - 4)


def _drawn(tf: Any, x: Any, **attrs: Any) -> Any:
    """A summary of pictures, which TensorFlow makes in graphs alone."""
    return tf.function(lambda t: tf.raw_ops.ImageSummary(tag="pictures", tensor=t, **attrs))(x)


_WRITERS = "SummaryWriter CreateSummaryFileWriter FlushSummaryWriter CloseSummaryWriter"
_ODD = [0.0, 1.0, -3.0, 1e-13, -1e-30, 1e30, 3e21, -5e20, 0.1, 0.1, 0.11]
_COLORS = A([[[[np.nan, 1, 2], [1, 2, 3]], [[-1, 0, np.inf], [4, 0.5, 0.25]]]])


SAMPLES = [
    *(sample("ScalarSummary", lambda tf, x: tf.raw_ops.ScalarSummary(tags="number", values=x), x, grad=False) for x in (
        F(), D(), H(), BF(), I(0, 9), I(0, 9, dtype="uint8"), I(-9, 9, dtype="int64"), I(0, 9, dtype="uint64"),
        A(np.nan), A(-np.inf), A(1e300, "float64"))),
    sample("ScalarSummary", lambda tf, t, x: tf.raw_ops.ScalarSummary(tags=t, values=x), S("a", "b", ""), F(3), grad=False),
    sample("ScalarSummary", lambda tf, t, x: tf.raw_ops.ScalarSummary(tags=t, values=x), S(), F(0), grad=False),
    *(sample("HistogramSummary", lambda tf, x: tf.raw_ops.HistogramSummary(tag="spread", values=x), x, grad=False) for x in (
        F(50), F(3, 4), D(20), H(9), BF(9), I(-5, 5, 20), I(0, 9, 9, dtype="uint8"), I(-9, 9, 4, dtype="int64"), F(0), A(0.0),
        A([2.0, 2.0]), A(_ODD), A([1.7e308, -1.7e308], "float64"), A([-0.0, 5e-300], "float64"), A([0.0, -0.0]),
        A([-0.0, 0.0]), A(-0.0))),
    *(sample("ImageSummary", lambda tf, x: _drawn(tf, x), x, grad=False) for x in (
        F(4, 3, 2, 1), F(1, 5, 4, 3), F(2, 2, 2, 4), H(1, 3, 3, 3), D(1, 3, 3, 1), U(1, 2, 2, 3),
        I(0, 256, 2, 3, 2, 3, dtype="uint8"), F(0, 2, 2, 1), _COLORS, A(np.zeros((1, 2, 2, 3))), A([[[[1e-8]]]]),
        A([[[[0.5], [2.0]]]]))),
    sample("ImageSummary", lambda tf, x: _drawn(tf, x, max_images=1), F(2, 2, 3, 3), grad=False),
    sample("ImageSummary", lambda tf, x: _drawn(tf, x, bad_color=tf.make_tensor_proto([1, 2, 3], tf.uint8)), _COLORS,
           grad=False),
    *(sample("AudioSummaryV2", lambda tf, x: tf.raw_ops.AudioSummaryV2(tag="sounds", tensor=x, sample_rate=8000.5), x,
             grad=False) for x in (
                 U(2, 5, 2), U(4, 6), F(1, 3), F(0, 3), F(1, 0, 2), A([[np.nan, np.inf, -np.inf, 1.0, -1.0]]))),
    *(sample("AudioSummaryV2", lambda tf, x, r: tf.raw_ops.AudioSummaryV2(tag="s", tensor=x, sample_rate=r, max_outputs=1),
             U(2, 2), A(r), grad=False) for r in (0.25, 1.5, 2.5, 44100.0)),
    sample("AudioSummary", lambda tf: run_old(tf, "AudioSummary", [np.array(b"s", object), np.full((2, 3), 0.25, np.float32)],
                                              {"sample_rate": 8000.0, "max_outputs": 2}, 14), grad=False),
    *(sample("TensorSummary TensorSummaryV2", lambda tf, x: [tf.raw_ops.TensorSummary(tensor=x), tf.raw_ops.TensorSummaryV2(
        tag="tensor", tensor=x, serialized_summary_metadata=b"\x12\x04name")], x, grad=False) for x in (
        F(2, 3), D(), H(2), BF(1), I(-5, 5, 3), B(3), S("a", "", "bc"), A([1j, 2], "complex64"), F(0, 2))),
    sample("TensorSummaryV2", lambda tf, x: tf.raw_ops.TensorSummaryV2(tag="", tensor=x, serialized_summary_metadata=""), F(1),
           grad=False),
    sample("MergeSummary", lambda tf, x: tf.raw_ops.MergeSummary(inputs=[
        tf.raw_ops.ScalarSummary(tags="a", values=x), tf.raw_ops.HistogramSummary(tag="b", values=x), ""]), F(), grad=False),
    sample("MergeSummary", lambda tf, x: tf.raw_ops.MergeSummary(inputs=[x]), S(b"\n\x03\n\x01a", b"\n\x03\n\x01b", b""),
           grad=False),
    *(sample(f"WriteSummary {_WRITERS}", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteSummary(
        writer=w, step=3, tensor=x, tag="t", summary_metadata=b"\n\x06\n\x04text")), x, grad=False) for x in (
        F(2), S("a", "b"), I(0, 9), F(0))),
    sample("WriteSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteSummary(
        writer=w, step=-1, tensor=x, tag="t", summary_metadata=b"")), F(2), grad=False),
    *(sample("WriteScalarSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteScalarSummary(
        writer=w, step=2**40, tag="n", value=x)), x, grad=False) for x in (F(), D(1), I(0, 9), H())),
    *(sample("WriteHistogramSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteHistogramSummary(
        writer=w, step=0, tag="h", values=x)), x, grad=False) for x in (F(9), B(5), F(0))),
    *(sample("WriteImageSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteImageSummary(
        writer=w, step=1, tag="i", tensor=x, bad_color=tf.constant([255, 0, 0, 255], tf.uint8))), x, grad=False) for x in (
        F(2, 3, 2, 3), I(0, 256, 1, 2, 2, 1, dtype="uint8"), F(0, 1, 1, 1))),
    sample("WriteAudioSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteAudioSummary(
        writer=w, step=1, tag="s", tensor=x, sample_rate=800.0, max_outputs=1)), U(2, 4, 1), grad=False),
    sample("WriteRawProtoSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteRawProtoSummary(
        writer=w, step=1, tensor=x)), S(b"\n\x03\n\x01a", b"\n\x03\n\x01b"), grad=False),
    sample("ImportEvent", lambda tf, x: _event(tf, lambda w: tf.raw_ops.ImportEvent(writer=w, event=x[0])),
           S(b"\x09\x00\x00\x00\x00\x00\x00\xf0\x3f\x10\x05*\x05\n\x03\n\x01a"), grad=False),
    sample("WriteGraphSummary", lambda tf, x: _event(tf, lambda w: tf.raw_ops.WriteGraphSummary(
        writer=w, step=1, tensor=x[0])), S(b'"\x03\x08\xaa\x13'), grad=False),
]
