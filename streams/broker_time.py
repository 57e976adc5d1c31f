"""Record times held against Kafka's: the payload's clock may be the attacker's, the broker's log is not."""

from collections.abc import Sequence

import numpy as np

from schemas.batch import Integers
from schemas.record import Record
from schemas.scanner.scanned import retimed, times
from streams.batches import RecordBatch


def clamped(
    records: Sequence[Record], offsets: Integers, batch: RecordBatch, *, skew: float
) -> tuple[Sequence[Record], int]:
    """Records with times more than ``skew`` s after Kafka's timestamp set to that; and how many there were.

    History may be as old as it likes. The timestamps are part of the log, so a replay gives the same times.

    Parameters
    ----------
    records, offsets : N records and their (N,) offsets, all of them in ``batch``
    """
    stamps = _stamps(batch)
    if not records or stamps is None:
        return records, 0
    time = times(records)
    if time.max() <= stamps.min() + skew:
        return records, 0
    written = stamps[np.searchsorted(np.array(batch.offsets()), offsets)]
    late = np.flatnonzero(time > written + skew)
    return (retimed(records, late, written[late]) if len(late) else records), len(late)


def _stamps(batch: RecordBatch) -> "np.ndarray[tuple[int], np.dtype[np.float64]] | None":
    """When each record was written, s; None where the log does not say."""
    stamps: Sequence[int | None] = [raw.timestamp for raw in batch.records]
    if any(stamp is None or stamp <= 0 for stamp in stamps):
        return None
    return np.array(stamps, np.float64) / 1000.0
