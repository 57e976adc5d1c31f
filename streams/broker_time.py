"""Record times held against Kafka's: the payload's clock may be the attacker's, the broker's log is not."""

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from schemas.batch import Doubles, Integers
from schemas.record import Record
from schemas.scanner.scanned import retimed, times
from streams.batches import RecordBatch


def clamped(
    records: Sequence[Record],
    offsets: Integers,
    batch: RecordBatch,
    places: Integers,
    *,
    skew: float,
    stamps: Doubles | None = None,
) -> tuple[Sequence[Record], int]:
    """Records with times more than ``skew`` s after Kafka's timestamp set to that; and how many there were.

    History may be as old as it likes. The timestamps are part of the log, so a replay gives the same times.

    Parameters
    ----------
    records, offsets : N records and their (N,) offsets
    batch, places : the M raw records that they are from, and the (M,) offsets of these
    stamps : (M,) when these were first written, s, where that is another time than Kafka's
    """
    stamps = _stamps(batch) if stamps is None else stamps
    if not records or stamps is None:
        return records, 0
    time = times(records)
    if time.max() <= stamps.min() + skew:
        return records, 0
    written = stamps[np.searchsorted(places, offsets)]
    late = np.flatnonzero(time > written + skew)
    return (retimed(records, late, written[late]) if len(late) else records), len(late)


_TIMESTAMP = attrgetter("timestamp")


def _stamps(batch: RecordBatch) -> "np.ndarray[tuple[int], np.dtype[np.float64]] | None":
    """When each record was written, s; None where the log does not say."""
    stamps = np.array(list(map(_TIMESTAMP, batch.records)), np.float64)  # None becomes NaN
    return stamps / 1000.0 if stamps.min() > 0 else None
