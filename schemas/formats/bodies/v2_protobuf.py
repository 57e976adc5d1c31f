"""Bodies of the Open Inference Protocol, V2, in protobuf: ``ModelInferRequest`` and ``ModelInferResponse``.

Both have their tensors in field 5, so that each can be read as the other without an error: the caller has to know which
one it is. Where a tensor has typed contents and raw ones, the raw ones count.

References
----------
https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any

from schemas.formats.bodies import answered, asked
from schemas.formats.bodies.body import REQUEST, TENSORS, Body
from schemas.formats.bodies.tensors import SIZES, WORDS, Tensor
from schemas.formats.lenient import Refused
from schemas.formats.protobuf import FIXED32, FIXED64, LEAF, VARINT, Grammar, integers, walk
from schemas.formats.rules import Limits

_LEAVES = dict.fromkeys(range(1, 9), LEAF)
_GRAMMAR = Grammar(
    {
        "infer": {1: LEAF, 2: LEAF, 3: LEAF, 4: "entry", 5: "tensor", 6: LEAF, 7: LEAF},
        "tensor": {1: LEAF, 2: LEAF, 3: LEAF, 4: "hint", 5: "contents"},
        "contents": _LEAVES,
        "entry": {1: LEAF, 2: "parameter"},
        "parameter": _LEAVES,
        "hint": {1: LEAF, 2: "hinted"},
        "hinted": {3: LEAF},
    },
    quiet=("contents", "entry", "parameter", "hint", "hinted"),
)
_code = _GRAMMAR.code
_MODEL, _VERSION, _ID = (_code("infer", i) for i in (1, 2, 3))
_TENSOR, _RAW_OUT, _RAW_IN = (_code("infer", i) for i in (5, 6, 7))
_KEY, _STRING = _code("entry", 1), _code("parameter", 3)
_BOOL, _INT, _UINT = (_code("parameter", i, VARINT) for i in (1, 2, 5))
_DOUBLE = _code("parameter", 4, FIXED64)
_NAMES = {_MODEL, _VERSION, _ID}
_RAWS = {_RAW_OUT, _RAW_IN}


class _Open:
    """A tensor while its fields come in."""

    __slots__ = ("codec", "datatype", "key", "name", "shape", "values")

    def __init__(self) -> None:
        self.name = self.datatype = self.codec = ""
        self.key = b""
        self.shape: list[int] = []
        self.values: list[Any] = []


def _name(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.name = value[start:end].decode("utf-8", "replace")


def _datatype(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.datatype = value[start:end].decode("ascii", "replace")


def _shape(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.shape += integers(value, start, end)


def _dimension(tensor: _Open, _: bytes, start: int, __: int) -> None:
    tensor.shape.append(start)


def _whole(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.values += integers(value, start, end)


def _one(tensor: _Open, _: bytes, start: int, __: int) -> None:
    tensor.values.append(start)


def _floats(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.values += struct.unpack_from(f"<{(end - start) // 4}f", value, start)


def _doubles(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.values += struct.unpack_from(f"<{(end - start) // 8}d", value, start)


def _word(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.values.append(value[start:end])


def _hint(tensor: _Open, value: bytes, start: int, end: int) -> None:
    tensor.key = value[start:end]


def _hinted(tensor: _Open, value: bytes, start: int, end: int) -> None:
    if tensor.key == b"content_type":
        tensor.codec = value[start:end].decode("utf-8", "replace")


_TAKE: dict[int, Callable[[_Open, bytes, int, int], None]] = {
    _code("tensor", 1): _name,
    _code("tensor", 2): _datatype,
    _code("tensor", 3): _shape,
    _code("tensor", 3, VARINT): _dimension,
    _code("hint", 1): _hint,
    _code("hinted", 3): _hinted,
    **{_code("contents", i): _whole for i in range(1, 6)},
    **{_code("contents", i, VARINT): _one for i in range(1, 6)},
    _code("contents", 6): _floats,
    _code("contents", 6, FIXED32): _floats,
    _code("contents", 7): _doubles,
    _code("contents", 7, FIXED64): _doubles,
    _code("contents", 8): _word,
}


def read(value: bytes, limits: Limits, phase: str, *, start: int = 0, chained: bool = False) -> Body:
    """Read one body.

    Parameters
    ----------
    phase : ``request`` or ``response``, what it is for the model
    start : the byte at which it begins
    chained : whether the bytes are the response of the step before, whatever ``phase``

    Raises
    ------
    Refused : no protobuf, with the byte, or a tensor that cannot be read
    """
    names: dict[int, str] = {}
    parameters: dict[str, Any] = {}
    tensors: list[_Open] = []
    raws: dict[int, list[bytes]] = {_RAW_OUT: [], _RAW_IN: []}
    key, tensor = "", _Open()
    for code, first, end in walk(value, _GRAMMAR, "infer", start=start):
        take = _TAKE.get(code)
        if take is not None:
            take(tensor, value, first, end)
        elif code == _TENSOR:
            tensor = _Open()
            tensors.append(tensor)
        elif code in _RAWS:
            raws[code].append(value[first:end])
        elif code in _NAMES:
            names[code] = value[first:end].decode("utf-8", "replace")
        elif code == _KEY:
            key = value[first:end].decode("utf-8", "replace")
        else:
            parameters[key] = _parameter(value, code, first, end)
    if len(tensors) > TENSORS:
        raise Refused(f"there are more than {TENSORS} tensors")
    warnings: list[str] = []
    raw = _raw(raws, tensors, phase, chained, warnings)
    closed = [_closed(one, raw[i] if i < len(raw) else None) for i, one in enumerate(tensors)]
    rows = (asked if phase == REQUEST else answered).rows(closed, limits, warnings)
    get = names.get
    return Body(phase, rows, get(_ID, ""), get(_MODEL, ""), get(_VERSION, ""), parameters, None, warnings)


def _parameter(value: bytes, code: int, first: int, end: int) -> Any:
    if code == _STRING:
        return value[first:end].decode("utf-8", "replace")
    if code == _DOUBLE:
        return struct.unpack_from("<d", value, first)[0]
    return first if code in (_BOOL, _INT, _UINT) else None


def _raw(
    raws: dict[int, list[bytes]], tensors: Sequence[_Open], phase: str, chained: bool, warnings: list[str]
) -> list[bytes]:
    """Raw contents; in a request field 6 names wanted outputs, unless it is the response of the step before."""
    asks = phase == REQUEST and not chained
    mine, others = (raws[_RAW_IN], raws[_RAW_OUT]) if asks else (raws[_RAW_OUT], raws[_RAW_IN])
    if others and not mine and len(others) == len(tensors) and not any(one.values for one in tensors):
        warnings.append("$: raw contents where the other half of a call has them, read as they are")
        return others
    return mine


def _closed(one: _Open, raw: bytes | None) -> Tensor:
    shape = one.shape
    if len(shape) > 16 or (shape and min(shape) < 0):
        shape = []
    if raw is not None and (one.datatype == WORDS or one.datatype in SIZES):
        return Tensor(one.name, one.datatype, shape, raw, one.codec)
    return Tensor(one.name, one.datatype or "FP64", shape, one.values, one.codec)
