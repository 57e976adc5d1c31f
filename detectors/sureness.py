"""How sure the answers to a principal have been, and whether a model says the same to everybody."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.certainty import FLOOR
from schemas.compiled import compiled

Array = npt.NDArray[Any]

SIGNALS = ("rank", "extremes", "odd_sum")
S = len(SIGNALS)
FARTHEST = 8.0  # of z

state = np.dtype(
    [("last", "u8"), ("asker", "i8"), ("n", "u4"), ("run", "u4"), ("fast", "f4", S), ("slow", "f4", S)], align=True
)
"""One principal: its means. In row 0 also the model's own: the last answer, who got it, how many in a row got it."""


class Law(NamedTuple):
    """What clean principals' means are.

    Attributes
    ----------
    prior : (3,) f4, mean of principals' means
    spread : (3, 3) f4, quantiles 5 %, 50 %, 95 % of the short means, each principal weighing one
    longest : (1,) i8, equal answers in a row to different principals that are too many
    """

    prior: Array
    spread: Array
    longest: Array


@compiled
def follow(
    slots: Array,
    trusted: Array,
    signal: Array,
    code: Array,
    law: Law,
    state: Array,
    value: Array,
    means: Array,
    found: Array,
) -> None:
    """Follow N answers.

    Parameters
    ----------
    signal, code : (N, 3) and (N,) of :func:`detectors.features.certainty.signals`
    value : out (N,) mean of the two largest abs z; NaN where there was no answer
    means : out (N, 6) the means, short then long
    found : out (N,) 1 where equal answers in a row have just become too many
    """
    for i in range(len(slots)):
        s = state[slots[i]]
        if np.isnan(signal[i, 0]):
            value[i] = np.nan
            means[i, :] = 0
            continue
        n = np.float32(s.n + 1)
        for k in range(S):
            before = s.fast[k] if s.n > 0 else law.prior[k]
            means[i, k] = before + (signal[i, k] - before) / min(n + np.float32(8), np.float32(32))
            before = s.slow[k] if s.n > 0 else law.prior[k]
            means[i, S + k] = before + (signal[i, k] - before) / min(n + np.float32(16), np.float32(256))
        value[i] = _two_largest(means[i], law.spread)
        if trusted[i]:
            s.n += 1
            for k in range(S):
                s.fast[k] = means[i, k]
                s.slow[k] = means[i, S + k]
            found[i] = _stand_still(state[0], code[i], slots[i], law.longest[0])


@compiled
def _two_largest(means: Array, spread: Array) -> Any:
    """Mean of the two largest abs z of six means."""
    first = np.float32(0)
    second = np.float32(0)
    for k in range(2 * S):
        m = means[k] - spread[1, k % S]
        width = spread[2, k % S] - spread[1, k % S] if m > 0 else spread[1, k % S] - spread[0, k % S]
        z = min(abs(m) / (width + np.float32(FLOOR)), np.float32(FARTHEST))
        second = max(second, min(first, z))
        first = max(first, z)
    return 0.5 * (np.float64(first) + np.float64(second))


@compiled
def _stand_still(model: Any, code: Any, slot: int, longest: int) -> int:
    """Count equal answers to different principals; 1 where the count passes the longest honest run."""
    if code != model.last:
        model.run = 0
    elif slot != model.asker:
        model.run += 1
    passed = 1 if model.run == longest and slot != model.asker and code == model.last else 0
    model.last = code
    model.asker = slot
    return passed


@compiled
def longest_run(code: Array, slots: Array) -> int:
    """Most equal answers in a row to different principals, a principal's consecutive records counting once."""
    longest = 0
    run = 0
    for i in range(1, len(code)):
        if code[i] != code[i - 1]:
            run = 0
        elif slots[i] != slots[i - 1]:
            run += 1
        longest = max(longest, run)
    return longest


def z_of(means: Array, spread: Array) -> Array:
    """The six z of :func:`follow`'s value, for words."""
    spread = np.tile(spread, (1, 2))
    width = np.where(means > spread[1], spread[2] - spread[1], spread[1] - spread[0]) + FLOOR
    return np.asarray(np.clip((means - spread[1]) / width, -FARTHEST, FARTHEST))
