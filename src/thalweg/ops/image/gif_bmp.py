"""GIF and WebP files, frame by frame, and BMP files."""
from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from .png import BadImageError

Array = np.ndarray[Any, Any]


class _Frame(NamedTuple):
    left: int
    top: int
    indices: Array
    table: Array
    """The colours, `[n, 3]`."""
    clear: int
    """The index that lets the frame before show through, or -1."""


def _skip_blocks(data: bytes, at: int) -> int:
    """The place after a chain of data blocks."""
    while data[at]:
        at += data[at] + 1
    return at + 1


def _indices(data: bytes, head: bytes, descriptor: bytes, body: bytes) -> Array:
    """The colour numbers of one frame, read by Pillow from a file of that frame alone, in grey."""
    from PIL import Image
    width, height = struct.unpack("<HH", descriptor[5:9])
    bits = 8
    grey = bytes(v for i in range(256) for v in (i, i, i))
    screen = struct.pack("<HHBBB", width, height, 0x80 | (bits - 1), 0, 0)
    single = head + screen + grey + b"," + struct.pack("<HHHHB", 0, 0, width, height, descriptor[9] & 0x40) + body + b";"
    image = Image.open(io.BytesIO(single), formats=["GIF"])
    return np.asarray(image.convert("L"))


def _frames(data: bytes) -> Iterator[_Frame]:
    flags = data[10]
    at = 13
    shared = np.zeros((0, 3), np.uint8)
    if flags & 0x80:
        size = 3 << (flags & 7) + 1
        shared = np.frombuffer(data[at:at + size], np.uint8).reshape(-1, 3)
        at += size
    clear = -1
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x21:
            if data[at + 1] == 0xF9:
                clear = data[at + 6] if data[at + 3] & 1 else -1
            at = _skip_blocks(data, at + 2)
        elif data[at] == 0x2C:
            descriptor = data[at:at + 10]
            left, top = struct.unpack("<HH", descriptor[1:5])
            at += 10
            table = shared
            if descriptor[9] & 0x80:
                size = 3 << (descriptor[9] & 7) + 1
                table = np.frombuffer(data[at:at + size], np.uint8).reshape(-1, 3)
                at += size
            end = _skip_blocks(data, at + 1)
            yield _Frame(left, top, _indices(data, data[:6], descriptor, data[at:end]), table, clear)
            at, clear = end, -1
        else:
            raise BadImageError("unknown block")


def decode_gif(data: bytes, first_only: bool = False) -> Array:
    """The frames of a GIF file, uint8 `[frames, height, width, 3]`: each is drawn over the one before.

    Raises:
      BadImageError: the file is damaged.
    """
    out: list[Array] = []
    try:
        width, height = struct.unpack("<HH", data[6:10])
        for frame in _frames(data):
            rows, columns = frame.indices.shape
            canvas = out[-1].copy() if out else np.zeros((height, width, 3), np.uint8)
            part = canvas[frame.top:frame.top + rows, frame.left:frame.left + columns]
            indices = frame.indices[:part.shape[0], :part.shape[1]]
            table = np.zeros((256, 3), np.uint8)
            table[:len(frame.table)] = frame.table
            part[...] = np.where((indices == frame.clear)[..., None], part, table[indices])
            out.append(canvas)
            if first_only:
                break
    except (OSError, SyntaxError, ValueError, IndexError, struct.error) as error:
        raise BadImageError(str(error)) from error
    if not out:
        raise BadImageError("no frames")
    return np.stack(out)


def decode_bmp(data: bytes, channels: int) -> Array:
    """The pixels of an uncompressed BMP file with 8, 24 or 32 bits a pixel, uint8 `[height, width, channels]`.

    Palettes are ignored: 8 bits are a grey. `channels` is 0 for as many as there are.

    Raises:
      BadImageError: the file is damaged, or has another number of channels.
    """
    if len(data) < 32:
        raise BadImageError(f"Incomplete bmp content, requires at least 32 bytes to find the header size, width, height, "
                            f"and bpp, got {len(data)} bytes")
    start, = struct.unpack("<I", data[10:14])
    width, height = struct.unpack("<ii", data[18:26])
    own = struct.unpack("<H", data[28:30])[0] // 8
    if own not in (1, 3, 4):
        raise BadImageError(f"Number of channels inherent in the image must be 1, 3 or 4, was {own}")
    if width <= 0 or height == 0:
        raise BadImageError("Width and height must be positive")
    line = (own * width + 3) // 4 * 4
    rows = abs(height)
    if len(data) < start + line * (rows - 1) + own * width:
        raise BadImageError(f"Incomplete bmp content, requires at least {start + line * rows} bytes, got {len(data)} bytes")
    body = data[start:start + line * rows].ljust(line * rows, b"\0")
    image = np.frombuffer(body, np.uint8).reshape(rows, line)[:, :own * width].reshape(rows, width, own)
    if height > 0:
        image = image[::-1]
    if own >= 3:
        image = image[..., [2, 1, 0, 3][:own]]
    return _with_channels(image, channels or own)


def _with_channels(image: Array, channels: int) -> Array:
    own = image.shape[2]
    if own != channels:
        image = np.repeat(image, 3, -1) if own == 1 else image[..., :3]
        if channels == 4:
            image = np.concatenate([image, np.full((*image.shape[:2], 1), 255, np.uint8)], -1)
    return np.ascontiguousarray(image)


def decode_webp(data: bytes, channels: int) -> Array:
    """The frames of a WebP file, uint8 `[frames, height, width, channels]`.

    Raises:
      BadImageError: the file is damaged, or cannot have so many channels.
    """
    from PIL import Image, ImageSequence
    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            if channels not in (0, len(mode)):
                raise BadImageError("Number of channels requested does not match input")
            return np.stack([np.asarray(frame.convert(mode)) for frame in ImageSequence.Iterator(image)])
    except (OSError, SyntaxError, ValueError, IndexError) as error:
        raise BadImageError(str(error)) from error
