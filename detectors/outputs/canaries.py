"""Canary tokens: texts that stand only where nobody should read them, plain or as a model may be asked to veil them."""

import base64
import codecs
from collections.abc import Iterator, Sequence

from detectors.outputs.finding import Finding, masked
from detectors.outputs.patterns import Words
from detectors.outputs.veils import unspaced

SHORTEST = 8  # letters; what is shorter turns up by chance


class Canaries:
    """A list of tokens and every form in which one may be found. Raises ``ValueError`` where one is too short."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        needles: list[tuple[str, str]] = []
        for token in tokens:
            bare = unspaced(token)
            if len(bare) < SHORTEST:
                raise ValueError(f"the canary {masked(token)} has fewer than {SHORTEST} letters")
            needles += [(form, token) for form in _forms(token, bare)]
        self._needles = needles
        self._words = Words([form for form, _ in needles])

    def find(self, answer: str, kind: str) -> list[Finding]:
        """Canaries in an answer, each once: where it is if it is there as it was written, else all of the answer."""
        if not self.tokens:
            return []
        bare = unspaced(answer)
        found = {self._needles[i][1] for i in self._words.among(bare.encode("utf-8", "replace"))}
        return [self._finding(answer, token, kind) for token in self.tokens if token in found]

    def _finding(self, answer: str, token: str, kind: str) -> Finding:
        place = answer.find(token)
        span = (place, place + len(token)) if place >= 0 else (0, len(answer))
        return Finding(kind, *span, masked(token), certain=True)


def _forms(token: str, bare: str) -> Iterator[str]:
    yield bare
    yield bare[::-1]
    yield codecs.encode(bare, "rot13")
    for text in {token, bare}:
        data = text.encode()
        yield data.hex()
        for shift in range(3):  # a token within a longer text that was encoded begins at any of three places
            coded = base64.b64encode(b"\0" * shift + data).decode()
            inner = coded[(0, 2, 3)[shift] : len(coded.rstrip("=")) - 1]
            if len(inner) >= SHORTEST:
                yield inner
