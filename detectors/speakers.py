"""Speakers: who has a voice in the open block, what each has sent since it last spoke, and what it sent before that.

One structured row a principal, one compiled loop in record order: no answer depends on batches.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.space import PER_SD
from detectors.features.tails import TAILS
from detectors.statistics import NAMES as PROFILE
from schemas.batch import Doubles, Flags, Floats
from schemas.compiled import compiled

LABELS = 8  # classes with a share of their own; the rest have one together
DIRECTIONS = 12  # keyed random projections of the input
NAMES = (
    *TAILS,
    "confidence",
    *(f"label_{k}" for k in range(LABELS)),
    "label_other",
    *(f"direction_{k}" for k in range(DIRECTIONS)),
)
"""Statistics of a record: nine tail scores, its confidence, the shares of its labels, and where its input lies."""
COUNT = len(NAMES)
FIRST_DIRECTION = COUNT - DIRECTIONS
WIDTH = len(PROFILE)  # statistics of a profile
FARTHEST = 4.0  # standard deviations of a direction
SPEAKERS = 16  # voices of a block at most
SAMPLES = 4  # records of a block that go with it as they are
FAMILIAR = 4  # records of its past before a principal has a voice
YOUNG = 16  # records of its past up to which what it says joins at once
RESIDENCE = 86400.0  # s of record time before one has a voice who came later than this after the first principal
REST = 1800.0  # s between two voices of a principal
LAG = 86400.0  # s after which what was said joins the past
MEMORY = 1024  # records that a principal's own mean remembers
PURE = [TAILS.index(n) for n in ("rare_values", "off_manifold", "off_mode", "odd_combination")]
"""Statistics that look at inputs alone."""

state = np.dtype(
    [
        ("block", "i8"),
        ("since", "f8"),
        ("spoke", "f8"),
        ("began", "f8"),
        ("said", "f8"),
        ("here", "i4"),
        ("late", "i4"),
        ("known", "i4"),
        ("voice", "i4"),
        ("sum", "f4", COUNT),
        ("later", "f4", COUNT),
        ("mean", "f4", COUNT),
        ("usual", "i1", WIDTH),
        ("compared", "i4"),
    ],
    align=True,
)
"""One principal: sums since ``began`` and since ``said`` (which it has said already), and its mean before that; its
profile in the beginning (:mod:`detectors.recentre`), in sixteenths, and whether that is known."""

open_block = np.dtype(
    [
        ("number", "i8"),
        ("founded", "f8"),
        ("records", "i8"),
        ("speakers", "i4"),
        ("newcomers", "i4"),
        ("first", "f8"),
        ("last", "f8"),
        ("speaker", "i8", SPEAKERS),
        ("sample", "f4", (SAMPLES, COUNT)),
        ("z", "f4", (SPEAKERS, WIDTH)),
    ],
    align=True,
)
"""One partition's open block of one model version; zeros before the first record."""


class Rows(NamedTuple):
    """The columns that blocks are of: (N, 9) and (N,) with NaN for none, (N,) with -1 for none, (N, 32)."""

    tails: npt.NDArray[Any]
    confidence: npt.NDArray[Any]
    label: npt.NDArray[Any]
    u: npt.NDArray[Any]


@compiled
def fill(
    rows: Rows,
    slots: npt.NDArray[np.int64],
    time: Doubles,
    z: Floats,
    trusted: Flags,
    state: Any,
    block: Any,
    start: int,
    voices: int,
    shortest: float,
    longest: float,
) -> tuple[int, bool]:
    """Add rows from ``start`` until the block is full; return the next row and whether it is full."""
    b = block[0]
    for i in range(start, len(slots)):
        if not trusted[i]:
            continue
        b.number = max(b.number, 1)
        if b.founded == 0.0:
            b.founded = time[i]
        if b.records == 0:
            b.first = time[i]
        b.records += 1
        b.last = max(b.last, time[i])
        own = state[slots[i]]
        if own.since == 0.0:
            own.since = b.last
        if own.block != b.number and (own.spoke == 0.0 or abs(b.last - own.spoke) >= REST):
            _stand_up(own, slots[i], rows, i, b)
        if own.here == 0:
            own.began = b.last
        own.here += 1
        _add(rows, i, own.sum)
        if own.block == b.number and own.voice >= 0:
            for k in range(WIDTH):
                b.z[own.voice, k] = z[i, k]
        span = b.last - b.first
        if (span >= shortest and b.speakers >= voices) or span >= longest:
            return i + 1, True
    return len(slots), False


@compiled
def _add(rows: Rows, i: int, total: Any) -> None:
    """Add one record's statistics to a total (COUNT,); what does not apply adds nothing."""
    for k in range(len(TAILS)):
        if np.isfinite(rows.tails[i, k]):
            total[k] += rows.tails[i, k]
    if np.isfinite(rows.confidence[i]):
        total[len(TAILS)] += rows.confidence[i]
    if rows.label[i] >= 0:
        total[len(TAILS) + 1 + min(rows.label[i], LABELS)] += np.float32(1)
    limit, unit = np.float32(FARTHEST), np.float32(1 / PER_SD)
    for k in range(DIRECTIONS):
        total[FIRST_DIRECTION + k] += min(max(rows.u[i, k] * unit, -limit), limit)


@compiled
def _stand_up(own: Any, slot: int, rows: Rows, i: int, b: Any) -> None:
    """Give a principal a voice in this block, if it has a past and there is room; what is stale is not said."""
    resident = own.since - b.founded < RESIDENCE or b.last - own.since >= RESIDENCE
    if own.known < FAMILIAR or not resident:
        own.block, own.voice = b.number, -1
        b.newcomers += 1
        if own.here >= FAMILIAR:
            _fold(own, b.last)
        return
    if b.speakers >= SPEAKERS:
        return
    if own.here > 0 and own.began < b.first - REST:
        _fold(own, b.last)
    own.block, own.voice = b.number, b.speakers
    b.speaker[b.speakers] = slot
    if b.speakers < SAMPLES:
        _add(rows, i, b.sample[b.speakers])
    b.speakers += 1


@compiled
def rest(state: Any, slots: npt.NDArray[np.int64], now: float) -> None:
    """Put what speakers said to their past, and let them rest."""
    for slot in slots:
        own = state[slot]
        _fold(own, now)
        own.spoke = now


@compiled
def _fold(own: Any, now: float) -> None:
    """Begin anew: what was said a day ago joins the past, what is said now waits as long; of the young it joins too."""
    if own.late > 0 and (own.known < YOUNG or abs(now - own.said) > LAG):
        own.known = min(own.known + own.late, 1 << 30)
        weight = np.float32(min(own.late / min(own.known, MEMORY), 1.0))
        for k in range(COUNT):
            own.mean[k] += (own.later[k] / own.late - own.mean[k]) * weight
            own.later[k] = 0.0
        own.late = 0
    if own.late == 0:
        own.said = now
    own.late += own.here
    for k in range(COUNT):
        own.later[k] += own.sum[k]
        own.sum[k] = 0.0
    own.here = 0
    if own.known < YOUNG:
        own.known += own.late
        weight = np.float32(own.late / own.known)
        for k in range(COUNT):
            own.mean[k] += (own.later[k] / own.late - own.mean[k]) * weight
            own.later[k] = 0.0
        own.late = 0
