"""Key sample: which principals of a burn-in are kept, so that those kept tell of all of it.

A fixed number of rows cannot hold weeks of much traffic, and its first minutes are not its days. So principals are
sampled, each with what it sends from its first to its last record: everybody has a number that only the holder of the
secret can foresee, and those with the smallest numbers are kept whose rows fit (bottom-k sampling of keys). Who loses
its place never gets it back, so the sample is the same however the stream is cut, and partitions choose alike.

References
----------
Cohen, Kaplan, Summarizing data using bottom-k sketches, PODC 2007, doi:10.1145/1281100.1281133.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.identities import identity
from schemas.batch import Integers

MOST_MET = 1 << 17  # principals that are remembered as met: 10 MB
ALL = (1 << 64) - 1

Ids = npt.NDArray[np.uint64]


class Bounds(NamedTuple):
    """What a sample may hold: rows of one principal where there is no room for more, and rows and numbers of all."""

    per_principal: int
    rows: int
    numbers: int

    def share(self, each: int) -> int:
        """Numbers of a principal that may have so many rows: the same share of all as of the rows."""
        return self.numbers * each // self.rows


class KeySample:
    """The principals kept so far, by code, and whoever else was met.

    Attributes
    ----------
    names : of all that ever had a place, P by code
    rank : (P,) their numbers
    rows, numbers : (P,) how many rows and numbers each has sent since its first
    each : how many rows one principal may have: as many as there are, halved until all fit, down to the bound
    ceiling : the smallest number that found no place; from there on nobody is kept
    met : numbers of everybody
    """

    def __init__(self, bounds: Bounds, secret: bytes) -> None:
        self.bounds, self.secret = bounds, secret
        self.names: list[str] = []
        self.codes: dict[str, int] = {}
        self.rank: Ids = np.zeros(0, np.uint64)
        self.rows: Integers = np.zeros(0, np.int64)
        self.numbers: Integers = np.zeros(0, np.int64)
        self.each, self.ceiling = bounds.rows, ALL
        self.met: set[int] = set()

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """Which of the P have their place still."""
        return self.rank < np.uint64(self.ceiling)

    @property
    def others(self) -> Ids:
        """Numbers of those who were met and have no place, rising."""
        return np.array(sorted(n for n in self.met if n >= self.ceiling), np.uint64)

    def admit(self, names: Sequence[str]) -> Integers:
        """Codes of some principals, in the order in which they came: (n,), -1 for those without a place."""
        found, new = [], []
        for name in names:
            code = self.codes.get(name)
            if code is None:
                number = identity(name, self.secret)
                if len(self.met) < MOST_MET:
                    self.met.add(number)
                if number >= self.ceiling:
                    found.append(-1)
                    continue
                code = self.codes[name] = len(self.names)
                self.names.append(name)
                new.append(number)
            found.append(code)
        if new:
            self.rank = np.concatenate([self.rank, np.array(new, np.uint64)])
            self.rows, self.numbers = (
                np.concatenate([a, np.zeros(len(new), np.int64)]) for a in (self.rows, self.numbers)
            )
        codes = np.array(found, np.int64)
        codes[codes >= 0] = np.where(self.kept[codes[codes >= 0]], codes[codes >= 0], -1)
        return codes

    def count(self, codes: Integers, numbers: Integers) -> None:
        """Rows of principals that have a place, n codes and what each row weighs; then the last go until all fit."""
        self.rows += np.bincount(codes, minlength=len(self.names))
        self.numbers += np.bincount(codes, numbers, len(self.names)).astype(np.int64)
        order = np.argsort(self.rank, kind="stable")[: int(self.kept.sum())]
        while (over := self._over(order)).any():
            if self.each > self.bounds.per_principal:
                self.each = max(self.each // 2, self.bounds.per_principal)
            else:
                self.ceiling = int(self.rank[order[over.argmax()]])
                break

    def _over(self, order: Integers) -> npt.NDArray[np.bool_]:
        """Whether the rows of principals in some order fit, (n,), those of each together with those before it."""
        rows = np.cumsum(np.minimum(self.rows[order], self.each))
        numbers = np.cumsum(np.minimum(self.numbers[order], self.bounds.share(self.each)))
        return (rows > self.bounds.rows) | (numbers > self.bounds.numbers)

    def latest(self, codes: Integers, numbers: Integers) -> npt.NDArray[np.intp]:
        """Which of n rows in order are kept: the last ones of each that has its place, as far as they fit."""
        chosen = np.flatnonzero(self.kept[codes])[::-1]
        order = chosen[np.argsort(codes[chosen], kind="stable")]
        own, weight = codes[order], numbers[order]
        first = np.flatnonzero(np.r_[True, own[1:] != own[:-1]][: len(own)])
        sizes = np.diff(np.r_[first, len(own)])
        total = np.cumsum(weight)
        before = np.repeat(total[first] - weight[first], sizes)
        rank = np.arange(len(own)) - np.repeat(first, sizes)
        fits = (rank < self.each) & (total - before <= self.bounds.share(self.each))
        return np.sort(order[fits])

    def forget(self) -> Integers:
        """Drop those who lost their place; each old code's new one (P,), -1 for those dropped."""
        kept = self.kept
        moved = np.where(kept, np.cumsum(kept) - 1, -1)
        self.names = [name for name, stays in zip(self.names, kept.tolist(), strict=True) if stays]
        self.codes = {name: code for code, name in enumerate(self.names)}
        self.rank, self.rows, self.numbers = self.rank[kept], self.rows[kept], self.numbers[kept]
        return moved

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All but the names and the two limits."""
        met = np.array(sorted(self.met), np.uint64)
        return {"rank": self.rank, "rows": self.rows, "numbers": self.numbers, "met": met}

    def load(self, arrays: Mapping[str, npt.NDArray[Any]], names: list[str], each: int, ceiling: int) -> None:
        """Undo :meth:`to_arrays`; raises ``KeyError`` where one is missing."""
        self.names, self.codes = names, {name: code for code, name in enumerate(names)}
        self.rank, self.rows, self.numbers = arrays["rank"], arrays["rows"], arrays["numbers"]
        self.met, self.each, self.ceiling = set(arrays["met"].tolist()), each, ceiling
