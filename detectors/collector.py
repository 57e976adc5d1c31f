"""Collector: from a partition's records of a burn-in to its sample, inside a fixed memory."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.burn_in import ROWS, BurnIn, aligned
from schemas.batch import Batch, Codes
from schemas.joining import widened

PER_PRINCIPAL = 2048  # first records of a principal that are kept: the profile has settled by then
MOST_ROWS = 60_000
MOST_NUMBERS = 64 << 20  # in all rows together, a quarter of a GiB: rows with very many features are fewer
NAMED = 16  # numbers that one value with a name weighs


class Collector:
    """Collects a burn-in row by row inside bounds, whatever the batches.

    When the bounds are reached, newcomers are no longer taken. The first shape ``(F, C)`` seen is kept, others are
    counted in ``odd``; requests without an answer take the shape of those that have one.

    Parameters
    ----------
    per_principal, rows : first records of a principal, and of all together, that are kept
    numbers : features, probabilities and weighed names in all rows; a principal has the same share of them as of rows
    """

    def __init__(
        self,
        model: str,
        version: str,
        *,
        per_principal: int = PER_PRINCIPAL,
        rows: int = MOST_ROWS,
        numbers: int = MOST_NUMBERS,
    ) -> None:
        self.model, self.version = model, version
        self.per_principal, self.rows, self.numbers = per_principal, rows, numbers
        self.codes: dict[str, int] = {}
        self.counts: list[int] = []
        self.weights: list[int] = []
        self.kept: list[dict[str, Any]] = []
        self.shape: tuple[int, int, bool, int] | None = None
        self.classifiers: tuple[str, ...] = ()
        self.unanswered = True
        self.seen = self.size = self.weight = self.odd = 0
        self.start, self.end = np.inf, -np.inf

    def add(self, batch: Batch) -> None:
        """Keep what the bounds allow of a batch: its columns, and nothing that hangs on its records."""
        self.seen += len(batch)
        self.start, self.end = (
            min(self.start, float(batch.time.min())),
            max(self.end, float(batch.time.max())),
        )
        batch = self._fitted(batch)
        if self.shape not in (None, _shape(batch)):
            self.odd += len(batch)
            return
        rows, codes = self._choose(batch)
        if len(rows):
            self.shape = _shape(batch)
            self.classifiers = self.classifiers if self.kept or not batch.classified else batch.classified.names
            lists = {"labels": [batch.labels[i] for i in rows]}
            lists["named"] = [batch.named[i] for i in rows] if batch.named is not None else []
            said = {"classified": aligned(self.classifiers, batch.classified, len(batch))[rows]}
            columns = {name: getattr(batch, name)[rows] for name in ROWS if name != "lone"}
            columns["lone"] = np.zeros(len(rows), np.uint8) if batch.lone is None else batch.lone[rows]
            self.unanswered = self.unanswered and bool(columns["lone"].all())
            self.kept.append(columns | lists | {"principal": codes} | said)

    def _fitted(self, batch: Batch) -> Batch:
        """Rows in the shape of those that are kept; the other way round where nothing kept so far had an answer."""
        own = _shape(batch)
        if self.shape is None or self.shape == own:
            return batch
        if batch.lone is not None and batch.lone.all() and self.shape == (own[0], self.shape[1], *own[2:]):
            return batch if own[1] else widened(batch, self.shape[1])
        if self.unanswered and not self.shape[1] and own == (self.shape[0], own[1], *self.shape[2:]):
            for kept in self.kept:
                kept["probabilities"] = np.full((len(kept["time"]), own[1]), np.nan, np.float32)
            self.shape = own
        return batch

    def _choose(self, batch: Batch) -> tuple[npt.NDArray[np.intp], Codes]:
        """Rows to keep, each principal's first while there is room, and their principals' codes of our own."""
        keep, codes = [], []
        plain = batch.features.shape[1] + batch.probabilities.shape[1]
        share = self.numbers * self.per_principal // self.rows
        for row, code in enumerate(batch.principal.tolist()):
            name = batch.principals[code]
            own = self.codes.get(name)
            weight = plain + (NAMED * len(batch.named[row]) if batch.named is not None else 0)
            count, before = (0, 0) if own is None else (self.counts[own], self.weights[own])
            if self.size >= self.rows or self.weight + weight > self.numbers:
                continue
            if count >= self.per_principal or before + weight > share:
                continue
            if own is None:
                own = self.codes[name] = len(self.counts)
                self.counts.append(0)
                self.weights.append(0)
            self.counts[own] += 1
            self.weights[own] += weight
            self.size += 1
            self.weight += weight
            keep.append(row)
            codes.append(own)
        return np.array(keep, np.intp), np.array(codes, np.int32)

    def burn_in(self) -> BurnIn:
        """What was collected so far, in order of arrival (times may step back inside a partition)."""
        features, classes, by_name, words = self.shape or (0, 0, False, 0)
        empty = {
            "time": np.zeros(0),
            "features": np.zeros((0, features), np.float32),
            "probabilities": np.zeros((0, classes), np.float32),
            "latency": np.zeros(0, np.float32),
            "tokens": np.zeros((0, 2), np.int32),
            "bad": np.zeros(0, np.uint16),
            "text": np.zeros((0, words), np.float32),
            "lone": np.zeros(0, np.uint8),
            "principal": np.zeros(0, np.int32),
        }
        column: dict[str, Any] = {n: np.concatenate([none, *(b[n] for b in self.kept)]) for n, none in empty.items()}
        return BurnIn(
            model=self.model,
            version=self.version,
            principals=list(self.codes),
            named=[row for b in self.kept for row in b["named"]] if by_name else None,
            labels=[label for b in self.kept for label in b["labels"]],
            seen=self.seen,
            start=float(self.start),
            end=float(self.end),
            classifiers=list(self.classifiers),
            classified=np.concatenate([b["classified"] for b in self.kept]) if self.classifiers else None,
            **column,
        )

    @classmethod
    def resume(cls, sample: BurnIn, **bounds: int) -> "Collector":
        """Go on from a stored sample, as if it had never been put away."""
        made = cls(sample.model, sample.version, **bounds)
        if len(sample):
            made.add(sample.batch(slice(None)))
        made.seen, made.start, made.end = sample.seen, sample.start, sample.end
        return made


def _shape(batch: Batch) -> tuple[int, int, bool, int]:
    return batch.features.shape[1], batch.probabilities.shape[1], batch.named is not None, batch.text.shape[1]
