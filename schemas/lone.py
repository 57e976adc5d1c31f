"""Lone halves: records of calls of which only the request or only the answer is known, told apart from all others."""

from collections.abc import Sequence

import numpy as np

from schemas.pairing import LONE
from schemas.record import Record
from schemas.scanner.scanned import Scanned


def lone(records: Sequence[Record]) -> list[int]:
    """Which of N records are one half of a call, as their phase says. The scanner leaves whatever has one to others."""
    maybe = np.flatnonzero(records.at < 0).tolist() if isinstance(records, Scanned) else range(len(records))
    return [i for i in maybe if records[i].phase in LONE]
