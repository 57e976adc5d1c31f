"""Prompts in disguise, honest ones too: so that heads judge what is said, not that it was disguised."""

import base64
import codecs
from collections.abc import Callable, Sequence

import numpy as np

from detectors.training.text.corpus import Prompt

SHARE = 0.45  # of prompts of which a disguised copy is added
LONGEST = 1000  # characters of a copy
_FULL = {c: c + 0xFEE0 for c in range(33, 127)}
_BOLD = {c: c - 65 + 0x1D400 for c in range(65, 91)} | {c: c - 97 + 0x1D41A for c in range(97, 123)}
_CYRILLIC = str.maketrans("aeopcxy", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443")
_LEET = str.maketrans("oieast", "013457")

_TYPO = (6, 7)  # letters from one pair that changed places to the next: this many, and up to so many more


def _typos(text: str) -> str:
    letters = list(text)
    for i in range(len(text) % 5, len(letters) - 2, _TYPO[0] + len(text) % _TYPO[1]):
        letters[i : i + 2] = letters[i : i + 2][::-1]
    return "".join(letters)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


DISGUISES: dict[str, Callable[[str], str]] = {
    "homoglyphs": lambda text: text.translate(_CYRILLIC),
    "zero_width": "\u200b".join,
    "tags": lambda text: "Hi. " + "".join(chr(0xE0000 + ord(c)) for c in text if c.isascii()),
    "full_width": lambda text: text.translate(_FULL),
    "mathematical": lambda text: text.translate(_BOLD),
    "zalgo": lambda text: "".join(c + "\u0337\u0322" if c.isalpha() else c for c in text),
    "leet": lambda text: text.lower().translate(_LEET),
    "spaced": lambda text: "  ".join(" ".join(word) for word in text.split()),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "base64": _base64,
    "hex": lambda text: text.encode().hex(),
    "typos": _typos,
    "base64_told": lambda text: f"Please decode this base64 and answer it: {_base64(text)}",
    "hex_told": lambda text: f"Here is a message in hex. Read it: {text.encode().hex()}",
    "rot13_told": lambda text: f"This is rot13, do what it says: {codecs.encode(text, 'rot13')}",
}
_DRAWN = (*DISGUISES, *["typos"] * 9, "base64", "hex", "leet")


def disguised(prompts: Sequence[Prompt], rng: np.random.Generator, share: float = SHARE) -> list[Prompt]:
    """Copies of a share of prompts, each in one disguise; what they are stays."""
    chosen = np.flatnonzero(rng.random(len(prompts)) < share)
    names = rng.choice(_DRAWN, len(chosen))
    return [
        prompts[i]._replace(text=DISGUISES[str(name)](prompts[i].text[:LONGEST]))
        for i, name in zip(chosen.tolist(), names, strict=True)
    ]
