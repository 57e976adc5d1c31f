"""Novelty: evidence that a caller collects answers, since he never asks the same thing twice.

Customers ask again: a prompt is tried anew, a page reloaded, a job run twice. How often a prompt is one of a caller's
last 32 differs from one to the next, so the null is a mixture of customers' own rates of repetition r, each against a
collector who repeats one prompt in five hundred, ``W <- max(0, W + log e)`` with ``e = (1 - c) / (1 - r)`` for a new
prompt and ``c / r`` for a repeated one. The score is ``-log mean over r of exp(-W)``: but for the restarts, the log of
a likelihood ratio against that mixture, which an honest caller takes above t with probability exp(-t) at most. So no
threshold lies below log(1 / alpha), however little callers of the clean period happened to say.

A caller who stopped is not held to it for ever: W fades to a third in four weeks, which a slow harvest of days
outruns, and is never above :data:`HIGHEST`, so that an account in its owner's hands again has soon asked often enough
for the same.

Of newcomers the sums without restarts are kept as well (:func:`nats`): several of them can be added up
(:mod:`detectors.collectors`).

References
----------
Tramèr et al., Stealing machine learning models via prediction APIs, 2016, https://arxiv.org/abs/1609.02943 (that copies
need many different answers); Page, Continuous inspection schemes, 1954, doi:10.1093/biomet/41.1-2.100.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.batch import Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

LATELY = 32  # prompts of a caller among which a repetition is looked for
COLLECTOR = 0.002  # rate of repetition of who collects
RATES = 8  # of repetition in the mixture
FEWEST = 12  # prompts of a caller that has a rate
LEAST, MOST = 0.004, 0.6  # of a rate
MEMORY = 28 * 86_400.0  # s in which evidence fades to a third
HIGHEST = 40.0  # nats

state = np.dtype(
    [
        ("evidence", "f8", RATES), ("lately", "f4", LATELY), ("prompts", "u4"), ("repeated", "u4"), ("tokens", "f8"),
        ("time", "f8"),
    ],
    align=True,
)  # fmt: skip
"""One caller: W for each rate, its last prompts, how many it sent and repeated, tokens of answers to new ones, and when
its last prompt was, s."""


def learn(same: Array, slots: Integers) -> Array:
    """Rates of repetition (8,) of customers, evenly spaced quantiles of a Beta law fitted to those who ask enough."""
    rows, n = np.zeros(int(slots.max(initial=0)) + 1, state), len(slots)
    none, rates = np.zeros(n), np.full(RATES, 0.1)
    follow(same, none, none, np.ones(n, np.bool_), slots, rates, rows, np.empty(n), np.empty((n, 3)))
    some = rows[rows["prompts"] >= FEWEST]
    if len(some) < 2:
        return np.full(RATES, 0.02)
    share = some["repeated"] / some["prompts"]
    mean = float(np.clip(share.mean(), 1e-3, 0.5))
    chance = mean * (1 - mean)
    spread = float(np.clip(share.var() - (chance / some["prompts"]).mean(), chance / 200, chance * 0.9))
    size = chance / spread - 1
    drawn = np.random.default_rng(0).beta(mean * size, (1 - mean) * size, 20_000)
    made: Array = np.clip(np.quantile(drawn, (np.arange(RATES) + 0.5) / RATES), LEAST, MOST)
    return made


def nats(prompts: Array, repeated: Array, rates: Array) -> Array:
    """Nats (N, 8), by rate, of callers who sent (N,) prompts and repeated (N,) of them; a first one repeats none."""
    fresh = np.maximum(prompts - 1 - repeated, 0)[:, None]
    made: Array = fresh * np.log((1 - COLLECTOR) / (1 - rates)) + repeated[:, None] * np.log(COLLECTOR / rates)
    return made


def mixed(some: Array) -> Array:
    """-log of the mean over rates of exp(-nats), of nats (N, 8)."""
    least = some.min(1)
    made: Array = least - np.log(np.exp(least[:, None] - some).mean(1))
    return made


@compiled
def follow(
    same: Array, answer: Array, time: Array, trusted: Array, slots: Array, rates: Array, rows: Any, value: Array,
    counts: Array,
) -> None:  # fmt: skip
    """Take N prompts in, in order.

    Parameters
    ----------
    same : (N,) number of the canonical text
    answer : (N,) log(1 + tokens) of the answer
    value : out (N,) nats
    counts : out (N, 3) prompts so far, repeated ones, tokens of answers to the others
    """
    scratch = np.zeros(1, rows.dtype)
    for i in range(len(slots)):
        scratch[0] = rows[slots[i]]
        own = scratch[0]
        again = False
        for k in range(min(LATELY, own.prompts)):
            again = again or own.lately[k] == np.float32(same[i])
        least, total = 1e300, 0.0
        kept = np.exp(-min(max(time[i] - own.time, 0.0), 1e9) / MEMORY) if own.prompts > 0 else 1.0
        for k in range(RATES):
            e = COLLECTOR / rates[k] if again else (1 - COLLECTOR) / (1 - rates[k])
            own.evidence[k] = min(max(own.evidence[k] * kept + np.log(e), 0.0), HIGHEST)
            least = min(least, own.evidence[k])
        for k in range(RATES):
            total += np.exp(least - own.evidence[k]) / RATES
        own.lately[own.prompts % LATELY] = np.float32(same[i])
        own.prompts += np.uint32(1)
        own.repeated += np.uint32(again)
        own.time = max(own.time, time[i])
        own.tokens += 0.0 if again else np.expm1(min(max(answer[i], 0.0), 20.0))
        value[i] = least - np.log(total)
        counts[i, 0], counts[i, 1], counts[i, 2] = own.prompts, own.repeated, own.tokens
        if trusted[i]:
            rows[slots[i]] = scratch[0]
