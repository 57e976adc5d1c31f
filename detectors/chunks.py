"""Chunks: rows of a burn-in as columns, while they are collected: picked from batches, joined, and dropped."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from detectors.burn_in import ROWS, BurnIn, aligned
from schemas.batch import Batch, Integers

NAMED = 16  # numbers that one value with a name weighs

Chunk = dict[str, Any]
"""N rows: the columns of a sample, ``principal`` (N,) codes of a key sample, and ``weight`` (N,) numbers."""

COLUMNS, LISTS = (*ROWS, "principal", "weight", "classified"), ("labels", "named")


def weights(rows: Batch | BurnIn) -> Integers:
    """What each of N rows weighs: (N,) features, probabilities and weighed names."""
    plain = np.full(len(rows), rows.features.shape[1] + rows.probabilities.shape[1], np.int64)
    return plain if rows.named is None else plain + NAMED * np.array([len(row) for row in rows.named], np.int64)


def of_batch(batch: Batch, rows: Integers, codes: Integers, weight: Integers, classifiers: Sequence[str]) -> Chunk:
    """Some rows of a batch, with their principals' codes and what they weigh."""
    chunk: Chunk = {name: getattr(batch, name)[rows] for name in ROWS if name != "lone"}
    chunk["lone"] = np.zeros(len(rows), np.uint8) if batch.lone is None else batch.lone[rows]
    chunk |= {"principal": codes, "weight": weight}
    chunk["classified"] = aligned(classifiers, batch.classified, len(batch))[rows]
    chunk["labels"] = [batch.labels[i] for i in rows]
    chunk["named"] = [] if batch.named is None else [batch.named[i] for i in rows]
    return chunk


def of_sample(sample: BurnIn) -> Chunk:
    """All rows of a sample."""
    chunk: Chunk = {name: getattr(sample, name) for name in ROWS}
    chunk |= {"principal": sample.principal.astype(np.int64), "weight": weights(sample)}
    none = np.zeros((len(sample), 0), np.float32)
    chunk["classified"] = none if sample.classified is None else sample.classified
    return chunk | {"labels": sample.labels, "named": sample.named or []}


def nothing(features: int, classes: int, words: int, classifiers: int) -> Chunk:
    """No rows of a shape."""
    return {
        "time": np.zeros(0),
        "features": np.zeros((0, features), np.float32),
        "probabilities": np.zeros((0, classes), np.float32),
        "latency": np.zeros(0, np.float32),
        "tokens": np.zeros((0, 2), np.int32),
        "bad": np.zeros(0, np.uint16),
        "text": np.zeros((0, words), np.float32),
        "lone": np.zeros(0, np.uint8),
        "principal": np.zeros(0, np.int64),
        "weight": np.zeros(0, np.int64),
        "classified": np.zeros((0, classifiers), np.float32),
        "labels": [],
        "named": [],
    }


def joined(chunks: Sequence[Chunk]) -> Chunk:
    """The rows of at least one chunk, one after the other."""
    columns = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in COLUMNS}
    return columns | {name: [value for chunk in chunks for value in chunk[name]] for name in LISTS}


def picked(chunk: Chunk, rows: Integers) -> Chunk:
    """Some rows of a chunk."""
    lists = {name: [chunk[name][i] for i in rows] if chunk[name] else [] for name in LISTS}
    return {name: chunk[name][rows] for name in COLUMNS} | lists


def widened(chunk: Chunk, classes: int) -> None:
    """Give rows whose answers had no classes so many unknown probabilities."""
    chunk["probabilities"] = np.full((len(chunk["time"]), classes), np.nan, np.float32)
    chunk["weight"] = chunk["weight"] + classes
