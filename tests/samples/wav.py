"""Samples of sound files."""
from __future__ import annotations

import struct

import numpy as np

from . import A, F, S, U, sample


def _file(channels, samples, before=b"", between=b"", tail=b""):
    size = 2 * len(samples)
    head = struct.pack("<IHHIIHH", 16 + len(tail), 1, channels, 8000, 16000 * channels, 2 * channels, 16) + tail
    body = b"WAVE" + before + b"fmt " + head + between + b"data" + struct.pack("<I", size) \
        + np.array(samples, "<i2").tobytes()
    return b"RIFF" + struct.pack("<I", len(body)) + body


_TWO = S(_file(2, [0, 1, -1, 32767, -32768, 1000]))
_CHUNK = struct.pack("<I", 4) + b"abcd"


SAMPLES = [
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0]), S(_file(1, [0, 5, -7, 16384]))),
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0]), _TWO),
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0], desired_channels=1, desired_samples=2), _TWO),
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0], desired_channels=3, desired_samples=5), _TWO),
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0], desired_channels=0), _TWO),
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0]),
           S(_file(1, [1, 2], b"JUNK" + _CHUNK, b"LIST" + _CHUNK, b"\0\0"))),
    sample("DecodeWav", lambda tf, s: tf.audio.decode_wav(s[0]), S(_file(1, []))),
    sample("EncodeWav", lambda tf, x: tf.audio.encode_wav(x, 44100), U(5, 2)),
    sample("EncodeWav", lambda tf, x, r: tf.audio.encode_wav(x, r),
           A([[2.0], [-2.0], [1 / 65536], [3 / 65536], [-1 / 65536], [1.0], [-1.0], [np.nan]]), A(8000)),
    sample("EncodeWav", lambda tf, x: tf.audio.encode_wav(x, 8000), F(0, 1)),
]
