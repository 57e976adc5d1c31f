"""Veils: what an answer says if it is read backwards, moved by 13 letters, decoded, or without gaps in words."""

import binascii
import codecs
import re
from collections.abc import Iterator

LONGEST = 1 << 17  # characters of a run that are decoded
RUNS = 32  # runs that are decoded
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\ufeff\u00ad.*_|~`,;:-]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :,]?){16,}")
_SPACED = re.compile(r"(?:\b\w[ .*_|~-]){6,}\w\b")


def unspaced(text: str) -> str:
    """``text`` without spaces, marks between letters, and what cannot be seen."""
    return _NOISE.sub("", text)


def veiled(text: str) -> Iterator[str]:
    """Everything that ``text`` may be a veil of."""
    yield text[::-1]
    yield codecs.encode(text, "rot13")
    if _SPACED.search(text):
        yield re.sub(r"(?<=\b\w)[ .*_|~-](?=\w\b)", "", re.sub(r"\s{2,}|\n", "  ", text))
    yield from _decoded(text)


def _decoded(text: str) -> Iterator[str]:
    for found in [*_BASE64.finditer(text)][:RUNS]:
        run = found.group()[:LONGEST].rstrip("=").replace("-", "+").replace("_", "/")
        yield from _letters(binascii.a2b_base64((run[: len(run) // 4 * 4] or "AAAA").encode()))
    for found in [*_HEX.finditer(text)][:RUNS]:
        digits = re.sub("[ :,]", "", found.group()[:LONGEST])
        yield from _letters(binascii.unhexlify(digits[: len(digits) // 2 * 2]))


def _letters(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "ignore")
    if len(text) > 0.8 * len(data):
        yield text
