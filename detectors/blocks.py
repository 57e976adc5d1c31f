"""Blocks: how far a model's principals have moved from their own past, one small message at a time.

A test for drift that takes records one by one fires on ordinary traffic, because records come in sessions of one
principal. Here every principal has one voice in a block, however much it sends, and says how far its mean within the
block lies from its own earlier mean, shrunk and clipped: sum(x - own mean) / (n + 4), within limits. Who is active does
not matter then, and on honest traffic blocks are uncorrelated, with mean 0. A principal without a past only listens:
a crowd of newcomers moves nothing. A block ends with enough voices, or after two hours where few are active.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.tails import TAILS
from schemas.batch import Doubles, Flags, Floats
from schemas.compiled import compiled
from schemas.signal import Block

__all__ = ["NAMES", "Block", "Cut", "collect", "open_block", "state"]

LABELS = 8  # classes with a share of their own; the rest have one together
NAMES = (*TAILS, "confidence", *(f"label_{k}" for k in range(LABELS)), "label_other")
"""Statistics of a block: nine tail scores of the record, its confidence, and the shares of its labels."""
COUNT = len(NAMES)
SAMPLES = 4  # records of a block that go with it as they are
FAMILIAR = 4  # records in earlier blocks before a principal has a voice
RESIDENCE = 86400.0  # s of record time before one has a voice who came later than this after the first principal
MEMORY = 256  # records that a principal's own mean remembers
SHRINK = 4.0  # records that a voice's own past weighs: a voice of few records speaks softly, so that all vary alike
PURE = [TAILS.index(n) for n in ("rare_values", "off_manifold", "off_mode", "odd_combination")]
"""Statistics that look at inputs alone."""
FARTHEST = np.array([0.3] * 6 + [0.4, 0.2, 0.3] + [0.15] * (COUNT - len(TAILS)), np.float32)
"""The most that one voice can say, in each statistic's own unit: about two deviations of honest voices."""

state = np.dtype(
    [
        ("block", "i8"),
        ("since", "f8"),
        ("here", "i4"),
        ("known", "i4"),
        ("voice", "i4"),
        ("sum", "f4", COUNT),
        ("mean", "f4", COUNT),
    ],
    align=True,
)
"""One principal: its sums within the open block, and its mean over earlier ones."""

open_block = np.dtype(
    [
        ("number", "i8"),
        ("founded", "f8"),
        ("records", "i8"),
        ("voices", "i4"),
        ("newcomers", "i4"),
        ("sampled", "i4"),
        ("first", "f8"),
        ("last", "f8"),
        ("moved", "f8", COUNT),
        ("squared", "f8", COUNT),
        ("usual", "f8", COUNT),
        ("level", "f8", COUNT),
        ("sample", "f4", (SAMPLES, COUNT)),
    ],
    align=True,
)
"""One partition's open block of one model version; zeros before the first record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """When a block ends: with ``voices`` of them, but not before ``shortest``; and after ``longest`` in any case.

    ``shortest`` and ``longest`` are s of record time. The longer both, the less weighs one principal that never stops.
    """

    voices: int = 10
    shortest: float = 600.0
    longest: float = 7200.0


DEFAULT = Cut()


def collect(
    columns: Mapping[str, npt.NDArray[Any]],
    slots: npt.NDArray[np.int64],
    time: Doubles,
    state: npt.NDArray[np.void],
    block: npt.NDArray[np.void],
    *,
    trusted: Flags | None = None,
    cut: Cut = DEFAULT,
) -> list[Block]:
    """Put rows into the open block, in order, and return the blocks that ended.

    The answer does not depend on where the stream was cut into batches.

    Parameters
    ----------
    columns : ``tails`` (N, 9), ``confidence`` (N,), ``label`` (N,) with -1 for none
    slots : (N,) row of each record's principal in ``state``
    time : (N,) s since the epoch
    state : (S,) of :data:`state`, updated
    block : (1,) of :data:`open_block`, updated
    trusted : (N,) rows that may teach, the others are passed over; None is all
    """
    rows = _statistics(columns)
    if trusted is not None:
        rows, slots, time = rows[trusted], slots[trusted], time[trusted]
    ended: list[Block] = []
    at, full = 0, False
    while at < len(slots):
        at, full = _fill(rows, slots, time, state, block, at, cut.voices, cut.shortest, cut.longest)
        if full:
            ended.append(_close(block))
    return ended


def found(
    slots: npt.NDArray[np.int64], time: Doubles, state: npt.NDArray[np.void], block: npt.NDArray[np.void]
) -> None:
    """Take note of who was there in the burn-in, N rows in order.

    What they sent has fitted the reference, so it teaches nothing here. Whoever comes later than :data:`RESIDENCE`
    after the first of them waits as long for a voice.
    """
    if len(slots):
        block["founded"] = time.min()
        who, first = np.unique(slots, return_index=True)
        state["since"][who] = time[first]


def _statistics(columns: Mapping[str, npt.NDArray[Any]]) -> Floats:
    """The columns of :data:`NAMES`, (N, COUNT); 0 where one does not apply."""
    label = columns["label"]
    out = np.zeros((len(label), COUNT), np.float32)
    out[:, : len(TAILS)] = columns["tails"]
    out[:, len(TAILS)] = columns["confidence"]
    np.nan_to_num(out, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    known = np.flatnonzero(label >= 0)
    out[known, len(TAILS) + 1 + np.minimum(label[known], LABELS)] = 1.0
    return out


def _close(block: npt.NDArray[np.void]) -> Block:
    """The open block as a message; the next one is opened."""
    b = block[0]
    mean = 1.0 / max(int(b["voices"]), 1)
    made = Block(
        number=int(b["number"]),
        first=float(b["first"]),
        last=float(b["last"]),
        records=int(b["records"]),
        voices=int(b["voices"]),
        newcomers=int(b["newcomers"]),
        names=list(NAMES),
        moved=(b["moved"] * mean).tolist(),
        spread=(b["squared"] * mean).tolist(),
        usual=(b["usual"] * mean).tolist(),
        level=(b["level"] * mean).tolist(),
        sample=b["sample"][: int(b["sampled"])].tolist(),
    )
    founded = b["founded"]
    block[0] = np.zeros((), open_block)
    block["number"], block["founded"] = made.number + 1, founded
    return made


@compiled
def _fill(
    rows: Floats,
    slots: npt.NDArray[np.int64],
    time: Doubles,
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
        b.number = max(b.number, 1)
        if b.founded == 0.0:
            b.founded = time[i]
        if b.records == 0:
            b.first = time[i]
        b.records += 1
        b.last = max(b.last, time[i])
        _hear(rows[i], state[slots[i]], b)
        span = b.last - b.first
        if (span >= shortest and b.voices >= voices) or span >= longest:
            return i + 1, True
    return len(slots), False


@compiled
def _hear(row: Floats, own: Any, b: Any) -> None:
    """Let one record speak: what its principal had said so far in the block is replaced by what it says now."""
    if own.block != b.number:
        _learn(own)
        if own.since == 0.0:
            own.since = b.last
        own.block = b.number
        resident = own.since - b.founded < RESIDENCE or b.last - own.since >= RESIDENCE
        own.voice = own.known >= FAMILIAR and resident
        if not own.voice:
            b.newcomers += 1
        else:
            b.voices += 1
            if b.sampled < SAMPLES:
                b.sample[b.sampled] = row
                b.sampled += 1
    n = own.here
    own.here += 1
    if not own.voice:
        for k in range(COUNT):
            own.sum[k] += row[k]
        return
    before, after = np.float32(1.0 / (n + SHRINK)), np.float32(1.0 / (n + 1 + SHRINK))
    mean_before, mean_after = np.float32(1.0 / max(n, 1)), np.float32(1.0 / (n + 1))
    for k in range(COUNT):
        usual, old = own.mean[k], own.sum[k]
        new = old + row[k]
        own.sum[k] = new
        said = min(max((old - n * usual) * before, -FARTHEST[k]), FARTHEST[k])
        says = min(max((new - (n + 1) * usual) * after, -FARTHEST[k]), FARTHEST[k])
        b.moved[k] += says - said
        b.squared[k] += says * says - said * said
        b.level[k] += new * mean_after - old * mean_before
        if n == 0:
            b.usual[k] += usual


@compiled
def _learn(own: Any) -> None:
    """Fold what a principal did in an earlier block into its own mean."""
    if own.here > 0:
        own.known = min(own.known + own.here, 1 << 30)
        weight = min(own.here / min(own.known, MEMORY), 1.0)
        for k in range(COUNT):
            own.mean[k] += (own.sum[k] / own.here - own.mean[k]) * weight
            own.sum[k] = 0.0
        own.here = 0
