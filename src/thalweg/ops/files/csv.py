"""Lines of comma-separated values as columns."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.errors import InvalidArgumentError
from ...core.opdef import op
from ...core.tensor import Tensor
from ..layout import bad
from ..text.numbers import parser
from ..text.values import array_of, as_strings, name_for, packed

_TYPES = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string)
_SPECIAL = (b'"', b"\n", b"\r")


def _columns(op: Any) -> list[Any]:
    for default in op.inputs[1:]:
        if default.shape.rank is not None and (default.shape.rank > 1 or (default.shape.rank and default.shape[0] is not None
                                                                           and default.shape[0] > 1)):
            raise ValueError("Shape of a default must be a length-0 or length-1 vector, or a scalar.")
    return [(op.inputs[0].shape, default.dtype) for default in op.inputs[1:]]


def _fields(line: bytes, delimiter: bytes, quotes: bool) -> list[bytes]:
    """The fields of one line. Quotes hold a field together, and a doubled quote in them is a quote."""
    if not line:
        return []
    if not quotes or not any(mark in line for mark in _SPECIAL):
        return line.split(delimiter)
    fields: list[bytes] = []
    at = 0
    while True:
        if line[at:at + 1] == b'"':
            field, at = _quoted(line, at + 1, delimiter)
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            field, at = line[at:end], end
            if any(mark in field for mark in _SPECIAL):
                raise bad("Unquoted fields cannot have quotes/CRLFs inside")
        fields.append(field)
        if at >= len(line):
            return fields
        at += 1


def _quoted(line: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
    """A field in quotes, from behind the first quote on, and where it ends."""
    parts = []
    while True:
        end = line.find(b'"', at)
        if end < 0:
            raise bad("Quoted field has to end with quote followed by delim or end")
        parts.append(line[at:end])
        following = line[end + 1:end + 2]
        if following == b'"':
            parts.append(b'"')
            at = end + 2
        elif following in (b"", delimiter):
            return b"".join(parts), end + 1
        else:
            raise bad("Quote inside a string has to be escaped by another quote")


@op("DecodeCSV", "records: string, record_defaults: OUT_TYPE -> output: OUT_TYPE",
    attrs='OUT_TYPE: list(type); field_delim: string = ","; use_quote_delim: bool = true; na_value: string = ""; '
    "select_cols: list(int) = []", infer=_columns, host=True)
def decode_csv_(xp: Any, records: Any, *defaults: Any, OUT_TYPE: Any = (), field_delim: str = ",",
                use_quote_delim: bool = True, na_value: str = "", select_cols: Sequence[int] = ()) -> Any:
    delimiter = field_delim.encode()
    if len(delimiter) != 1:
        raise bad("field_delim should be only 1 char")
    given = [array_of(d).reshape(-1) for d in defaults]
    for i, d in enumerate(given):
        if d.size > 1:
            raise bad(f"There should only be 1 default per field but field {i} has {d.size}")
    records = array_of(records)
    columns: list[list[Any]] = [[] for _ in given]
    readers = [None if d.dtype.kind == "O" else parser(d.dtype) for d in given]
    missing = na_value.encode()
    for number, line in enumerate(records.reshape(-1).tolist()):
        fields = _fields(line, delimiter, use_quote_delim)
        if select_cols:
            fields = [fields[c] for c in select_cols if c < len(fields)]
        if len(fields) != len(given):
            raise bad(f"Expect {len(given)} fields but have {len(fields)} in record {number}")
        for i, (field, column, reader, default) in enumerate(zip(fields, columns, readers, given, strict=True)):
            if not field or field == missing:
                if not default.size:
                    raise bad(f"Field {i} is required but missing in record {number}!")
                column.append(default[0])
                continue
            try:
                column.append(field if reader is None else reader(field))
            except InvalidArgumentError:
                kind = dtypes.type_name(dtypes.from_numpy(default.dtype))
                raise bad(f"Field {i} in record {number} is not a valid {kind}: {field.decode('utf-8', 'replace')}") from None
    return tuple(packed(column, records.shape) if d.dtype.kind == "O" else np.array(column, d.dtype).reshape(records.shape)
                 for column, d in zip(columns, given, strict=True))


decode_csv_.not_differentiable()


def decode_csv(records: Any, record_defaults: Any, field_delim: str = ",", use_quote_delim: bool = True, na_value: str = "",
               select_cols: Any = None, name: str | None = None) -> list[Any]:
    """Lines of comma-separated values as one tensor a column, with the shape of `records`.

    Args:
      records: a string tensor, a line an element.
      record_defaults: for each column a default, which tells the dtype too (float32, float64, int32, int64 or string);
        an empty vector for a column that must not be empty.
      field_delim: what stands between fields, one character.
      use_quote_delim: whether double quotes hold a field together.
      na_value: what stands for a missing value, beside nothing.
      select_cols: which columns to take, in ascending order; as many as there are defaults.

    Raises:
      ValueError: columns that do not ascend or are not as many as the defaults.
      InvalidArgumentError: a line with another number of fields, a field that is no number where one is expected.
    """
    defaults = [d if isinstance(d, Tensor) else convert_to_tensor(d) for d in record_defaults]
    chosen = [int(c) for c in select_cols] if select_cols is not None else []
    if any(a >= b for a, b in zip(chosen[:-1], chosen[1:], strict=True)):
        raise ValueError("select_cols is not strictly increasing.")
    if chosen and chosen[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if select_cols is not None and len(chosen) != len(defaults):
        raise ValueError("Length of select_cols and record_defaults do not match.")
    for d in defaults:
        if d.dtype not in _TYPES:
            allowed = ", ".join(dtypes.type_name(t) for t in _TYPES)
            raise bad(f"Value for attr 'OUT_TYPE' of {dtypes.type_name(d.dtype)} is not in the list of allowed values: "
                      f"{allowed}\n\t; NodeDef: {{{{node DecodeCSV}}}}; {decode_csv_.describe()} [Op:DecodeCSV]")
    attrs = {"OUT_TYPE": [d.dtype for d in defaults], "field_delim": field_delim, "use_quote_delim": bool(use_quote_delim),
             "na_value": na_value, "select_cols": chosen}
    return list(apply(decode_csv_, (as_strings(records), *defaults), attrs, name_for(name, records)))


def decode_csv_v1(records: Any, record_defaults: Any, field_delim: str = ",", use_quote_delim: bool = True,
                  name: str | None = None, na_value: str = "", select_cols: Any = None) -> list[Any]:
    """`decode_csv` with TensorFlow 1's order of arguments."""
    return decode_csv(records, record_defaults, field_delim, use_quote_delim, na_value, select_cols, name)
