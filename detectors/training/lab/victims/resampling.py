"""Resampling of images: shift, turn, shear and zoom, by bilinear interpolation."""

import numpy as np

from detectors.training.lab.types import Generator, Matrix
from schemas.batch import Doubles


def warped(
    rng: Generator, images: Matrix, shape: tuple[int, int], *, turn: float, zoom: float, shear: float, shift: float
) -> Matrix:
    """Images (n, h, w) as images (n, H, W) of another shape, each moved a little in its own way.

    ``turn`` in radians, ``zoom`` as a logarithm, ``shift`` as a share of the side: standard deviations, all.
    """
    n, height, width = images.shape
    angle, size = rng.normal(0, turn, (n, 1, 1)), np.exp(rng.normal(0, zoom, (n, 1, 1)))
    lean, move = rng.normal(0, shear, (n, 1, 1)), rng.normal(0, shift, (2, n, 1, 1))
    y, x = np.meshgrid(*(np.linspace(-1, 1, side) for side in shape), indexing="ij")
    across, along = x / size, y / size
    across = across + lean * along
    cosine, sine = np.cos(angle), np.sin(angle)
    u = (cosine * along - sine * across + move[0] + 1) * (height - 1) / 2
    v = (sine * along + cosine * across + move[1] + 1) * (width - 1) / 2
    return bilinear(images, u, v)


def bilinear(images: Matrix, u: Doubles, v: Doubles) -> Matrix:
    """Values (n, H, W) of images (n, h, w) at rows ``u`` and columns ``v`` (n, H, W); nothing is beyond the border."""
    n, height, width = images.shape
    padded = np.zeros((n, height + 2, width + 2), np.float32)
    padded[:, 1:-1, 1:-1] = images
    u, v = np.clip(u + 1, 0, height + 0.999), np.clip(v + 1, 0, width + 0.999)
    row, column = u.astype(np.int64), v.astype(np.int64)
    a, b = (u - row).astype(np.float32), (v - column).astype(np.float32)
    one = np.arange(n)[:, None, None]
    upper = padded[one, row, column] * (1 - b) + padded[one, row, column + 1] * b
    lower = padded[one, row + 1, column] * (1 - b) + padded[one, row + 1, column + 1] * b
    return np.asarray(upper * (1 - a) + lower * a, np.float32)
