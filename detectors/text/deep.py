"""Deep heads: the prompt heads over what a transformer makes of a prompt, on the scale of the linear heads' logits.

The mean of both finds more than either (docs/detection/text.md): one knows words and tricks of writing, the other what
a sentence is about. Heads read the mean of the pieces after every layer but the first: the last layer, which becomes
the sentence's vector, keeps what a text is about, and forgets much of what it wants.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import stored

Array = npt.NDArray[Any]

NAME = "deep_heads"
LAYERS = "layers"  # output of the transformer that heads read
WIDTH = 384
DIMENSIONS = 5 * WIDTH
SAY = 0.4  # of the deep heads
FOREIGN = 0.5  # share of bytes outside ASCII above which they have none: the transformer has learnt English
BAND = (-4.0, 6.0)  # linear logits of ``subversion`` between which a prompt is doubtful


class Deep(NamedTuple):
    """H linear heads over means of layers.

    Attributes
    ----------
    weights, bias : (1920, H) and (H,) f4
    """

    weights: Array
    bias: Array

    def logits(self, vectors: Array) -> Array:
        """Logits (N, H) of vectors (N, 1920), each row by itself."""
        made = np.empty((len(vectors), len(self.bias)), np.float32)
        for row, vector in zip(made, vectors.astype(np.float32), strict=True):
            row[:] = (vector[:, None] * self.weights).sum(0) + self.bias
        return made


def shipped() -> Deep:
    """The deep heads that ship with tidegate; raises ``Corrupt``."""
    found = stored(NAME)
    return Deep(*(np.ascontiguousarray(found[name]) for name in Deep._fields))


def mean(linear: Array, deep: Array) -> Array:
    """Both heads' logits (N,) as one; the linear one where the transformer did not look."""
    return np.where(np.isnan(deep), linear, (1 - SAY) * linear + SAY * deep)


def legible(outside: Array) -> Array:
    """Which prompts (N,) the transformer can read, by the share of their bytes that is outside ASCII."""
    return outside <= FOREIGN


def doubtful(linear: Array) -> Array:
    """Which prompts (N,) the linear heads are unsure about."""
    return (linear > BAND[0]) & (linear < BAND[1])
