"""Arrays to bytes and back: a msgpack header and raw arrays, sizes checked before allocation, no pickle."""

import re
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

MAGIC = b"tgA1"
PLAIN = re.compile(r"[<>|=][?biufcSUV][0-9]{1,9}")
LARGEST = 1 << 33  # bytes; a header that promises more is a lie or a mistake


class Corrupt(ValueError):
    """Bytes that are not what they should be: cut short, altered, or of another version."""


class _Array(msgspec.Struct, frozen=True, array_like=True):
    name: str
    dtype: str | list[Any]
    shape: list[int]


class _Header(msgspec.Struct, frozen=True):
    fields: dict[str, Any]
    arrays: list[_Array]


def describe(dtype: np.dtype[Any]) -> str | list[Any]:
    """A dtype as plain data; padding of aligned structures is spelled out, and that they are: compiled code asks."""
    if dtype.fields is None:
        return dtype.str
    parts: list[Any] = [
        [name, describe(field[0].base), list(field[0].shape), field[1]] for name, field in dtype.fields.items()
    ]
    return [*parts, dtype.itemsize, dtype.isalignedstruct]


def _dtype(plain: str | list[Any]) -> np.dtype[Any]:
    if isinstance(plain, str):
        if not PLAIN.fullmatch(plain):  # NumPy would parse, and partly evaluate, whole expressions
            raise Corrupt(f"{plain[:40]!r} is no type of plain numbers or bytes")
        made = np.dtype(plain)
    else:
        *parts, size, aligned = plain
        made = np.dtype(
            {
                "names": [p[0] for p in parts],
                "formats": [(_dtype(p[1]), tuple(p[2])) for p in parts],
                "offsets": [p[3] for p in parts],
                "itemsize": size,
            },
            align=bool(aligned),
        )
    if made.hasobject:
        raise Corrupt("arrays of Python objects are refused")
    return made


def pack(fields: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    """Plain fields and arrays as one block of bytes; equal content gives equal bytes."""
    arrays = {k: np.asarray(v, order="C") for k, v in arrays.items()}
    head = _Header(fields, [_Array(k, describe(v.dtype), list(v.shape)) for k, v in arrays.items()])
    body = msgspec.msgpack.encode(head)
    return b"".join([MAGIC, len(body).to_bytes(8, "little"), body, *(_raw(v) for v in arrays.values())])


def _raw(array: npt.NDArray[Any]) -> bytes:
    """Bytes of an array, with zeros between aligned fields: what lay there in memory is nobody's business."""
    if array.dtype.names is not None:
        clean = np.zeros(array.shape, array.dtype)
        clean[...] = array
        array = clean
    return array.tobytes()


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Undo :func:`pack`; arrays are writable copies. Raises ``Corrupt``."""
    if data[:4] != MAGIC or len(data) < 12:
        raise Corrupt("does not begin as packed arrays do")
    start = 12 + int.from_bytes(data[4:12], "little")
    try:
        head = msgspec.msgpack.decode(data[12:start], type=_Header)
        arrays: dict[str, npt.NDArray[Any]] = {}
        for part in head.arrays:
            dtype = _dtype(part.dtype)
            size = dtype.itemsize * int(np.prod(part.shape, dtype=object))
            if min(part.shape, default=0) < 0 or size > LARGEST or start + size > len(data):
                raise Corrupt(f"array {part.name!r} says {size} bytes, {len(data) - start} are left")
            arrays[part.name] = (
                np.frombuffer(data, dtype, size // max(dtype.itemsize, 1), start).reshape(part.shape).copy()
            )
            start += size
    except (msgspec.MsgspecError, TypeError, ValueError, KeyError, IndexError) as error:
        raise Corrupt(f"packed arrays are damaged: {error}") from error
    if start != len(data):
        raise Corrupt(f"{len(data) - start} bytes too many")
    return head.fields, arrays
