"""Blocks: what a model's principals do now and did before, one small message at a time.

A test for drift that takes records one by one fires on ordinary traffic, because records come in sessions of one
principal. Here a principal has one voice in a block, however much it sends: the mean of what it sent since the block
began, beside its own earlier mean. A principal without a past only listens: a crowd of newcomers moves nothing. Who has
spoken rests for half an hour, so that voices are of different sessions, and what it said joins its past a day later,
so that a slow drift is not learnt along the way. A block ends with enough voices, or after an hour where few are
active; of a crowd, the first sixteen are heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.speakers import (
    COUNT,
    DIRECTIONS,
    FIRST_DIRECTION,
    LABELS,
    NAMES,
    PURE,
    REST,
    SAMPLES,
    SPEAKERS,
    WIDTH,
    Rows,
    fill,
    open_block,
    rest,
    state,
)
from schemas.batch import Doubles, Flags, Floats
from schemas.signal import Block

PER_Z = 16  # units of a remembered profile a unit of z

__all__ = [
    "COUNT", "DIRECTIONS", "FIRST_DIRECTION", "LABELS", "NAMES", "PURE", "REST", "SAMPLES", "SPEAKERS", "WIDTH",
    "Block", "Cut", "Ended", "begin", "collect", "found", "open_block", "state",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """When a block ends: with ``voices`` of them, but not before ``shortest``; and after ``longest`` in any case.

    ``shortest`` and ``longest`` are s of record time.
    """

    voices: int = 8
    shortest: float = 120.0
    longest: float = 3600.0


class Ended(NamedTuple):
    """A block, the row with which it ended, its (V,) speakers' slots, and their (V, WIDTH) profiles then."""

    row: int
    block: Block
    slots: npt.NDArray[np.int64]
    z: Floats


DEFAULT = Cut()


def collect(
    columns: Mapping[str, npt.NDArray[Any]],
    slots: npt.NDArray[np.int64],
    time: Doubles,
    z: Floats,
    state: npt.NDArray[np.void],
    block: npt.NDArray[np.void],
    *,
    names: Sequence[str | None],
    trusted: Flags | None = None,
    cut: Cut = DEFAULT,
) -> list[Ended]:
    """Put rows into the open block, in order, and return the blocks that ended.

    The answer does not depend on where the stream was cut into batches.

    Parameters
    ----------
    columns : ``tails`` (N, 9), ``confidence`` (N,), ``label`` (N,) with -1 for none, ``u`` (N, 32)
    slots : (N,) row of each record's principal in ``state``
    time : (N,) s since the epoch
    z : (N, WIDTH) deviations of the profile after each record
    state : (S,) of :data:`state`, updated
    block : (1,) of :data:`open_block`, updated
    names : whose rows those of ``state`` are
    trusted : (N,) rows that may teach, the others are passed over; None is all
    """
    rows = Rows(*(columns[name] for name in Rows._fields))
    taught = np.ones(len(slots), bool) if trusted is None else trusted
    ended: list[Ended] = []
    at, full = 0, False
    while at < len(slots):
        at, full = fill(rows, slots, time, z, taught, state, block, at, cut.voices, cut.shortest, cut.longest)
        if full:
            ended.append(_close(at - 1, state, block, names))
    return ended


def found(
    slots: npt.NDArray[np.int64], time: Doubles, z: Floats, state: npt.NDArray[np.void], block: npt.NDArray[np.void]
) -> None:
    """Take note of who was there in the burn-in, N rows in order, and of each one's profile behind its last.

    What they sent has fitted the reference, so it teaches nothing here. Whoever comes later than :data:`RESIDENCE`
    after the first of them waits as long for a voice.
    """
    if len(slots):
        block["founded"] = time.min()
        who, first = np.unique(slots, return_index=True)
        state["since"][who] = time[first]
        last = len(slots) - 1 - np.unique(slots[::-1], return_index=True)[1]
        begin(state, who, z[last])


def begin(state: npt.NDArray[np.void], slots: npt.NDArray[np.int64], z: Floats) -> None:
    """Remember the profiles z (n, WIDTH) that some principals have in the beginning."""
    state["usual"][slots] = np.clip(np.rint(z * np.float32(PER_Z)), -127, 127).astype(np.int8)
    state["compared"][slots] = 1


def _close(row: int, state: npt.NDArray[np.void], block: npt.NDArray[np.void], names: Sequence[str | None]) -> Ended:
    """The open block as a message; what was said goes to its speakers' past, and the next one is opened."""
    b = block[0]
    slots = b["speaker"][: b["speakers"]]
    there = state["block"][slots] == b["number"]  # who was evicted meanwhile is not
    heard, z = slots[there].copy(), b["z"][: b["speakers"]][there].copy()
    own = state[heard]
    made = Block(
        number=int(b["number"]),
        first=float(b["first"]),
        last=float(b["last"]),
        records=int(b["records"]),
        voices=len(heard),
        newcomers=int(b["newcomers"]),
        names=list(NAMES),
        speakers=[names[s] or "" for s in heard],
        counts=own["here"].tolist(),
        known=own["known"].tolist(),
        level=(own["sum"] / own["here"][:, None]).astype(np.float16).tobytes(),
        usual=own["mean"].astype(np.float16).tobytes(),
        sample=b["sample"][: min(int(b["speakers"]), SAMPLES)].tolist(),
    )
    rest(state, heard, made.last)
    founded = b["founded"]
    block[0] = np.zeros((), open_block)
    block["number"], block["founded"] = made.number + 1, founded
    return Ended(row, made, heard, z)
