"""Layouts: in which order the fields of a message come. A topic has few, so what was found out of one is kept."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from schemas.formats.bodies.tensors import SIZES, WORDS, Tensor
from schemas.formats.bodies.v2_grammar import (
    DATATYPE,
    DOUBLES,
    FLOATS,
    ID,
    INTEGERS,
    MODEL,
    NAME,
    RAW_IN,
    RAW_OUT,
    SHAPE,
    TENSOR,
    VERSION,
)  # fmt: skip
from schemas.formats.protobuf import integers

_KNOWN = 1024  # layouts that are remembered
_FEW = 64  # fields of a layout that is
_TYPED = {FLOATS: "FP32", DOUBLES: "FP64"}
_NOWHERE = -1


class Layout(NamedTuple):
    """Which row has what.

    Attributes
    ----------
    names : rows of id, model and version, -1 where there is none
    tensors : for each tensor the rows of its name, datatype, shape and contents, -1 where there are none
    held : for each tensor the code of its contents
    asked, answered : rows of raw contents, in a request and in a response
    """

    names: tuple[int, int, int]
    tensors: tuple[tuple[int, int, int, int], ...]
    held: tuple[int, ...]
    asked: tuple[int, ...]
    answered: tuple[int, ...]


def layout_of(codes: Sequence[int]) -> Layout | None:
    """Return the layout of a message by the codes of its fields, None if it is an unusual one."""
    return _layout(tuple(codes)) if len(codes) <= _FEW else None


@lru_cache(_KNOWN)
def _layout(codes: tuple[int, ...]) -> Layout | None:
    rest = {code: [i for i, one in enumerate(codes) if one == code] for code in (ID, MODEL, VERSION, RAW_IN, RAW_OUT)}
    known = {i for rows in rest.values() for i in rows}
    tensors, held = [], []
    at = 0
    while at < len(codes):
        if at in known:
            at += 1
        elif codes[at : at + 4] == (TENSOR, NAME, DATATYPE, SHAPE):
            typed = at + 4 < len(codes) and (codes[at + 4] in _TYPED or codes[at + 4] in INTEGERS)
            tensors.append((at + 1, at + 2, at + 3, at + 4 if typed else _NOWHERE))
            held.append(codes[at + 4] if typed else _NOWHERE)
            at += 5 if typed else 4
        else:
            return None
    if not tensors or any(len(rest[code]) > 1 for code in (ID, MODEL, VERSION)):
        return None
    first = [rest[code][0] if rest[code] else _NOWHERE for code in (ID, MODEL, VERSION)]
    return Layout(
        (first[0], first[1], first[2]), tuple(tensors), tuple(held), tuple(rest[RAW_IN]), tuple(rest[RAW_OUT])
    )


def quickly(
    value: bytes, starts: Sequence[int], stops: Sequence[int], layout: Layout, *, asks: bool
) -> tuple[tuple[str, str, str], list[Tensor]] | None:
    """Return id, model, version and tensors of a message, None if that needs a closer look.

    Parameters
    ----------
    asks : whether it is a request on the wire
    """
    raws, others = (layout.asked, layout.answered) if asks else (layout.answered, layout.asked)
    if (raws and len(raws) != len(layout.tensors)) or (others and not raws):
        return None
    tensors = []
    for i, (n, d, s, c) in enumerate(layout.tensors):
        head = _head(value[starts[n] : stops[n]], value[starts[d] : stops[d]], value[starts[s] : stops[s]])
        if head is None:
            return None
        name, datatype, shape = head
        if raws:
            row = raws[i]
            tensors.append(Tensor(name, datatype, shape, value[starts[row] : stops[row]]))
        elif c == _NOWHERE:
            tensors.append(Tensor(name, datatype, shape, []))
        elif layout.held[i] in INTEGERS:
            tensors.append(Tensor(name, datatype, shape, integers(value, starts[c], stops[c])))
        elif _TYPED[layout.held[i]] == datatype:
            tensors.append(Tensor(name, datatype, shape, value[starts[c] : stops[c]]))
        else:
            return None
    names = [value[starts[row] : stops[row]].decode("utf-8", "replace") if row >= 0 else "" for row in layout.names]
    return (names[0], names[1], names[2]), tensors


@lru_cache(_KNOWN)
def _head(name: bytes, datatype: bytes, shape: bytes) -> tuple[str, str, list[int]] | None:
    """Name, datatype and shape of a tensor; None if they are odd."""
    kind = datatype.decode("ascii", "replace")
    if (kind not in SIZES and kind != WORDS) or len(shape) > 32 or len(name) > 256:
        return None
    dimensions = integers(shape, 0, len(shape))
    if len(dimensions) > 16 or (dimensions and min(dimensions) < 0):
        return None
    return name.decode("utf-8", "replace"), kind, dimensions
