"""Columns -> one Arrow stream, without asking pyarrow to guess types.

``pyarrow.array`` imports pandas on its first call (a second and 60 MB); buffers are handed over as they are instead,
which also keeps text that is no valid Unicode from raising.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from streams.sinks.api import Coded, Column, Columns

NUMBERS = {
    "float32": pa.float32(), "float64": pa.float64(),
    "int8": pa.int8(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64(),
    "uint8": pa.uint8(), "uint16": pa.uint16(), "uint32": pa.uint32(), "uint64": pa.uint64(),
}  # fmt: skip


def stream(columns: Columns) -> bytes:
    """Encode N rows as one Arrow IPC stream with one record batch.

    Strings become ``binary`` and not ``utf8``, since ClickHouse's String is bytes and a log's text may be anything.

    Raises
    ------
    TypeError
        for a column of a type that no table of ours has
    """
    batch = pa.record_batch([array(column) for column in columns.values()], names=list(columns))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def array(column: Column) -> Any:
    """One column as an Arrow array: numbers by dtype, times, booleans, text, lists of text or of numbers."""
    if isinstance(column, Coded):
        indices = _numbers(np.ascontiguousarray(column.codes, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(indices, _texts(column.values))
    if isinstance(column, np.ndarray):
        return _times(column) if column.dtype.kind == "M" else _numbers(column)
    first = next(iter(column), "")
    if isinstance(first, str | bytes):
        return _texts(column)
    if isinstance(first, list | tuple):
        return _lists(column)
    return array(np.asarray(column))


def _numbers(values: npt.NDArray[Any]) -> Any:
    if values.dtype == np.bool_:
        values = values.astype(np.uint8)
    kind = NUMBERS.get(values.dtype.name)
    if kind is None:
        raise TypeError(f"no column of ours holds {values.dtype.name}")
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def _times(values: npt.NDArray[Any]) -> Any:
    ticks = np.ascontiguousarray(values.astype("datetime64[us]")).view(np.int64)
    return pa.Array.from_buffers(pa.timestamp("us", "UTC"), len(ticks), [None, pa.py_buffer(ticks)])


def _texts(values: Sequence[str | bytes]) -> Any:
    ends, data = _packed(values)
    return pa.Array.from_buffers(pa.binary(), len(values), [None, pa.py_buffer(ends), pa.py_buffer(data)])


def _packed(values: Sequence[str | bytes]) -> tuple[npt.NDArray[np.int32], bytes]:
    """Where each text ends, with a leading 0, and all in one; ASCII in one pass, anything else piece by piece."""
    try:
        data = "".join(values).encode("ascii")  # type: ignore[arg-type]  # bytes fall to the slow way
        pieces: Sequence[str | bytes] = values
    except (TypeError, UnicodeEncodeError):
        encoded = [value if isinstance(value, bytes) else value.encode("utf-8", "backslashreplace") for value in values]
        data, pieces = b"".join(encoded), encoded
    ends = np.zeros(len(values) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, pieces), np.int64, len(values)), out=ends[1:])
    if ends[-1] > np.iinfo(np.int32).max:
        raise TypeError("more than 2 GiB of text in one insert")
    return ends.astype(np.int32), data


def _lists(values: Sequence[Sequence[Any]]) -> Any:
    ends = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, values), np.int32, len(values)), out=ends[1:])
    flat = array(list(chain.from_iterable(values)))
    return pa.Array.from_buffers(pa.list_(flat.type), len(values), [None, pa.py_buffer(ends)], children=[flat])
