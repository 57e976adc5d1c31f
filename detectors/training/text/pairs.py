"""How likely letters follow each other in ordinary English: what tells rot13 and noise from words."""

from collections.abc import Iterable

import numpy as np

from schemas.batch import Floats

SYMBOLS = 27  # the letters, and anything else
LEAST = -9.0  # log2: pairs that were hardly ever seen


def letter_pairs(texts: Iterable[str]) -> Floats:
    """log2 P(b | a) of the letters a, b of ordinary texts, half a pair added to each: (27, 27) f4."""
    counts = np.full((SYMBOLS, SYMBOLS), 0.5)
    for text in texts:
        data = np.frombuffer(text.lower().encode("utf-8", "replace"), np.uint8).astype(np.int64)
        code = np.where((data >= 97) & (data <= 122), data - 97, SYMBOLS - 1)
        np.add.at(counts, (code[:-1], code[1:]), 1)
    likely = np.log2(counts / counts.sum(1, keepdims=True))
    made: Floats = np.maximum(likely, LEAST).astype(np.float32)
    return made
