"""Characters: decoding and encoding, from one encoding to another, the scripts they belong to."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..common import unchanged
from ..layout import bad
from .encodings import Decoded, EncodingError, decoder, encode
from .unicode_scripts import scripts_of
from .values import array_of, as_strings, check_word, each, flat_values_too, name_for, packed

_ERRORS = 'errors: {"strict", "replace", "ignore"} = "replace"'
_REPLACING = "replacement_char: int = 65533; replace_control_characters: bool = false"
_OUTPUT = 'output_encoding: {"UTF-8", "UTF-16-BE", "UTF-32-BE"}'
_SPLITS = "Tsplits: {int32, int64} = int64"


def _reader(encoding: str, errors: str, replacement: int, controls: bool) -> Callable[[bytes], Decoded]:
    """The function that reads a string, with errors treated as told."""
    if errors not in ("strict", "replace", "ignore"):
        raise bad(f'errors policy must be one of "strict", "replace" or "ignore", not "{errors}"')
    if not 0 <= replacement <= 0x10FFFF:
        raise bad("replacement_char out of unicode codepoint range")
    try:
        read = decoder(encoding)
    except EncodingError:
        raise bad(f"Could not create converter for input encoding: {encoding}") from None

    def treated(s: bytes) -> Decoded:
        codes, starts = read(s)
        if min(codes, default=0) >= 0x20 or (not controls and min(codes, default=0) >= 0):
            return codes, starts
        if errors == "strict" and -1 in codes:
            raise bad("Invalid formatting on input string")
        if errors == "ignore":
            kept = [i for i, c in enumerate(codes) if c >= 0x20 or (c >= 0 and not controls)]
            return [codes[i] for i in kept], [starts[i] for i in kept]
        return [replacement if c < 0 or (controls and c < 0x20) else c for c in codes], starts
    return treated


def _decode(x: Any, Tsplits: Any, encoding: str, errors: str, replacement: int, controls: bool) -> Any:
    """Row splits, code points and starts of all strings."""
    read = _reader(encoding, errors, replacement, controls)
    codes: list[int] = []
    starts: list[int] = []
    splits = [0]
    for s in array_of(x).reshape(-1).tolist():
        points, places = read(s)
        codes += points
        starts += places
        splits.append(len(codes))
    return np.array(splits, Tsplits.np), np.array(codes, np.int32), np.array(starts, np.int64)


def _decoded_shape(op: Any) -> Any:
    count = op.inputs[0].shape.num_elements()
    found = [(TensorShape([None if count is None else count + 1]), op.attrs.get("Tsplits", dtypes.int64)),
             (unknown_shape(1), dtypes.int32), (unknown_shape(1), dtypes.int64)]
    return found if op.type.endswith("Offsets") else found[:2]


_DECODE_ATTRS = f"input_encoding: string; {_ERRORS}; {_REPLACING}; {_SPLITS}"


@op("UnicodeDecode", "input: string -> row_splits: Tsplits, char_values: int32", attrs=_DECODE_ATTRS,
    infer=_decoded_shape, dynamic=True, host=True)
def unicode_decode_(xp: Any, x: Any, input_encoding: str = "UTF-8", errors: str = "replace", replacement_char: int = 65533,
                    replace_control_characters: bool = False, Tsplits: Any = dtypes.int64) -> Any:
    return _decode(x, Tsplits, input_encoding, errors, replacement_char, replace_control_characters)[:2]


@op("UnicodeDecodeWithOffsets", "input: string -> row_splits: Tsplits, char_values: int32, char_to_byte_starts: int64",
    attrs=_DECODE_ATTRS, infer=_decoded_shape, dynamic=True, host=True)
def unicode_decode_with_offsets_(xp: Any, x: Any, input_encoding: str = "UTF-8", errors: str = "replace",
                                 replacement_char: int = 65533, replace_control_characters: bool = False,
                                 Tsplits: Any = dtypes.int64) -> Any:
    return _decode(x, Tsplits, input_encoding, errors, replacement_char, replace_control_characters)


@op("UnicodeEncode", "input_values: int32, input_splits: Tsplits -> output: string",
    attrs=f'errors: {{"ignore", "replace", "strict"}} = "replace"; {_OUTPUT}; replacement_char: int = 65533; {_SPLITS}',
    infer=lambda op: TensorShape([None if not op.inputs[1].shape.rank or op.inputs[1].shape[0] is None
                                  else op.inputs[1].shape[0] - 1]), host=True)
def unicode_encode_(xp: Any, values: Any, splits: Any, errors: str = "replace", output_encoding: str = "UTF-8",
                    replacement_char: int = 65533, Tsplits: Any = dtypes.int64) -> Any:
    if output_encoding not in ("UTF-8", "UTF-16-BE", "UTF-32-BE"):
        raise bad(f'output_encoding must be "UTF-8", "UTF-16-BE" or "UTF-32-BE", not "{output_encoding}"')
    ends = splits.tolist()
    if not ends or ends[0] != 0:
        raise bad("First value in input_splits must be zero.")
    if ends[-1] != len(values):
        raise bad("Last value in input_splits must be equal to length of input_tensor.")
    if any(a > b for a, b in zip(ends[:-1], ends[1:], strict=True)):
        raise bad("Values in input_splits must be equal or in ascending order.")
    codes = values.tolist()
    wrong = (values < 0) | (values > 0x10FFFF) | ((values >= 0xD800) & (values < 0xE000))
    if not wrong.any():
        return packed((encode(codes[a:b], output_encoding) for a, b in zip(ends[:-1], ends[1:], strict=True)),
                      (len(ends) - 1,))
    if errors == "strict":
        raise bad("Code point is out of range for Unicode, or is a surrogate.")
    flags = wrong.tolist()
    out = []
    for a, b in zip(ends[:-1], ends[1:], strict=True):
        pairs = zip(codes[a:b], flags[a:b], strict=True)
        row = [c for c, w in pairs if not w] if errors == "ignore" else [replacement_char if w else c for c, w in pairs]
        out.append(encode(row, output_encoding))
    return packed(out, (len(out),))


@op("UnicodeTranscode", "input: string -> output: string", infer=unchanged, host=True,
    attrs=f"input_encoding: string; {_OUTPUT}; {_ERRORS}; {_REPLACING}")
def unicode_transcode_(xp: Any, x: Any, input_encoding: str = "UTF-8", output_encoding: str = "UTF-8",
                       errors: str = "replace", replacement_char: int = 65533,
                       replace_control_characters: bool = False) -> Any:
    read = _reader(input_encoding, errors, replacement_char, replace_control_characters)
    return each(lambda s: encode(read(s)[0], output_encoding), x)


@op("UnicodeScript", "input: int32 -> output: int32", infer=unchanged, host=True)
def unicode_script_(xp: Any, x: Any) -> Any:
    return scripts_of(np.asarray(x)).reshape(np.shape(x))


for _entry in (unicode_decode_, unicode_decode_with_offsets_, unicode_encode_, unicode_transcode_, unicode_script_):
    _entry.not_differentiable()


# The public functions.


@flat_values_too
def unicode_script(input: Any, name: str | None = None) -> Any:
    """The int32 numbers of the scripts that code points belong to, as ICU numbers them; -1 for what is none."""
    return apply(unicode_script_, (convert_to_tensor(input),), {}, name_for(name, input))


@flat_values_too
def unicode_transcode(input: Any, input_encoding: str, output_encoding: str, errors: str = "replace",
                      replacement_char: int = 65533, replace_control_characters: bool = False,
                      name: str | None = None) -> Any:
    """Strings from one encoding in another.

    Args:
      input_encoding: any that Python knows.
      output_encoding: "UTF-8", "UTF-16-BE" or "UTF-32-BE".
      errors: what to do about bytes that are no character: "strict" raises, "replace" writes `replacement_char`,
        "ignore" leaves them out.
      replace_control_characters: whether control characters (below 32) count as errors.

    Raises:
      InvalidArgumentError: an encoding or a word that is not known; with "strict", bytes that are no character.
    """
    attrs = {"input_encoding": input_encoding,
             "output_encoding": check_word(unicode_transcode_, "output_encoding", output_encoding),
             "errors": check_word(unicode_transcode_, "errors", errors), "replacement_char": int(replacement_char),
             "replace_control_characters": bool(replace_control_characters)}
    return apply(unicode_transcode_, (as_strings(input),), attrs, name_for(name, input))
