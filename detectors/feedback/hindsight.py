"""Hindsight: what late labels say of a model version, one small message at a time.

Every contributor has one voice in a block, however much he says, and says how far his mean within the block lies from
what is usual with him: his own earlier mean, mixed with everybody's while there is little of it. A block ends with 16
voices, or with 128 records of at least 4. Seen are the share of answers that were wrong, the share of labels that do
not fit their inputs, and where inputs lie in eight directions: whether labels changed, or what they are about. Right
or wrong is the model's answer where it is known, and the expected label's where answers hardly ever are.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled
from schemas.signal import Hindsight

Array = npt.NDArray[Any]

DIRECTIONS = 8
NAMES = ("wrong", "unfitting", "joined", *(f"input_{k}" for k in range(DIRECTIONS)))
COUNT = len(NAMES)
WRONG, UNFITTING, JOINED, INPUTS = 0, 1, 2, 3
UNKNOWN = -1.0  # level of a statistic that no voice of a block knows
VOICES, RECORDS, FEWEST = 16, 128, 4
MEMORY = 64.0  # records that a contributor's own mean remembers
POPULATION = 8.0  # records that everybody's mean weighs in it
CROWD = 600.0  # voices that everybody's mean remembers
SHRINK = 2.0  # records that a voice's past weighs: a voice of few records speaks softly

voice = np.dtype([("block", "i8"), ("n", "f4"), ("seen", "f4", COUNT), ("sum", "f4", COUNT), ("past", "f4", COUNT),
                  ("mean", "f4", COUNT)])  # fmt: skip
"""One contributor: the block that his sums are of, records and by statistic those that say something and their sum;
records remembered of earlier blocks, and their mean."""

open_block = np.dtype(
    [
        ("number", "i8"), ("first", "f8"), ("last", "f8"), ("records", "i8"), ("voices", "i8"), ("delay", "f8"),
        ("delays", "i8"), ("past", "f8", COUNT), ("mean", "f8", COUNT),
    ]
)  # fmt: skip
"""The open block of a model version; and everybody's mean over earlier ones, with the voices behind it."""


@compiled
def add(said: Array, time: float, delay: float, own: Any, block: Any) -> Any:
    """Put a record's statistics (11,) into the open block, NaN where unknown; whether the block ends with it."""
    if block.records == 0:
        block.first = block.last = time
    block.last = max(block.last, time)
    block.records += 1
    if delay >= 0:
        block.delay += delay
        block.delays += 1
    if own.block != block.number + 1:
        own.block = block.number + 1
        own.n = 0
        for k in range(COUNT):
            own.seen[k] = 0
            own.sum[k] = 0
        block.voices += 1
    own.n += 1
    for k in range(COUNT):
        if not np.isnan(said[k]):
            own.seen[k] += 1
            own.sum[k] += said[k]
    return block.voices >= VOICES or (block.records >= RECORDS and block.voices >= FEWEST)


@compiled
def follow(said: Array, slot: Array, time: Array, delay: Array, at: int, rows: Any, block: Any) -> Any:
    """Put records (N, 11) from ``at`` on into the open block, up to its end: the record after, and whether it ended."""
    for i in range(at, len(said)):
        if add(said[i], time[i], delay[i], rows[slot[i]], block[0]):
            return i + 1, True
    return len(said), False


@compiled
def close(rows: Any, block: Any, made: Array) -> None:
    """End a block: ``made`` (4, 11) gets moved, spread, usual and level; rows are those of all contributors."""
    made[:] = 0
    number = block.number + 1
    voices = np.zeros(COUNT)
    for i in range(len(rows)):
        own = rows[i]
        if own.block != number:
            continue
        for k in range(COUNT):
            n = own.seen[k]
            if n == 0:
                continue
            level = own.sum[k] / n
            usual = level
            if block.past[k] > 0:
                usual = (own.past[k] * own.mean[k] + POPULATION * block.mean[k]) / (own.past[k] + POPULATION)
            moved = (level - usual) * n / (n + SHRINK)
            made[0, k] += moved
            made[1, k] += moved * moved
            made[2, k] += usual
            made[3, k] += level
            voices[k] += 1
            kept = min(own.past[k] + n, MEMORY)
            own.mean[k] += (level - own.mean[k]) * n / kept if kept > n else level - own.mean[k]
            own.past[k] = kept
    for k in range(COUNT):
        if not voices[k]:
            made[3, k] = UNKNOWN
        if voices[k]:
            for j in range(4):
                made[j, k] /= voices[k]
            block.past[k] = min(block.past[k] + voices[k], CROWD)
            block.mean[k] += (made[3, k] - block.mean[k]) * voices[k] / block.past[k]


def ended(rows: npt.NDArray[np.void], block: npt.NDArray[np.void]) -> Hindsight:
    """The message that an ended block is, with how late its labels came as its sample; it begins anew.

    The first block says nothing: nobody has a past yet.
    """
    made = np.zeros((4, COUNT))
    first = not block["past"][0].any()
    close(rows, block[0], made)
    moved, spread, usual, level = made.tolist()
    b = block[0]
    delay = float(b["delay"]) / int(b["delays"]) if b["delays"] else UNKNOWN
    said = Hindsight(
        number=int(b["number"]) + 1,
        first=float(b["first"]),
        last=float(b["last"]),
        records=int(b["records"]),
        voices=0 if first else int(b["voices"]),
        names=list(NAMES),
        moved=moved,
        spread=spread,
        usual=usual,
        level=level,
        delay=delay,
    )
    block["number"] += 1
    for name in ("records", "voices", "delay", "delays"):
        block[name] = 0
    return said
