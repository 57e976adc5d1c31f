"""Bodies of the Open Inference Protocol, V2, in protobuf: ``ModelInferRequest`` and ``ModelInferResponse``.

Both have their tensors in field 5, so that each can be read as the other without an error: the caller has to know which
one it is. Where a tensor has typed contents and raw ones, the raw ones count.

References
----------
https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from schemas.formats.bodies import answered, asked
from schemas.formats.bodies import v2_grammar as grammar
from schemas.formats.bodies.body import NOTHING, REQUEST, TENSORS, Body
from schemas.formats.bodies.tensors import SIZES, WORDS, Tensor
from schemas.formats.bodies.v2_grammar import ID, KEY, MODEL, RAW_IN, RAW_OUT, TENSOR, VERSION
from schemas.formats.bodies.v2_layouts import layout_of, quickly
from schemas.formats.bodies.v2_skeletons import alike, remember
from schemas.formats.lenient import Refused
from schemas.formats.protobuf import FIXED32, FIXED64, columns, integers
from schemas.formats.rules import Limits


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


_code = grammar.GRAMMAR.code
_NAMES = {MODEL, VERSION, ID}
_RAWS = {RAW_OUT, RAW_IN}
_TAKE: dict[int, Callable[[_Open, bytes, int, int], None]] = {
    grammar.NAME: _name,
    grammar.DATATYPE: _datatype,
    grammar.SHAPE: _shape,
    grammar.DIMENSION: _dimension,
    grammar.HINT: _hint,
    grammar.HINTED: _hinted,
    **dict.fromkeys(grammar.INTEGERS, _whole),
    **dict.fromkeys(grammar.INTEGER, _one),
    grammar.FLOATS: _floats,
    _code("contents", 6, FIXED32): _floats,
    grammar.DOUBLES: _doubles,
    _code("contents", 7, FIXED64): _doubles,
    grammar.WORD: _word,
}


def read(value: bytes, limits: Limits, phase: str, *, start: int = 0, chained: bool = False) -> Body:
    """Read one body.

    A topic has messages of few layouts; those without parameters are read by what was found out of the first.

    Parameters
    ----------
    phase : ``request`` or ``response``, what it is for the model
    start : the byte at which it begins
    chained : whether the bytes are the response of the step before, whatever ``phase``

    Raises
    ------
    Refused : no protobuf, with the byte, or a tensor that cannot be read
    """
    asks = phase == REQUEST and not chained
    found = None if start else alike(value, asks=asks)
    if found is None:
        codes, starts, stops = columns(value, grammar.GRAMMAR, "infer", start=start)
        layout = layout_of(codes)
        found = quickly(value, starts, stops, layout, asks=asks) if layout else None
        if layout and found and not start:
            remember(value, starts, stops, layout, found, asks=asks)
    if found:
        names, closed = found
        warnings: list[str] = []
        rows = (asked if phase == REQUEST else answered).rows(closed, limits, warnings)
        return Body(phase, rows, *names, NOTHING, None, warnings)
    return _slowly(value, limits, phase, zip(codes, starts, stops, strict=True), chained)


def _slowly(value: bytes, limits: Limits, phase: str, rows: Iterable[tuple[int, int, int]], chained: bool) -> Body:
    """Read a body whose fields come in an unusual order."""
    names: dict[int, str] = {}
    parameters: dict[str, Any] = {}
    tensors: list[_Open] = []
    raws: dict[int, list[bytes]] = {RAW_OUT: [], RAW_IN: []}
    key, tensor = "", _Open()
    for code, first, end in rows:
        take = _TAKE.get(code)
        if take is not None:
            take(tensor, value, first, end)
        elif code == TENSOR:
            tensor = _Open()
            tensors.append(tensor)
        elif code in _RAWS:
            raws[code].append(value[first:end])
        elif code in _NAMES:
            names[code] = value[first:end].decode("utf-8", "replace")
        elif code == KEY:
            key = value[first:end].decode("utf-8", "replace")
        else:
            parameters[key] = _parameter(value, code, first, end)
    if len(tensors) > TENSORS:
        raise Refused(f"there are more than {TENSORS} tensors")
    warnings: list[str] = []
    raw = _raw(raws, tensors, phase == REQUEST and not chained, warnings)
    closed = [_closed(one, raw[i] if i < len(raw) else None) for i, one in enumerate(tensors)]
    made = (asked if phase == REQUEST else answered).rows(closed, limits, warnings)
    get = names.get
    return Body(phase, made, get(ID, ""), get(MODEL, ""), get(VERSION, ""), parameters, None, warnings)


def _parameter(value: bytes, code: int, first: int, end: int) -> Any:
    if code == grammar.STRING:
        return value[first:end].decode("utf-8", "replace")
    if code == grammar.DOUBLE:
        return struct.unpack_from("<d", value, first)[0]
    return first if code in grammar.WHOLE else None


def _raw(raws: dict[int, list[bytes]], tensors: Sequence[_Open], asks: bool, warnings: list[str]) -> list[bytes]:
    """Raw contents; in a request field 6 names wanted outputs, unless it is the response of the step before."""
    mine, others = (raws[RAW_IN], raws[RAW_OUT]) if asks else (raws[RAW_OUT], raws[RAW_IN])
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
