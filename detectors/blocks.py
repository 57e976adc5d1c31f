"""Blocks of distinct principals: how far a model's callers have moved from their own past, one small message at a time.

A test for drift that takes records one by one fires on ordinary traffic, because records come in sessions of one
caller. Here every principal has one voice in a block, however much it sends, and says how far its mean within the
block lies from its own earlier mean. A principal heard for the first time only listens: a crowd of newcomers does not
move a block. A block ends with enough principals, or after an hour where few are active.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.compiled import compiled
from schemas.batch import Doubles, Flags, Floats

TAILS = (
    "surprise",
    "residual",
    "off_mode",
    "distance",
    "distrust",
    "low_margin",
    "margin",
    "margin_spread",
    "spectrum",
)
LABELS = 8  # classes with a share of their own; the rest have one together
NAMES = (*TAILS, "confidence", *(f"label_{k}" for k in range(LABELS)), "label_other")
"""Statistics of a block: nine tail scores of the record, its confidence, and the shares of its labels."""
COUNT = len(NAMES)
INPUTS = (0, 1, 2, 3, 8)
"""Which of :data:`NAMES` look at inputs alone; the rest look at answers."""
SAMPLES = 4  # records of a block that go with it as they are
FAMILIAR = 4  # records in earlier blocks before a principal has a voice
MEMORY = 256  # records that a principal's own mean remembers
FARTHEST = 2.0  # one principal moves a block's mean by no more than this, in units of the statistic

state = np.dtype(
    [("block", "i8"), ("here", "i4"), ("known", "i4"), ("sum", "f4", COUNT), ("mean", "f4", COUNT)], align=True
)
"""One principal: its sums within the open block, and its mean over earlier ones."""

open_block = np.dtype(
    [
        ("number", "i8"),
        ("records", "i8"),
        ("voices", "i4"),
        ("newcomers", "i4"),
        ("sampled", "i4"),
        ("first", "f8"),
        ("last", "f8"),
        ("moved", "f8", COUNT),
        ("squared", "f8", COUNT),
        ("level", "f8", COUNT),
        ("sample", "f4", (SAMPLES, COUNT)),
    ],
    align=True,
)
"""One partition's open block of one model version; zeros before the first record."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """What a partition says about one model version when a block ends.

    Attributes
    ----------
    number : counts up from 1 in the partition
    first, last : record times of its first and last record, s since the epoch
    records : records in it
    voices : principals known before, each of which counts once
    newcomers : principals without enough past, who do not count
    moved : mean over voices of (own mean in the block - own earlier mean), by :data:`NAMES`
    spread : mean square over voices of the same differences
    level : mean over voices of their means in the block
    sample : statistics of some of its records, at most :data:`SAMPLES`, each of another principal
    """

    number: int
    first: float
    last: float
    records: int
    voices: int
    newcomers: int
    moved: list[float]
    spread: list[float]
    level: list[float]
    sample: list[list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """When a block ends: not before ``shortest``, then with ``principals`` voices, or after ``longest``.

    ``shortest`` and ``longest`` are s of record time; ``shortest`` keeps a busy partition at a few messages a minute.
    """

    principals: int = 16
    shortest: float = 30.0
    longest: float = 3600.0


def statistics(columns: Mapping[str, npt.NDArray[Any]]) -> Floats:
    """The columns of :data:`NAMES`, (N, COUNT) from ``tails`` (N, 9), ``confidence`` (N,) and ``label`` (N,)."""
    label = columns["label"]
    out = np.zeros((len(label), COUNT), np.float32)
    out[:, : len(TAILS)] = columns["tails"]
    out[:, len(TAILS)] = columns["confidence"]
    known = label >= 0
    out[np.flatnonzero(known), len(TAILS) + 1 + np.minimum(label[known], LABELS)] = 1.0
    return out


def collect(
    columns: Mapping[str, npt.NDArray[Any]],
    slots: npt.NDArray[np.int64],
    time: Doubles,
    trusted: Flags,
    state: npt.NDArray[np.void],
    block: npt.NDArray[np.void],
    cut: Cut,
) -> list[Block]:
    """Put rows into the open block, in order, and return the blocks that ended.

    The answer does not depend on where the stream was cut into batches.

    Parameters
    ----------
    columns : ``tails`` (N, 9), ``confidence`` (N,), ``label`` (N,) with -1 for none
    slots : (N,) row of each record's principal in ``state``
    time : (N,) s since the epoch
    trusted : (N,) rows that may teach; the others are passed over
    state : (S,) of :data:`state`, updated
    block : (1,) of :data:`open_block`, updated
    """
    rows = statistics(columns)
    ended: list[Block] = []
    at = 0
    while at < len(slots):
        at, full = _advance(rows, slots, time, trusted, state, block, at, cut.principals, cut.shortest, cut.longest)
        if full:
            ended.append(_close(block))
    return ended


def _close(block: npt.NDArray[np.void]) -> Block:
    """The open block as a message; the next one is opened."""
    b = block[0]
    voices = int(b["voices"])
    mean = 1.0 / max(voices, 1)
    made = Block(
        number=int(b["number"]),
        first=float(b["first"]),
        last=float(b["last"]),
        records=int(b["records"]),
        voices=voices,
        newcomers=int(b["newcomers"]),
        moved=(b["moved"] * mean).tolist(),
        spread=(b["squared"] * mean).tolist(),
        level=(b["level"] * mean).tolist(),
        sample=b["sample"][: int(b["sampled"])].tolist(),
    )
    number = b["number"] + 1
    block[0] = np.zeros((), open_block)
    block["number"] = number
    return made


@compiled
def _advance(
    rows: Floats,
    slots: npt.NDArray[np.int64],
    time: Doubles,
    trusted: Flags,
    state: Any,
    block: Any,
    start: int,
    principals: int,
    shortest: float,
    longest: float,
) -> tuple[int, bool]:
    """Add rows from ``start`` until the block is full; return the next row and whether it is full."""
    b = block[0]
    for i in range(start, len(slots)):
        if not trusted[i]:
            continue
        if b.records == 0:
            b.first = time[i]
            b.number = max(b.number, 1)
        b.records += 1
        b.last = time[i]
        _hear(rows[i], state[slots[i]], b)
        span = time[i] - b.first
        if (span >= shortest and b.voices >= principals) or span >= longest:
            return i + 1, True
    return len(slots), False


@compiled
def _hear(row: Floats, own: Any, b: Any) -> None:
    """Let one record of a principal speak: its difference so far is replaced by the difference with this record."""
    if own.block != b.number:
        _learn(own)
        own.block = b.number
        if own.known < FAMILIAR:
            b.newcomers += 1
        else:
            b.voices += 1
            if b.sampled < SAMPLES:
                b.sample[b.sampled] = row
                b.sampled += 1
    own.here += 1
    for k in range(COUNT):
        old = own.sum[k]
        own.sum[k] = old + row[k]
        if own.known >= FAMILIAR:
            if own.here > 1:
                before = old / (own.here - 1)
                _add(b, k, before, own.mean[k], -1.0)
            _add(b, k, own.sum[k] / own.here, own.mean[k], 1.0)


@compiled
def _add(b: Any, k: int, value: float, usual: float, sign: float) -> None:
    moved = min(max(value - usual, -FARTHEST), FARTHEST)
    b.moved[k] += sign * moved
    b.squared[k] += sign * moved * moved
    b.level[k] += sign * value


@compiled
def _learn(own: Any) -> None:
    """Fold what a principal did in an earlier block into its own mean."""
    if own.here > 0:
        own.known = min(own.known + own.here, 1 << 30)
        weight = own.here / min(own.known, MEMORY)
        for k in range(COUNT):
            own.mean[k] += (own.sum[k] / own.here - own.mean[k]) * min(weight, 1.0)
            own.sum[k] = 0.0
        own.here = 0
