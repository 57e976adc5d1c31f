"""Chains of variants: prompts of one caller that are rewordings of each other, and what came of them.

A prompt continues the chain that it shares most MinHashes with, at least two of eight, or whose last prompt's embedding
it resembles; a letter must have been changed, so that a request sent again is no variant. Twenty rewordings are one
chain. Its evidence is a CUSUM over them, ``W <- max(0, W + w)``: how odd a prompt is (nats of the share of honest
prompts that score as high, less what is usual), refusals (log of how seldom the model refuses here), and an answer
after refusals, which is what somebody who rewords until the model gives in waits for. Added is how seldom chains are so
long, -log of the share of the clean period's callers whose longest was longer.

References
----------
Chao et al., PAIR, 2023, https://arxiv.org/abs/2310.08419. Hughes et al., Best-of-N jailbreaking, 2024,
https://arxiv.org/abs/2412.03556. Yu et al., GPTFuzzer, 2023, https://arxiv.org/abs/2309.10253.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text.embedding import DIMENSIONS
from detectors.text.sketch import HASHES, SURFACE
from detectors.worded import nats
from schemas.compiled import compiled

Array = npt.NDArray[Any]

CHAINS = 6  # of a caller that are remembered
AGREE = 2  # MinHashes of eight that variants share
ALIKE = 0.75  # cosine of variants
UNIT = 127.0  # of a direction's bytes
USUAL = 2.6  # nats that a prompt about a hard subject may be odd by
MOST = 5.0  # nats that one prompt may add
TURNED = 3.0  # nats of an answer after refusals
ENOUGH = 2  # refusals in a chain, after which an answer is what was waited for
WEEK = 7 * 86_400.0  # s after which a chain is over

state = np.dtype(
    [
        ("hash", "f4", (CHAINS, HASHES)), ("surface", "f4", CHAINS), ("direction", "i1", (CHAINS, DIMENSIONS)),
        ("evidence", "f4", CHAINS), ("time", "f8", CHAINS), ("variants", "u2", CHAINS), ("refused", "u2", CHAINS),
        ("turned", "u2", CHAINS), ("pad", "u2", 2),
    ],
    align=True,
)  # fmt: skip
"""One caller: of each chain its last prompt, W, when it was, variants so far, refusals, answers after refusals."""


class Law(NamedTuple):
    """What the clean period says.

    Attributes
    ----------
    knot, rate : (2, 1024) and (2,), how honest prompts score: subversion, harm; see :mod:`detectors.worded`
    refusal : (1,) share of answers that are refusals
    longest : (n,) f4 rising, variants in the longest chain of each caller
    """

    knot: Array
    rate: Array
    refusal: Array
    longest: Array


class Seen(NamedTuple):
    """After each of N rows: evidence in nats, variants, refusals and answers after refusals in its chain."""

    value: Array
    variants: Array
    refused: Array
    turned: Array


def blank(n: int) -> Seen:
    """Room for N rows."""
    return Seen(np.zeros(n), *np.zeros((3, n), np.uint16))


@compiled
def follow(
    logits: Array, refused: Array, sketch: Array, direction: Array, time: Array, trusted: Array, slots: Array,
    law: Law, rows: Any, made: Seen,
) -> None:  # fmt: skip
    """Take N prompts in, in order.

    Parameters
    ----------
    logits : (N, 2) f8, of subversion and harm
    refused : (N,) 1, 0, or -1 where no answer is logged
    sketch : (N, 10) of ``detectors.text.sketch``
    direction : (N, 64) f4, embeddings, within +-1
    """
    scratch = np.zeros(1, rows.dtype)
    for i in range(len(slots)):
        scratch[0] = rows[slots[i]]
        own = scratch[0]
        at, known = find(own, sketch[i], direction[i], time[i])
        if not known:
            own.evidence[at] = 0.0
            own.variants[at], own.refused[at], own.turned[at] = 0, 0, 0
        if not known or own.surface[at] != sketch[i, SURFACE]:
            step(own, at, odd(logits[i], law), refused[i], law.refusal[0])
        remember(own, at, sketch[i], direction[i], time[i])
        made.variants[i], made.refused[i], made.turned[i] = own.variants[at], own.refused[at], own.turned[at]
        made.value[i] = own.evidence[at] + length(own.variants[at], law.longest)
        if trusted[i]:
            rows[slots[i]] = scratch[0]


@compiled
def find(own: Any, sketch: Array, direction: Array, time: Any) -> tuple[int, bool]:
    """Which chain a prompt continues, and whether it continues one; else the chain that rested longest."""
    best, most, oldest = 0, 0.0, 0
    for k in range(CHAINS):
        oldest = k if own.time[k] < own.time[oldest] else oldest
        if own.variants[k] == 0 or time - own.time[k] > WEEK:
            continue
        agree = 0
        for h in range(HASHES):
            agree += own.hash[k, h] == sketch[h]
        dot = one = other = np.int64(1)
        for d in range(DIMENSIONS):
            a, b = np.int64(own.direction[k, d]), np.int64(np.rint(direction[d] * np.float32(UNIT)))
            dot, one, other = dot + a * b, one + a * a, other + b * b
        cosine = dot / np.sqrt(float(one) * float(other))
        near = agree / HASHES + cosine
        if (agree >= AGREE or cosine >= ALIKE) and near > most:
            best, most = k, near
    return (best, True) if most > 0 else (oldest, False)


@compiled
def odd(logits: Array, law: Law) -> Any:
    """Nats of the odder of two scores."""
    return max(nats(logits[0], law.knot[0], law.rate[0]), nats(logits[1], law.knot[1], law.rate[1]))


@compiled
def step(own: Any, at: int, x: Any, refused: Any, usual: Any) -> None:
    """Count a variant of a chain, and add its evidence."""
    w = min(x, MOST) - USUAL
    if refused > 0:
        w += min(np.log(0.5 / usual), MOST)
        own.refused[at] = min(own.refused[at] + 1, 65535)
    elif refused == 0 and own.refused[at] >= ENOUGH and own.turned[at] == 0:
        w += TURNED
        own.turned[at] += np.uint16(1)
    own.evidence[at] = min(max(own.evidence[at] + w, 0.0), 1e6)
    own.variants[at] = min(own.variants[at] + 1, 65535)


@compiled
def remember(own: Any, at: int, sketch: Array, direction: Array, time: Any) -> None:
    """Keep a prompt as its chain's last."""
    for h in range(HASHES):
        own.hash[at, h] = sketch[h]
    own.surface[at] = sketch[SURFACE]
    for d in range(DIMENSIONS):
        own.direction[at, d] = np.int8(np.rint(min(max(direction[d], -1.0), 1.0) * np.float32(UNIT)))
    own.time[at] = max(own.time[at], min(time, 1e11))


@compiled
def length(variants: Any, longest: Array) -> Any:
    """-log of the share of callers whose longest chain is longer, at least 0."""
    n = len(longest)
    below = np.searchsorted(longest, np.float32(variants))
    return -np.log((n - below + 1.0) / (n + 1.0))
