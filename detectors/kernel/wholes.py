"""Statistics of a profile as a whole: distribution of contents and answers, counts."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.kernel.arithmetic import log2, squared_length
from detectors.kernel.rows import BURST, CONTENT_WEIGHT, DAY, MARGIN_EXTREMES, MARGIN_RANK, MEMORY, Habits
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


@compiled
def look_at_whole(row: Any, group: Scalar, habits: Habits, out: Array) -> None:
    """The eight statistics that are not means of a signal."""
    weight = min(row.contents + np.float32(CONTENT_WEIGHT), np.float32(MEMORY))
    out[0] = log2(max(squared_length(row.phi) * weight / habits.spread[0], np.float32(0.01)))
    out[1], out[2] = look_at_mix(row, group, habits)
    out[3] = row.short[MARGIN_RANK] ** 2 + row.short[MARGIN_EXTREMES] ** 2
    out[4] = log2(np.float32(1) + np.float32(row.session))
    out[5] = log2(np.float32(1) + row.burst)
    out[6] = log2((np.float32(1) + row.burst) / (np.float32(1) + row.day / np.float32(DAY / BURST)))
    out[7] = log2(np.float32(1) + row.fresh)


@compiled
def look_at_mix(row: Any, group: Scalar, habits: Habits) -> tuple[Scalar, Scalar]:
    """Entropy of the mix of answers, 1 if even, and its divergence from the usual mix in nats."""
    groups = len(habits.mix)
    rate = np.float32(1) / min(np.float32(row.n) + np.float32(CONTENT_WEIGHT), np.float32(MEMORY))
    entropy = np.float32(0)
    divergence = np.float32(0)
    for k in range(groups):
        if group >= 0:
            row.mix[k] += (np.float32(k == group) - row.mix[k]) * rate
        share = max(row.mix[k], np.float32(1e-6))
        log_share = np.log(share)
        entropy -= share * log_share
        divergence += share * (log_share - habits.log_mix[k])
    return entropy / np.log(np.float32(max(groups, 2))), divergence
