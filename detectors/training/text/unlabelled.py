"""Texts that embeddings learn from: which may be used, sentences of them, glosses, and a split without near copies."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from schemas.batch import Codes, Flags, Integers

SENTENCE = re.compile(r"(?<=[.?!])\s+|\n+")
SHORTEST, LONGEST = 20, 300  # letters of a sentence that is used by itself
REFUSED = ("ODC", "CC-BY", "GPL", "NC")  # parts of licences whose texts nothing is trained on
HASHES, BAND = 32, 4
PRIME = (1 << 31) - 1


def permitted(row: Mapping[str, str]) -> bool:
    """Whether a text's licence lets weights that learnt from it be given away under ours."""
    return not any(part in row["licence"] for part in REFUSED)


def sentences(texts: Sequence[str]) -> list[str]:
    """Different sentences of some length that are no whole text, in the order of the alphabet."""
    apart = (one.strip() for text in texts for one in SENTENCE.split(text))
    return sorted({one for one in apart if SHORTEST <= len(one) <= LONGEST} - set(texts))


def glosses(lines: Iterable[str]) -> list[str]:
    """``word, word: what they mean`` of each line of a WordNet data file (wndb(5WN))."""
    made = []
    for line in lines:
        if not line.startswith("  ") and " | " in line:
            head, meaning = line.split(" | ", 1)
            fields = head.split()
            words = [fields[4 + 2 * i].split("(")[0].replace("_", " ") for i in range(int(fields[3], 16))]
            made.append(f"{', '.join(words)}: {meaning.strip()}")
    return made


def held_out(texts: Sequence[Codes], part: int = 6) -> Flags:
    """One in ``part`` groups of near copies (N,), so that no held-out text has a near copy among the others."""
    groups = near_copies(texts)
    return np.asarray(groups * 2654435761 % PRIME % part == 0)


def near_copies(texts: Sequence[Codes]) -> Integers:
    """Group of each text (N,): those that share a band of a MinHash over pairs of pieces are one group.

    Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900. Two texts whose pairs overlap by half meet with chance 0.4,
    by four fifths 0.98.
    """
    chance = np.random.default_rng(0)
    by, plus = chance.integers(1, PRIME, (2, HASHES, 1))
    above: dict[int, int] = {i: i for i in range(len(texts))}
    seen: dict[tuple[int, bytes], int] = {}
    for i, text in enumerate(texts):
        pairs = np.unique(text[:-1].astype(np.int64) * 65537 + text[1:]) if len(text) > 1 else text.astype(np.int64)
        if not len(pairs):
            continue
        sign = ((pairs % PRIME * by + plus) % PRIME).min(axis=1)
        for band in range(0, HASHES, BAND):
            first = seen.setdefault((band, sign[band : band + BAND].tobytes()), i)
            above[_root(above, i)] = _root(above, first)
    return np.array([_root(above, i) for i in range(len(texts))])


def _root(above: dict[int, int], one: int) -> int:
    while above[one] != one:
        above[one] = one = above[above[one]]
    return one
