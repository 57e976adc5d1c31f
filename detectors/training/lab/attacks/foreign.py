"""Foreign: inputs of the right form and of another world, such as a thief without data of his own sends."""

import numpy as np

from detectors.training.lab.types import Generator, Matrix, Victim
from schemas.batch import Doubles


def foreign(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Draw (count, F) inputs of one to three foreign kinds, the same for all calls with equal chance."""
    kinds = _PICTURES if victim.shape is not None else _ROWS
    chosen = rng.choice(len(kinds), int(rng.integers(1, 4)), replace=False)
    which = rng.choice(chosen, count)
    x = np.empty((count, victim.features), np.float32)
    for kind in chosen:
        rows = which == kind
        x[rows] = kinds[kind](victim, rng, int(rows.sum()))
    return victim.fitting(x)


def _scaled(victim: Victim, pictures: Matrix | Doubles) -> Matrix:
    """Pictures (n, h, w) of any brightness as inputs that span the victim's range."""
    flat = pictures.reshape(len(pictures), -1)
    low, high = flat.min(1, keepdims=True, initial=0), flat.max(1, keepdims=True, initial=1e-9)
    share = (flat - low) / np.maximum(high - low, 1e-9)
    return np.asarray(victim.grid.low + share * (victim.grid.high - victim.grid.low), np.float32)


def _clouds(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Smooth noise, of a few waves."""
    height, width = victim.shape or (1, victim.features)
    y, x = np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")
    waves = rng.normal(0, 3, (count, 6, 2))
    phase, weight = rng.uniform(0, 6.3, (count, 6, 1, 1)), rng.normal(0, 1, (count, 6, 1, 1))
    angle = waves[..., 0, None, None] * 6.3 * x + waves[..., 1, None, None] * 6.3 * y
    return _scaled(victim, (weight * np.cos(angle + phase)).sum(axis=1))


def _blocks(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Rectangles of several shades on a plain ground."""
    height, width = victim.shape or (1, victim.features)
    pictures = np.repeat(rng.uniform(0, 1, (count, 1, 1)), height, axis=1).repeat(width, axis=2)
    for picture in pictures:
        for _ in range(int(rng.integers(1, 6))):
            top, left = int(rng.integers(0, height)), int(rng.integers(0, width))
            tall, broad = int(rng.integers(1, height + 1)), int(rng.integers(1, width + 1))
            picture[top : top + tall, left : left + broad] = rng.uniform(0, 1)
    return _scaled(victim, pictures)


def _strokes(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Pen strokes that are no sign of any script."""
    height, width = victim.shape or (1, victim.features)
    y, x = np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")
    pictures = np.zeros((count, height, width))
    for _ in range(4):
        t = np.linspace(0, 1, 12)[None, :, None]
        a, b, c = rng.uniform(0, 1, (3, count, 1, 2))
        path = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
        for point in range(path.shape[1]):
            far = (y - path[:, point, 0, None, None]) ** 2 + (x - path[:, point, 1, None, None]) ** 2
            pictures = np.maximum(pictures, np.exp(-far / 0.003))
    return _scaled(victim, pictures)


def _static(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Every value by itself."""
    return _scaled(victim, rng.random((count, victim.features)) ** rng.uniform(0.5, 4))


def _torn(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Honest pictures in four pieces that are dealt out anew, some of them as negatives."""
    height, width = victim.shape or (1, victim.features)
    x = victim.pool[rng.integers(0, len(victim.pool), count)].reshape(count, height, width).copy()
    for picture in x:
        picture[:] = np.roll(picture, (int(rng.integers(height)), int(rng.integers(width))), axis=(0, 1))
        if rng.random() < 0.3:
            picture[:] = picture.max() + picture.min() - picture
    return np.asarray(x.reshape(count, -1))


def _strangers(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Rows of another population: a mixture of clumps in random directions, stretched onto the honest ranges."""
    clumps = rng.normal(0, 1, (8, victim.features))
    x = clumps[rng.integers(0, 8, count)] + rng.normal(0, rng.uniform(0.2, 1), (count, victim.features))
    known = victim.pool[:2000]
    return np.asarray(known.mean(0) + x * known.std(0), np.float32)


def _swapped(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Rows whose columns stand in another order, each stretched onto the range of the column it came to."""
    known, order = victim.pool[:4000], rng.permutation(victim.features)
    spread = known.std(0)
    x = (known[rng.integers(0, len(known), count)] - known.mean(0)) / np.maximum(spread, 1e-9)
    return np.asarray(known.mean(0) + x[:, order] * spread, np.float32)


def _extremes(victim: Victim, rng: Generator, count: int) -> Matrix:
    """Rows of values near either end."""
    far = rng.beta(0.3, 0.3, (count, victim.features))
    return np.asarray(victim.grid.low + far * (victim.grid.high - victim.grid.low), np.float32)


_PICTURES = (_clouds, _blocks, _strokes, _static, _torn)
_ROWS = (_strangers, _swapped, _extremes)
