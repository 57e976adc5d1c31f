"""Tallies of answers that changed: bets on a model that was exchanged, and what differs between two versions.

A swap is found by betting against the rate p at which this version's answers to repeated inputs changed before:
for q in 3 %, 10 % and 50 % wealth grows by q / p with a changed answer and by (1 - q) / (1 - p) with an equal one, and
never falls under 1; less than four times p is not bet on. A swap is certain when the three together are worth ten
million. Several principals must have seen it, unless only one repeats inputs: a client that logs half of what it sends
gets other answers too, alone.

References
----------
Page, Continuous inspection schemes, Biometrika 1954, doi:10.1093/biomet/41.1-2.100; Shin, Ramdas, Rinaldo, E-detectors,
2022, arXiv:2203.03532 (betting in place of a likelihood).
"""

from typing import Any

import numpy as np

from schemas.compiled import compiled

BETS = np.array([0.03, 0.1, 0.5])
CERTAIN = np.log(1e7)
PRIOR, DOUBT = 40.0, 2.0  # repeats, and changed answers among them, that count as seen before the first
MARGIN = 4.0  # times the usual rate that is bet on at least: the usual rate is only an estimate
USUAL = 100  # repeats that say what is usual before anything is bet
VOICES = 3  # principals that must have seen it, where so many repeat inputs
COMPARED, FEWEST = 50, 20  # inputs asked of two versions before a difference is told, and a large one
LARGE = 0.2  # share of other labels that is told of early

tally = np.dtype(
    [
        ("repeats", "i8"),
        ("changes", "i8"),
        ("lately", "i8"),
        ("changed", "i8"),
        ("relabelled", "i8"),
        ("since", "f8"),
        ("wealth", "f8", len(BETS)),
        ("askers", "u8"),
        ("voices", "u8"),
        ("other", "i8"),
        ("compared", "i8"),
        ("differ", "i8"),
        ("surer", "f8"),
        ("moved", "f8"),
        ("told", "i8"),
        ("alarm", "f8"),
    ],
    align=True,
)
"""One version: repeats and changes before the present run of bets; within it repeats, changed answers, other labels,
since when (s), wealth; who repeated and who saw a change (bits); against the version ``other``: inputs compared, other
labels, sum of differences in probability and of their sizes, whether that was told; when a swap was told last, s."""


@compiled
def bet(t: Any, changed: Any, other: Any, who: Any, time: Any) -> bool:
    """Take one answer to a repeated input into a version's tally; says whether the model was surely exchanged."""
    p = (t.changes + DOUBT) / (t.repeats + PRIOR)
    if t.lately == 0:
        t.since = time
    t.lately += 1
    t.askers |= who
    if changed:
        t.changed += 1
        t.relabelled += other
        t.voices |= who
    top = 0.0
    total = 0.0
    for k in range(len(BETS)):
        if BETS[k] > MARGIN * p:
            t.wealth[k] += np.log(BETS[k] / p) if changed else np.log((1.0 - BETS[k]) / (1.0 - p))
        t.wealth[k] = max(t.wealth[k], 0.0)
        top = max(top, t.wealth[k])
        total += np.exp(min(t.wealth[k], 300.0))
    if top == 0.0 or t.repeats < USUAL:
        settle(t)
        return False
    return bool(np.log(total / len(BETS)) > CERTAIN and bits(t.voices) >= min(VOICES, bits(t.askers)))


@compiled
def settle(t: Any) -> None:
    """What was seen within a run of bets becomes what is usual; a new run begins."""
    t.repeats += t.lately
    t.changes += t.changed
    t.lately = 0
    t.changed = 0
    t.relabelled = 0
    t.voices = 0
    for k in range(len(t.wealth)):
        t.wealth[k] = 0.0


@compiled
def compare(t: Any, other: Any, differ: Any, gap: Any) -> bool:
    """Take one input that the version ``other`` answered too into a tally; says whether the difference is to be told.

    ``gap`` is how much higher the probability of its answer is now. Only the version first met is compared with.
    """
    if t.compared == 0:
        t.other = other
    if other != t.other:
        return False
    t.compared += 1
    t.differ += differ
    if not np.isnan(gap):
        t.surer += gap
        t.moved += abs(gap)
    enough = t.compared >= COMPARED or (t.compared >= FEWEST and t.differ >= LARGE * t.compared)
    return bool(enough and t.told == 0)


@compiled
def bits(x: Any) -> int:
    """How many bits are set."""
    n = 0
    while x:
        x &= x - np.uint64(1)
        n += 1
    return n
