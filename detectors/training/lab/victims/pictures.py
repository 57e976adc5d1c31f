"""Pictures: scikit-learn's digits in several sizes, and drawn ones: shapes, silhouettes, textures."""

import numpy as np
from sklearn.datasets import load_digits

from detectors.training.lab.types import Generator, Matrix
from detectors.training.lab.victims.data import Data, Size, split
from detectors.training.lab.victims.resampling import warped
from schemas.batch import Codes, Doubles, Integers


def digits(rng: Generator, size: Size, *, side: int, levels: int) -> Data:
    """Digits of ``side`` x ``side`` pixels with ``levels`` + 1 grey values, each moved a little.

    What was trained on and what customers ask are drawn alike: else whoever asks for the former would stand out.
    """
    loaded = load_digits()
    chosen = rng.integers(0, len(loaded.images), size.train + size.pool)
    images = (loaded.images[chosen] / 16).astype(np.float32)
    moved = warped(rng, images, (side, side), turn=0.10, zoom=0.06, shear=0.08, shift=0.05)
    bright = np.clip(moved * rng.uniform(0.75, 1.1, (len(moved), 1, 1)), 0, 1)
    return _pictures(bright, loaded.target[chosen], size, levels)


def shapes(rng: Generator, size: Size, *, side: int, levels: int) -> Data:
    """One of six shapes anywhere, on an uneven background with grain."""
    n = size.train + size.pool
    classes = rng.choice(6, n, p=rng.dirichlet(np.full(6, 8.0)))
    y, x = _board(n, side)
    angle = rng.normal(0, 0.3, (n, 1, 1))
    centre = rng.uniform(-0.2, 0.2, (2, n, 1, 1))
    scale = rng.uniform(0.45, 0.7, (n, 1, 1))
    y, x = (y - centre[0]) / scale, (x - centre[1]) / scale
    u, v = np.cos(angle) * y - np.sin(angle) * x, np.sin(angle) * y + np.cos(angle) * x
    far = np.hypot(u, v)
    distance = np.stack(
        [
            far - 0.9,
            np.maximum(abs(u), abs(v)) - 0.8,
            np.maximum(abs(u) * 0.87 + v * 0.5, -v) - 0.5,
            np.minimum(np.maximum(abs(u), 3.5 * abs(v)), np.maximum(3.5 * abs(u), abs(v))) - 1.0,
            abs(far - 0.8) - 0.22,
            np.maximum(abs(u) * 0.8, abs(v) * 3) - 0.9,
        ]
    )[classes, np.arange(n)]
    inside = 1 / (1 + np.exp(distance * 9))
    back, front = rng.uniform(0, 0.45, (n, 1, 1)), rng.uniform(0.5, 1.0, (n, 1, 1))
    image = back + (front - back) * inside + rng.normal(0, 0.06, (n, 1, 1)) * x
    return _pictures(np.clip(image + rng.normal(0, 0.02, image.shape), 0, 1), classes, size, levels)


def silhouettes(rng: Generator, size: Size, *, side: int, levels: int) -> Data:
    """Symmetric outlines with a pattern, one profile of widths for each of eight classes, on plain black."""
    n, count = size.train + size.pool, 8
    classes = rng.choice(count, n, p=rng.dirichlet(np.full(count, 10.0)))
    knots = np.linspace(-1, 1, 6)
    profiles = np.clip(rng.normal(0.5, 0.2, (count, 6)), 0.08, 0.95)
    own = np.clip(profiles[classes] + rng.normal(0, 0.13, (n, 6)), 0.03, 1.0)
    y, x = _board(n, side)
    x = x + rng.normal(0, 0.12, (n, 1, 1))
    rows = np.linspace(-1, 1, side)
    width = np.stack([np.interp(rows, knots, one) for one in own])[:, :, None]
    gap = rng.uniform(0, 0.25, (count, 1, 1))[classes] * (y > rng.uniform(-0.3, 0.6, (count, 1, 1))[classes])
    inside = (abs(x) < width) & (abs(x) >= gap) & (abs(y) < rng.uniform(0.75, 1.0, (n, 1, 1)))
    stripes = 0.2 * np.sin(rng.uniform(2, 14, (n, 1, 1)) * (y * rng.random((n, 1, 1)) + x))
    tone = rng.uniform(0.3, 0.95, (n, 1, 1)) + stripes * (rng.random((n, 1, 1)) < 0.4)
    image = np.where(inside, np.clip(tone + rng.normal(0, 0.04, inside.shape), 0.02, 1), 0.0)
    return _pictures(image, classes, size, levels)


def textures(rng: Generator, size: Size, *, side: int, levels: int) -> Data:
    """Waves of a direction and length by class, two on each other, with light from one side."""
    n, count = size.train + size.pool, 5
    classes = rng.choice(count, n, p=rng.dirichlet(np.full(count, 6.0)))
    y, x = _board(n, side)
    image: Doubles = 0.5 + rng.normal(0, 0.12, (n, 1, 1)) * y + rng.normal(0, 0.12, (n, 1, 1)) * x
    for strength in (0.22, 0.12):
        angles, lengths = rng.uniform(0, np.pi, count), rng.uniform(3, 13, count)
        angle = (angles[classes] + rng.normal(0, 0.15, n))[:, None, None]
        wave = lengths[classes][:, None, None] * np.exp(rng.normal(0, 0.08, (n, 1, 1)))
        phase = rng.uniform(0, 2 * np.pi, (n, 1, 1))
        height = strength * rng.uniform(0.5, 1.3, (n, 1, 1))
        image = image + height * np.sin(wave * (np.cos(angle) * x + np.sin(angle) * y) + phase)
    return _pictures(np.clip(image + rng.normal(0, 0.05, image.shape), 0, 1), classes, size, levels)


def _board(n: int, side: int) -> tuple[Doubles, Doubles]:
    """Rows and columns from -1 to 1, as (n, side, side) without copies."""
    line = np.linspace(-1, 1, side)
    y, x = np.meshgrid(line, line, indexing="ij")
    return np.broadcast_to(y, (n, side, side)), np.broadcast_to(x, (n, side, side))


def _pictures(images: Matrix | Doubles, classes: Codes | Integers, size: Size, levels: int) -> Data:
    side = images.shape[1]
    flat = (np.rint(images * levels) / levels).reshape(len(images), -1)
    data = split("image", flat, classes, size, step=1 / levels, shape=(side, side))
    low, high = np.zeros_like(data.grid.low), np.ones_like(data.grid.high)
    return data._replace(grid=data.grid._replace(low=low, high=high))
