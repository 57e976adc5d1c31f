"""Identities: numbers of principals that partitions and epochs agree on, so that no name need be kept."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from schemas.batch import Integers


def identity(name: str, secret: bytes) -> int:
    """The number of one principal, never 0, a keyed hash of its name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8, key=secret[:64]).digest(), "little") or 1


def identities(names: Sequence[str | None], slots: Integers, secret: bytes) -> npt.NDArray[np.uint64]:
    """The numbers of the principals in some slots: (n,)."""
    return np.array([identity(names[slot] or "", secret) for slot in slots.tolist()], np.uint64)
