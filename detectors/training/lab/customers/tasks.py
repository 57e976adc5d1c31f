"""Tasks: what a customer does in one go, and how many records it takes."""

import numpy as np

from detectors.training.lab.types import Generator
from schemas.batch import Integers


def tasks(rng: Generator, records: int, size: float, spread: float = 0.5) -> Integers:
    """Task (n,) of each record, from 0 and rising; ``size`` records a task by the median, ``records`` in all."""
    count = max(4, int(2 * records / max(size, 1)) + 4)
    lengths = np.maximum(1, np.rint(size * np.exp(rng.normal(0, spread, count)))).astype(np.int64)
    while lengths.sum() < records:
        lengths = np.concatenate([lengths, lengths])
    return np.repeat(np.arange(len(lengths)), lengths)[:records]


def ends(task: Integers) -> tuple[Integers, Integers]:
    """First row of each task (T,), and its number of rows (T,)."""
    first = np.flatnonzero(np.diff(task, prepend=task[0] - 1)) if len(task) else np.empty(0, np.int64)
    return first, np.diff(np.append(first, len(task)))


def within(task: Integers) -> Integers:
    """Place (n,) of each row in its task, from 0."""
    first, lengths = ends(task)
    return np.arange(len(task)) - np.repeat(first, lengths)
