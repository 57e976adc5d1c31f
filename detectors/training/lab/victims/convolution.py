"""A convolutional layer without gradients: its filters are principal components of whitened patches.

Coates, Ng and Lee, An Analysis of Single-Layer Networks in Unsupervised Feature Learning (AISTATS 2011).
"""

from collections.abc import Callable

import numpy as np

from detectors.training.lab.types import Generator, Matrix

PATCHES = 20_000  # from which the filters are made


def convolution(rng: Generator, images: Matrix, shape: tuple[int, int]) -> Callable[[Matrix], Matrix]:
    """Learn filters from images (M, H * W); return a layer (n, H * W) -> (n, D) with pooling over a 3 x 3 board."""
    side = int(rng.integers(3, 6))
    count = int(rng.integers(8, 15))
    patches = _patches(images[rng.choice(len(images), min(len(images), 200), replace=False)], shape, side)
    flat = patches.reshape(-1, side * side)
    flat = flat[rng.choice(len(flat), min(len(flat), PATCHES), replace=False)]
    flat = flat - flat.mean(axis=1, keepdims=True)
    _, values, vectors = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    filters = (vectors[: min(count, len(vectors))] / (values[:count, None] / np.sqrt(len(flat)) + 0.05)).T

    def layer(x: Matrix) -> Matrix:
        """Positive and negative parts of the filters' answers, averaged over nine regions."""
        seen = _patches(x, shape, side)
        n, height, width, _ = seen.shape
        found = (seen - seen.mean(axis=3, keepdims=True)).reshape(-1, side * side) @ filters
        found = found.reshape(n, height, width, filters.shape[1])
        both = np.concatenate([np.maximum(found - 0.3, 0), np.maximum(-found - 0.3, 0)], axis=3)
        rows, columns = np.linspace(0, height, 4).astype(int), np.linspace(0, width, 4).astype(int)
        pooled = [
            both[:, rows[i] : rows[i + 1], columns[j] : columns[j + 1]].mean(axis=(1, 2))
            for i in range(3)
            for j in range(3)
        ]
        return np.concatenate(pooled, axis=1).astype(np.float32)

    return layer


def _patches(images: Matrix, shape: tuple[int, int], side: int) -> Matrix:
    """All patches (n, rows, columns, side^2), in large images every other one."""
    windows = np.lib.stride_tricks.sliding_window_view(images.reshape(-1, *shape), (side, side), axis=(1, 2))
    stride = 1 + (shape[0] > 16)
    windows = windows[:, ::stride, ::stride]
    return np.ascontiguousarray(windows.reshape(*windows.shape[:3], side * side))
