"""Samples of image files. Inputs are pixels, which one op makes a file of and another reads again."""
from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from . import F, I, Make, S, sample


def Picture(height: int, width: int, channels: int, dtype: str = "uint8") -> Make:
    """Waves with some noise: what file formats are made for."""
    def make(rng):
        y, x, c = np.mgrid[:height, :width, :channels]
        top = np.iinfo(dtype).max
        wave = 0.5 + 0.35 * np.sin(x / 3 + c) * np.cos(y / 4 - c) + rng.normal(0, 0.03, (height, width, channels))
        return (np.clip(wave, 0, 1) * top).astype(dtype)
    return make


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(depth, kind, width, rows, extra=b""):
    """A PNG file of rows of bytes, unfiltered."""
    head = struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + extra + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


_TABLE = _chunk(b"PLTE", bytes(range(12)))
_PALETTE = _png(2, 3, 5, [b"\x1b\x40", b"\xe4\x80"], _TABLE)
_CLEAR = _png(2, 3, 5, [b"\x1b\x40", b"\xe4\x80"], _TABLE + _chunk(b"tRNS", b"\x07\x80"))
_BITS = _png(1, 0, 11, [b"\xa5\xc0", b"\x0f\x20"])
_NIBBLES = _png(4, 0, 3, [b"\x1f\x70"], _chunk(b"tRNS", b"\x00\x07"))


def _bmp(bits, width, height, body):
    head = struct.pack("<2sIHHI", b"BM", 54 + len(body), 0, 0, 54)
    return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, len(body), 1, 1, 0, 0) + body


_BMP_24 = _bmp(24, 2, 2, bytes([1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0]))
_BMP_8 = _bmp(8, 3, -2, bytes([1, 2, 3, 0, 4, 5, 6, 0]))
_BMP_32 = _bmp(32, 1, 2, bytes(range(8)))

# Three frames, the later ones smaller and partly transparent.
_GIF = base64.b64decode(
    "R0lGODdhBAADAIEAAAAAAP8AAAD/AAAA/yH5BAAKAAAALAAAAAAEAAMAAAgOAAMIGAAAgMABCAMECAgAIfkEAQoAAAAsAQABAAIA"
    "AQAACAUABQAICAAh+QQBCgABACwDAAEAAQACAAAIBQAHBAgIADs=")
_WEBP = base64.b64decode(
    "UklGRjQAAABXRUJQVlA4TCcAAAAvA4AAAF8gFkzOEeRvG8NU3KFi/hPbgSCARCGWWGaZZZZJI/ofmO4A")
_DCT = ("", "INTEGER_ACCURATE")

SAMPLES = [
    *(sample("EncodePng DecodePng", lambda tf, x: tf.io.decode_png(tf.io.encode_png(x), dtype=x.dtype), Picture(13, 9, c, d))
      for c in (1, 2, 3, 4) for d in ("uint8", "uint16")),
    *(sample("EncodePng", lambda tf, x, c=c: tf.io.encode_png(x, c), Picture(30, 21, 3)) for c in (-1, 0, 9)),
    *(sample("EncodePng", lambda tf, x: tf.io.encode_png(x), x) for x in (
        Picture(1, 7, 1), Picture(7, 1, 4, "uint16"), Picture(90, 80, 3), I(0, 256, 2, 3, 4, 1, dtype="uint8"),
        I(0, 256, 0, 3, 4, 1, dtype="uint8"))),
    *(sample("DecodePng", lambda tf, x, c=c, d=d: tf.io.decode_png(tf.io.encode_png(x), c, d), Picture(5, 6, n, t))
      for n, c in ((3, 1), (1, 3), (1, 4), (4, 3), (2, 1), (4, 1)) for t, d in (("uint8", "uint16"), ("uint16", "uint8"))),
    *(sample("DecodePng", lambda tf, x, c=c: tf.io.decode_png(x[0], c), S(data)) for data in (_PALETTE, _CLEAR, _BITS, _NIBBLES)
      for c in (0, 1, 3, 4)),
    *(sample("EncodeJpeg", lambda tf, x, o=o: tf.io.encode_jpeg(x, **o), Picture(21, 30, 3)) for o in (
        {}, {"quality": 40}, {"quality": 0}, {"progressive": True}, {"optimize_size": True}, {"chroma_downsampling": False},
        {"format": "rgb", "density_unit": "cm", "x_density": 72, "y_density": 36, "xmp_metadata": "<x>hello</x>"})),
    sample("EncodeJpeg", lambda tf, x: tf.io.encode_jpeg(x, "grayscale"), Picture(8, 9, 1)),
    *(sample("DecodeJpeg", lambda tf, x, s=s, d=d: tf.io.decode_jpeg(
        tf.io.encode_jpeg(x, chroma_downsampling=s), dct_method=d), Picture(21, 33, 3)) for s in (True, False) for d in _DCT),
    *(sample("DecodeJpeg", lambda tf, x, o=o: tf.io.decode_jpeg(tf.io.encode_jpeg(x, quality=60), **o), Picture(21, 33, 3))
      for o in ({"channels": 1}, {"channels": 3}, {"ratio": 2}, {"ratio": 4}, {"ratio": 8}, {"fancy_upscaling": False},
                {"channels": 1, "dct_method": "INTEGER_ACCURATE"})),
    *(sample("DecodeJpeg", lambda tf, x, c=c: tf.io.decode_jpeg(tf.io.encode_jpeg(x), c), Picture(9, 10, 1)) for c in (0, 3)),
    *(sample("DecodeJpeg", lambda tf, x: tf.io.decode_jpeg(tf.io.encode_jpeg(x)), Picture(h, w, 3))
      for h, w in ((1, 1), (3, 4), (5, 5), (2, 17))),
    sample("DecodeJpeg", lambda tf, x: tf.io.decode_jpeg(tf.io.encode_png(x)), Picture(3, 4, 3)),
    sample("DecodePng", lambda tf, x: tf.io.decode_png(tf.io.encode_jpeg(x)), Picture(9, 9, 3)),
    *(sample("DecodeAndCropJpeg", lambda tf, x, w=w: tf.io.decode_and_crop_jpeg(
        tf.io.encode_jpeg(x, chroma_downsampling=False), w), Picture(21, 33, 3)) for w in ([0, 0, 21, 33], [3, 5, 10, 12])),
    sample("ExtractJpegShape", lambda tf, x: tf.io.extract_jpeg_shape(tf.io.encode_jpeg(x)), Picture(4, 6, 3)),
    sample("ExtractJpegShape", lambda tf, x: tf.io.extract_jpeg_shape(tf.io.encode_jpeg(x), tf.int64), Picture(4, 6, 1)),
    sample("Substr", lambda tf, x: tf.io.is_jpeg(x), S(b"\xff\xd8\xff\xe0", b"\x89PNG", b"")),
    *(sample("EncodeJpegVariableQuality", lambda tf, x, q=q: tf.image.adjust_jpeg_quality(x, q), Picture(14, 19, n))
      for n in (1, 3) for q in (10, 80)),
    sample("EncodeJpegVariableQuality", lambda tf, x: tf.image.adjust_jpeg_quality(x, 50, "INTEGER_ACCURATE"), F(9, 8, 3),
           grad=False),
    sample("EncodeJpegVariableQuality", lambda tf, x: tf.image.stateless_random_jpeg_quality(x, 20, 90, [3, 4]),
           Picture(14, 19, 3)),
    *(sample("DecodeImage", lambda tf, x, d=d: tf.io.decode_image(tf.io.encode_png(x), dtype=d), Picture(3, 4, 3, t))
      for t in ("uint8", "uint16") for d in ("uint8", "uint16", "float32", "float64", "float16", "int32")),
    *(sample("DecodeImage", lambda tf, x, d=d: tf.io.decode_image(tf.io.encode_jpeg(x), dtype=d), Picture(9, 8, 3))
      for d in ("uint8", "uint16", "float32")),
    *(sample("DecodeImage", lambda tf, x, e=e: tf.io.decode_image(x[0], expand_animations=e), S(data))
      for data in (_GIF, _BMP_24, _PALETTE) for e in (True, False)),
    *(sample("DecodeBmp", lambda tf, x, c=c: tf.io.decode_bmp(x[0], c), S(data)) for data in (_BMP_24, _BMP_8, _BMP_32)
      for c in (0, 3, 4)),
    *(sample("DecodeWebP", lambda tf, x, c=c: tf.io.decode_webp(x[0], c), S(_WEBP)) for c in (0, 3)),
    sample("DecodeImage", lambda tf, x: tf.io.decode_image(x[0], expand_animations=False), S(_WEBP)),
    sample("DecodeGif", lambda tf, x: tf.io.decode_gif(x[0]), S(_GIF)),
    sample("DecodeGif", lambda tf, x: tf.io.decode_gif(tf.io.encode_png(x)), Picture(3, 4, 1)),
]
