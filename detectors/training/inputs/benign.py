"""What happens to honest inputs on their way: a detector that takes it for an attack is of no use.

A detector trained without such rows flagged 95 % of noisy honest images, at a threshold with a false-positive rate
of one in a thousand on clean ones.

References
----------
Hendrycks, Dietterich 2019, https://arxiv.org/abs/1903.12261 (common corruptions).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.training.inputs.data import Place

Array = npt.NDArray[Any]
Corruption = Callable[[Array, Place, np.random.Generator], Array]


def _noise(size: float) -> Corruption:
    return lambda x, place, draw: x + draw.normal(0, size, x.shape) * place.spread * place.free


def _images(x: Array, place: Place) -> Array:
    return x.reshape(len(x), *(place.shape if len(place.shape) == 3 else (1, *place.shape)))


def _blur(x: Array, place: Place, draw: np.random.Generator) -> Array:
    del draw
    made = np.pad(_images(x, place), ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    down = (made[:, :, :-2] + 2 * made[:, :, 1:-1] + made[:, :, 2:]) / 4
    return np.asarray((down[..., :-2] + 2 * down[..., 1:-1] + down[..., 2:]) / 4)


def _shift(x: Array, place: Place, draw: np.random.Generator) -> Array:
    return np.roll(_images(x, place), tuple(draw.integers(-2, 3, 2)), axis=(2, 3))


def _bright(x: Array, place: Place, draw: np.random.Generator) -> Array:
    return x + draw.uniform(-0.2, 0.2, (len(x), 1)) * place.spread


def _contrast(x: Array, place: Place, draw: np.random.Generator) -> Array:
    middle = x.mean(1, keepdims=True)
    return np.asarray(middle + (x - middle) * draw.uniform(0.6, 1.2, (len(x), 1)))


def _salt(x: Array, place: Place, draw: np.random.Generator) -> Array:
    where = draw.random(x.shape)
    return np.where(where < 0.01, place.low, np.where(where > 0.99, place.high, x))


def _levels(x: Array, place: Place, draw: np.random.Generator) -> Array:
    del draw
    step = place.spread / 15
    return np.asarray(place.low + np.rint((x - place.low) / step) * step)


def _blocks(x: Array, place: Place, draw: np.random.Generator) -> Array:
    """What strong JPEG leaves: each 8 x 8 block keeps its lowest frequencies."""
    del draw
    images = _images(x, place)
    n, c, h, w = images.shape
    full = np.pad(images, ((0, 0), (0, 0), (0, -h % 8), (0, -w % 8)), mode="edge")
    k = np.arange(8)
    basis = np.cos(np.pi * (2 * k[None] + 1) * k[:, None] / 16) * np.where(k == 0, 8**-0.5, 0.5)[:, None]
    cut = full.reshape(n, c, full.shape[2] // 8, 8, full.shape[3] // 8, 8)
    waves = np.einsum("ua,ncxayb,vb->ncxuyv", basis, cut, basis, optimize=True)
    waves = waves * (k[:, None] + k[None] < 6).reshape(1, 1, 1, 8, 1, 8)
    back = np.einsum("ua,ncxuyv,vb->ncxayb", basis, waves, basis, optimize=True)
    return np.asarray(back.reshape(full.shape)[:, :, :h, :w])


def _rounded(x: Array, place: Place, draw: np.random.Generator) -> Array:
    del draw
    digits = 10.0 ** np.floor(np.log10(place.spread))
    return np.where(place.free, np.rint(x / digits) * digits, x)


def _missing(x: Array, place: Place, draw: np.random.Generator) -> Array:
    gone = (draw.random(x.shape) < 1.5 / x.shape[1]) & place.free
    return np.where(gone, 0.0, x)


def _edges(x: Array, place: Place, draw: np.random.Generator) -> Array:
    at = (draw.random(x.shape) < 1.5 / x.shape[1]) & place.free
    return np.where(at, np.where(draw.random(x.shape) < 0.5, place.low, place.high), x)


def _units(x: Array, place: Place, draw: np.random.Generator) -> Array:
    return np.asarray(x * np.where(place.free, draw.uniform(0.95, 1.05, (1, x.shape[1])), 1.0))


def _mixed(x: Array, place: Place, draw: np.random.Generator) -> Array:
    """Single values of another honest row: the customer corrected an entry."""
    other = x[draw.permutation(len(x))]
    return np.where((draw.random(x.shape) < 1.5 / x.shape[1]) & place.free, other, x)


IMAGE: dict[str, Corruption] = {
    "noise": _noise(0.05), "strong noise": _noise(0.12), "blur": _blur, "shift": _shift, "brightness": _bright,
    "contrast": _contrast, "salt and pepper": _salt, "few levels": _levels, "jpeg": _blocks,
}  # fmt: skip
TABULAR: dict[str, Corruption] = {
    "noise": _noise(0.05), "strong noise": _noise(0.2), "rounding": _rounded, "missing as zero": _missing,
    "extremes": _edges, "other units": _units, "corrected entry": _mixed,
}  # fmt: skip


def changed(name: str, x: Array, place: Place, seed: int) -> Array:
    """Inputs (N, F) after a corruption, within bounds and on the grid."""
    kinds = IMAGE | TABULAR if len(place.shape) == 1 else IMAGE
    made = kinds[name](x, place, np.random.default_rng(seed))
    return place.snapped(made.reshape(len(x), -1).astype(np.float32))
