"""Exposure: at least how well what a principal was answered so far would train a copy of the model.

A thief who asks what customers ask cannot be told from one, but what he holds can be measured. It is measured in *clean
inputs*: a principal is at level k if its inputs are as many, and lie as widely over what customers ask, as n_k
different inputs drawn from the clean period would. What a copy made of n_k such inputs is worth was tried out when the
model was settled (``detectors.fitting.copies``). The number of different inputs is counted on a bitmap, their width on
a second one of 1,024 cells: signs of ten keyed projections, and the answer. Inputs unlike clean ones count as none.

::

    level k   if  different inputs >= n_k  and  share of the clean inputs in cells that were asked >= share_k

References
----------
Whang, Vander-Zanden, Taylor, A linear-time probabilistic counting algorithm, 1990, doi:10.1145/78922.78925.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.tails import TAILS
from schemas.alert import Why
from schemas.batch import Batch, Doubles, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

NAME = "exposure"
SIGNS = 10  # projections whose sign tells cells apart
CELLS = 1024
WHOLE = 1 << 24  # units of mass that all clean inputs have together
ODDEST = np.float32(2.0)  # -log10: inputs odder than one clean one in a hundred teach nothing of clean ones
OFF, FAR, RARE = (TAILS.index(n) for n in ("off_manifold", "far_from_known", "rare_values"))
_ODD = np.uint64(0x9E3779B97F4A7C15)
_TOP = np.uint64(54)

state = np.dtype(
    [
        ("cells", "u8", CELLS // 64),
        ("seen", "u8", CELLS // 64),
        ("first", "f8"),
        ("answers", "u4"),
        ("mass", "u4"),
        ("different", "u2"),
        ("level", "u2"),
    ],
    align=True,
)
"""One principal: cells asked, inputs seen, first record (s), answers, mass of the cells, bits of ``seen``, level."""


class Known(NamedTuple):
    """What the clean period says about copies; L levels, each worth at least as much as the one before.

    Attributes
    ----------
    middle : (10,) i2, medians of the projections
    mass : (1024,) u4, share of the clean inputs in each cell, in 1 / WHOLE
    inputs : (L,) i8, different clean inputs n_k
    bits : (L,) i8, bits that so many set on the bitmap of inputs
    covered : (L,) i8, mass of the cells that so many lie in, on average
    agreement : (L,) f8, share of customers' inputs on which a copy made of them agrees with the model
    guess : (1,) f8, share on which a copy agrees that always gives the commonest answer
    usual : (1,) i8, level of the median clean principal at the end of the clean period
    """

    middle: Array
    mass: Array
    inputs: Array
    bits: Array
    covered: Array
    agreement: Array
    guess: Array
    usual: Array


@dataclass(frozen=True, slots=True)
class Exposed:
    """A principal that has reached another level.

    Attributes
    ----------
    time : of the record at which it did, s; ``first`` of its first
    answers : records so far, repeated ones too
    inputs : different clean inputs that what it asked is worth, at least
    agreement, guess : see :class:`Known`
    """

    principal: str
    time: float
    first: float
    answers: int
    level: int
    inputs: int
    agreement: float
    guess: float
    reference: str


class Columns(NamedTuple):
    """N records, see :mod:`detectors.features.numeric`."""

    hash: Array
    u: Array
    group: Array
    tails: Array


class Risen(NamedTuple):
    """Level of each row's principal after it (N,), and rows (n,) that raised one, with answers and first time then."""

    level: Array
    row: Array
    answers: Array
    first: Array


def known(learnt: Mapping[str, Mapping[str, Array]]) -> Known | None:
    """What a reference has learnt about copies; None where the log has no inputs, or too few."""
    found = learnt.get(NAME)
    return Known(**found) if found else None


def follow(
    curves: Known, columns: Mapping[str, Array], slots: Integers, time: Doubles, rows: npt.NDArray[np.void]
) -> Risen:
    """Count N records, in order, on their principals' rows of :data:`state`; the same under any cut."""
    n = len(slots)
    made = Risen(np.empty(n, np.uint16), np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n))
    count = _follow(Columns(*(columns[name] for name in Columns._fields)), slots, time, curves, rows, made)
    return Risen(made.level, made.row[:count], made.answers[:count], made.first[:count])


def exposed(curves: Known, reference: str, batch: Batch, risen: Risen) -> list[Exposed]:
    """Who has reached another level that the median clean principal did not pass, in order of rows."""
    made = []
    usual = int(curves.usual[0])
    for row, answers, first in zip(risen.row.tolist(), risen.answers.tolist(), risen.first.tolist(), strict=True):
        level = int(risen.level[row])
        if level < usual:
            continue
        made.append(
            Exposed(
                principal=batch.principals[batch.principal[row]],
                time=float(batch.time[row]),
                first=first,
                answers=answers,
                level=level,
                inputs=int(curves.inputs[level - 1]),
                agreement=float(curves.agreement[level - 1]),
                guess=float(curves.guess[0]),
                reference=reference,
            )
        )
    return made


def why(curves: Known, level: int) -> Why:
    """What an alert says about it."""
    usual, guess = int(curves.usual[0]), float(curves.guess[0])
    typical = float(curves.agreement[usual - 1]) if usual else 0.0
    if level == 0:
        text = "the answers so far would hardly help to train a copy of the model"
        return Why(name=NAME, value=0.0, typical=typical, text=text)
    value = float(curves.agreement[level - 1])
    text = (
        f"the answers so far would train a copy that agrees with the model on at least {value:.0%} of what customers "
        f"ask (always giving the commonest answer agrees on {guess:.0%})"
    )
    return Why(name=NAME, value=value, typical=typical, text=text)


@compiled
def cell_of(u: Array, group: Any, middle: Array) -> Any:
    """Cell of one input, 0 to 1023."""
    code = np.uint64(group)
    for k in range(SIGNS):
        if u[k] > middle[k]:
            code |= np.uint64(1) << np.uint64(k + 4)
    return (code * _ODD) >> _TOP


@compiled
def cells_of(u: Array, group: Array, middle: Array, out: Array) -> None:
    """Cells (N,) u8 of N inputs."""
    for i in range(len(u)):
        out[i] = cell_of(u[i], group[i], middle)


@compiled
def plain(tails: Array) -> Any:
    """Whether an input is like clean ones."""
    return not (tails[OFF] > ODDEST or tails[FAR] > ODDEST or tails[RARE] > ODDEST)


@compiled
def _follow(columns: Columns, slots: Array, time: Array, curves: Known, rows: Any, risen: Risen) -> int:
    one, low, shift = np.uint64(1), np.uint64(63), np.uint64(6)
    levels = len(curves.bits)
    n = 0
    for i in range(len(slots)):
        own = rows[slots[i]]
        if columns.group[i] < 0:
            risen.level[i] = own.level
            continue
        if own.answers == 0:
            own.first = time[i]
        own.answers += 1
        before = own.level
        if columns.hash[i] != 0 and plain(columns.tails[i]):
            place = (columns.hash[i] * _ODD) >> _TOP
            if not own.seen[place >> shift] & (one << (place & low)):
                own.seen[place >> shift] |= one << (place & low)
                own.different += 1
            place = cell_of(columns.u[i], columns.group[i], curves.middle)
            if not own.cells[place >> shift] & (one << (place & low)):
                own.cells[place >> shift] |= one << (place & low)
                own.mass += curves.mass[place]
            while (
                own.level < levels and own.different >= curves.bits[own.level] and own.mass >= curves.covered[own.level]
            ):
                own.level += 1
        if own.level > before:
            risen.row[n], risen.answers[n], risen.first[n] = i, own.answers, own.first
            n += 1
        risen.level[i] = own.level
    return n
