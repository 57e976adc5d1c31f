"""All classifiers of a process: which rows each looks at, and rows of several batches asked together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.classifier import Classifier
from detectors.classifiers.declared import Declared
from detectors.classifiers.inputs import Asked
from detectors.classifiers.onnx_file import Refused
from schemas.batch import Batch, Classified, Flags
from schemas.columns import fixed
from schemas.compiled import compiled

Array = npt.NDArray[Any]

OFFSET, PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
DRAWN = np.uint64(40)  # bits of a hash that are dropped; the rest is a number below 2^24


@dataclass(slots=True)
class Classifiers:
    """Classifiers, opened.

    Attributes
    ----------
    some : in the order of the configuration
    left : share of the records that a classifier still looks at when its GPU is lost
    """

    some: Sequence[Classifier] = ()
    left: float = 1.0

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.some)

    @property
    def declared(self) -> list[Declared]:
        """What the user says of each."""
        return [one.declared for one in self.some]

    def of(self, model: str, version: str) -> list[Classifier]:
        """Those that look at a model version."""
        return [one for one in self.some if one.declared.looks_at(model, version)]

    def share(self, one: Classifier) -> tuple[float, str]:
        """Share of the records that a classifier looks at now, and why not at all of them."""
        share = one.declared.share
        if one.lost:
            return share * self.left, f"the GPU is lost ({one.lost}), and a CPU looks at fewer"
        return share, "" if share == 1 else "so it is configured"

    def read(self, batch: Batch) -> Batch:
        """Return a batch with what classifiers say of it; as it is if none looks at its model."""
        return self.read_many([batch])[0]

    def read_many(self, batches: Sequence[Batch]) -> list[Batch]:
        """The same for several batches, whose rows are asked together."""
        found = [self.of(batch.model, batch.version) for batch in batches]
        scores: list[dict[str, Array]] = [{} for _ in batches]
        shares: list[dict[str, tuple[float, str]]] = [{} for _ in batches]
        for one in self.some:
            where = [i for i, some in enumerate(found) if one in some]
            for i, (score, share) in zip(where, self._asked(one, [batches[i] for i in where]), strict=True):
                scores[i][one.declared.detector], shares[i][one.declared.detector] = score, share
        return [_said(batch, scores[i], shares[i]) if found[i] else batch for i, batch in enumerate(batches)]

    def _asked(self, one: Classifier, batches: Sequence[Batch]) -> list[tuple[Array, tuple[float, str]]]:
        """Scores (N,) of each batch by one classifier, and the share it looked at."""
        parts: list[Asked] = []
        owner: list[int] = []
        shares, asked = [], []
        for i, batch in enumerate(batches):
            share, reason = self.share(one)
            rows = np.flatnonzero(chosen(batch.ids, share))
            asked.append(rows)
            fed = one.feed.of(batch, one.wanted(batch, rows))
            if isinstance(fed, str):
                share, reason, fed = 0.0, fed, []
            shares.append((share, reason))
            parts += fed
            owner += [i] * len(fed)
        made = [np.full(len(batch), np.nan, np.float32) for batch in batches]
        try:
            found = one.ask(parts)
        except Refused as error:
            return [(score, (0.0, str(error))) for score in made]
        for i, part, scores in zip(owner, parts, found, strict=True):
            made[i][part.rows] = scores
        made = [one.merged(batch, said, rows) for batch, said, rows in zip(batches, made, asked, strict=True)]
        return list(zip(made, shares, strict=True))


def chosen(ids: Array, share: float) -> Flags:
    """Which records (N,) are looked at: those whose id's hash is below a share, whatever the stream's cuts."""
    if share >= 1 or not len(ids):
        return np.full(len(ids), share >= 1)
    return _hashed(np.ascontiguousarray(ids)) < share * (1 << 24)


@compiled
def _hashed(ids: Array) -> Array:
    """FNV-1a of each id (N, 40), its upper 24 bits (N,) f8."""
    made = np.empty(len(ids), np.float64)
    for i in range(len(ids)):
        code = OFFSET
        for byte in ids[i]:
            code = (code ^ np.uint64(byte)) * PRIME
        made[i] = np.float64(code >> DRAWN)
    return made


def _said(batch: Batch, scores: Mapping[str, Array], shares: Mapping[str, tuple[float, str]]) -> Batch:
    names = tuple(scores)
    made = Classified(
        names,
        fixed(np.stack([scores[name] for name in names], axis=1).astype(np.float32)),
        tuple(shares[name][0] for name in names),
        tuple(shares[name][1] for name in names),
    )
    return replace(batch, classified=made)
