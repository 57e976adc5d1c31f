"""Comparison of an input with the last distinct ones of its principal."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.space import SKETCH
from detectors.kernel.arithmetic import log_distance, squared_distance
from detectors.kernel.chains import link
from detectors.kernel.rows import (
    ALIGNMENT,
    CONTENT_WEIGHT,
    DIRECTION,
    MEMORY,
    NEAR,
    NEAR_COPY,
    NEAREST,
    NEAREST_SPREAD,
    REPEAT,
    RING,
    STEP,
    STEP_SPREAD,
    TRIGGER,
    Habits,
    Rows,
)
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


@compiled
def compare(row: Any, rows: Rows, i: int, habits: Habits, signal: Array) -> None:
    """Compare an input with the ring of the last distinct ones, link it to its nearest, and take it into the ring."""
    held = np.int64(min(row.distinct, np.uint32(RING)))
    for j in range(held):
        if row.hash[j] == rows.hash[i]:
            signal[REPEAT] = 1
            return
    signal[REPEAT] = 0
    row.fresh += np.float32(1)
    near = False
    chain = np.uint32(0)
    if held > 0:
        parent, squared = nearest(row, held, rows.u[i])
        distance = np.sqrt(np.float32(squared)) / habits.spacing[0]
        near = distance < np.float32(NEAR)
        signal[NEAR_COPY] = near
        signal[NEAREST] = log_distance(distance)
        signal[NEAREST_SPREAD] = (signal[NEAREST] - habits.nearest[0]) ** 2
        signal[TRIGGER] = np.float32(0) if near else shared_marks(row, held, rows.rare[i], rows.label[i])
        take_step(row, rows.u[i], habits, signal)
        if near:
            chain = link(row, parent, rows, i, signal)
    remember(row, rows, i, chain)
    if not near:
        take_content(row, rows.phi[i])


@compiled
def nearest(row: Any, held: Scalar, u: Array) -> tuple[int, Scalar]:
    """Place in the ring of the nearest earlier input, and the squared distance to it, squared units of u."""
    best = np.int32(0x7FFFFFFF)
    at = 0
    for j in range(held):
        squared = squared_distance(u, row.u[j])
        if squared < best:
            best = squared
            at = j
    return at, best


@compiled
def shared_marks(row: Any, held: Scalar, rare: Array, label: Scalar) -> Scalar:
    """Share of the ring with the same answer and one of the same two min-hashes of rare values."""
    if rare[0] == 0 or label < 0:
        return np.float32(0)
    count = 0
    for j in range(held):
        if row.label[j] == label and (row.rare[j, 0] == rare[0] or row.rare[j, 1] == rare[1]):
            count += 1
    return np.float32(count) / np.float32(held)


@compiled
def take_step(row: Any, u: Array, habits: Habits, signal: Array) -> None:
    """Length of the step from the last distinct input, and its cosine with the step before.

    Where there was no step before, ``last_length`` is 0 and the cosine does not apply.
    """
    last = row.u[(row.distinct - np.uint32(1)) % np.uint32(RING)]
    before = row.u[(row.distinct - np.uint32(2)) % np.uint32(RING)]
    squared = np.float32(0)
    dot = np.float32(0)
    for c in range(len(u)):
        d = np.float32(np.int32(u[c]) - np.int32(last[c]))
        squared += d * d
        dot += d * np.float32(np.int32(last[c]) - np.int32(before[c]))
    length = np.sqrt(squared)
    signal[STEP] = log_distance(length / habits.spacing[0])
    signal[STEP_SPREAD] = (signal[STEP] - habits.step[0]) ** 2
    if length > 0 and row.last_length > 0:
        signal[DIRECTION] = dot / (length * row.last_length)
        signal[ALIGNMENT] = abs(signal[DIRECTION])
    row.last_length = length


@compiled
def remember(row: Any, rows: Rows, i: int, chain: Scalar) -> None:
    """Put an input into the ring in place of the oldest."""
    at = row.distinct % np.uint32(RING)
    for c in range(SKETCH):
        row.u[at, c] = rows.u[i, c]
    row.hash[at] = rows.hash[i]
    row.rare[at, 0] = rows.rare[i, 0]
    row.rare[at, 1] = rows.rare[i, 1]
    row.label[at] = rows.label[i]
    row.chain[at] = chain
    row.children[at] = 0
    row.distinct += np.uint32(1)


@compiled
def take_content(row: Any, phi: Array) -> None:
    """Mean of the Fourier features of new content, over about 128 inputs."""
    row.contents = min(row.contents + np.float32(1), np.float32(1e6))
    rate = np.float32(1) / min(row.contents + np.float32(CONTENT_WEIGHT), np.float32(MEMORY))
    for c in range(len(phi)):
        row.phi[c] += (phi[c] - row.phi[c]) * rate
