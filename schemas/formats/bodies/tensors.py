"""Tensors of the Open Inference Protocol, V2: their numbers and words, cut into one part for each input.

References
----------
https://github.com/kserve/open-inference-protocol
"""

import struct
from collections.abc import Sequence
from functools import cache
from itertools import chain
from math import prod
from typing import Any, NamedTuple

import numpy as np

from schemas.formats.bodies.body import ROWS
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

SIZES = {
    "BOOL": 1, "UINT8": 1, "INT8": 1, "UINT16": 2, "INT16": 2, "FP16": 2, "BF16": 2, "UINT32": 4, "INT32": 4,
    "FP32": 4, "UINT64": 8, "INT64": 8, "FP64": 8,
}  # fmt: skip
_CODES = {
    "BOOL": "B", "UINT8": "B", "INT8": "b", "UINT16": "H", "INT16": "h", "FP16": "e", "UINT32": "I", "INT32": "i",
    "FP32": "f", "UINT64": "Q", "INT64": "q", "FP64": "d",
}  # fmt: skip
_FORMS = {"UINT8": "u1", "FP16": "f2", "FP32": "f4", "FP64": "f8"}
WHOLE = frozenset(name for name in _CODES if not name.startswith("FP"))
WORDS = "BYTES"
_FEW = {name: size for name, size in SIZES.items() if name not in ("BOOL", "BF16")}
_PLAIN = frozenset((float, int))
MANY = 128  # numbers of one input from which on they stay bytes


class Tensor(NamedTuple):
    """One input or output of a model.

    Attributes
    ----------
    datatype : as the protocol names it: ``FP32``, ``BYTES``, ...
    shape : its dimensions; ``[]`` where the writer names none, or none that make sense
    values : row-major, flat or nested lists; or the bytes that a binary tensor has
    codec : how the client says it is to be understood: ``pd``, ``np``, ``str``, ...
    """

    name: str
    datatype: str
    shape: Sequence[int]
    values: Any
    codec: str = ""


def parts(tensor: Tensor, limits: Limits, warnings: list[str]) -> list[Any]:
    """Return what a tensor holds for each input: a list of numbers, their array form, or a list of words.

    The first dimension counts inputs where there are two or more; a tensor of one dimension is one input of numbers,
    or as many inputs as it has words.

    Raises
    ------
    Refused : values of no known form, or more than ``limits`` allow for one input
    """
    row = single(tensor, limits.features)
    if row is not None:
        return [row]
    values, datatype = tensor.values, tensor.datatype
    binary = type(values) is bytes
    if binary and datatype == WORDS:
        values, binary = words(values, tensor.name), False
    size = SIZES.get(datatype, 0)
    if binary and not size:
        raise Refused(f"bytes of the unknown datatype {datatype[:32]!r}", f"$.{tensor.name[:64]}")
    if not binary:
        values = flat(values, tensor.name)
    count = len(values) // size if binary else len(values)
    rows = _rows(tensor, count, warnings)
    width = count // rows if rows else 0
    if width > limits.features:
        raise Refused(f"there are more than {limits.features} numbers", f"$.{tensor.name[:64]}")
    if rows > ROWS:
        warnings.append(f"$.{tensor.name[:64]}: more than {ROWS} inputs in one call, the others were left out")
        rows = ROWS
    if binary:
        step = width * size
        return [numbers(values[i * step : (i + 1) * step], datatype) for i in range(rows)]
    if rows == 1:
        return [_kept(values, datatype)]
    return [_kept(values[i * width : (i + 1) * width], datatype) for i in range(rows)]


def single(tensor: Tensor, most: int) -> list[Any] | None:
    """Return the one input of at most ``most`` numbers that most tensors are; None where it takes a closer look."""
    shape, values = tensor.shape, tensor.values
    size = _FEW.get(tensor.datatype)
    if not size or len(shape) != 2 or shape[0] != 1 or not 0 < shape[1] < MANY or shape[1] > most:
        return None
    if type(values) is bytes:
        right = len(values) == size * shape[1]
        return list(_struct(_CODES[tensor.datatype], shape[1]).unpack(values)) if right else None
    if type(values) is not list:
        return None
    row: list[Any] = values[0] if len(values) == 1 and type(values[0]) is list else values
    return row if len(row) == shape[1] and _PLAIN.issuperset(map(type, row)) else None


def flat(values: Any, name: str) -> Sequence[Any]:
    """Return nested lists as one, row-major; a bare value is a list of one.

    Raises
    ------
    Refused : lists are nested more than 16 deep, or an object is among them
    """
    if not isinstance(values, list | tuple):
        values = [values]
    for _ in range(16):
        kinds = set(map(type, values))
        if list not in kinds:
            break
        whole = kinds == {list}
        values = list(chain.from_iterable(values if whole else (v if type(v) is list else (v,) for v in values)))
    else:
        raise Refused("lists are nested more than 16 deep", f"$.{name[:64]}.data")
    if dict in kinds:
        raise Refused("there are objects where numbers or words must be", f"$.{name[:64]}.data")
    return values  # type: ignore[no-any-return]  # a list or a tuple by now


def _rows(tensor: Tensor, count: int, warnings: list[str]) -> int:
    """How many inputs there are in ``count`` values."""
    shape = tensor.shape
    if len(shape) > 1 and prod(shape) == count:
        return shape[0]
    if len(shape) == 1 and shape[0] == count:
        return count if tensor.datatype == WORDS or tensor.codec == "pd" else min(count, 1)
    said = list(shape[:8])
    if len(shape) > 1 and 0 < shape[0] <= count and count % shape[0] == 0:
        warnings.append(f"$.{tensor.name[:64]}.shape: it is {said}, which is not as many values as there are")
        return shape[0]
    warnings.append(f"$.{tensor.name[:64]}.shape: it is {said or 'none'}, read as one input of all its values")
    return count if tensor.datatype == WORDS else min(count, 1)


@cache
def _struct(code: str, count: int) -> struct.Struct:
    return struct.Struct(f"<{count}{code}")


def numbers(data: bytes, datatype: str) -> list[Any] | dict[str, Any]:
    """Return the numbers of packed little-endian bytes: as a list, or many in their array form."""
    count = len(data) // SIZES[datatype]
    if count < MANY and datatype != "BF16":
        return list(_struct(_CODES[datatype], count).unpack_from(data))
    if datatype in _FORMS:
        return {"b64": data, "dtype": _FORMS[datatype], "shape": [count]}
    if datatype == "BF16":
        wide = (np.frombuffer(data, "<u2", count).astype("<u4") << 16).tobytes()
    else:
        wide = np.frombuffer(data, np.dtype(_CODES[datatype]).newbyteorder("<"), count).astype("<f4").tobytes()
    return {"b64": wide, "dtype": "f4", "shape": [count]}


def packed(values: Sequence[Any]) -> Sequence[Any] | dict[str, Any]:
    """Return numbers as they are; many of them as bytes, which take a tenth of the memory."""
    return _kept(values, "FP64")


def _kept(values: Sequence[Any], datatype: str) -> Sequence[Any] | dict[str, Any]:
    """Values of one input; many numbers as bytes, which take a tenth of the memory."""
    if datatype == "BOOL":
        values = [int(value) if isinstance(value, bool) else value for value in values]
    if datatype == WORDS or len(values) < MANY:
        return values
    code, form = ("f", "f4") if datatype == "FP32" else ("d", "f8")
    try:
        return {"b64": _struct(code, len(values)).pack(*values), "dtype": form, "shape": [len(values)]}
    except (struct.error, OverflowError, TypeError):
        return values


def words(data: bytes, name: str) -> list[bytes]:
    """Return the elements of a binary tensor of words: each has its length before it, four bytes little endian.

    Raises
    ------
    Refused : an element is longer than what is left, with its byte
    """
    found: list[bytes] = []
    at = 0
    while at + 4 <= len(data) and len(found) <= 65_536:
        end = at + 4 + int.from_bytes(data[at : at + 4], "little")
        if end > len(data):
            raise Refused(f"byte {at} of the tensor: a word is longer than what is left", f"$.{name[:64]}")
        found.append(data[at + 4 : end])
        at = end
    return found
