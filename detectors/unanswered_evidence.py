"""Requests without an answer: evidence that a caller gets none far more often than others do at the same time.

A caller's requests are taken together as a *window*: it ends a minute after its first one that stayed without an
answer (or a minute after it began, if all were answered) and not before others have spoken meanwhile. With k of n
requests without an answer it pays

    mean over theta of (theta / q)^(a k) ((1 - theta) / (1 - q))^(a (n - k)),    a = min(1, 3 / n)

over the rates theta above q, and 1 for the others, since no bet is made that somebody fails less than q; and
``R <- max(1, R) pay`` adds up. Requests of a minute share their fate, so they count as three at most; a power below
one of an e-value is an e-value. q is the largest of what is usual, the caller's own rate on the days before, the
others' rate since the window's first failure, and that of the worst half minute of the two to four hours in which the
failure was. Who comes back after a day only is not judged by what was then.

Everybody has one *voice* in half a minute, however much it sends: its share of requests without an answer. Who came
later than a day after the first caller has none for a day, so that a crowd of new accounts cannot pass for an outage.

References
----------
Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532.
Vovk, Wang, E-values: calibration, combination and applications, 2021, doi:10.1214/20-AOS2020.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import UNANSWERED
from schemas.compiled import compiled

Array = npt.NDArray[Any]

RATES = np.array([0.15, 0.4, 0.8])  # of requests without an answer that somebody may have who breaks the server
TOGETHER = 3.0  # requests that all of a window count as, at most
WAIT = 60.0  # s in which others are heard before a window is judged
TURN = 30.0  # s in which everybody has one voice
VOICES = 4.0  # of others, without whom nothing is judged
LEAST, MOST = 0.01, 0.9  # of q
PRIOR = 20.0  # requests that the usual rate weighs against the caller's own
AROUND = 5.0, 0.5  # voices that the usual rate weighs against the others', and how much of them was not answered
MEMORY = 2000.0  # requests of the days before
DAY, SPELL = 86_400.0, 7200.0
SPELLS = 12  # of which the worst half minute is known: a day
HIGHEST = 1e17  # of R: what was shown once is not shown more surely, and may be lived down

state = np.dtype(
    [
        ("evidence", "f8"), ("settled", "f8"), ("since", "f8"), ("began", "f8"), ("failed", "f8"), ("day", "i8"),
        ("turn", "i8"), ("heard", "f8", 2), ("before", "f4", 2), ("today", "f4", 2), ("window", "f4", 2),
        ("said", "f4", 2), ("own", "f4", 2),
        ("now", "f8"), ("first", "f8"), ("total", "f8", 2), ("bin", "f8", 3), ("spell", "i8"),
        ("worst", "f4", SPELLS),
    ],
    align=True,
)  # fmt: skip
"""One caller: R and when it last changed, s; when it was first seen, when its window began and when the first request
of it failed, s; the day and the turn; the model's voices when that failed; failed requests and all of them on the days
before, today, in the window and in this turn; its own voices since the first failure. In row 0 the model's: how far
time has come, its first record, s; voices without an answer and all of them, those since the bin began and when;
which two hours it is, and the rate of the worst bin in each of the last twelve."""


class Made(NamedTuple):
    """What came of N rows: log R, at least 0; and failed, all, the others' rate, and q."""

    value: Array
    counts: Array


def blank(n: int) -> Made:
    """Room for N rows."""
    return Made(np.full(n, np.nan), np.zeros((n, 4)))


@compiled
def follow(lone: Array, time: Array, trusted: Array, slots: Array, rows: Any, made: Made) -> None:
    """Take N requests in, in order.

    Parameters
    ----------
    lone : (N,) as in a Batch; other halves than unanswered requests say nothing
    rows : (S,) of ``state``; row 0 is also the model's
    """
    scratch = np.zeros(2, rows.dtype)
    for i in range(len(slots)):
        scratch[0], scratch[1] = rows[0], rows[slots[i]]
        model, own = scratch[0], scratch[1]
        failed = lone[i] == UNANSWERED
        if failed or lone[i] == 0:
            _pass_time(model, min(max(time[i], 1.0), 1e11))
            _settle(model, own)
            _count(model, own, failed)
        made.value[i] = np.log(max(own.evidence, 1.0)) - max(model.now - own.settled, 0.0) / DAY
        made.counts[i, 0], made.counts[i, 1] = own.today[0], own.today[1]
        made.counts[i, 2], made.counts[i, 3] = _others(model, own), _usual(model, own)
        if trusted[i]:
            _keep(rows[slots[i]], own)
            _keep_model(rows[0], model)


@compiled
def _pass_time(model: Any, time: float) -> None:
    """Let time go on; a half minute in which others spoke too may have been an outage."""
    model.now = max(model.now, time)
    if model.first == 0.0:
        model.first = model.bin[2] = model.now
    spell = np.int64(model.now / SPELL)
    for k in range(max(model.spell, spell - SPELLS) + 1, spell + 1):
        model.worst[k % SPELLS] = 0.0
    model.spell = spell
    if model.now - model.bin[2] < TURN or model.bin[1] < VOICES:
        return
    rate = np.float32(max(model.bin[0] - np.sqrt(model.bin[0]), 0.0) / model.bin[1])
    for at in (np.int64(model.bin[2] / SPELL) % SPELLS, spell % SPELLS):
        model.worst[at] = max(model.worst[at], rate)
    model.bin[0], model.bin[1], model.bin[2] = 0.0, 0.0, model.now


@compiled
def _others(model: Any, own: Any) -> float:
    """Rate of the others since the window's first failure, s; -1 while too few have spoken."""
    if own.failed == 0.0:
        return -1.0
    voices = model.total[1] - own.heard[1] - own.own[1]
    if voices < VOICES:
        return -1.0
    without = max(model.total[0] - own.heard[0] - own.own[0], 0.0)
    rate: float = max(without / voices, (without + AROUND[1]) / (voices + AROUND[0]))
    return rate


@compiled
def _usual(model: Any, own: Any) -> float:
    """Rate that the caller is held against."""
    before = (PRIOR * LEAST + own.before[0]) / (PRIOR + own.before[1])
    q: float = max(LEAST, before, _others(model, own))
    spell = np.int64((own.failed if own.failed > 0.0 else model.now) / SPELL)
    for at in (spell % SPELLS, min(spell + 1, model.spell) % SPELLS):
        q = max(q, model.worst[at])
    return min(q, MOST)


@compiled
def _settle(model: Any, own: Any) -> None:
    """Judge the caller's window, if it is over and others were heard."""
    n, k = float(own.window[1]), float(own.window[0])
    if n == 0.0:
        return
    if k > 0.0 and (model.now - own.failed < WAIT or _others(model, own) < 0.0):
        return
    if k == 0.0 and model.now - own.began < WAIT:
        return
    stale = k > 0.0 and model.now - own.failed > DAY - 2 * SPELL
    q, a, pay = _usual(model, own), 0.0 if stale else min(1.0, TOGETHER / n), 0.0
    for theta in RATES:
        gain = k * np.log(theta / q) + (n - k) * np.log((1 - theta) / (1 - q)) if theta > q else 0.0
        pay += np.exp(a * gain) / len(RATES)
    faded = own.evidence * np.exp(-(model.now - own.settled) / DAY)
    own.evidence = min(max(faded, 1.0) * pay, HIGHEST)
    own.settled = model.now
    own.window[0], own.window[1], own.failed = 0.0, 0.0, 0.0


@compiled
def _count(model: Any, own: Any, failed: bool) -> None:
    """Add a request to the caller's day, window and voice."""
    one = np.float32(failed)
    if own.since == 0.0:
        own.since = own.settled = model.now
    day, turn = np.int64(model.now / DAY), np.int64(model.now / TURN) + 1
    if day > own.day:
        _begin_day(own)
        own.day = day
    own.today[0] += one
    own.today[1] += np.float32(1)
    if own.window[1] == 0.0:
        own.began = model.now
    own.window[0] += one
    own.window[1] += np.float32(1)
    if failed and own.failed == 0.0:
        own.failed = model.now
        own.own[0], own.own[1] = 0.0, 0.0
        own.heard[0], own.heard[1] = model.total[0], model.total[1]
    if own.since - model.first < DAY or model.now - own.since >= DAY:
        _speak(model, own, turn, one)


@compiled
def _begin_day(own: Any) -> None:
    """What failed yesterday teaches from today on."""
    for k in range(2):
        own.before[k] += own.today[k]
        own.today[k] = 0.0
    if own.before[1] > MEMORY:
        own.before[0] *= np.float32(MEMORY) / own.before[1]
        own.before[1] = MEMORY


@compiled
def _speak(model: Any, own: Any, turn: Any, one: Any) -> None:
    """Change the caller's voice of this turn to its share of requests without an answer by now."""
    before = 0.0
    if turn > own.turn:
        own.turn, own.said[0], own.said[1] = turn, 0.0, 0.0
        model.total[1] += 1.0
        model.bin[1] += 1.0
        own.own[1] += np.float32(1)
    else:
        before = float(own.said[0]) / float(own.said[1])
    own.said[0] += one
    own.said[1] += np.float32(1)
    change = float(own.said[0]) / float(own.said[1]) - before
    model.total[0] += change
    model.bin[0] += change
    own.own[0] += np.float32(change)


@compiled
def _keep(row: Any, own: Any) -> None:
    """Write a caller's own fields back; the model's live in row 0 itself."""
    row.evidence, row.settled, row.since, row.began = own.evidence, own.settled, own.since, own.began
    row.failed, row.day, row.turn = own.failed, own.day, own.turn
    for k in range(2):
        row.heard[k], row.before[k], row.today[k] = own.heard[k], own.before[k], own.today[k]
        row.window[k], row.said[k], row.own[k] = own.window[k], own.said[k], own.own[k]


@compiled
def _keep_model(row: Any, model: Any) -> None:
    row.now, row.first = model.now, model.first
    row.spell = model.spell
    for k in range(2):
        row.total[k] = model.total[k]
    for k in range(3):
        row.bin[k] = model.bin[k]
    for k in range(SPELLS):
        row.worst[k] = model.worst[k]
