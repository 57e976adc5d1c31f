"""Trigger and label: a rare pattern that comes again in one contributor's records, with one unexpected label.

A pattern is a value of one input column that few inputs have. The rarest few of a record whose label is a gross error
get places among the contributor's 48 (SpaceSaving, Metwally, Agrawal and El Abbadi 2005: a new one takes the place of
the one seen least), with that label. From then on every further record with the pattern is bet on: that it gets that
label, and looks like another. An honest device may leave a mark on all its inputs, which makes them all look like one
label; so what is granted is also the share that the label has among all records, and half of it on top. Every pattern
that ever got a place is one more that may be wrong by chance, and is paid for.
"""

from typing import Any

import numpy as np

from detectors.features.inputs import RARE
from detectors.feedback.bets import together
from schemas.compiled import compiled

PLACES = 48
LOOKED = 6  # patterns of a record
SHARES = np.array([0.25, 0.5, 0.75])  # of evidence that are bet, a third each
CAREFUL = 2.0  # at most how much more than the crowd somebody with a natural pattern errs
LEVELS = 10
LOOSE = 1.5  # times the share of a label that is granted to a mark
OFTEN, OFTEN_SHARE = 3, 0.15  # records, and share of all his, from which a pattern is a mark

state = np.dtype(
    [
        ("tried", "u4"),
        ("item", "u4", PLACES),
        ("count", "u4", PLACES),
        ("hits", "u4", PLACES),
        ("label", "i2", PLACES),
        ("log", "f8", (PLACES, len(SHARES))),
    ]
)
"""Patterns that ever had a place; of each in place: column * 10 + level + 1, records, hits, label + 1, log evidence."""


@compiled
def rarest(level: Any, surprise: Any, salt: Any, found: Any) -> int:
    """The record's rarest patterns into ``found`` (6,), ties in a secret order; returns how many there are."""
    n = 0
    worst = np.empty(LOOKED, np.int64)
    for j in range(len(level)):
        s = np.int64(surprise[j, level[j]])
        if s <= RARE:
            continue
        value = s * 4096 + ((j * 2654435761 + salt) >> 7) % 4096
        at = n if n < LOOKED else -1
        if at < 0:
            least = 0
            for k in range(1, LOOKED):
                least = k if worst[k] < worst[least] else least
            at = least if value > worst[least] else -1
        if at >= 0:
            worst[at] = value
            found[at] = j * LEVELS + level[j] + 1
            n = min(n + 1, LOOKED)
    return n


@compiled
def follow(own: Any, known: Any, items: Any, count: int, given: Any, expected: Any, gross: Any, records: Any) -> Any:
    """Judge the patterns of a record, the contributor's ``records``-th; whether one is a mark that he often leaves."""
    marked = False
    for j in range(count):
        k = _find(own, items[j])
        if k < 0:
            if gross:
                _open(own, items[j], given)
            continue
        own.count[k] += 1
        marked = marked or own.count[k] >= max(OFTEN, OFTEN_SHARE * records)
        b = own.label[k] - 1
        hit = b == given and expected != given
        own.hits[k] += hit
        usual = min(known.worst, CAREFUL) * max(known.rate[b, expected], known.back[expected, b])
        limit = min(max(usual, LOOSE * known.share[b]) + 0.05, 0.95)
        for n in range(len(SHARES)):
            gain = 1.0 - SHARES[n] + (SHARES[n] / limit if hit else 0.0)
            own.log[k, n] = max(own.log[k, n] + np.log(gain), -60.0)
    return marked


@compiled
def _find(own: Any, item: Any) -> int:
    for k in range(PLACES):
        if own.item[k] == item:
            return k
    return -1


@compiled
def _open(own: Any, item: Any, given: Any) -> None:
    """Give a pattern the place of the one seen least; evidence counts as having been seen."""
    at = 0
    least = np.inf
    for k in range(PLACES):
        weight = own.count[k] + 4.0 * max(together(own.log[k]), 0.0)
        if weight < least:
            at, least = k, weight
    own.count[at] += 1
    own.item[at] = item
    own.label[at] = given + 1
    own.hits[at] = 1
    for n in range(len(SHARES)):
        own.log[at, n] = 0.0
    own.tried += 1


@compiled
def best(own: Any) -> int:
    """Which pattern speaks most against the contributor; -1 if none does."""
    at = -1
    for k in range(PLACES):
        if own.label[k] > 0 and own.hits[k] > 1 and (at < 0 or together(own.log[k]) > together(own.log[at])):
            at = k
    return at
