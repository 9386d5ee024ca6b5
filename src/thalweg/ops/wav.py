"""Sound files: RIFF containers of 16-bit samples."""
from __future__ import annotations

import struct
from collections import namedtuple
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import shape_text

DecodeWav = namedtuple("DecodeWav", ["audio", "sample_rate"])

_HEADER = "<4sI4s4sIHHIIHH4sI"


class _Reader:
    """Reads a file from its beginning to its end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, count: int) -> bytes:
        """The next bytes.

        Raises:
          InvalidArgumentError: there are fewer.
        """
        if self.place + count > len(self.data):
            raise errors.InvalidArgumentError("Data too short when trying to read string")
        self.place += count
        return self.data[self.place - count:self.place]

    def numbers(self, layout: str) -> tuple[int, ...]:
        """The next numbers, in the words of `struct`."""
        size = struct.calcsize(layout)
        if self.place + size > len(self.data):
            raise errors.InvalidArgumentError("Data too short when trying to read value")
        return struct.unpack(layout, self.take(size))

    def expect(self, text: str) -> None:
        """Skips a text that must come next."""
        found = self.take(len(text)).decode("latin-1")
        if found != text:
            raise errors.InvalidArgumentError(f"Header mismatch: Expected {text} but found {found}")


def _format(reader: _Reader) -> tuple[int, int]:
    """Reads the chunk that says how samples are stored: the number of channels and the sample rate."""
    field = reader.take(4).decode("latin-1")
    if field == "JUNK":
        reader.take(reader.numbers("<I")[0])
        field = reader.take(4).decode("latin-1")
    if field != "fmt ":
        raise errors.InvalidArgumentError(f"Unexpected field {field}")
    size, kind, channels = reader.numbers("<IHH")
    if size not in (16, 18):
        raise errors.InvalidArgumentError(f"Bad format chunk size for WAV: Expected 16 or 18, but got{size}")
    if kind != 1:
        raise errors.InvalidArgumentError(f"Bad audio format for WAV: Expected 1 (PCM), but got{kind}")
    if channels < 1:
        raise errors.InvalidArgumentError(f"Bad number of channels for WAV: Expected at least 1, but got {channels}")
    rate, bytes_a_second, bytes_a_sample, bits = reader.numbers("<IIHH")
    if bits != 16:
        raise errors.InvalidArgumentError(f"Can only read 16-bit WAV files, but received {bits}")
    if bytes_a_sample != 2 * channels:
        raise errors.InvalidArgumentError(
            f"Bad bytes per sample in WAV header: Expected {2 * channels} but got {bytes_a_sample}")
    if bytes_a_second != rate * bytes_a_sample:
        raise errors.InvalidArgumentError(
            f"Bad bytes per second in WAV header: Expected {rate * bytes_a_sample} but got {bytes_a_second} "
            f"(sample_rate={rate}, bytes_per_sample={bytes_a_sample})")
    reader.take(size - 16)
    return channels, rate


def _samples(data: bytes) -> tuple[Any, int]:
    """The samples, shape `[samples, channels]`, and the sample rate."""
    reader = _Reader(data)
    reader.expect("RIFF")
    reader.numbers("<I")
    reader.expect("WAVE")
    channels, rate = _format(reader)
    while reader.place < len(data):
        name = reader.take(4)
        size, = reader.numbers("<I")
        if name == b"data":
            count = size // (2 * channels)
            values = np.frombuffer(reader.take(count * 2 * channels), "<i2").reshape(count, channels)
            return values.astype(np.float32) / np.float32(32768), rate
        reader.take(size)
    raise errors.InvalidArgumentError("No data chunk found in WAV")


def _decoded_shape(op: Any) -> Any:
    contents = op.inputs[0].shape
    if contents.rank not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {contents.rank}")
    sizes = [op.attrs.get(name, -1) for name in ("desired_samples", "desired_channels")]
    return [(TensorShape([None if n < 0 else n for n in sizes]), dtypes.float32), (TensorShape([]), dtypes.int32)]


@op("DecodeWav", "contents: string -> audio: float, sample_rate: int32",
    attrs="desired_channels: int = -1; desired_samples: int = -1", host=True, dynamic=True,
    infer=_decoded_shape)
def decode_wav_(xp: Any, contents: Any, desired_channels: int = -1, desired_samples: int = -1) -> Any:
    if np.ndim(contents):
        raise errors.InvalidArgumentError(f"contents must be scalar, got shape {shape_text(contents.shape)}")
    audio, rate = _samples(contents.item() if isinstance(contents, np.ndarray) else contents)
    if desired_samples >= 0:
        audio = np.pad(audio[:desired_samples], [(0, max(0, desired_samples - len(audio))), (0, 0)])
    if desired_channels >= 0:
        # Further channels repeat the last one.
        audio = audio[:, np.minimum(np.arange(desired_channels), audio.shape[1] - 1)]
    return np.ascontiguousarray(audio), np.array(rate, np.int32)


@op("EncodeWav", "audio: float, sample_rate: int32 -> contents: string", host=True,
    infer=lambda op: [(TensorShape([]), dtypes.string)])
def encode_wav_(xp: Any, audio: Any, sample_rate: Any) -> Any:
    if audio.ndim != 2:
        raise errors.InvalidArgumentError(f"audio must be 2-dimensional{shape_text(audio.shape)}")
    if np.ndim(sample_rate):
        raise errors.InvalidArgumentError(
            f"Input sample_rate should be a scalar tensor, got {shape_text(sample_rate.shape)} instead.")
    rate, channels = int(sample_rate), audio.shape[1]
    if rate <= 0:
        raise errors.InvalidArgumentError(f"sample_rate must be in (0, 2^32), got: {rate}")
    if not 0 < channels < 2**16:
        raise errors.InvalidArgumentError(f"num_channels must be in (0, 2^16), got: {channels}")
    scaled = np.nan_to_num(audio * np.float32(32768), nan=0.0)
    whole = np.clip(np.trunc(scaled + np.copysign(np.float32(0.5), scaled)), -32768, 32767).astype("<i2")
    size = whole.nbytes
    head = struct.pack(_HEADER, b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, channels, rate, rate * 2 * channels,
                       2 * channels, 16, b"data", size)
    out = np.empty((), object)
    out[()] = head + whole.tobytes()
    return out


decode_wav_.not_differentiable()
encode_wav_.not_differentiable()


def decode_wav(contents: Any, desired_channels: int = -1, desired_samples: int = -1, name: str | None = None) -> Any:
    """The samples of a sound file with 16 bits a sample.

    Args:
      contents: the file, a scalar string.
      desired_channels: how many channels to give: the first, or the last one repeated; all by default.
      desired_samples: how many samples to give: the first, or zeros behind all; all by default.
      name: of the node.

    Returns:
      A named tuple `(audio, sample_rate)`: float32 in [-1, 1), shape `[samples, channels]`, and an int32 scalar.

    Raises:
      InvalidArgumentError: the file is damaged or stores samples otherwise.
    """
    return DecodeWav(*apply(decode_wav_, (convert_to_tensor(contents, dtypes.string),),
                            {"desired_channels": desired_channels, "desired_samples": desired_samples}, name))


def encode_wav(audio: Any, sample_rate: Any, name: str | None = None) -> Any:
    """A sound file with 16 bits a sample.

    Args:
      audio: float32, shape `[samples, channels]`; what is outside [-1, 1] is cut off.
      sample_rate: samples a second.
      name: of the node.

    Returns:
      A scalar string.

    Raises:
      InvalidArgumentError: another shape.
    """
    return apply(encode_wav_, (convert_to_tensor(audio, dtypes.float32), convert_to_tensor(sample_rate, dtypes.int32)), {},
                 name)
