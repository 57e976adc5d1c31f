"""Protected texts: system prompts and corpora that must not be repeated, as a filter of salted shingles.

On demand also the meaning of each sentence, for instructions that are told in other words
(:mod:`detectors.outputs.restated`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import fingerprints
from detectors.outputs import restated
from detectors.outputs.finding import Finding
from detectors.outputs.shingles import WORDS, shingles
from detectors.outputs.veils import veiled
from detectors.packing import Corrupt, pack, unpack
from detectors.text.embedding import DIMENSIONS

MAGIC = b"tgP1"
DIGEST = 16
LARGEST = 1 << 30  # bytes of a file
RUN, LIKELY = 20, 12  # words in a row that are certainly, and probably, from the text
GAP = 3  # words between two runs that count as one

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """A text, or many, that an answer is compared with.

    Attributes
    ----------
    count : how many different shingles there are
    blocks : (B, 8) u8, a filter of 24 bits a shingle, which takes one of 5,000 others for its own
    secret : keys the shingles; not in the file
    meanings : (P, 64) f4 directions of sentences that are looked for in other words; none unless asked for
    """

    count: int
    blocks: Array
    secret: bytes
    meanings: Array = field(default_factory=restated.NONE.copy)

    @classmethod
    def of_texts(
        cls, texts: Iterable[str], secret: bytes, ordinary: Iterable[str] = (), *, other_words: bool = False
    ) -> "Protected":
        """Of texts, without what ordinary texts say too; raises ``ValueError`` if other words are too many to know."""
        said = list(texts)
        prints = _prints(said, secret)
        known = np.setdiff1d(prints, _prints(ordinary, secret))
        blocks = fingerprints.blocks_for(len(known))
        fingerprints.fill(known, blocks)
        return cls(len(known), blocks, secret, restated.directions(said) if other_words else restated.NONE.copy())

    def longest(self, text: str) -> tuple[int, int, int]:
        """Most words in a row that are from the protected text, and where they begin and end in bytes of ``text``.

        Up to three words between two runs may be others.
        """
        made = shingles(text, self.secret)
        found = np.zeros(len(made.prints), np.uint8)
        fingerprints.look_up(made.prints, self.blocks, np.zeros(0, np.uint64), found)
        hits = np.flatnonzero(found == fingerprints.MEMBER)
        if not len(hits):
            return 0, 0, 0
        cuts = np.flatnonzero(np.diff(hits) > WORDS + GAP)
        firsts, lasts = np.r_[hits[0], hits[cuts + 1]], np.r_[hits[cuts], hits[-1]]
        best = int(np.argmax(lasts - firsts))
        first, last = int(firsts[best]), int(lasts[best]) + WORDS
        return last - first, int(made.words[first, 0]), int(made.words[last - 1, 1])

    def find(self, answer: str) -> list[Finding]:
        """The longest run of the protected text in an answer, or, if there is none, in what it may be a veil of."""
        words, start, end = self.longest(answer)
        if words >= LIKELY:
            data = answer.lower().encode("utf-8", "replace")
            places = (len(data[:start].decode("utf-8", "ignore")), len(data[:end].decode("utf-8", "ignore")))
            return [_finding(words, *(min(p, len(answer)) for p in places))]
        for other in veiled(answer):
            words = self.longest(other)[0]
            if words >= LIKELY:
                return [_finding(words, 0, len(answer))]
        return restated.find(answer, self.meanings)

    def to_bytes(self) -> bytes:
        """The file: the same texts give the same bytes."""
        body = pack({"count": self.count}, {"blocks": self.blocks, "meanings": self.meanings})
        return MAGIC + _seal(body, self.secret) + body

    @classmethod
    def from_bytes(cls, data: bytes, secret: bytes) -> "Protected":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` for anything else, and where it was made with another secret."""
        seal, body = data[4 : 4 + DIGEST], data[4 + DIGEST :]
        if data[:4] != MAGIC:
            raise Corrupt("no protected texts")
        if _seal(body, secret) != seal:
            raise Corrupt("the protected texts are damaged, or were made with another secret")
        plain, arrays = unpack(body)
        try:
            made = cls(int(plain["count"]), arrays["blocks"], secret, arrays.get("meanings", restated.NONE.copy()))
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"the protected texts lack {error}") from error
        if made.blocks.dtype != np.uint64 or made.blocks.ndim != 2 or made.blocks.shape[1] != fingerprints.WORDS:
            raise Corrupt("the filter of protected texts has another form")
        if made.meanings.dtype != np.float32 or made.meanings.ndim != 2 or made.meanings.shape[1] != DIMENSIONS:
            raise Corrupt("the sentences of protected texts have another form")
        return made


def _finding(words: int, start: int, end: int) -> Finding:
    return Finding("protected", start, end, f"{words} words", certain=words >= RUN)


def _prints(texts: Iterable[str], secret: bytes) -> Array:
    made = [shingles(text, secret).prints for text in texts]
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *made]))


def _seal(body: bytes, secret: bytes) -> bytes:
    key = blake2b(secret, digest_size=32, person=b"tidegate.protect").digest()
    return blake2b(body, key=key, digest_size=DIGEST).digest()
