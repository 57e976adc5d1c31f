"""Skeletons: what messages of one model have in common that carry no id, all bytes but the contents of their tensors.

One is looked up by a message's length and first bytes and then compared whole, so that nothing is taken for granted: a
message with the same bytes around its contents has the same fields at the same places.
"""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.formats.bodies.tensors import Tensor
from schemas.formats.bodies.v2_layouts import Layout

_KNOWN = 1024  # skeletons that are remembered
_LONGEST = 1024  # bytes around contents that are worth remembering
_FIRST = 32  # bytes of a message by which its skeleton is looked up
Found = tuple[tuple[str, str, str], list[Tensor]]


class Skeleton(NamedTuple):
    """What messages have in common.

    Attributes
    ----------
    fixed : stretches of bytes that are always the same: where each begins and ends, and the bytes
    names : id, model and version
    tensors : for each tensor all but its contents, and where these begin and end
    """

    fixed: tuple[tuple[int, int, bytes], ...]
    names: tuple[str, str, str]
    tensors: tuple[tuple[str, str, Sequence[int], int, int], ...]


_SKELETONS: dict[tuple[int, bool, bytes], Skeleton] = {}


def alike(value: bytes, *, asks: bool) -> Found | None:
    """Return id, model, version and tensors of a message whose skeleton is known, else None.

    Parameters
    ----------
    asks : whether it is a request on the wire
    """
    skeleton = _SKELETONS.get((len(value), asks, value[:_FIRST]))
    if skeleton is None:
        return None
    for start, end, fixed in skeleton.fixed:
        if value[start:end] != fixed:
            return None
    return skeleton.names, [Tensor(n, d, shape, value[a:b]) for n, d, shape, a, b in skeleton.tensors]


def remember(
    value: bytes, starts: Sequence[int], stops: Sequence[int], layout: Layout, found: Found, *, asks: bool
) -> None:
    """Keep the skeleton of a message that was read, if it has no id and its contents are bytes as they are."""
    names, tensors = found
    if names[0] or len(_SKELETONS) >= _KNOWN or not all(type(one.values) is bytes for one in tensors):
        return
    rows = (layout.asked if asks else layout.answered) or [one[3] for one in layout.tensors]
    places = [(starts[row], stops[row]) for row in rows]
    around = len(value) - sum(end - start for start, end in places)
    if places != sorted(places) or around > _LONGEST:
        return
    edges = [0, *(edge for place in places for edge in place), len(value)]
    fixed = tuple((a, b, value[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a)
    heads = tuple((one.name, one.datatype, one.shape, a, b) for one, (a, b) in zip(tensors, places, strict=True))
    _SKELETONS[(len(value), asks, value[:_FIRST])] = Skeleton(fixed, names, heads)
