"""Identities: numbers of principals that partitions and epochs agree on, so that no name need be kept."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from schemas.batch import Integers


def identities(names: Sequence[str | None], slots: Integers, secret: bytes) -> npt.NDArray[np.uint64]:
    """The numbers of the principals in some slots: (n,), never 0, keyed hashes of their names."""
    key = secret[:64]
    made = [
        int.from_bytes(blake2b((names[slot] or "").encode(), digest_size=8, key=key).digest(), "little") or 1
        for slot in slots.tolist()
    ]
    return np.array(made, np.uint64)
