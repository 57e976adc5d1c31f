"""Window: some last voices, each principal counting once, and by how much all of them together have moved.

The formula stands in :mod:`detectors.voices`. A model has a block every two minutes and looks at a dozen windows after
each, on every partition, so the sums are compiled.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.blocks import COUNT, FIRST_DIRECTION, NAMES
from schemas.compiled import compiled

Doubles = npt.NDArray[np.float64]

LEAST = 5  # principals of a window
CLIP = 3.0  # deviations that one principal can say
MOVER = 1.0  # deviations from which a principal has moved with the others
SESSION, RECORD, PAST = 0.15, 0.8, 2.4
OWN = np.full(COUNT, 0.05)
OWN[[NAMES.index("far_from_known"), NAMES.index("between_classes")]] = 0.2  # a world that walks leaves what was known
TOGETHER = 0.05
ASSUMED = np.array([0.38] * 6 + [0.5, 0.28, 0.38, 0.12] + [0.3] * 9 + [0.8] * (COUNT - FIRST_DIRECTION))


class Window(NamedTuple):
    """Some last voices, each of P principals counting once.

    Attributes
    ----------
    voices : (n,) structured, of :data:`detectors.voices.voice`
    first : (P,) of these voices the first of each principal
    z : (P, COUNT) how far each has moved, in deviations, within +-3
    moved : (COUNT,) by how much on average
    margin : (COUNT,) standard errors
    going : (COUNT,) share of principals who have moved by a deviation or more, the way that all together moved
    """

    voices: npt.NDArray[np.void]
    first: npt.NDArray[np.int64]
    z: Doubles
    moved: Doubles
    margin: Doubles
    going: Doubles

    def movers(self, k: int) -> npt.NDArray[np.bytes_]:
        """Who has moved in statistic k by a deviation or more, the way that all together moved."""
        made: npt.NDArray[np.bytes_] = self.voices["who"][self.first[np.sign(self.margin[k]) * self.z[:, k] >= MOVER]]
        return made


def looked(
    said: npt.NDArray[np.void], code: npt.NDArray[np.int64], variance: Doubles, offset: Doubles
) -> Window | None:
    """What n voices say; None where they are of too few principals.

    Parameters
    ----------
    said : (n,) structured; ``code`` (n,) is whose each is, a number below n's principals at all
    variance : (COUNT,) of each statistic
    offset : (COUNT,) known move, beyond which moves count
    """
    n = len(said)
    first, z, sums = np.empty(n, np.int64), np.empty((n, COUNT)), np.empty((3, COUNT))
    row = np.full(int(code.max(initial=-1)) + 1, -1)
    unit = np.sqrt(variance)
    p = _gather(code, said["level"], said["usual"], said["count"], said["known"], offset, unit, row, first, z, sums)
    return Window(said, first[:p], z[:p], sums[0], sums[1], sums[2]) if p >= LEAST else None


@compiled
def _gather(
    code: Any, level: Any, usual: Any, count: Any, known: Any, offset: Any, unit: Any, row: Any, first: Any, z: Any,
    sums: Any,
) -> Any:  # fmt: skip
    """Fill ``first`` (P,), ``z`` (P, COUNT) and ``sums`` (3, COUNT), and return P."""
    total, base = np.empty(len(code)), np.empty(len(code))
    p = 0
    for i in range(len(code)):
        c = code[i]
        if row[c] < 0:
            row[c] = p
            first[p] = i
            total[p] = 0.0
            z[p] = 0.0
            p += 1
        weight = 1.0 / (SESSION + RECORD / count[i])
        total[row[c]] += weight
        for k in range(COUNT):
            z[row[c], k] += level[i, k] * weight
    for j in range(p):
        base[j] = 1.0 / total[j] + PAST / known[first[j]]
        for k in range(COUNT):
            z[j, k] = z[j, k] / total[j] - usual[first[j], k]
    if p > 0:
        _judge(z[:p], base[:p], offset, unit, sums)
    return p


@compiled
def _judge(z: Any, base: Any, offset: Any, unit: Any, sums: Any) -> None:
    """From moves (P, COUNT) to deviations in their place, and mean moves, margins and shares of movers."""
    above, below, squares, further = np.zeros(COUNT), np.zeros(COUNT), np.zeros(COUNT), np.empty(COUNT)
    low = np.sqrt(OWN + base.min())
    for j in range(len(z)):
        for k in range(COUNT):
            weight = low[k] / np.sqrt(OWN[k] + base[j])
            above[k] += z[j, k] * weight
            below[k] += weight
            squares[k] += weight * weight
    for k in range(COUNT):
        sums[0, k] = above[k] / below[k]
        further[k] = outside(sums[0, k], offset[k]) - sums[0, k]
    sums[1:] = 0.0
    for j in range(len(z)):
        for k in range(COUNT):
            spread = np.sqrt(OWN[k] + base[j])
            z[j, k] = min(max((z[j, k] + further[k]) / (unit[k] * spread), -CLIP), CLIP)
            sums[1, k] += z[j, k] * low[k] / spread
    for k in range(COUNT):
        sums[1, k] /= np.sqrt(squares[k] + (TOGETHER * below[k]) ** 2)
    for j in range(len(z)):
        for k in range(COUNT):
            sums[2, k] += np.sign(sums[1, k]) * z[j, k] >= MOVER
    sums[2] /= len(z)


@compiled
def outside(moved: Any, offset: Any) -> Any:
    """How far a move lies outside the span from 0 to 1.5 times the last change."""
    far = 1.5 * offset
    return moved - min(max(moved, min(0.0, far)), max(0.0, far))
