"""Rests: whom a model version told of, for the next one, which begins with nobody's past.

When an epoch has ended, the version that is watched writes down whom it told of in it, with the offset at which the
epoch was over. A later version takes what was written by its first record: by offsets, so that cuts do not matter.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from detectors import scorer
from detectors.gates import conformal
from detectors.gates.conformal import REST

if TYPE_CHECKING:
    from detectors.judge import Judge

MOST = 2048  # tellings that are kept, the latest


class Told(NamedTuple):
    """Somebody was told of by a detector in an epoch: its start, s; where it was over; how loud the principal was."""

    offset: int
    time: float
    principal: str
    detector: str
    loudest: float


def written(before: Sequence[Told], judge: "Judge", epoch: int, *, offset: int, time: float) -> list[Told]:
    """What was written, and whom ``judge`` told of in an epoch that began at ``time`` and was over at ``offset``."""
    of = {slot: name for name, slot in judge.table.slot_of.items()}
    new = []
    for name in _gates(judge):
        rows = judge.table[scorer.GATE + name]
        slots = [slot for slot in np.flatnonzero(rows["told"] == epoch + 1).tolist() if slot in of]
        new += [Told(offset, time, of[slot], name, float(rows["loudest"][slot])) for slot in slots]
    return [*before, *sorted(new)][-MOST:]


def given(told: Iterable[Told], judge: "Judge", *, offset: int, start: float) -> None:
    """Let those rest who were told of by an ``offset`` at which another version begins, whose epochs start then."""
    length = judge.plan.epoch
    known = [one for one in told if one.offset <= offset and start - one.time < REST * length]
    names = list(dict.fromkeys(one.principal for one in known))
    slots = judge.table.assign(names, np.arange(len(names), dtype=np.int32), 0)
    slot_of = dict(zip(names, slots.tolist(), strict=False))
    gates = set(_gates(judge))
    for one in known:
        if one.principal in slot_of and one.detector in gates:
            row = judge.table[scorer.GATE + one.detector][slot_of[one.principal]]
            row["told"] = min(int((one.time - start) // length) + 2, 1) or -1
            row["loudest"] = one.loudest


def taken_over(judge: "Judge", before: "Judge") -> None:
    """Let those rest who were told of by a judge that watched the same version until now."""
    both = sorted(judge.table.slot_of.keys() & before.table.slot_of.keys())
    slots, then = (np.array([j.table.slot_of[name] for name in both], np.int64) for j in (judge, before))
    for name in set(_gates(judge)) & set(_gates(before)):
        conformal.remember(judge.table[scorer.GATE + name], slots, before.table[scorer.GATE + name], then)


def _gates(judge: "Judge") -> list[str]:
    return sorted(name for name, detector in judge.detectors.items() if detector.spec.gate == "conformal")
