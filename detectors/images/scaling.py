"""Scaling: whether a model that scales an image down sees another image than people do.

Nearest, bilinear and bicubic scaling look at a few pixels for each one of the result. Who knows the size to which a
model scales can write another image into exactly those. They then stand out from the pixels around them, over whole
areas and in one direction; and the pixels beside them, which another size would look at, do not. So an image less its
local mean is scaled down, and tiles of 4 x 4 of the result are averaged: fine texture and noise cancel. The score is
the root of the mean square of tiles, against that of the same grid moved by half a step: texture, type and dithering
look the same there.

References
----------
Xiao et al., Seeing is not believing: camouflage attacks on image scaling algorithms, USENIX Security 2019. Quiring et
al., Adversarial preprocessing: understanding and preventing image-scaling attacks in machine learning, USENIX Security
2020. Kim et al., Decamouflage, 2020, https://arxiv.org/abs/2010.03735.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]
Taps = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]

SIZES = (224, 256, 299, 336, 384, 448, 512, 768)  # pixels of both sides that models take
LEAST = 1.5  # times that an image must be larger than a size
TILE = 4  # pixels of the scaled image
AROUND = 4  # pixels on each side of the local mean
METHODS = ("nearest", "nearest_corner", "bilinear")  # the pixels of bicubic are those of bilinear, and some more
FLOOR = 1.5  # grey values that every image may differ by


class Hidden(NamedTuple):
    """How many times as much the pixels that a model sees stand out; by which method, to which size (0: too small)."""

    times: float
    method: str
    size: int


def hidden(image: Grey) -> Hidden:
    """The most suspicious way to scale (H, W) grey values down."""
    best = Hidden(1.0, "", 0)
    rest: Grey | None = None
    for size in SIZES:
        if min(image.shape) < LEAST * size:
            break
        rest = sharp(image) if rest is None else rest
        half = [max(1, round(n / size / 2)) for n in image.shape]
        for method in METHODS:
            here = roughness(scaled(rest, size, method))
            moved = [
                roughness(scaled(rest, size, method, (y, x)))
                for y, x in ((half[0], 0), (0, half[1]), (half[0], half[1]))
            ]
            best = max(best, Hidden(here / max(FLOOR, *moved), method, size))
    return best


def sharp(image: Grey) -> Grey:
    """An image less the mean of what lies around each pixel."""
    mean = image
    for _ in range(2):
        padded = np.pad(mean, ((AROUND + 1, AROUND), (0, 0)), mode="edge")
        total = np.cumsum(padded, axis=0, dtype=np.float64)
        width = 2 * AROUND + 1
        mean = np.ascontiguousarray(((total[width:] - total[:-width]) / width).T.astype(np.float32))
    return image - mean


def roughness(scaled_: Grey) -> float:
    """Root of the mean square over tiles of their means."""
    n = len(scaled_) // TILE * TILE
    tiles = scaled_[:n, :n].reshape(n // TILE, TILE, n // TILE, TILE).mean((1, 3), dtype=np.float64)
    return float(np.sqrt((tiles * tiles).mean()))


def scaled(image: Grey, size: int, method: str, moved: tuple[int, int] = (0, 0)) -> Grey:
    """An image (H, W) scaled to a square as libraries do that do not smooth first; its grid moved by some pixels."""
    rows, columns = (taps(n, size, method, m) for n, m in zip(image.shape, moved, strict=True))
    some = _along(image, rows)
    return np.ascontiguousarray(_along(np.ascontiguousarray(some.T), columns).T)


def taps(n: int, m: int, method: str, moved: int = 0) -> Taps:
    """Which of n pixels each of m is made of, (m, k), and their weights."""
    step = n / m
    if method.startswith("nearest"):
        at = np.floor((np.arange(m) + (0.5 if method == "nearest" else 0.0)) * step).astype(np.int64)
        return np.clip(at + moved, 0, n - 1)[:, None], np.ones((m, 1), np.float32)
    centre = (np.arange(m) + 0.5) * step - 0.5
    first = np.floor(centre).astype(np.int64)
    weight = np.stack([1 - (centre - first), centre - first], 1).astype(np.float32)
    return np.clip(first[:, None] + np.arange(2) + moved, 0, n - 1), weight


def _along(image: Grey, made_of: Taps) -> Grey:
    at, weight = made_of
    out = image[at[:, 0]] * weight[:, :1]
    for k in range(1, at.shape[1]):
        out += image[at[:, k]] * weight[:, k : k + 1]
    return out
