"""Re-centring: what principals do is judged against what the population does now, not only against the burn-in.

When the world drifts, honest customers leave the burn-in's ways together, and each of them alone would look like an
attacker. Each partition therefore keeps how far the last principals that had a voice (:mod:`detectors.blocks`) are from
their own profile in the beginning: at the end of the burn-in, or when they were first heard, a day after they came.
Each counts once, however much it sends. Where the median of a statistic over them is farther from 0 than its error
allows, the population has moved by that median, and all deviations are taken from there. Half of the principals must
move before the median does, so that neither a loud attacker nor a crowd of new accounts can move it. Nor can the hour:
those who work at night are not like those of the day, but like themselves the night before. Who comes after a move
begins where the population was then. A median is taken when a block ends and five minutes have passed since the last
one, at the same record however the stream is cut.

References
----------
Hampel et al., Robust statistics, 1986 (the median's breakdown point of a half; its error from the median deviation).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.api import Columns
from detectors.blocks import PER_Z, WIDTH, Block, Ended, begin, collect
from detectors.moves import Moves
from detectors.profile import CLIP
from schemas.batch import Flags
from schemas.compiled import compiled

Array = npt.NDArray[Any]

VOICES = 32  # last voices that the median is of
LEAST = 10  # principals among them
SPAN = 86400.0  # s after which a voice no longer counts
PAUSE = 300.0  # s of record time between two medians
ERRORS = 3.0  # standard errors within which a median is no move
SMALLEST = 0.25  # of z: a smaller move is none

centre = np.dtype(
    [
        ("heard", "i8"),
        ("looked", "f8"),
        ("shift", "f4", WIDTH),
        ("slot", "i8", VOICES),
        ("time", "f8", VOICES),
        ("z", "f4", (VOICES, WIDTH)),
    ]
)
"""One partition and model version: voices so far, when it was last looked at (s), by how much the population has moved,
how far the last voices had."""


class Recentred(NamedTuple):
    """N rows whose deviations are taken from what was usual when they came.

    Attributes
    ----------
    rows : the rows
    blocks : that ended with them
    moved : (N,) whether the population was found to have moved with this row
    """

    rows: Columns
    blocks: list[Block]
    moved: Flags


def recentred(
    rows: Columns,
    slots: npt.NDArray[np.int64],
    heard: npt.NDArray[np.void],
    block: npt.NDArray[np.void],
    population: npt.NDArray[np.void],
    moves: Moves,
    *,
    names: Sequence[str | None],
) -> Recentred:
    """Take deviations from what is usual, and see where that moves.

    Parameters
    ----------
    heard, block : what :mod:`detectors.blocks` keeps, updated
    population : (1,) of :data:`centre`, updated
    moves : updated
    names : whose rows those of ``heard`` are
    """
    batch, c, z, start = rows.batch, population[0], rows.z, 0
    moved = np.zeros(len(batch), np.bool_)
    ended = collect(rows.shared, slots, batch.time, z, heard, block, names=names, trusted=batch.trusted)
    for one in ended:
        _apply(z[start : one.row + 1], c["shift"])
        start = one.row + 1
        _hear(c, one, heard)
        moved[one.row] |= moves.follow(one.block, c["shift"])
    _apply(z[start:], c["shift"])
    return Recentred(replace(rows, z=z), [one.block for one in ended], moved)


def _apply(z: Array, shift: Array) -> None:
    if shift.any():
        _subtract(z, shift)


@compiled
def _subtract(z: Array, shift: Array) -> None:
    limit = np.float32(CLIP)
    for i in range(len(z)):
        for k in range(z.shape[1]):
            z[i, k] = min(max(z[i, k] - shift[k], -limit), limit)


def _hear(c: np.void, one: Ended, heard: npt.NDArray[np.void]) -> None:
    """Take in the voices of a block, and see whether the population has moved; who has no beginning begins."""
    known = heard["compared"][one.slots] != 0
    moves = one.z - heard["usual"][one.slots] / np.float32(PER_Z)
    for slot, move in zip(one.slots[known], moves[known], strict=True):
        at = int(c["heard"]) % VOICES
        c["slot"][at], c["time"][at], c["z"][at] = slot, one.block.last, move
        c["heard"] += 1
    if not known.all():
        begin(heard, one.slots[~known], one.z[~known] - c["shift"])
    if one.block.last >= c["looked"] + PAUSE:
        c["shift"], c["looked"] = medians(c), one.block.last


def medians(c: np.void) -> Array:
    """By how much the population has moved, (WIDTH,) f4, in units of z; 0 where that is not certain."""
    n = min(int(c["heard"]), VOICES)
    order = (np.arange(int(c["heard"]) - n, int(c["heard"])) % VOICES)[::-1]
    recent = order[np.abs(c["time"][order] - c["time"][order[0]]) <= SPAN] if n else order
    _, latest = np.unique(c["slot"][recent], return_index=True)
    shift = np.zeros(WIDTH, np.float32)
    if len(latest) < LEAST:
        return shift
    z = c["z"][recent[latest]]
    median = np.median(z, axis=0)
    error = 1.2533 * 1.4826 * np.median(np.abs(z - median), axis=0) / np.sqrt(len(latest))
    certain = np.abs(median) > np.maximum(ERRORS * error, SMALLEST)
    shift[certain] = median[certain]
    return shift
