"""Prompt heads: what a prompt resembles, as logits of linear heads over its n-grams and its canonical numbers.

``subversion`` is any attempt to make a model do what its owner forbids; ``harmful`` a request for harm, however framed;
the others say which attempt it is. A prompt longer than 4 kB is read in windows, and each head takes the largest.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import stored
from detectors.text import grams
from detectors.text.canonical import MOST, Canonical, canonical

HEADS = ("subversion", "harmful", "jailbreak", "direct", "indirect", "extraction", "encoding")
WINDOWS = 8  # of a long prompt
CLIP = 4.0  # standard deviations

Array = npt.NDArray[Any]


class Heads(NamedTuple):
    """H linear heads.

    Attributes
    ----------
    weights, unit : (2^18, H) i1 and (H,) f4, of n-grams, and what one is worth
    numbers : (32, H) f4, of the standardised canonical numbers
    bias : (H,) f4
    mean, spread : (32,) f4, of the canonical numbers
    """

    weights: Array
    unit: Array
    numbers: Array
    bias: Array
    mean: Array
    spread: Array


def shipped() -> Heads:
    """The heads that ship with tidegate; raises ``Corrupt``."""
    found = stored("prompt_heads")
    return Heads(*(np.ascontiguousarray(found[name]) for name in Heads._fields))


class Reader:
    """Reads prompts one after the other; keeps what the compiled loop needs between them."""

    def __init__(self, heads: Heads) -> None:
        self.heads = heads
        self._weights = grams.packed(heads.weights)
        self._seen, self._places = grams.blank(), np.empty(grams.GRAMS * MOST, np.int64)

    def read(self, text: str) -> tuple[Array, Canonical]:
        """Logits (H,) f4 of a prompt, and its canonical form (of a long one, of its beginning and end)."""
        whole = canonical(text)
        made = self.logits(whole)
        for start in range(MOST, min(len(text), WINDOWS * MOST), MOST):
            made = np.maximum(made, self.logits(canonical(text[start : start + MOST])))
        return made, whole

    def logits(self, one: Canonical) -> Array:
        """Logits (H,) f4 of one canonical text."""
        heads = self.heads
        made: Array = np.empty(len(heads.bias), np.float32)
        grams.logits(one.text, self._seen, self._places, self._weights, heads.unit, made)
        grams.add(one.features, heads.mean, heads.spread, CLIP, heads.numbers, heads.bias, made)
        return made
