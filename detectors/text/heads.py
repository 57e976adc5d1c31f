"""Prompt heads: what a prompt resembles, as logits of linear heads over its n-grams and its canonical numbers.

``subversion`` is any attempt to make a model do what its owner forbids; ``harmful`` a request for harm, however framed;
the others say which attempt it is. These two have a second view of the prompt, its embedding. A prompt longer than 4 kB
is read in windows, and each head takes the largest.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import stored
from detectors.text import grams, waves
from detectors.text.canonical import MOST, Canonical, canonical
from detectors.text.embedding import DIMENSIONS, embed
from detectors.text.mended import mended

HEADS = ("subversion", "harmful", "jailbreak", "direct", "indirect", "extraction", "encoding")
SUBVERSION = HEADS.index("subversion")
DECIDING = 2  # heads, the first ones, that have the second view
WINDOWS = 8  # of a long prompt
CLIP = 4.0  # standard deviations

Array = npt.NDArray[Any]


class Heads(NamedTuple):
    """H linear heads, the first two with a second view.

    Attributes
    ----------
    weights, unit : (2^18, H) i1 and (H,) f4, of n-grams, and what one is worth
    numbers : (32, H) f4, of the standardised canonical numbers
    bias : (H,) f4
    mean, spread : (32,) f4, of the canonical numbers
    turn, phase, worth, plain : of :class:`detectors.text.waves.Waves`
    """

    weights: Array
    unit: Array
    numbers: Array
    bias: Array
    mean: Array
    spread: Array
    turn: Array
    phase: Array
    worth: Array
    plain: Array


class Read(NamedTuple):
    """What was read of a prompt.

    Attributes
    ----------
    logits : (H,) f4
    canonical : canonical form, broken words made whole; of a long prompt, of its beginning and end
    direction : (64,) f4, the embedding of the canonical form
    """

    logits: Array
    canonical: Canonical
    direction: Array


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
        self._waves = waves.Waves(heads.turn, heads.phase, heads.worth, heads.plain)
        self._cosines = np.empty_like(heads.phase)

    def read(self, text: str) -> Read:
        """Read a prompt."""
        whole = mended(canonical(text))
        made, direction = self.judged(whole)
        for start in range(MOST, min(len(text), WINDOWS * MOST), MOST):
            made = np.maximum(made, self.judged(mended(canonical(text[start : start + MOST])))[0])
        return Read(made, whole, direction)

    def judged(self, one: Canonical) -> tuple[Array, Array]:
        """Logits (H,) f4 of one canonical text, and its embedding (64,) f4."""
        heads = self.heads
        made: Array = np.empty(len(heads.bias), np.float32)
        direction: Array = np.empty(DIMENSIONS, np.float32)
        grams.logits(one.text, self._seen, self._places, self._weights, heads.unit, made)
        grams.add(one.features, heads.mean, heads.spread, CLIP, heads.numbers, heads.bias, made)
        embed(one.text, direction)
        waves.add(direction, *self._waves, self._cosines, made)
        return made, direction
