"""Record times held against Kafka's: the payload's clock may be the attacker's, the broker's log is not."""

from collections.abc import Sequence

import msgspec
import numpy as np

from schemas.batch import Integers
from schemas.record import Record
from streams.batches import RecordBatch


def clamped(records: list[Record], offsets: Integers, batch: RecordBatch, *, skew: float) -> tuple[list[Record], int]:
    """Records with times more than ``skew`` s after Kafka's timestamp set to that; and how many there were.

    History may be as old as it likes. The timestamps are part of the log, so a replay gives the same times.

    Parameters
    ----------
    records, offsets : N records and their (N,) offsets, all of them in ``batch``
    """
    stamps = _stamps(batch)
    if not records or stamps is None or max(r.time for r in records) <= stamps.min() + skew:
        return records, 0
    written = stamps[np.searchsorted(np.array(batch.offsets()), offsets)]
    late = np.flatnonzero(np.array([r.time for r in records]) > written + skew).tolist()
    for i in late:
        records[i] = msgspec.structs.replace(records[i], time=float(written[i]))
    return records, len(late)


def _stamps(batch: RecordBatch) -> "np.ndarray[tuple[int], np.dtype[np.float64]] | None":
    """When each record was written, s; None where the log does not say."""
    stamps: Sequence[int | None] = [raw.timestamp for raw in batch.records]
    if any(stamp is None or stamp <= 0 for stamp in stamps):
        return None
    return np.array(stamps, np.float64) / 1000.0
