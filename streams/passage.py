"""Passage: what a slice is on its way through a partition, and what the partition needs for that."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import numpy as np

from detectors.need import Answer, Need
from detectors.slices import Outcome, Slice, Step, Version
from schemas.batch import Batch, Integers
from schemas.formats import Format, Limits, Source, calls
from schemas.formats.reading import Reading
from schemas.formats.refusals import opened
from schemas.record import Reject
from streams.batches import RecordBatch, TopicPartition
from streams.broker_time import clamped
from streams.oddities import Oddities
from streams.origins import Sifted

CHUNK = 8_000  # records that enter at once


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of a slice or a part of it: to be made durable, then published, then acknowledged.

    Attributes
    ----------
    records : how many, readable or not
    clamped : records whose time was set to Kafka's
    muted : handled before; it only rebuilt state
    last : whether it ends its slice, which is to be acknowledged with it
    """

    batch: RecordBatch
    outcome: Outcome
    rejects: list[Reject]
    records: int
    clamped: int = 0
    muted: bool = False
    last: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """How a topic's bytes are read.

    Attributes
    ----------
    skew : how far (s) a record's time may be ahead of Kafka's
    routed : whether a router wrote the topic, which tells of each message where it is from
    oddities : what was odd in it and read nevertheless
    """

    name: str
    format: Format
    source: Source
    limits: Limits
    skew: float
    routed: bool = False
    oddities: Oddities = field(default_factory=Oddities)

    def read(
        self, batch: RecordBatch, offsets: Integers, part: slice, sifted: Sifted | None = None
    ) -> tuple[Reading, int]:
        """What became of a part of a slice, whose records lie at ``offsets``, and how many times were clamped.

        Of a topic that a router wrote ``sifted`` says what has not come before.
        """
        values, raws, stamps = batch.values()[part], batch.records[part], None
        if sifted is not None:
            stamps = np.zeros(len(offsets))
            stamps[part] = sifted.stamps
            if not sifted.fresh.all():
                rows = np.flatnonzero(sifted.fresh).tolist()
                values, raws = [values[i] for i in rows], [raws[i] for i in rows]
        places = offsets[part] if sifted is None else offsets[part][sifted.fresh]
        topic, partition = batch.tp
        found = self.format.read_many(
            values, places, topic=topic, partition=partition, limits=self.limits, source=self.source, raws=raws
        )
        if sifted is not None and found.rejects:
            bytes_of = dict(zip(places.tolist(), values, strict=True))
            found = found._replace(rejects=[opened(one, bytes_of[one.offset] or b"") for one in found.rejects])
        if found.halves:
            found = calls.unjoined(found, topic, self.source, self.limits)
        if found.warnings:
            self.oddities.note(batch.tp.topic, found.warnings)
        records, late = clamped(found.records, found.offsets, batch, offsets, skew=self.skew, stamps=stamps)
        return found._replace(records=records), late


@dataclass(frozen=True, slots=True)
class Held:
    """What holds a partition up.

    Attributes
    ----------
    needs : settlements that it waits for
    met : model versions that it has seen
    entered : offset of the next record to enter
    full : no further record enters before one of the settlements is there
    """

    needs: list[Need]
    met: list[Version]
    entered: int
    full: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """What a partition needs of the worker around it.

    Attributes
    ----------
    ask : returns the settlement that a need names; the float says when what caused it was written to the log, s
    deliver : takes what came of a slice; returns when there is room for more
    pause, resume : stop and go on fetching this partition
    classify : what ONNX classifiers say of batches, asked together with other partitions'
    """

    ask: Callable[[Need, TopicPartition, float], Awaitable[Answer]]
    deliver: Callable[[Handled], Awaitable[None]]
    pause: Callable[[TopicPartition], None]
    resume: Callable[[TopicPartition], None]
    classify: Callable[[list[Batch]], Awaitable[list[Batch]]]


@dataclass(slots=True)
class Passage:
    """A slice, or a part of it, on its way.

    Attributes
    ----------
    first, records : offset of its first record, and how many there are
    open : steps that are not yet taken
    last : whether it ends its batch
    """

    batch: RecordBatch
    first: int
    records: int
    slice: Slice
    rejects: list[Reject]
    clamped: int
    open: int
    muted: bool
    last: bool

    @property
    def written(self) -> float:
        """When its newest record was written to the log, s; 0 if the log does not say."""
        return max(0.0, (self.batch.records[-1].timestamp or 0) / 1000.0)


def entering(offsets: Integers, begun: int, *edges: int) -> slice:
    """Which records of a slice enter at once, from ``begun`` on: none on both sides of an edge, which are offsets."""
    end = min(len(offsets), begun + CHUNK)
    for edge in np.searchsorted(offsets, edges).tolist():
        end = edge if begun < edge < end else end
    return slice(begun, end)


def advanced(step: Step, answer: Answer | None = None) -> Need | None:
    """Go on with a step until it needs a settlement; None when it is done."""
    try:
        return next(step) if answer is None else step.send(answer)
    except StopIteration:
        return None
