"""Depth: how far objects and lists are nested, and where the first ends, measured without following them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled


def depth_of_json(value: bytes) -> int:
    """Return how deep brackets outside strings are nested in bytes that may or may not be JSON."""
    return int(_brackets(np.frombuffer(value, np.uint8), to_end=True)[0])


def length_of_json(value: bytes) -> int:
    """Return how many bytes the object or list has that ``value`` begins with; all where it does not end."""
    return int(_brackets(np.frombuffer(value, np.uint8), to_end=False)[1])


def shallow(value: bytes, limit: int) -> bool:
    """Tell whether brackets in bytes are nested at most ``limit`` deep; few brackets need no second look."""
    return value.count(b"[") + value.count(b"{") <= limit or depth_of_json(value) <= limit


@compiled
def _brackets(value: npt.NDArray[np.uint8], to_end: bool) -> tuple[int, int]:
    """How deep brackets outside strings are nested, and behind which byte the first is closed (or all are read)."""
    depth = deepest = 0
    quoted = escaped = False
    for at in range(len(value)):
        byte = value[at]
        if quoted:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                quoted = False
        elif byte == 0x22:
            quoted = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            deepest = max(deepest, depth)
        elif byte in (0x5D, 0x7D):
            depth -= 1
            if depth <= 0 and not to_end:
                return deepest, at + 1
    return deepest, len(value)


def deeper(value: Any, limit: int) -> bool:
    """Tell whether a decoded value has more than ``limit`` levels of objects and lists."""
    if isinstance(value, dict):
        return limit < 1 or any(deeper(one, limit - 1) for one in value.values())
    if isinstance(value, list):
        return limit < 1 or any(deeper(one, limit - 1) for one in value)
    return False
