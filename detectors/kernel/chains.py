"""Chains: near copies of near copies of one input, and what they do to the answer."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.outputs import FLOOR
from detectors.kernel.arithmetic import log2
from detectors.kernel.rows import (
    BRANCHING,
    CHAIN_LENGTH,
    CHAINS,
    FLIP,
    LOOK_BACK,
    NEAR_BOUNDARY,
    RECORD_HIGH,
    RECORD_LOW,
    RING,
    Rows,
)
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


@compiled
def link(row: Any, parent: int, rows: Rows, i: int, signal: Array) -> Scalar:
    """Join the chain of the near copy's parent, or open one with the parent as its root."""
    if row.label[parent] >= 0 and rows.label[i] >= 0:
        signal[FLIP] = row.label[parent] != rows.label[i]
    row.children[parent] = min(row.children[parent] + 1, 60_000)
    signal[BRANCHING] = log2(np.float32(1) + np.float32(row.children[parent]))
    back = (np.int64(row.distinct) - 1 - parent) % RING + 1
    signal[LOOK_BACK] = log2(np.float32(1 + back))
    chain = row.chain[parent]
    if chain == 0 or row.chain_id[chain % np.uint32(CHAINS)] != chain:
        row.chains += np.uint32(1)
        chain = row.chains
        c = chain % np.uint32(CHAINS)
        row.chain[parent] = chain
        row.chain_id[c] = chain
        row.root[c] = row.label[parent]
        row.length[c] = 0
    grow(row, chain % np.uint32(CHAINS), rows, i, signal)
    return chain


@compiled
def grow(row: Any, c: Scalar, rows: Rows, i: int, signal: Array) -> None:
    """Add a member to a chain; note whether its margin of the root's answer is a record.

    Without trend the m-th member is a record with probability 1/m (Renyi 1962), which is taken off.
    """
    row.length[c] += np.uint32(1)
    m = np.float32(row.length[c])
    signal[CHAIN_LENGTH] = log2(np.float32(1) + m)
    margin = root_margin(rows, i, row.root[c])
    if np.isnan(margin):
        return
    signal[NEAR_BOUNDARY] = abs(margin) < np.float32(0.5)
    if m > 1:
        signal[RECORD_LOW] = np.float32(margin < row.lowest[c]) - np.float32(1) / m
        signal[RECORD_HIGH] = np.float32(margin > row.highest[c]) - np.float32(1) / m
    if m == 1 or margin < row.lowest[c]:
        row.lowest[c] = margin
    if m == 1 or margin > row.highest[c]:
        row.highest[c] = margin


@compiled
def root_margin(rows: Rows, i: int, root: Scalar) -> Scalar:
    """Log p of the root's class less that of the most probable other one."""
    if root < 0:
        return np.float32(np.nan)
    if root == rows.label[i] or np.isnan(rows.margin[i]):
        return rows.margin[i]
    if root >= rows.probabilities.shape[1] or rows.probabilities.shape[1] == 1:
        return -rows.margin[i]
    floor = np.float32(FLOOR)
    top = max(rows.probabilities[i, rows.label[i]], floor)
    return np.log(max(rows.probabilities[i, root], floor)) - np.log(top)
