"""What a population of principals does, each weighing one: how detectors learn a null from a burn-in."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from schemas.batch import Batch, Codes, Flags
from schemas.compiled import compiled

Quantiles = npt.NDArray[np.float32]

MEMORY, PRIOR = 32.0, 8.0  # records of a short mean, and that its prior weighs


def first_half(batch: Batch) -> Flags:
    """Rows of the half of the principals that fits what is allowed; the rest judges it: (N,).

    Chosen by a hash of the name, so that partitions and replays agree. A population below eight is not split.
    """
    if len(batch.principals) < 8:
        return np.ones(len(batch), np.bool_)
    half = np.array([blake2b(p.encode("utf-8", "replace"), digest_size=1).digest()[0] & 1 for p in batch.principals])
    if not 0 < half.sum() < len(half):
        return np.ones(len(batch), np.bool_)
    rows: Flags = half[batch.principal] == 0
    return rows


def capped(principal: Codes, most: int) -> Flags:
    """At most ``most`` rows a principal, its first: (N,)."""
    order = np.argsort(principal, kind="stable")
    sorted_codes = principal[order]
    start = np.searchsorted(sorted_codes, sorted_codes)
    keep = np.empty(len(principal), np.bool_)
    keep[order] = np.arange(len(principal)) - start < most
    return keep


def peaks(values: npt.NDArray[np.float32], principal: Codes) -> npt.NDArray[np.float32]:
    """Each principal's largest value over its rows: (N, K) to (P, K)."""
    _, code = np.unique(principal, return_inverse=True)
    made = np.full((code.max(initial=-1) + 1, values.shape[1]), -np.inf, np.float32)
    np.maximum.at(made, code, values)
    return made


def means(values: npt.NDArray[np.float32], principal: Codes) -> npt.NDArray[np.float64]:
    """Each principal's mean over its rows: (N, K) to (P, K)."""
    _, code = np.unique(principal, return_inverse=True)
    made = np.zeros((code.max(initial=-1) + 1, values.shape[1]))
    np.add.at(made, code, values)
    return made / np.bincount(code)[:, None]


def quantiles(values: npt.NDArray[np.float32], principal: Codes, at: tuple[float, ...]) -> Quantiles:
    """Quantiles over rows where each principal weighs one: (N, K) to (len(at), K)."""
    weight = 1.0 / np.bincount(principal)[principal]
    made = np.empty((len(at), values.shape[1]), np.float32)
    for k in range(values.shape[1]):
        order = np.argsort(values[:, k], kind="stable")
        mass = np.cumsum(weight[order])
        rows = np.searchsorted(mass, np.array(at) * mass[-1])
        made[:, k] = values[order[np.minimum(rows, len(order) - 1)], k]
    return made


def short_means(signal: npt.NDArray[np.float32], principal: Codes, prior: Quantiles) -> npt.NDArray[np.float32]:
    """Short mean of each principal after each of its rows, (N, K), from a prior (K,): memory 32 records, prior 8."""
    _, code = np.unique(principal, return_inverse=True)
    made = np.empty_like(signal)
    mean = np.tile(prior, (int(code.max(initial=-1)) + 1, 1))
    _follow(signal, code, mean, np.zeros(len(mean), np.int64), made)
    return made


@compiled
def _follow(
    signal: npt.NDArray[np.float32],
    code: npt.NDArray[np.int64],
    mean: npt.NDArray[np.float32],
    count: npt.NDArray[np.int64],
    made: npt.NDArray[np.float32],
) -> None:
    for i in range(len(code)):
        p = code[i]
        count[p] += 1
        for k in range(signal.shape[1]):
            mean[p, k] += (signal[i, k] - mean[p, k]) / np.float32(min(count[p] + PRIOR, MEMORY))
            made[i, k] = mean[p, k]
