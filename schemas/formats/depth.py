"""Depth: how far objects and lists are nested, measured without following them."""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt


def depth_of_json(value: bytes) -> int:
    """Return how deep brackets outside strings are nested in bytes that may or may not be JSON."""
    return int(_deepest(np.frombuffer(value, dtype=np.uint8)))


def shallow(value: bytes, limit: int) -> bool:
    """Tell whether brackets in bytes are nested at most ``limit`` deep; few brackets need no second look."""
    return value.count(b"[") + value.count(b"{") <= limit or depth_of_json(value) <= limit


@numba.njit(cache=True)
def _deepest(value: npt.NDArray[np.uint8]) -> int:
    depth = deepest = 0
    quoted = escaped = False
    for byte in value:
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
    return deepest


def deeper(value: Any, limit: int) -> bool:
    """Tell whether a decoded value has more than ``limit`` levels of objects and lists."""
    if isinstance(value, dict):
        return limit < 1 or any(deeper(one, limit - 1) for one in value.values())
    if isinstance(value, list):
        return limit < 1 or any(deeper(one, limit - 1) for one in value)
    return False
