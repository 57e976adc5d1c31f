"""Passage: what a slice is on its way through a partition, and what the partition needs for that."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from detectors.pipeline import Outcome, Slice, Step, Version
from detectors.watch import Answer, Need
from schemas.batch import Batch, Integers
from schemas.formats import Format, Limits, Source
from schemas.formats.reading import Reading
from schemas.record import Reject
from streams.batches import RecordBatch, TopicPartition
from streams.broker_time import clamped
from streams.oddities import Oddities


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
    """How a topic's bytes are read; ``skew`` is how far (s) a record's time may be ahead of Kafka's."""

    name: str
    format: Format
    source: Source
    limits: Limits
    skew: float
    oddities: Oddities = field(default_factory=Oddities)

    def read(self, batch: RecordBatch, offsets: Integers, part: slice) -> tuple[Reading, int]:
        """What became of a part of a slice, whose records lie at ``offsets``, and how many times were clamped."""
        found = self.format.read_many(
            batch.values()[part], offsets[part], topic=batch.tp.topic, partition=batch.tp.partition,
            limits=self.limits, source=self.source, raws=batch.records[part],
        )  # fmt: skip
        if found.warnings:
            self.oddities.note(batch.tp.topic, found.warnings)
        records, late = clamped(found.records, found.offsets, batch, offsets, skew=self.skew)
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


def advanced(step: Step, answer: Answer | None = None) -> Need | None:
    """Go on with a step until it needs a settlement; None when it is done."""
    try:
        return next(step) if answer is None else step.send(answer)
    except StopIteration:
        return None
