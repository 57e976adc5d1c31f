"""Prompt examples: the prompts that say best what a caller does, and the ordinary prompts that stand beside them.

What is kept of a prompt is its id and what was measured of it, never a word. A caller has seven places: for its two
oddest prompts (of two kinds, if there are two), the oddest that was refused, the one whose answer was dearest, the one
whose answer gave most away, and the two latest that differ. How odd a prompt is: nats, -log of the share of the clean
period's prompts that a head takes for as much of an attack (:mod:`detectors.worded`). The ordinary prompt beside it is
the nearest by its embedding, in the keyed projections, of at most 256 that were drawn from the clean period, one a
caller first; beside the latest ones stands the middle of all. What is older than a day makes room.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import worded
from detectors.api import Columns, Scores
from detectors.examples import NOBODY, drawn, nearest
from detectors.text.heads import HEADS
from detectors.text.reading import AT
from detectors.text.sketch import HASHES
from schemas.batch import ID, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

NAME = "prompt_examples"
ODD, REFUSED, DEAR, LEAK, LAST, PLACES = 0, 2, 3, 4, 5, 7  # where a caller's places begin, and how many there are
IMAGE = len(HEADS)  # the kind of a prompt whose image is odd
DRAWN = 256  # clean prompts at most
LEAST = 3.0  # nats: one clean prompt in twenty is as odd
WILD = 1.5  # times the expected length or time, from which on an answer is dear
DAY = 86_400.0  # s
NATS = ("attack", "harm", "kind")  # of the heads ``subversion`` and ``harmful``, and of the kind that a prompt is most
MEASURES = ("sent", "answer", "seconds", "disguise", "which", "foreign", "items", "times_answer", "times_latency")
MEASURE = {name: k for k, name in enumerate(MEASURES)}
DISGUISES = ("hidden_share", "folded_share", "decoded_share", "leet_share", "spaced_share")
_DISGUISES = [AT[name] for name in DISGUISES]

state = np.dtype(
    [
        ("time", "f8", PLACES), ("score", "f4", PLACES), ("nats", "f4", (PLACES, len(NATS))), ("same", "f4", PLACES),
        ("said", "f4", PLACES), ("measure", "f4", (PLACES, len(MEASURES))), ("minhash", "f4", (2, HASHES)),
        ("kind", "i2", PLACES), ("ordinary", "i2", PLACES), ("id", "u1", (PLACES, ID)),
    ],
    align=True,
)  # fmt: skip
"""One caller: of the prompt in each place its time (s; 0 where there is none), what it won the place by, nats, the
number of its text, whether it was refused, what was measured, its kind, the nearest ordinary one, its id."""


class Ordinary(NamedTuple):
    """R clean prompts, and what all of them are like.

    Attributes
    ----------
    u : (R, 32) i2, keyed projections
    nats : (R, 7) f4, of each head
    measure : (R, 9) f4, by :data:`MEASURES`
    said : (R,) f4, 1 refused, 0 answered, -1 unknown
    knot, rate : (7, 1024) and (7,), the law of each head's logits
    middle : (9,) f4, medians of all clean prompts
    alike : (1,) f4, how much of their words a caller's prompts share with its last one, in the mean
    """

    u: Array
    nats: Array
    measure: Array
    said: Array
    knot: Array
    rate: Array
    middle: Array
    alike: Array


class Read(NamedTuple):
    """What was measured of n prompts: nats (n, 8) of heads and image, measures (n, 9), and columns of their text."""

    nats: Array
    measure: Array
    same: Array
    said: Array
    minhash: Array


def learn(rows: Columns, slots: Integers) -> dict[str, Array]:
    """Draw the ordinary ones from N clean rows in time order, of callers (N,)."""
    text = rows.batch.text
    laws = [worded.learn(text[:, k], slots) for k in range(len(HEADS))]
    knot, rate = np.stack([law.knot for law in laws]), np.concatenate([law.rate for law in laws])
    made = read(knot, rate, rows, {}, slice(0, len(slots)))
    usual = made.nats.max(1) < worded.ODD
    chosen = drawn(usual if usual.any() else ~usual, slots, DRAWN)
    middle = np.nanmedian(np.where(np.isnan(made.measure).all(0), 0.0, made.measure), axis=0).astype(np.float32)
    return Ordinary(
        rows.shared["u"][chosen], made.nats[chosen, :IMAGE], made.measure[chosen], made.said[chosen], knot, rate,
        middle, np.array([_usually_alike(made, slots)], np.float32),
    )._asdict()  # fmt: skip


def _usually_alike(made: Read, slots: Integers) -> float:
    """Mean share of MinHashes in which a clean prompt agrees with its caller's last other one."""
    order = np.argsort(slots, kind="stable")
    before, after = order[:-1], order[1:]
    pairs = (slots[before] == slots[after]) & (made.same[before] != made.same[after])
    return float((made.minhash[before[pairs]] == made.minhash[after[pairs]]).mean()) if pairs.any() else 0.0


def known(learnt: Mapping[str, Mapping[str, Array]]) -> Ordinary | None:
    """What was learnt, if anything was."""
    arrays = learnt.get(NAME)
    return Ordinary(**{name: arrays[name] for name in Ordinary._fields}) if arrays else None


def read(knot: Array, rate: Array, rows: Columns, scores: Mapping[str, Scores], part: slice) -> Read:
    """Measure some prompts of a batch; ``scores`` know how dear an answer was and what an image holds."""
    batch, text = rows.batch, rows.batch.text[part]
    nats = np.zeros((len(text), IMAGE + 1), np.float32)
    _weigh(np.ascontiguousarray(text[:, :IMAGE], np.float64), knot, rate, nats)
    images, dear = scores.get("hidden_image"), scores.get("dear_answers")
    if images is not None:
        nats[:, IMAGE] = images.why["parts"][part, :3].sum(1)
    times = np.ones((len(text), 2))
    if dear is not None:
        spread = rows.reference.learnt["dear_answers"]["spread"]
        times = np.exp(np.clip(dear.why["residual"][part] * spread, -30, 30))
    disguise = text[:, _DISGUISES]
    leaked = np.maximum(text[:, AT["leak_items"]], 0) + (text[:, AT["leak_certain"]] > 0)
    measure = np.empty((len(text), len(MEASURES)), np.float32)
    measure[:, 0] = np.expm1(np.minimum(text[:, AT["log_sent"]], 30))
    measure[:, 1] = np.expm1(np.clip(text[:, AT["log_answer"]], 0, 30))
    measure[:, 2] = batch.latency[part]
    measure[:, 3], measure[:, 4] = disguise.max(1), disguise.argmax(1)
    measure[:, 5], measure[:, 6], measure[:, 7:] = text[:, AT["outside_ascii"]], leaked, times
    columns = slice(AT["minhash_0"], AT["minhash_0"] + HASHES)
    return Read(nats, measure, *(np.ascontiguousarray(text[:, at]) for at in (AT["same"], AT["refused"], columns)))


@compiled
def _weigh(logits: Array, knot: Array, rate: Array, nats: Array) -> None:
    for i in range(len(logits)):
        for k in range(logits.shape[1]):
            nats[i, k] = min(worded.nats(logits[i, k], knot[k], rate[k]), worded.MOST)


def follow(
    ordinary: Ordinary, rows: Columns, scores: Mapping[str, Scores], part: slice, slots: Integers, kept: Array
) -> None:
    """Take some of N rows in, in order; ``slots`` (N,) are of all, ``kept`` has one row a slot."""
    batch, made = rows.batch, read(ordinary.knot, ordinary.rate, rows, scores, part)
    _follow(ordinary.u, made, slots[part], batch.ids[part], batch.time[part], rows.shared["u"][part], kept)


@compiled
def _follow(drawn: Array, made: Read, slots: Array, ids: Array, time: Array, u: Array, kept: Array) -> None:
    for i in range(len(slots)):
        row = kept[slots[i]]
        oddest = np.float32(0)
        for k in range(made.nats.shape[1]):
            oddest = max(oddest, made.nats[i, k])
        near = NOBODY
        dear = max(made.measure[i, 7], made.measure[i, 8])
        for what, score in (
            (ODD, oddest if oddest >= LEAST else np.float32(0)),
            (REFUSED, oddest + np.float32(1) if made.said[i] > 0 else np.float32(0)),
            (DEAR, dear if dear >= WILD else np.float32(0)),
            (LEAK, made.measure[i, 6]),
        ):
            at = _room(row, what, score, kind(made.nats[i]), made.same[i], time[i]) if score > 0 else NOBODY
            if at >= 0:
                near = nearest(drawn, u[i]) if near < 0 else near
                note(row, at, score, made, i, ids[i], time[i], near)
        if row.time[LAST] == 0 or row.same[LAST] != made.same[i]:
            _step_back(row)
            note(row, LAST, np.float32(0), made, i, ids[i], time[i], NOBODY)
            row.minhash[0] = made.minhash[i]


@compiled
def kind(nats: Array) -> Scalar:
    """Which attack a prompt is most like: a head but the first, or ``IMAGE``."""
    best = 1
    for k in range(2, len(nats)):
        best = k if nats[k] > nats[best] else best
    return best


@compiled
def _room(row: Any, what: int, score: Scalar, one: int, same: Scalar, time: float) -> Scalar:
    """Place for a prompt that won ``score``, -1 if those there are worth more; odd ones are of two kinds, if any."""
    last = ODD + 1 if what == ODD else what
    at = what
    for j in range(what, last + 1):
        if row.time[j] == 0 or time - row.time[j] > DAY:
            row.score[j], row.same[j], row.kind[j] = 0, -1, -1
        if row.same[j] == same:
            return j if score > row.score[j] else NOBODY
        at = j if row.score[j] < row.score[at] else at
    if what == ODD and row.score[at] > 0 and row.kind[ODD] != row.kind[ODD + 1]:
        for j in range(what, last + 1):
            at = j if row.kind[j] == one else at
    elif what == ODD and row.score[at] > 0 and row.kind[ODD] != one and score > worded.ODD:
        return at
    return at if score > row.score[at] else NOBODY


@compiled
def note(row: Any, at: Scalar, score: Scalar, made: Read, i: int, identity: Array, time: float, near: Scalar) -> None:
    """Write the i-th of some prompts into a place."""
    row.time[at], row.score[at], row.same[at], row.said[at] = time, score, made.same[i], made.said[i]
    row.kind[at], row.ordinary[at] = kind(made.nats[i]), near
    row.nats[at, 0], row.nats[at, 1] = made.nats[i, 0], made.nats[i, 1]
    row.nats[at, 2] = made.nats[i, row.kind[at]]
    row.measure[at] = made.measure[i]
    row.id[at] = identity


@compiled
def _step_back(row: Any) -> None:
    """The latest prompt becomes the one before."""
    a, b = LAST, LAST + 1
    row.time[b], row.score[b], row.same[b], row.said[b] = row.time[a], row.score[a], row.same[a], row.said[a]
    row.kind[b], row.ordinary[b] = row.kind[a], row.ordinary[a]
    row.nats[b] = row.nats[a]
    row.measure[b] = row.measure[a]
    row.id[b] = row.id[a]
    row.minhash[1] = row.minhash[0]
