"""Collector: from a partition's records of a burn-in to its sample, inside a fixed memory."""

import numpy as np

from detectors import chunks
from detectors.burn_in import ROWS, BurnIn
from detectors.chunks import Chunk
from detectors.key_sample import Bounds, KeySample
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Batch, Integers
from schemas.joining import widened

PER_PRINCIPAL = 2048  # last records of a principal that are kept where not all fit: the profile has settled by then
MOST_ROWS = 60_000
MOST_NUMBERS = 64 << 20  # in all rows together, a quarter of a GiB: rows with very many features are fewer
SLACK = 1.25  # times the bounds that may be held until what is no longer kept is dropped


class Collector:
    """Collects a burn-in row by row inside bounds, whatever the batches.

    Where not all rows fit, of each principal the last are kept, so that its history has no gap when the burn-in ends,
    and where that is not enough principals are sampled (:mod:`detectors.key_sample`). The first shape ``(F, C)`` seen
    is kept, others are counted in ``odd``; requests without an answer take the shape of those that have one.

    Parameters
    ----------
    secret : keys the sample, so that nobody can choose to be in it
    per_principal, rows : last records of a principal that are kept in any case, and rows of all together
    numbers : features, probabilities and weighed names in all rows; a principal has the same share of them as of rows
    """

    def __init__(
        self,
        model: str,
        version: str,
        secret: bytes = b"",
        *,
        per_principal: int = PER_PRINCIPAL,
        rows: int = MOST_ROWS,
        numbers: int = MOST_NUMBERS,
    ) -> None:
        self.model, self.version = model, version
        bounds = Bounds(min(per_principal, rows), rows, numbers)
        self.sample, self.least = KeySample(bounds, secret), bounds.share(bounds.per_principal)
        self.kept: list[Chunk] = []
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
        rows, codes, weights = self._choose(batch)
        if not len(rows):
            return
        self.shape = _shape(batch)
        self.classifiers = self.classifiers if self.kept or not batch.classified else batch.classified.names
        self.kept.append(chunks.of_batch(batch, rows, codes, weights, self.classifiers))
        self.unanswered = self.unanswered and bool(self.kept[-1]["lone"].all())
        self.size += len(rows)
        self.weight += int(weights.sum())
        bounds = self.sample.bounds
        if self.size > SLACK * bounds.rows or self.weight > SLACK * bounds.numbers:
            self._compact()

    def _fitted(self, batch: Batch) -> Batch:
        """Rows in the shape of those that are kept; the other way round where nothing kept so far had an answer."""
        own = _shape(batch)
        if self.shape is None or self.shape == own:
            return batch
        if batch.lone is not None and batch.lone.all() and self.shape == (own[0], self.shape[1], *own[2:]):
            return batch if own[1] else widened(batch, self.shape[1])
        if self.unanswered and not self.shape[1] and own == (self.shape[0], own[1], *self.shape[2:]):
            for kept in self.kept:
                chunks.widened(kept, own[1])
            self.shape = own
        return batch

    def _choose(self, batch: Batch) -> tuple[Integers, Integers, Integers]:
        """Rows to keep for now, their principals' codes in the key sample, and what they weigh."""
        weights = chunks.weights(batch)
        light = np.flatnonzero(weights <= self.least)
        present, first = np.unique(batch.principal[light], return_index=True)
        present = present[np.argsort(first)]
        own = np.full(len(batch.principals), -1, np.int64)
        own[present] = self.sample.admit([batch.principals[code] for code in present.tolist()])
        rows = light[own[batch.principal[light]] >= 0]
        self.sample.count(own[batch.principal[rows]], weights[rows])
        rows = rows[self.sample.kept[own[batch.principal[rows]]]]
        return rows, own[batch.principal[rows]], weights[rows]

    def _compact(self) -> None:
        """Put what is kept into one chunk, and drop the rest."""
        if self.kept:
            whole = chunks.joined(self.kept)
            chunk = chunks.picked(whole, self.sample.latest(whole["principal"], whole["weight"]))
            chunk["principal"] = self.sample.forget()[chunk["principal"]]
            self.kept, self.size, self.weight = [chunk], len(chunk["time"]), int(chunk["weight"].sum())

    def burn_in(self) -> BurnIn:
        """What was collected so far, in order of arrival (times may step back inside a partition)."""
        self._compact()
        features, classes, by_name, words = self.shape or (0, 0, False, 0)
        chunk = self.kept[0] if self.kept else chunks.nothing(features, classes, words, len(self.classifiers))
        return BurnIn(
            model=self.model,
            version=self.version,
            principals=list(self.sample.names),
            principal=chunk["principal"].astype(np.int32),
            named=chunk["named"] if by_name else None,
            labels=chunk["labels"],
            seen=self.seen,
            start=float(self.start),
            end=float(self.end),
            classifiers=list(self.classifiers),
            classified=chunk["classified"] if self.classifiers else None,
            met=self.sample.others,
            **{name: chunk[name] for name in ROWS},
        )

    def to_bytes(self) -> bytes:
        """All state; the same state gives the same bytes."""
        rows = np.frombuffer(self.burn_in().to_bytes(), np.uint8)
        limits = {"each": self.sample.each, "ceiling": self.sample.ceiling}
        plain = limits | {"odd": self.odd, "unanswered": self.unanswered}
        return pack(plain, self.sample.to_arrays() | {"sample": rows})

    @classmethod
    def from_bytes(cls, data: bytes, secret: bytes = b"", **bounds: int) -> "Collector":
        """Go on from stored state, as if it had never been put away; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        try:
            stored = BurnIn.from_bytes(arrays["sample"].tobytes())
            made = cls(stored.model, stored.version, secret, **bounds)
            made.odd, made.unanswered = plain["odd"], plain["unanswered"]
            made.sample.load(arrays, stored.principals, int(plain["each"]), int(plain["ceiling"]))
        except KeyError as error:
            raise Corrupt(f"not a collected burn-in: no {error}") from error
        made.seen, made.start, made.end = stored.seen, stored.start, stored.end
        made.classifiers = tuple(stored.classifiers)
        if len(stored):
            made.shape, made.kept, made.size = stored.shape, [chunks.of_sample(stored)], len(stored)
            made.weight = int(made.kept[0]["weight"].sum())
        return made


def _shape(batch: Batch) -> tuple[int, int, bool, int]:
    return batch.features.shape[1], batch.probabilities.shape[1], batch.named is not None, batch.text.shape[1]
