"""BurnIn: the clean period of one model version, kept as columns inside a fixed memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.packing import Corrupt, pack, unpack
from schemas.batch import ID, Batch, Classified, Codes, Counts, Doubles, Floats
from schemas.later import Later
from schemas.record import Record


@dataclass(frozen=True, slots=True)
class BurnIn:
    """Records of one model version's burn-in as columns, N rows in time order.

    Attributes
    ----------
    time : (N,) s since the epoch
    principals, principal : the distinct principals, and (N,) the index of each row's
    features : (N, F) in the model's units; F = 0 where they came by name or not at all
    named : N dicts of named values, or None
    probabilities : (N, C)
    labels : N labels as logged
    latency : (N,) s
    tokens : (N, 2) in and out
    bad : (N,) tamed numbers
    text : (N, T) what was read of words
    lone : (N,) u1, which rows are one half of a call, as in ``Batch``
    seen : records that passed by, of which the N rows are those kept
    met : numbers of the principals that passed by of whom no rows are kept, rising (:mod:`detectors.identities`)
    start, end : s since the epoch, the period that was watched
    models : model versions that its partition knew when it ended, and that share the budget
    accused : principals that an earlier version's reference told of meanwhile; None where none was watching
    classifiers, classified : names of K ONNX classifiers, and (N, K) what they say, NaN where one did not look
    """

    model: str
    version: str
    time: Doubles
    principals: list[str]
    principal: Codes
    features: Floats
    named: list[dict[str, object]] | None
    probabilities: Floats
    labels: list[str]
    latency: Floats
    tokens: npt.NDArray[np.int32]
    bad: Counts
    text: Floats
    lone: npt.NDArray[np.uint8]
    seen: int
    start: float
    end: float
    models: int = 1
    accused: list[str] | None = None
    classifiers: list[str] = field(default_factory=list)
    classified: Floats | None = None
    met: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))

    @property
    def population(self) -> int:
        """How many principals there were, those among them of whom no rows are kept."""
        return len(self.principals) + len(self.met)

    def __len__(self) -> int:
        """Return N."""
        return len(self.time)

    def batch(self, rows: slice | npt.NDArray[np.intp]) -> Batch:
        """Rows as a Batch again, with bare records."""
        index = np.arange(len(self))[rows]
        records = [
            Record(
                time=float(self.time[i]),
                model=self.model,
                version=self.version,
                principal=self.principals[self.principal[i]],
            )
            for i in index
        ]
        return Batch(
            model=self.model,
            version=self.version,
            offsets=index.astype(np.int64),
            time=self.time[index],
            principals=self.principals,
            principal=self.principal[index],
            features=self.features[index],
            named=None if self.named is None else [self.named[i] for i in index],
            probabilities=self.probabilities[index],
            labels=[self.labels[i] for i in index],
            latency=self.latency[index],
            tokens=self.tokens[index],
            bad=self.bad[index],
            trusted=np.ones(len(index), np.bool_),
            worded=self.text.shape[1] > 0,
            text=self.text[index],
            ids=np.zeros((len(index), ID), np.uint8),
            records=records,
            classified=None if self.classified is None else said(self.classifiers, self.classified[index]),
            lone=self.lone[index] if self.lone.any() else None,
        )

    def to_bytes(self) -> bytes:
        """Arrays as raw bytes behind a msgpack header."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        arrays = {k: v for k, v in values.items() if isinstance(v, np.ndarray)}
        return pack({k: v for k, v in values.items() if k not in arrays}, arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> "BurnIn":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` on anything else."""
        header, arrays = unpack(data)
        columns: dict[str, Any] = {**header, **arrays}
        try:
            return cls(**columns)
        except TypeError as error:
            raise Corrupt(f"not a burn-in sample: {error}") from error

    @classmethod
    def merge(cls, parts: Sequence["BurnIn"]) -> "BurnIn":
        """Samples of several partitions as one, by time; ties in the order given.

        Parts of another shape than the largest part's are left out.
        """
        largest = max(parts, key=len)
        parts = [p for p in parts if p.shape == largest.shape and len(p)] or [largest]
        code: dict[str, int] = {}
        principal = [
            np.array([code.setdefault(n, len(code)) for n in p.principals], np.int32)[p.principal] for p in parts
        ]
        order = np.argsort(np.concatenate([p.time for p in parts]), kind="stable")
        column: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts])[order] for n in ROWS}
        named = [row for p in parts for row in p.named or []]
        labels = [label for p in parts for label in p.labels]
        return cls(
            model=largest.model,
            version=largest.version,
            principals=list(code),
            principal=np.concatenate(principal)[order],
            named=[named[i] for i in order] if largest.named is not None else None,
            labels=[labels[i] for i in order],
            seen=sum(p.seen for p in parts),
            start=min(p.start for p in parts),
            end=max(p.end for p in parts),
            models=max(p.models for p in parts),
            accused=_every([p.accused for p in parts if p.accused is not None]),
            classifiers=largest.classifiers,
            classified=joined(parts, largest.classifiers, order),
            met=np.unique(np.concatenate([p.met for p in parts])),
            **column,
        )

    @property
    def shape(self) -> tuple[int, int, bool, int]:
        """F, C, whether features came by name, and T."""
        return self.features.shape[1], self.probabilities.shape[1], self.named is not None, self.text.shape[1]


def _every(accused: list[list[str]]) -> list[str] | None:
    return sorted({name for names in accused for name in names}) if accused else None


ROWS = ("time", "features", "probabilities", "latency", "tokens", "bad", "text", "lone")
"""Columns of a sample, one entry a row."""


def said(names: Sequence[str], score: Floats) -> Classified:
    """What classifiers said (N, K) when records were kept; of how large a share is not kept."""
    return Classified(tuple(names), score, (1.0,) * len(names), ("",) * len(names))


def aligned(names: Sequence[str], found: Classified | None, rows: int) -> Floats:
    """What classifiers of these names said (rows, K); NaN for those that were not there."""
    made = np.full((rows, len(names)), np.nan, np.float32)
    for k, name in enumerate(names):
        if found is not None and name in found.names:
            made[:, k] = found.score[:, found.names.index(name)]
    return made


def joined(parts: Sequence[BurnIn], names: Sequence[str], order: npt.NDArray[np.intp]) -> Floats | None:
    """What classifiers of these names said of all parts' rows, in one order; None without names."""
    found = [aligned(names, None if p.classified is None else said(p.classifiers, p.classified), len(p)) for p in parts]
    return np.concatenate(found)[order] if names else None


def take(batch: Batch, rows: npt.NDArray[np.intp] | slice) -> Batch:
    """Some rows of a batch as a batch; principals keep their codes."""
    if isinstance(rows, slice) and rows == slice(0, len(batch)):
        return batch
    index = np.arange(len(batch))[rows]

    def pick(values: Iterable[object]) -> list[object]:
        values = list(values)
        return [values[i] for i in index]

    return Batch(
        model=batch.model,
        version=batch.version,
        offsets=batch.offsets[index],
        time=batch.time[index],
        principals=batch.principals,
        principal=batch.principal[index],
        features=batch.features[index],
        named=None if batch.named is None else [batch.named[i] for i in index],
        probabilities=batch.probabilities[index],
        labels=[batch.labels[i] for i in index],
        latency=batch.latency[index],
        tokens=batch.tokens[index],
        bad=batch.bad[index],
        trusted=batch.trusted[index],
        worded=batch.worded,
        text=batch.text[index],
        ids=batch.ids[index],
        records=batch.records.pick(index) if isinstance(batch.records, Later) else [batch.records[i] for i in index],
        classified=batch.classified and batch.classified._replace(score=batch.classified.score[index]),
        lone=None if batch.lone is None else batch.lone[index],
    )
