"""Fingerprints after Blacklight: inputs that share many hashed pieces with a recent one are steps of one search.

An input is quantised, every window of consecutive values is hashed, and the largest hashes are its fingerprint. The
overlap of two inputs is the share of hashes that both have. A record's overlap is the largest with one of the
principal's own last W inputs, and with the newest of the day's inputs that have its hashes, whoever sent them (theirs
forgets after a day as well). Score: the mean over the principal's last records.

Blacklight itself raises an alarm at one record with half of its hashes known. Customers who send an input twice would
set it off at once, so that an input that was sent before, to the last hash, counts as no overlap here.

References
----------
Li, Shan, Wenger, Zhang, Zheng, Zhao, Blacklight: scalable defense for neural networks against query-based black-box
attacks, USENIX Security 2022, arXiv:2006.14042 (windows of 20, steps of 50 of 255, 50 hashes).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detectors.peers.api import Traffic, each, recent
from schemas.batch import Doubles, Integers
from schemas.compiled import compiled

HASHES = 50  # of a fingerprint
LENGTH = 20  # values of a window, a quarter of the input where that is less
STEP = 50.0 / 255.0  # of the clean period's range
DAY = 86_400.0  # s
PLACES = 1 << 22  # of the table of hashes; what falls on a place that is taken replaces it

Prints = npt.NDArray[np.uint32]


def prints(scaled: Doubles) -> Prints:
    """Fingerprints (n, 50) of scaled inputs (n, F), rising; 0 first where an input has fewer windows that differ."""
    levels = np.floor(scaled / STEP).astype(np.int64)
    return _prints(levels, max(1, min(LENGTH, scaled.shape[1] // 4)))


@dataclass
class Fingerprints:
    """Overlap over a principal's last ``over`` records, with the last ``window`` of its own and, if so, with others."""

    others: bool = True
    over: int = 16
    window: int = 64
    source: str = "after Blacklight, Li and others 2022"

    @property
    def title(self) -> str:
        """What the tables call it."""
        return "fingerprints, " + ("anybody's" if self.others else "its own")

    @property
    def alone(self) -> bool:
        """Others' records do not matter unless they are looked at."""
        return not self.others

    def learn(self, clean: Traffic) -> None:
        """Nothing is learnt."""

    def score(self, rows: Traffic) -> Doubles:
        """Score (N,) in [0, 1], NaN before a principal has sent ``over`` records."""
        overlap = each(rows.principal, lambda at: _own(rows.prints[at], self.window))
        if self.others:
            overlap = np.maximum(overlap, _anybody(rows.prints, (rows.time - rows.time[:1]) // DAY))
        return recent(np.where(overlap > 1.0, 0.0, overlap), rows.principal, self.over)


@compiled
def _prints(levels: Integers, length: int) -> Prints:
    n, width = levels.shape
    made = np.zeros((n, HASHES), np.uint32)
    factor, leaving = np.uint64(0x100000001B3), np.uint64(1)
    for _ in range(length):
        leaving *= factor
    for i in range(n):
        top, rolling = made[i], np.uint64(0)
        for j in range(width):
            rolling = rolling * factor + np.uint64(levels[i, j] + 1000)
            if j >= length:
                rolling -= leaving * np.uint64(levels[i, j - length] + 1000)
            if j < length - 1:
                continue
            x = rolling
            x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            hashed = np.uint32((x ^ (x >> np.uint64(31))) >> np.uint64(32))
            if hashed > top[0]:
                place = np.searchsorted(top, hashed)
                if place == HASHES or top[place] != hashed:
                    for k in range(place - 1):
                        top[k] = top[k + 1]
                    top[place - 1] = hashed
    return made


@compiled
def _overlap(one: Prints, other: Prints) -> float:
    """Share of the hashes of ``one`` that the other has, 2 where they are the same."""
    i, j, both, count = 0, 0, 0, 0
    for k in range(HASHES):
        count += one[k] != 0
    while i < HASHES and j < HASHES:
        if one[i] == other[j]:
            both += one[i] != 0
            i += 1
            j += 1
        elif one[i] < other[j]:
            i += 1
        else:
            j += 1
    return 2.0 if both == count else both / count


@compiled
def _own(known: Prints, window: int) -> Doubles:
    """Largest overlap (n,) with one of the ``window`` fingerprints before; 2 where one is the same."""
    made = np.zeros(len(known))
    for i in range(len(known)):
        for j in range(i - 1, max(-1, i - window - 1), -1):
            made[i] = max(made[i], _overlap(known[i], known[j]))
            if made[i] > 1.0:
                break
    return made


@compiled
def _anybody(known: Prints, day: Doubles) -> Doubles:
    """Overlap (n,) with the fingerprint of the day that was last to bring most of the hashes, 2 where it is the same.

    The table of hashes is emptied whenever a ``day`` (n,) is later than all before.
    """
    made = np.zeros(len(known))
    last = np.full(PLACES, -1, np.int64)
    seen = np.empty(HASHES, np.int64)
    today = 0.0
    for i in range(len(known)):
        if day[i] > today:
            today = day[i]
            last[:] = -1
        for k in range(HASHES):
            place = known[i, k] & np.uint32(PLACES - 1)
            seen[k] = last[place] if known[i, k] != 0 else -1
            if known[i, k] != 0:
                last[place] = i
        seen.sort()
        best, most, run = -1, 0, 0
        for k in range(HASHES):
            run = run + 1 if k and seen[k] == seen[k - 1] else 1
            if seen[k] >= 0 and run > most:
                best, most = seen[k], run
        if best >= 0:
            made[i] = _overlap(known[i], known[best])
    return made
