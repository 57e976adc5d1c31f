"""Restated: an answer that says several sentences of a protected text in other words.

A model that may not repeat its instructions often tells them all the same, as *my rules, in short*. Shingles do not
see that. So each sentence of the text is kept as a direction (:mod:`detectors.text.embedding`), and an answer restates
it if at least three of its sentences each lie near a different one:

    | { argmax_p <a_i, t_p> : max_p <a_i, t_p> >= 0.6 } | >= 3

An honest answer follows one or two of its instructions at a time (*a gardener will call back*); who recites them says
many. It is evidence and not certain, and another language is not seen: vectors are of English.

The directions say what a text is about to whoever has the file, unlike shingles, so they are made only on demand.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from detectors.outputs.finding import Finding
from detectors.text.embedding import DIMENSIONS, embed_many

KIND = "protected.restated"
ALIKE = np.float32(0.6)  # cosine from which one sentence says what another says
SEVERAL = 3  # different sentences of the text that one answer must say
WORDS = 5  # that a sentence has at least
MOST = 256  # sentences of an answer that are read
TOO_MANY = 1024  # sentences of a protected text: instructions have fewer, a corpus is no set of instructions
_SENTENCE = re.compile(r"[^.!?;:\n]+(?:[.!?;:](?=[^\s.!?;:])[^.!?;:\n]*)*")

Directions = npt.NDArray[np.float32]
NONE: Directions = np.zeros((0, DIMENSIONS), np.float32)


def directions(texts: Iterable[str]) -> Directions:
    """Of the sentences of texts: (P, 64), each of length 1; raises ``ValueError`` if they are too many."""
    said = [text[a:b] for text in texts for a, b in sentences(text)]
    if len(said) > TOO_MANY:
        raise ValueError(f"{len(said)} sentences; in other words at most {TOO_MANY} are looked for")
    return _embedded(said)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of five words and more begin and end."""
    for found in _SENTENCE.finditer(text):
        if len(found[0].split(None, WORDS)) >= WORDS:
            yield found.span()


def find(answer: str, known: Directions) -> list[Finding]:
    """The sentences of an answer that say what ``known`` ones (P, 64) say, if these are several; none otherwise."""
    places = [place for _, place in zip(range(MOST), sentences(answer), strict=False)] if len(known) else []
    if len(places) < SEVERAL:
        return []
    close = _embedded([answer[a:b] for a, b in places]) @ known.T
    which, near = close.argmax(axis=1), close.max(axis=1) >= ALIKE
    made = {int(which[i]): places[i] for i in np.flatnonzero(near)[::-1]}
    if len(made) < SEVERAL:
        return []
    return [Finding(KIND, a, b, f"sentence {p + 1} in other words") for p, (a, b) in sorted(made.items())]


def _embedded(said: list[str]) -> Directions:
    return embed_many(np.frombuffer(one.encode("utf-8", "replace"), np.uint8) for one in said)
