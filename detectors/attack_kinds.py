"""Kinds of attacks from one caller: somebody who tries everything is scanning, whatever he asks each time.

A prompt that scores as at most one honest prompt in fifty, on any head, counts for the head on which it is rarest. A
caller's nats for each kind are those of his oddest prompt of that kind, and fade to a third in a day. The score is
their sum over all kinds but the strongest: one kind, however often, is no scan.

References
----------
Derczynski et al., garak, 2024, https://arxiv.org/abs/2406.11036 (what a scanner sends).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import worded
from schemas.batch import Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

KINDS = ("jailbreak", "direct", "indirect", "extraction", "encoding", "harmful")
K = len(KINDS)
LEAST, MOST = 3.9, 8.0  # nats from which a prompt counts, and that one kind is worth
DAY = 86_400.0  # s

state = np.dtype([("nats", "f8", K), ("time", "f8"), ("prompts", "u4"), ("odd", "u4")], align=True)
"""One caller: nats of each kind, its last prompt (s), prompts, and those that counted."""


class Law(NamedTuple):
    """How honest prompts score on each head: (6, 1024) quantiles and (6,) rates of the tails."""

    knot: Array
    rate: Array


def learn(logits: Array, slots: Integers) -> Law:
    """The law of clean prompts' logits (N, 6), of callers (N,)."""
    laws = [worded.learn(logits[:, k], slots) for k in range(K)]
    return Law(np.stack([law.knot for law in laws]), np.concatenate([law.rate for law in laws]))


@compiled
def follow(
    logits: Array, time: Array, trusted: Array, slots: Array, law: Law, rows: Any, value: Array, kinds: Array,
    counts: Array,
) -> None:  # fmt: skip
    """Take N prompts in, in order: logits (N, 6), time (N,) s. Out: score (N,), nats by kind (N, 6), prompts (N, 2)."""
    scratch = np.zeros(1, rows.dtype)
    for i in range(len(slots)):
        scratch[0] = rows[slots[i]]
        own = scratch[0]
        kept = np.exp(-min(max(time[i] - own.time, 0.0), 1e9) / DAY) if own.prompts > 0 else 0.0
        best, most = 0, -1.0
        for k in range(K):
            own.nats[k] *= kept
            x = worded.nats(logits[i, k], law.knot[k], law.rate[k])
            best, most = (k, x) if x > most else (best, most)
        own.prompts += np.uint32(1)
        if most >= LEAST:
            own.nats[best] = max(own.nats[best], min(most, MOST))
            own.odd += np.uint32(1)
        own.time = max(own.time, min(time[i], 1e11))
        total, strongest = 0.0, 0.0
        for k in range(K):
            total += own.nats[k]
            strongest = max(strongest, own.nats[k])
            kinds[i, k] = own.nats[k]
        value[i] = total - strongest
        counts[i, 0], counts[i, 1] = own.prompts, own.odd
        if trusted[i]:
            rows[slots[i]] = scratch[0]
