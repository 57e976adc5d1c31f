"""Text outside ASCII made plain: hidden characters out, styled letters and imitations of Latin ones back."""

import re
import unicodedata
from typing import NamedTuple

from detectors.text.characters import (
    ACCENTS,
    EMOJI,
    HIDDEN,
    IMITATING,
    JOINED,
    LATIN,
    LOOK_ALIKE,
    LOOKS,
    MIXED,
    STACKED,
    STYLED,
    UNPLAIN,
)

MOST_HIDDEN = 16_384  # hidden characters whose payload is read
LEAST_TAGS, LEAST_BITS = 3, 24
ALPHABETS = (("\u2062", "\u2064"), ("\u200b", "\u200c"))  # invisible zeros and ones
_OUTSIDE = re.compile("[^\x00-\x7f]+")
_MARKS = re.compile("([A-Za-z])[\u0300-\u036f]+")


class Visible(NamedTuple):
    """What a reader should have seen, and what was done to make it so.

    Attributes
    ----------
    hidden : characters that nobody sees
    payloads : texts that they spell
    folded : styled or imitating characters made plain
    mixed : words of Latin letters with imitations among them
    """

    text: str
    hidden: int
    payloads: list[str]
    folded: int
    mixed: int


def without_hidden(text: str) -> tuple[str, int, list[str]]:
    """A text without its hidden characters, how many there were, and what they spell; any length, in linear time."""
    if not UNPLAIN.search(text):
        return text, 0, []
    plain = JOINED.sub("", EMOJI.sub(lambda found: found.group()[0], text))
    hidden = HIDDEN.findall(plain)
    return (HIDDEN.sub("", plain), len(hidden), payloads(hidden[:MOST_HIDDEN])) if hidden else (plain, 0, [])


def unveil(text: str, hidden: int, said: list[str]) -> Visible:
    """A text of bounded length without hidden characters, in plain letters."""
    folded = len(STYLED.findall(text))
    plain = unicodedata.normalize("NFKC", text)
    stacked = len(STACKED.findall(plain)) if UNPLAIN.search(plain) else 0
    if stacked:
        plain = unicodedata.normalize("NFC", _MARKS.sub(r"\1", unicodedata.normalize("NFD", plain)))
    plain, imitations, mixed = _latin(plain)
    plain = _OUTSIDE.sub(lambda found: found.group().translate(ACCENTS).lower(), plain)
    return Visible(plain, hidden + stacked, said, folded + imitations, mixed)


def _latin(text: str) -> tuple[str, int, int]:
    """Imitations of Latin letters made Latin, unless the text is written in their script."""
    imitations = len(LOOK_ALIKE.findall(text))
    if not imitations or not (MIXED.search(text) or len(LATIN.findall(text)) > 2 * imitations):
        return text, 0, 0
    folded = mixed = 0

    def fold(found: re.Match[str]) -> str:
        nonlocal folded, mixed
        word = found.group()
        plain, both = word.translate(LOOKS), bool(LATIN.search(word))
        if not both and not plain.isascii():
            return word
        mixed += both
        folded += sum(a != b for a, b in zip(word, plain, strict=True))
        return plain

    return IMITATING.sub(fold, text), folded, mixed


def payloads(hidden: list[str]) -> list[str]:
    """What hidden characters spell: as tags, as bytes of variation selectors, or as invisible bits."""
    tags = "".join(chr(ord(c) - 0xE0000) for c in hidden if 0xE0020 <= ord(c) < 0xE007F)
    made = [tags] if len(tags) >= LEAST_TAGS else []
    selected = bytes(
        ord(c) - 0xFE00 if ord(c) < 0xFE10 else ord(c) - 0xE0100 + 16
        for c in hidden
        if 0xFE00 <= ord(c) < 0xFE10 or 0xE0100 <= ord(c) < 0xE01F0
    )
    made += [text] if (text := readable(selected)) else []
    for zero, one in ALPHABETS:
        bits = "".join("01"[c == one] for c in hidden if c in (zero, one))
        if len(bits) >= LEAST_BITS:
            whole = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) // 8 * 8, 8))
            made += [text] if (text := readable(whole)) else []
    return made


def readable(data: bytes) -> str:
    """Bytes as text if a person could read it: five characters, nearly all printable, half of them letters; else ""."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    n = len(text)
    printable = sum(c.isprintable() or c in "\n\t" for c in text)
    letters = sum(c.isalpha() or c == " " for c in text)
    return text if n >= 5 and printable >= 0.95 * n and letters >= 0.5 * n else ""
