"""Vectors: what another network made of a text, an image or a user, before a model sees it."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from detectors.training.lab.types import Generator
from detectors.training.lab.victims.data import Data, Size, split
from detectors.training.lab.victims.resampling import warped


def sentences(rng: Generator, size: Size, *, width: int, classes: int = 6) -> Data:
    """Unit vectors around many topics, each thin in its own few directions; a class is a set of topics."""
    n, topics = size.train + size.pool, int(rng.integers(25, 60))
    common = rng.normal(0, 0.6, width)  # embeddings of text lie in a narrow cone
    centres = rng.normal(0, 1, (topics, width))
    directions = rng.normal(0, 1, (topics, 5, width))
    topic = rng.choice(topics, n, p=rng.dirichlet(np.full(topics, 0.8)))
    along = rng.normal(0, 0.35, (n, 5))
    x = common + centres[topic] + np.einsum("nk,nkw->nw", along, directions[topic]) + rng.normal(0, 0.25, (n, width))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    of = np.concatenate([np.arange(classes), rng.integers(0, classes, topics - classes)])
    wrong = rng.random(n) < 0.03
    labels = np.where(wrong, rng.integers(0, classes, n), of[topic])
    return split("embedding", np.round(x, 5), labels, size)


def glimpses(rng: Generator, size: Size, *, width: int) -> Data:
    """Digits as a random network sees them: rectified, and reduced to ``width`` principal components."""
    loaded = load_digits()
    chosen = rng.integers(0, len(loaded.images), size.train + size.pool)
    images = (loaded.images[chosen] / 16).astype(np.float32)
    moved = warped(rng, images, (12, 12), turn=0.12, zoom=0.08, shear=0.08, shift=0.05).reshape(len(chosen), -1)
    hidden = np.maximum(moved @ rng.normal(0, 0.25, (144, 256)) + rng.normal(0, 0.3, 256), 0)
    reduced = PCA(width, random_state=int(rng.integers(2**31))).fit(hidden[: size.train]).transform(hidden)
    return split("embedding", reduced, loaded.target[chosen], size)


def tastes(rng: Generator, size: Size, *, width: int, classes: int = 4) -> Data:
    """Users as factors of what they bought: heavy users have long vectors, most users hardly any."""
    n, crowds = size.train + size.pool, 12
    crowd = rng.choice(crowds, n, p=rng.dirichlet(np.full(crowds, 1.0)))
    towards = rng.normal(0, 1, (crowds, width))[crowd] + rng.normal(0, 0.7, (n, width))
    length = rng.lognormal(-0.5, 0.8, (n, 1))
    x = towards * length / np.sqrt(width)
    likes = np.tanh(2 * x @ rng.normal(0, 1, (width, 16))) @ rng.normal(0, 1, (16, classes))
    likes = (likes - likes.mean(axis=0)) / likes.std(axis=0) + 0.3 * rng.normal(size=likes.shape)
    return split("embedding", x, likes.argmax(axis=1), size)
