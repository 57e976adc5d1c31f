"""Weights out of a safetensors file: eight bytes of length, a JSON header, raw arrays. No code is run.

Format: https://github.com/huggingface/safetensors#format
"""

from typing import Any

import msgspec
import numpy as np

from detectors.packing import Corrupt
from schemas.batch import Floats

KINDS = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}


class _Part(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def tensors(data: bytes) -> dict[str, Floats]:
    """Every array of real numbers by name, as f4; raises ``Corrupt``."""
    start = 8 + int.from_bytes(data[:8], "little")
    try:
        header: dict[str, Any] = msgspec.json.decode(data[8:start])
        parts = {name: msgspec.convert(one, _Part) for name, one in header.items() if name != "__metadata__"}
        return {name: _array(data, start, one) for name, one in parts.items() if one.dtype in KINDS}
    except (msgspec.MsgspecError, ValueError, AttributeError) as error:
        raise Corrupt(f"no safetensors file: {error}") from error


def _array(data: bytes, start: int, part: _Part) -> Floats:
    first, last = part.data_offsets
    if not 0 <= first <= last <= len(data) - start:
        raise ValueError("an array lies outside the file")
    plain = np.frombuffer(data[start + first : start + last], KINDS[part.dtype])
    return np.asarray(plain.reshape(part.shape), np.float32)
