"""Words of our own prompts that the embedding's vocabulary lacks: known when broken words are mended."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from detectors.text.canonical import canonical
from detectors.text.embedding import known
from detectors.text.lexicon import Words, rank

LEAST = 5  # prompts that have a word
RARER = 10  # times as often that a word has another's letters, two of them exchanged: then it is that one misspelt
WORD = re.compile(rb"(?<![a-z\x80-\xff])[a-z]{4,24}(?![a-z\x80-\xff])")


def words(texts: Iterable[str]) -> list[str]:
    """Unknown words, of four letters or more, that five texts or more have; in order, without misspelt ones."""
    seen: Counter[bytes] = Counter()
    for text in texts:
        seen.update(set(WORD.findall(canonical(text).text.tobytes())))
    pieces = Words(*known()[:2])
    often = [word for word, count in sorted(seen.items()) if count >= LEAST]
    unknown = [word for word in often if rank(np.frombuffer(word, np.uint8), 0, len(word), pieces) < 0]
    return [word.decode() for word in unknown if _usual(word, seen) < RARER * seen[word]]


def _usual(word: bytes, seen: Mapping[bytes, int]) -> int:
    """How many texts have the most usual word that an exchange of two letters makes of this one."""
    return max(seen.get(word[:k] + word[k : k + 2][::-1] + word[k + 2 :], 0) for k in range(len(word) - 1))
