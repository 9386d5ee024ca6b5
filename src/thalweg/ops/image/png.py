"""PNG files: writing them (ISO/IEC 15948), and reading them by way of Pillow, at all depths."""
from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
MAGIC = b"\x89PNG\r\n\x1a\n"
_PIECE = 8192  # bytes of compressed data a chunk
_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGB_ALPHA = 0, 2, 3, 4, 6


class BadImageError(Exception):
    """A file that is not what it seems."""


# Writing.


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _filtered(rows: Array, step: int) -> bytes:
    """Rows of bytes, each with the filter that leaves the smallest sum of differences; `step` bytes make a pixel."""
    left = np.zeros_like(rows)
    left[:, step:] = rows[:, :-step]
    above = np.zeros_like(rows)
    above[1:] = rows[:-1]
    corner = np.zeros_like(rows)
    corner[1:, step:] = rows[:-1, :-step]
    a, b, c = (v.astype(np.int16) for v in (left, above, corner))
    guess = a + b - c
    near, far, across = abs(guess - a), abs(guess - b), abs(guess - c)
    paeth = np.where((near <= far) & (near <= across), left, np.where(far <= across, above, corner))
    candidates = [rows, rows - left, rows - above, rows - ((a + b) >> 1).astype(np.uint8), rows - paeth]
    allowed = [0, 1, 2, 3, 4]
    if len(rows) == 1:
        allowed = [k for k in allowed if k < 2]
    if rows.shape[1] == step:
        allowed = [k for k in allowed if k in (0, 2)]
    cost = [np.where(v < 128, v, 256 - v.astype(np.int64)).sum(1) for v in (candidates[k] for k in allowed)]
    best = np.array(allowed, np.uint8)[np.argmin(cost, 0)]
    chosen = np.stack(candidates)[best, np.arange(len(rows))]
    return np.concatenate([best[:, None], chosen], 1).tobytes()


def _deflated(data: bytes, level: int) -> bytes:
    """Compressed in a window no larger than the data, which the first two bytes say."""
    bits = min(max((len(data) - 1).bit_length(), 8), 15) if len(data) <= 16384 else 15
    packer = zlib.compressobj(level, zlib.DEFLATED, max(bits, 9), 9, zlib.Z_FILTERED)
    out = packer.compress(data) + packer.flush()
    head = (bits - 8) << 4 | 8
    flags = out[1] & 0xE0
    return bytes([head, flags + (31 - (head * 256 + flags) % 31) % 31]) + out[2:]


def encode(image: Array, level: int) -> bytes:
    """A PNG file of `[height, width, channels]`, uint8 or uint16, with one to four channels.

    Args:
      image: grey, grey and alpha, RGB, or RGB and alpha.
      level: of compression, 0 to 9, or -1 for the usual one.
    """
    height, width, channels = image.shape
    rows = np.ascontiguousarray(image.astype(image.dtype.newbyteorder(">"))).view(np.uint8).reshape(height, -1)
    kind = (_GREY, _GREY_ALPHA, _RGB, _RGB_ALPHA)[channels - 1]
    head = struct.pack(">IIBBBBB", width, height, 8 * image.itemsize, kind, 0, 0, 0)
    data = _deflated(_filtered(rows, channels * image.itemsize), level)
    pieces = [_chunk(b"IDAT", data[i:i + _PIECE]) for i in range(0, len(data), _PIECE)]
    return b"".join([MAGIC, _chunk(b"IHDR", head), *pieces, _chunk(b"IEND", b"")])


# Reading.


def _opened(data: bytes, mode: str = "", layout: str = "") -> Any:
    """Pillow's image; with `mode`, its pixels are unpacked by another layout than Pillow would choose."""
    from PIL import Image
    image: Any = Image.open(io.BytesIO(data), formats=["PNG"])
    if mode:
        image._mode = mode
        image.tile = [tile._replace(args=layout) for tile in image.tile]
    return image


def _pixels(data: bytes, mode: str = "", layout: str = "") -> Array:
    return np.asarray(_opened(data, mode, layout))


def _wide(data: bytes, kind: int) -> Array:
    """Samples of 16 bits, which Pillow keeps for grey images alone; others are read as their high and low bytes."""
    if kind == _GREY:
        return _pixels(data).astype(np.uint16)[..., None]
    if kind == _GREY_ALPHA:
        parts = _pixels(data, "RGBA", "RGBA").astype(np.uint16)
        return parts[..., 0::2] << 8 | parts[..., 1::2]
    mode = "RGB" if kind == _RGB else "RGBA"
    high, low = (_pixels(data, mode, f"{mode};16{order}").astype(np.uint16) for order in "BL")
    return high << 8 | low


def _transparent(image: Any) -> Any:
    """What the tRNS chunk says, or None."""
    image.load()
    return image.info.get("transparency")


def decode(data: bytes, channels: int, wide: bool) -> Array:
    """The pixels `[height, width, channels]` of a PNG file, uint8 or (`wide`) uint16.

    Args:
      data: the file.
      channels: how many are wanted, or 0 for as many as there are.
      wide: whether samples have 16 bits; those of 8 are stretched.

    Raises:
      BadImageError: the file is damaged.
    """
    try:
        depth, kind = data[24], data[25]
        image = _opened(data)
        clear = _transparent(image)
        if depth == 16:
            out = _wide(data, kind)
        elif kind == _PALETTE:
            out = np.asarray(image)
        else:
            out = np.asarray(image) * np.uint8(255) if image.mode == "1" else np.asarray(image)
            out = out[..., None] if out.ndim == 2 else out
    except (OSError, SyntaxError, ValueError, IndexError, struct.error) as error:
        raise BadImageError(str(error)) from error
    alpha = None
    if kind == _PALETTE:
        table = np.frombuffer(bytes(image.palette.palette), np.uint8).reshape(-1, 3)
        if clear is not None:
            alpha = _palette_alpha(clear, len(table))[out][..., None]
        out = table[out]
    elif kind in (_GREY, _RGB) and clear is not None:
        scale = 255 // (2 ** depth - 1) if depth < 8 else 1
        same = (out == np.array(clear) * scale).all(-1, keepdims=True)
        alpha = np.where(same, 0, np.iinfo(out.dtype).max).astype(out.dtype)
    elif kind in (_GREY_ALPHA, _RGB_ALPHA):
        alpha, out = out[..., -1:], out[..., :-1]
    colours = out.shape[-1]
    if not channels:
        # Transparency by a chunk counts for palettes alone.
        channels = colours + (alpha is not None and (kind == _PALETTE or kind >= _GREY_ALPHA))
    if alpha is None:
        # As TensorFlow has it: the largest sample of the file's own depth, also where that is less than eight bits.
        alpha = np.full((*out.shape[:2], 1), 2 ** depth - 1, out.dtype)
    if channels < 3 and colours == 3:
        out = _grey(out)
    out, alpha = _depth(out, wide), _depth(alpha, wide)
    if channels >= 3 and colours == 1:
        out = np.repeat(out, 3, -1)
    return np.concatenate([out, alpha], -1) if channels % 2 == 0 else out


def _palette_alpha(clear: Any, size: int) -> Array:
    alpha = np.full(size, 255, np.uint8)
    if isinstance(clear, bytes):
        given = np.frombuffer(clear, np.uint8)[:size]
        alpha[:len(given)] = given
    else:
        alpha[int(clear)] = 0
    return alpha


def _depth(x: Array, wide: bool) -> Array:
    if wide and x.dtype == np.uint8:
        return x.astype(np.uint16) * np.uint16(257)
    return x if wide or x.dtype == np.uint8 else (x >> 8).astype(np.uint8)


def _grey(x: Array) -> Array:
    """Red, green and blue by the weights of Rec. 601, in libpng's fixed point, which rounds samples of 16 bits alone."""
    weights = np.array([9797, 19234, 32768 - 9797 - 19234], np.int64)
    half = 16384 if x.dtype == np.uint16 else 0
    return ((x @ weights + half) >> 15)[..., None].astype(x.dtype)
