"""Frames: what V2 bodies of one model have in common that carry no id, all bytes but the values of their one tensor.

A frame is compared whole, and what is between its two parts must be a list of numbers, or as many bytes as the tensor
has: then the body is what it would be if all of it were decoded.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from schemas.formats.bodies.tensors import SIZES, Tensor

_KNOWN = 512  # beginnings that are remembered
_EACH = 4  # frames with one beginning
_FIRST = 24  # bytes of a beginning
_LONGEST = 1024  # bytes of a frame
_decode = msgspec.json.Decoder().decode
_numbers = msgspec.json.Decoder(list[list[int | float]]).decode
_flat = msgspec.json.Decoder(list[int | float]).decode


class Frame(NamedTuple):
    """One frame.

    Attributes
    ----------
    before, after : the bytes around the values
    size : bytes of a binary tensor, -1 where values are JSON
    nested : whether the list of values has lists in it
    phase, id, model, version : of the body
    name, datatype, shape : of the tensor
    """

    before: bytes
    after: bytes
    size: int
    nested: bool
    phase: str
    id: str
    model: str
    version: str
    name: str
    datatype: str
    shape: list[int]


_FRAMES: dict[bytes, list[Frame]] = {}


def framed(value: bytes, head: int) -> tuple[Frame, Tensor] | None:
    """Return the frame of a body and its tensor, None if it has none that is known.

    Parameters
    ----------
    head : bytes of JSON before a binary tensor, below 0 where nobody says it
    """
    for frame in _FRAMES.get(value[:_FIRST], ()):
        before, after = len(frame.before), len(frame.after)
        if before + after > len(value) or not (value.startswith(frame.before) and value.endswith(frame.after)):
            continue
        if frame.size >= 0:
            if len(value) - before == frame.size and head in (-1, before):
                return frame, Tensor(frame.name, frame.datatype, frame.shape, value[before:])
        elif head < 0:
            try:
                part = value[before : len(value) - after]
                values: Any = _numbers(part) if frame.nested else _flat(part)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                continue
            return frame, Tensor(frame.name, frame.datatype, frame.shape, values)
    return None


def remember(value: bytes, found: Mapping[str, Any], phase: str, names: tuple[str, str, str], tensor: Tensor) -> None:
    """Keep the frame of a body that was read, if it can be one of many.

    Parameters
    ----------
    found : what its JSON says, with one tensor
    names : id, model and version
    tensor : as it was read
    """
    known = _FRAMES.get(value[:_FIRST], [])
    if len(known) >= _EACH or (not known and len(_FRAMES) >= _KNOWN) or "parameters" in found:
        return
    if tensor.codec or tensor.datatype not in SIZES or tensor.datatype == "BOOL":
        return
    about = (phase, *names, tensor.name, tensor.datatype, list(tensor.shape))
    size = len(tensor.values) if type(tensor.values) is bytes else -1
    before, after = (value[: len(value) - size], b"") if size >= 0 else _around(value, found, phase)
    if len(before) >= _FIRST and len(before) + len(after) <= _LONGEST:
        nested = size < 0 and bool(tensor.values) and type(tensor.values[0]) is list
        _FRAMES.setdefault(value[:_FIRST], known).append(Frame(before, after, size, nested, *about))


def _around(value: bytes, found: Mapping[str, Any], phase: str) -> tuple[bytes, bytes]:
    """The bytes before and after the list of values of a body in JSON; empty if that is not certain."""
    names = "outputs" if phase == "response" else "inputs"
    if value.count(b'"data"') != 1:
        return b"", b""
    start = value.find(b"[", value.find(b'"data"'))
    end = value.find(b"}", start)
    end = value.rfind(b"]", start, end) + 1 if 0 <= start < end else 0
    before, after = value[: max(start, 0)], value[end:]
    (tensor,) = found[names]
    try:
        same = end and _decode(before + b"null" + after) == {**found, names: [{**tensor, "data": None}]}
        same = same and _decode(value[start:end]) == tensor["data"]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        same = False
    return (before, after) if same else (b"", b"")
