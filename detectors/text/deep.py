"""Deep heads: the prompt heads over a transformer's sentence vectors, on the same scale as the linear heads' logits.

The mean of both finds more than either (docs/detection/text.md): one knows words and tricks of writing, the other what
a sentence is about.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import stored

Array = npt.NDArray[Any]

NAME = "deep_heads"
DIMENSIONS = 384
BAND = (-4.0, 6.0)  # linear logits of ``subversion`` between which a prompt is doubtful


class Deep(NamedTuple):
    """H linear heads over sentence vectors.

    Attributes
    ----------
    weights, bias : (384, H) and (H,) f4
    """

    weights: Array
    bias: Array

    def logits(self, vectors: Array) -> Array:
        """Logits (N, H) of vectors (N, 384), each row by itself."""
        made = np.empty((len(vectors), len(self.bias)), np.float32)
        for row, vector in zip(made, vectors.astype(np.float32), strict=True):
            row[:] = (vector[:, None] * self.weights).sum(0) + self.bias
        return made


def shipped() -> Deep:
    """The deep heads that ship with tidegate; raises ``Corrupt``."""
    found = stored(NAME)
    return Deep(*(np.ascontiguousarray(found[name]) for name in Deep._fields))


def mean(linear: Array, deep: Array) -> Array:
    """Mean of both heads' logits (N,); the linear one where the transformer did not look."""
    return np.where(np.isnan(deep), linear, (linear + deep) / 2)


def doubtful(linear: Array) -> Array:
    """Which prompts (N,) the linear heads are unsure about."""
    return (linear > BAND[0]) & (linear < BAND[1])
