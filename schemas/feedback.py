"""Feedback: records that are no traffic, but say afterwards what was true; told apart from all others here."""

from collections.abc import Sequence

import numpy as np

from schemas.batch import Integers
from schemas.record import FEEDBACK, Record
from schemas.scanner.scanned import Scanned

__all__ = ["FEEDBACK", "parted"]


def parted(records: Sequence[Record], offsets: Integers) -> tuple[Sequence[Record], Integers, list[Record], Integers]:
    """Split N records at their (N,) offsets: traffic and where it lies, then feedback and where that lies."""
    maybe = np.flatnonzero(records.at < 0).tolist() if isinstance(records, Scanned) else range(len(records))
    said = [i for i in maybe if records[i].phase == FEEDBACK]
    if not said:
        return records, offsets, [], offsets[:0]
    rows = np.array(said, np.int64)
    feedback = [records[i] for i in said]
    if isinstance(records, Scanned):
        return records.without(rows), np.delete(offsets, rows), feedback, offsets[rows]
    known = set(said)
    rest = [record for i, record in enumerate(records) if i not in known]
    return rest, np.delete(offsets, rows), feedback, offsets[rows]
