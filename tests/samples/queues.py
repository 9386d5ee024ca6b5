"""Samples of queues, and of readers of files whose names are in a queue."""
from __future__ import annotations

import itertools
import os
import struct
import tempfile
import zlib

import numpy as np

from . import A, F, I, S, sample


def _in_and_out(make, many=True, up_to=False):
    """Puts the rows of arrays in, takes one out and then the rest."""
    def call(tf, *rows):
        q = make(tf)
        put = q.enqueue_many(list(rows)) if many else [q.enqueue([r[i] for r in rows]) for i in range(rows[0].shape[0])]
        with tf.control_dependencies([] if tf.executing_eagerly() else [put] if many else put):
            if up_to:
                q.close()
            first, count = q.dequeue() if rows[0].shape[0] else 0, q.size()
            rest = q.dequeue_up_to(9) if up_to else q.dequeue_many(max(rows[0].shape[0] - 1, 0))
            return first, count, rest, q.is_closed(), q.size()
    return call


def _padded(tf, x, y):
    q = tf.queue.PaddingFIFOQueue(5, [tf.float32, tf.string], [[None, 2], []])
    q.enqueue([x, "a"])
    q.enqueue([x[:1], "b"])
    q.enqueue([y, "c"])
    return q.dequeue_many(2), q.dequeue_many(1), q.dequeue_many(0)


def _named(tf, x):
    q = tf.queue.FIFOQueue(3, [tf.float32, tf.int32], [[2], []], ["x", "n"])
    q.enqueue({"n": 3, "x": x})
    q.enqueue_many({"n": [4, 5], "x": [x, x + 1.0]})
    return q.dequeue(), q.dequeue_many(2)


def _of_any_shape(tf, x):
    q = tf.queue.FIFOQueue(-1, tf.float32)
    q.enqueue(x)
    q.enqueue([x[0]])
    q.enqueue_many([x[1:]])
    return q.dequeue(), q.dequeue(), q.size()


_numbers = itertools.count()


def _own():
    """A name that no queue or reader has: TensorFlow's eager kernels would share those that one line makes."""
    return f"own_{os.getpid()}_{next(_numbers)}"


def _raw(tf, x):
    raw = tf.raw_ops
    q = raw.FIFOQueueV2(component_types=[tf.float32], shapes=[[2]], shared_name=_own())
    raw.QueueEnqueueV2(handle=q, components=[x[0]])
    raw.QueueEnqueueManyV2(handle=q, components=[x])
    one = raw.QueueDequeueV2(handle=q, component_types=[tf.float32])
    two = raw.QueueDequeueManyV2(handle=q, n=x.shape[0] // 2, component_types=[tf.float32])
    raw.QueueCloseV2(handle=q, cancel_pending_enqueues=True)
    return (one, two, raw.QueueDequeueUpToV2(handle=q, n=9, component_types=[tf.float32]), raw.QueueIsClosedV2(handle=q),
            raw.QueueSizeV2(handle=q))


_FOLDER = tempfile.mkdtemp()


def _file(name, contents):
    path = os.path.join(_FOLDER, name)
    with open(path, "wb") as file:
        file.write(contents)
    return path


def _records(*records):
    def check(data):
        table = [0] * 256
        for n in range(256):
            c = n
            for _ in range(8):
                c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
            table[n] = c
        crc = 0xFFFFFFFF
        for byte in data:
            crc = crc >> 8 ^ table[(crc ^ byte) & 255]
        crc ^= 0xFFFFFFFF
        return struct.pack("<I", (crc >> 15 | crc << 17) + 0xA282EAD8 & 0xFFFFFFFF)
    return b"".join(struct.pack("<Q", len(r)) + check(struct.pack("<Q", len(r))) + r + check(r) for r in records)


def _read(kind, attrs, contents, *more, several=0):
    """The values of all records, and the counts."""
    def call(tf, x):
        raw = tf.raw_ops
        names = [_file(f"{i}.bin", c) for i, c in enumerate((contents, *more))]
        reader = getattr(raw, kind)(shared_name=_own(), **attrs)
        q = raw.FIFOQueueV2(component_types=[tf.string], shapes=[[]], shared_name=_own())
        raw.QueueEnqueueManyV2(handle=q, components=[tf.constant(names)])
        raw.QueueCloseV2(handle=q)
        out = []
        for _ in range(x.shape[0]):
            if several:
                out.append(raw.ReaderReadUpToV2(reader_handle=reader, queue_handle=q, num_records=several)[1])
            else:
                key, value = raw.ReaderReadV2(reader_handle=reader, queue_handle=q)
                out += [value, tf.strings.regex_replace(key, ".*[0-9].bin", "")]
        counts = (raw.ReaderNumRecordsProducedV2(reader_handle=reader), raw.ReaderNumWorkUnitsCompletedV2(reader_handle=reader))
        raw.ReaderResetV2(reader_handle=reader)
        return out, counts, raw.ReaderNumRecordsProducedV2(reader_handle=reader)
    return call


def _state(tf, x):
    raw = tf.raw_ops
    q = raw.FIFOQueueV2(component_types=[tf.string], shapes=[[]], shared_name=_own())
    raw.QueueEnqueueManyV2(handle=q, components=[x])
    raw.QueueCloseV2(handle=q)
    reader, other = raw.IdentityReaderV2(shared_name=_own()), raw.IdentityReaderV2(shared_name=_own())
    before = raw.ReaderSerializeStateV2(reader_handle=reader)
    read = raw.ReaderReadV2(reader_handle=reader, queue_handle=q)
    state = raw.ReaderSerializeStateV2(reader_handle=reader)
    raw.ReaderRestoreStateV2(reader_handle=other, state=state)
    return before, list(read), state, raw.ReaderNumRecordsProducedV2(reader_handle=other), list(
        raw.ReaderReadV2(reader_handle=other, queue_handle=q))


def _staged(tf, x, y):
    raw, own = tf.raw_ops, {"shared_name": _own()}
    both = {**own, "dtypes": [x.dtype, y.dtype]}
    raw.Stage(values=[x, y], **own)
    raw.Stage(values=[x + 1.0, y], **own)
    out = [raw.StageSize(**both), raw.StagePeek(index=1, **both), raw.Unstage(**both), raw.StageSize(**both)]
    raw.StageClear(**both)
    return out, raw.StageSize(**both)


_N = A([0] * 3)
_LINES, _DATA = b"one\r\ntwo\n\nfour", b"H" + bytes(range(20)) + b"F"

SAMPLES = [
    *(sample("FIFOQueueV2 QueueEnqueueManyV2 QueueDequeueManyV2 QueueDequeueV2 QueueSizeV2", _in_and_out(
        lambda tf: tf.queue.FIFOQueue(99, [tf.float32, tf.string], [[2], []]), many, up_to), F(3, 2), S("a", "", "c"),
        grad=False)
      for many in (True, False) for up_to in (True, False)),
    sample("PriorityQueueV2", _in_and_out(lambda tf: tf.queue.PriorityQueue(99, tf.float32, [[]])),
           A([4, -1, 2**40, 0], np.int64), F(4), grad=False),
    *(sample("RandomShuffleQueueV2", _in_and_out(lambda tf, s=s: tf.queue.RandomShuffleQueue(99, 0, tf.int32, [[]], seed=s)),
             I(0, 99, 30)) for s in (3, 2**33)),
    sample("RandomShuffleQueueV2 QueueDequeueUpToV2 QueueCloseV2", _in_and_out(
        lambda tf: tf.queue.RandomShuffleQueue(99, 3, tf.int32, [[]], seed=1), up_to=True), I(0, 9, 6)),
    sample("PaddingFIFOQueueV2", _padded, F(3, 2), F(0, 2), grad=False),
    sample("FIFOQueueV2", _named, F(2), grad=False),
    sample("FIFOQueueV2", _of_any_shape, F(3, 2), grad=False),
    sample("QueueEnqueueV2 QueueIsClosedV2 QueueCloseV2", _raw, F(3, 2), grad=False),
    sample("TextLineReaderV2 ReaderReadV2", _read("TextLineReaderV2", {}, b"a\rb\n", b"", _LINES), A([0] * 5)),
    sample("TextLineReaderV2 ReaderReadUpToV2", _read("TextLineReaderV2", {"skip_header_lines": 1}, _LINES, _LINES, several=2),
           A([0] * 4)),
    sample("WholeFileReaderV2", _read("WholeFileReaderV2", {}, _LINES, b"", _DATA), _N),
    sample("TFRecordReaderV2", _read("TFRecordReaderV2", {}, _records(b"x", b""), _records(b"yz")), _N),
    sample("TFRecordReaderV2", _read("TFRecordReaderV2", {"compression_type": "ZLIB"},
                                     zlib.compress(_records(b"x", b"", b"w"))), _N),
    sample("FixedLengthRecordReaderV2", _read(
        "FixedLengthRecordReaderV2", {"record_bytes": 6, "header_bytes": 1, "footer_bytes": 1}, _DATA), _N),
    sample("FixedLengthRecordReaderV2", _read("FixedLengthRecordReaderV2", {"record_bytes": 6, "hop_bytes": 3}, _DATA,
                                              several=4), A([0] * 2)),
    sample("FixedLengthRecordReaderV2", _read("FixedLengthRecordReaderV2", {"record_bytes": 6, "encoding": "ZLIB"},
                                              zlib.compress(_DATA)), _N),
    sample("IdentityReaderV2 ReaderSerializeStateV2 ReaderRestoreStateV2 ReaderResetV2 ReaderNumRecordsProducedV2 "
           "ReaderNumWorkUnitsCompletedV2", _state, S("u", "v")),
    sample("Stage Unstage StagePeek StageSize StageClear", _staged, F(2), S("a", "b"), grad=False),
    sample("Stage", _staged, F(0, 2), S(), grad=False),
]
