"""Member share: how many of a principal's different questions are training rows, against what honest ones ask.

A bet is placed on each new question of a principal: that it is a training row with probability q instead of p. Four
bets q share the stake and get more of it where they won (a switching mixture), so that shares from a few per cent to
all are found. What resembles one of the principal's last questions is no new one: a candidate and its noisy copies
count once. The null p is what customers have, or, where the principal was there in the clean period and asked more
training rows than they, what it had itself.

References
----------
Herbster, Warmuth, Tracking the best expert, Machine Learning 1998, doi:10.1023/A:1007424614876 (switching mixture).
Waudby-Smith, Ramdas, Estimating means of bounded random variables by betting, JRSS-B 2024, doi:10.1093/jrsssb/qkad009.
Wilson, Probable inference, JASA 1927, doi:10.1080/01621459.1927.10502953 (upper bound of a share).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.fingerprints import CANARY, MEMBER, UNKNOWN
from detectors.kernel.arithmetic import squared_distance
from schemas.batch import Integers
from schemas.compiled import compiled

BETS = np.array([0.03, 0.15, 0.5, 0.9])  # how far from the null to certainty each goes
SWITCH = 0.02  # of the stake is dealt out anew after each bet
FLOOR = 0.002  # least share that customers are taken to have
ROOTS = 4  # questions of which copies are no new ones
WORDS = 16  # of 64 bits: 1,024 places for the hashes of questions
HALF = 512  # places in use from which the memory of questions begins anew
ENOUGH = 50.0  # nats of evidence after which a principal is left in peace
WEEK = 7 * 86_400.0  # s for which it is, and for which a canary is told once
DEEP, SURE = 3.0, 2.33  # standard deviations of the bounds of a principal's own share, and of all customers'
FEWEST = 12  # questions of a principal that has a share
OWNER = 0.35  # share from which somebody surely has the training data, and is no measure for others
OWNERS = 0.2  # of principals that may be such before it is taken for usual
QUANTILE = 0.95  # of the others' shares that is taken for usual

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

state = np.dtype(
    [
        ("since", "f8"), ("rest", "f8"), ("told", "f8"), ("evidence", "f8"), ("stake", "f8", 4), ("seen", "u8", WORDS),
        ("asked", "u4"), ("found", "u4"), ("before", "u4"), ("members", "u4"), ("places", "u4"), ("roots", "u4"),
        ("excused", "u4"), ("u", "i2", (ROOTS, 32)),
    ],
    align=True,
)  # fmt: skip
"""One principal: what it ``asked`` and ``found`` since ``since``, what it asked and found ``before``, in the clean
period, when it was last told of, its stakes, its last questions."""


class Law(NamedTuple):
    """What the clean period says: (1,) the share that customers have, and (1,) when it ended, s."""

    null: Array
    until: Array


class Seen(NamedTuple):
    """After each of N rows: e-value (NaN is no new question), whether a canary is told, counts, null, since when."""

    value: Array
    canary: Array
    asked: Array
    found: Array
    null: Array
    since: Array


def blank(n: int) -> Seen:
    """Room for N rows."""
    return Seen(np.empty(n), np.zeros(n, np.bool_), *np.zeros((2, n), np.uint32), *np.zeros((2, n)))


def learn(codes: Array, hashes: Array, u: Array, near: int, time: Array, slots: Integers) -> Law:
    """The share that customers have, from the clean period's N rows in order."""
    own = np.zeros(int(slots.max(initial=0)) + 1, state)
    until = np.array([time.max(initial=0.0)])
    law = Law(np.array([FLOOR]), until)
    follow(codes, hashes, u, near, time, np.ones(len(slots), np.bool_), slots, law, own, blank(len(slots)))
    asked, found = own["before"].astype(np.float64), own["members"].astype(np.float64)
    share = np.sort((found / np.maximum(asked, 1))[asked >= FEWEST])
    others = share[share < OWNER] if (share >= OWNER).sum() <= OWNERS * len(share) else share
    usual = float(others[int(QUANTILE * (len(others) - 1))]) if len(others) else 1.0
    common = (asked > 0) & (found <= max(usual, FLOOR) * np.maximum(asked, FEWEST))
    pooled = _upper(found[common].sum(), asked[common].sum(), SURE)
    return Law(np.array([min(max(FLOOR, usual, pooled), 0.99)]), until)


@compiled
def _upper(found: Scalar, asked: Scalar, z: Scalar) -> Scalar:
    """Wilson's upper bound of a share."""
    if asked <= 0:
        return 1.0
    share = found / asked
    middle = share + z * z / (2 * asked)
    return (middle + z * np.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))) / (1 + z * z / asked)


@compiled
def follow(
    codes: Array, hashes: Array, u: Array, near: int, time: Array, trusted: Array, slots: Array, law: Law,
    rows: Any, made: Seen,
) -> None:  # fmt: skip
    """Bet on N rows in order; ``near`` is the squared distance in u below which a question is a copy."""
    for i in range(len(slots)):
        own = rows[slots[i]]
        clean = time[i] <= law.until[0]
        made.value[i] = np.nan
        made.asked[i], made.found[i], made.null[i], made.since[i] = own.asked, own.found, law.null[0], own.since
        known = codes[i] & (CANARY - 1)
        if codes[i] & CANARY:
            made.canary[i] = not clean and own.excused == 0 and (own.told == 0 or time[i] - own.told > WEEK)
            if trusted[i]:
                own.excused = np.uint32(own.excused != 0 or clean)
                own.told = time[i] if made.canary[i] else own.told
        if known == UNKNOWN or hashes[i] == 0 or not is_new(own, hashes[i], u[i], near, trusted[i]):
            continue
        hit = known == MEMBER
        if clean:
            if trusted[i]:
                own.before += np.uint32(1)
                own.members += np.uint32(hit)
            continue
        null = law.null[0]
        if own.members > null * own.before:
            null = min(max(null, _upper(np.float64(own.members), np.float64(own.before), DEEP)), 0.99)
        bet(own, hit, null, time[i], trusted[i], made, i)


@compiled
def bet(own: Scalar, hit: bool, null: float, time: float, learns: bool, made: Seen, i: int) -> None:
    """Place the bets on one new question of a principal, unless it is left in peace."""
    total, e = 0.0, 0.0
    gains = np.empty(len(BETS))
    for k in range(len(BETS)):
        q = null + (1 - null) * BETS[k]
        stake = own.stake[k] if own.asked > 0 else 1.0 / len(BETS)
        gains[k] = stake * (q / null if hit else (1 - q) / (1 - null))
        total += stake
        e += gains[k]
    e /= total
    asked, found, since = own.asked + np.uint32(1), own.found + np.uint32(hit), own.since if own.asked > 0 else time
    made.asked[i], made.found[i], made.null[i], made.since[i] = asked, found, null, since
    if time >= own.rest:
        made.value[i] = e
    if not learns:
        return
    own.asked, own.found, own.since = asked, found, since
    whole = gains.sum()
    for k in range(len(BETS)):
        own.stake[k] = (1 - SWITCH) * gains[k] / whole + SWITCH / len(BETS)
    if time >= own.rest:
        own.evidence = max(0.0, own.evidence + np.log(e))
        if own.evidence > ENOUGH:
            own.rest, own.evidence = time + WEEK, 0.0


@compiled
def is_new(own: Scalar, hashed: Scalar, u: Array, near: int, learns: bool) -> bool:
    """Whether a question is neither one that was asked nor a copy of one of the last; takes note of it."""
    place = hashed >> np.uint64(54)
    word, bit = place >> np.uint64(6), np.uint64(1) << (place & np.uint64(63))
    if own.seen[word] & bit:
        return False
    held = min(own.roots, np.uint32(ROOTS))
    copy = False
    for k in range(held):
        copy = copy or squared_distance(u, own.u[k]) < near
    if learns:
        if own.places >= HALF:
            own.seen[:] = 0
            own.places = 0
        own.seen[word] |= bit
        own.places += np.uint32(1)
        if not copy:
            own.u[own.roots % np.uint32(ROOTS)] = u
            own.roots += np.uint32(1)
    return not copy
