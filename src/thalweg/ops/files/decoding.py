"""Bytes as numbers and as other bytes: raw values, base64, compression."""
from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ..common import unchanged
from ..creation import ints
from ..layout import bad
from ..text.values import array_of, as_strings, check_type, each, flat_values_too, name_for

_RAW = "half, float, double, int32, uint16, uint8, int16, int8, int64, complex64, complex128, bool, bfloat16"
_PADDED = "half, float, double, int32, uint16, uint8, int16, int8, int64, bfloat16"


def _numbers(raw: bytes, shape: tuple[int, ...], dtype: dtypes.DType, little_endian: bool) -> np.ndarray[Any, Any]:
    """Bytes as numbers; of complex numbers the two parts are turned round each by itself."""
    part = np.dtype(dtype.real_dtype.np)
    words = np.frombuffer(raw, np.dtype(f"V{part.itemsize}") if part.itemsize == 1 else f"{'<' if little_endian else '>'}"
                          f"u{part.itemsize}")
    if part.itemsize > 1:
        words = words.astype(f"u{part.itemsize}")
    found = words.view(part).view(dtype.np)
    return (found.astype(bool) if dtype is dtypes.bool else found).reshape(shape).copy()


def _raw_shape(op: Any) -> TensorShape:
    return op.inputs[0].shape.concatenate([None])  # type: ignore[no-any-return]


@op("DecodeRaw", "bytes: string -> output: out_type", attrs=f"out_type: {{{_RAW}}}; little_endian: bool = true",
    infer=_raw_shape, dynamic=True, host=True)
def decode_raw_(xp: Any, x: Any, out_type: dtypes.DType = dtypes.uint8, little_endian: bool = True) -> Any:
    x = array_of(x)
    strings = x.reshape(-1).tolist()
    size = out_type.np.itemsize
    width = len(strings[0]) if strings else 0
    for i, s in enumerate(strings):
        if len(s) != width:
            raise bad(f"DecodeRaw requires input strings to all be the same size, but element {i} has size {width} != "
                      f"{len(s)}")
    if width % size:
        raise bad(f"Input to DecodeRaw has length {width} that is not a multiple of {size}, the size of "
                  f"{dtypes.type_name(out_type)}")
    return _numbers(b"".join(strings), (*x.shape, width // size), out_type, little_endian)


def _padded_shape(op: Any) -> TensorShape:
    length = op.inputs[1].value
    width = None if length is None else ints(length)[0] // op.attrs["out_type"].np.itemsize
    return op.inputs[0].shape.concatenate([width])  # type: ignore[no-any-return]


@op("DecodePaddedRaw", "input_bytes: string, fixed_length: int32 static -> output: out_type",
    attrs=f"out_type: {{{_PADDED}}}; little_endian: bool = true", infer=_padded_shape, host=True)
def decode_padded_raw(xp: Any, x: Any, fixed_length: Any, out_type: dtypes.DType = dtypes.uint8,
                      little_endian: bool = True) -> Any:
    width, size = ints(fixed_length)[0], out_type.np.itemsize
    if width <= 0:
        raise bad(f"fixed_length ({width}) must be greater than zero.")
    if width % size:
        raise bad(f"fixed_length ({width}) must be a multiple of the size of out_type ({size})")
    x = array_of(x)
    raw = b"".join([s[:width].ljust(width, b"\0") for s in x.reshape(-1).tolist()])
    return _numbers(raw, (*x.shape, width // size), out_type, little_endian)


@op("EncodeBase64", "input: string -> output: string", attrs="pad: bool = false", infer=unchanged, host=True)
def encode_base64_(xp: Any, x: Any, pad: bool = False) -> Any:
    """In the alphabet that is safe in file names and addresses."""
    return each(base64.urlsafe_b64encode if pad else lambda s: base64.urlsafe_b64encode(s).rstrip(b"="), x)


_BASE64 = re.compile(rb"[A-Za-z0-9_-]*")


def _decoded(s: bytes) -> bytes:
    body = s
    if len(s) % 4 == 0 and s.endswith(b"="):
        body = s[:-2] if s.endswith(b"==") else s[:-1]
    if len(body) % 4 == 1:
        raise bad("Base64 string length cannot be 1 modulo 4.")
    if not _BASE64.fullmatch(body):
        raise bad("Invalid character found in base64.")
    try:
        return base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
    except binascii.Error as error:
        raise bad(f"Invalid base64: {error}") from None


@op("DecodeBase64", "input: string -> output: string", infer=unchanged, host=True)
def decode_base64_(xp: Any, x: Any) -> Any:
    return each(_decoded, x)


def _inflated(s: bytes, window: int) -> bytes:
    """What was compressed, as far as it goes: a stream that breaks off gives what it has."""
    out = []
    while s:
        stream = zlib.decompressobj(window)
        try:
            out.append(stream.decompress(s))
        except zlib.error as error:
            found = re.match(r"Error (-?\d+) while decompressing data: (.*)", str(error))
            code, text = found.groups() if found else ("-3", str(error))
            raise errors.DataLossError(f"inflate() failed with error {code}: {text}") from None
        s = stream.unused_data if stream.eof else b""
    return b"".join(out)


@op("DecodeCompressed", "bytes: string -> output: string", attrs='compression_type: string = ""', infer=unchanged, host=True)
def decode_compressed_(xp: Any, x: Any, compression_type: str = "") -> Any:
    if compression_type in ("", "NONE"):
        return array_of(x)
    if compression_type not in ("ZLIB", "GZIP"):
        raise bad("Only ZLIB, ZSTD, GZIP or NONE are supported compressions")
    window = zlib.MAX_WBITS + (16 if compression_type == "GZIP" else 0)
    return each(lambda s: _inflated(s, window), x)


for _entry in (decode_raw_, decode_padded_raw, encode_base64_, decode_base64_, decode_compressed_):
    _entry.not_differentiable()


# The public functions.


def decode_raw(input_bytes: Any, out_type: Any, little_endian: bool = True, fixed_length: Any = None,
               name: str | None = None) -> Any:
    """The numbers whose bytes strings hold.

    Args:
      out_type: the dtype of the numbers.
      little_endian: the order of the bytes of a number.
      fixed_length: how many bytes of each string to read; shorter strings are filled up with zeros. Without it all
        strings must be of one length.

    Returns:
      The shape of the strings with one axis more.

    Raises:
      InvalidArgumentError: strings of different lengths, a length that does not make whole numbers, another dtype.
    """
    x = as_strings(input_bytes)
    if fixed_length is None:
        attrs = {"out_type": check_type(decode_raw_, "out_type", out_type), "little_endian": bool(little_endian)}
        return apply(decode_raw_, (x,), attrs, name_for(name, input_bytes))
    length = fixed_length if isinstance(fixed_length, Tensor) else int(fixed_length)
    attrs = {"out_type": check_type(decode_padded_raw, "out_type", out_type), "little_endian": bool(little_endian)}
    return apply(decode_padded_raw, (x, length), attrs, name_for(name, input_bytes))


def decode_raw_v1(input_bytes: Any = None, out_type: Any = None, little_endian: bool = True, name: str | None = None,
                  bytes: Any = None) -> Any:
    """`decode_raw` with TensorFlow 1's arguments; `bytes` is the older name of `input_bytes`.

    Raises:
      ValueError: no `out_type`, or no strings.
    """
    given = bytes if input_bytes is None else input_bytes
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    if given is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'input_bytes'")
    return decode_raw(given, out_type, little_endian, None, name)


@flat_values_too
def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Any:
    """Strings in base64, in the alphabet that is safe in addresses.

    Args:
      pad: whether to fill up with "=" to a multiple of four.
    """
    return apply(encode_base64_, (as_strings(input),), {"pad": bool(pad)}, name_for(name, input))


@flat_values_too
def decode_base64(input: Any, name: str | None = None) -> Any:
    """The strings that `encode_base64` was given.

    Raises:
      InvalidArgumentError: a string that is not base64 in the alphabet that is safe in addresses.
    """
    return apply(decode_base64_, (as_strings(input),), {}, name_for(name, input))


def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Any:
    """The strings that were compressed.

    Args:
      compression_type: "ZLIB", "GZIP", or "" for strings that were not.

    Raises:
      InvalidArgumentError: another type. DataLossError: a string that was not compressed in that way.
    """
    return apply(decode_compressed_, (as_strings(bytes),), {"compression_type": compression_type}, name_for(name, bytes))
