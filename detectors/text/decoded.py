"""What encoded parts of a text say, one level deep: base64, base32, hexadecimal, percent signs, leet, spaces."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from detectors.text.characters import LEET
from detectors.text.unveiled import readable

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
BASE32 = re.compile(r"\b[A-Z2-7]{16,}={0,6}")
HEX = re.compile(r"(?:(?:\\x|0x|%)?[0-9A-Fa-f]{2}[ :,]?){8,}")
PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
HEX_SIGNS = re.compile(r"\\x|0x|[%\s:,]")
SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*|]\w){4,}(?!\w)")
APART = re.compile(r"(?<!\S)\w(?: \S)+(?!\S)")
SEPARATORS = re.compile(r"[ .\-_*|]")
WORD = re.compile(r"[\w@$!]+")
LEET_WORD = re.compile(r"(?=.*[a-zA-Z])(?=.*[013457@$8])[a-zA-Z013457@$!8]{2,}")
MOST_READ = 1 << 20
SHORTEST, LONG = 16, 40  # bytes of a word that may be encoded, and of letters joined by other signs than spaces
FEW_DIGITS, SOME_DIGITS, MANY_SPACES = 0.02, 0.08, 0.25
ALL_APART = 0.5  # share of characters of letters apart above which what they spell is read for encoded parts as well
MOST = 8  # encoded parts of a kind that are read
LEAST_LEET, LEET_SHARE = 3, 0.25  # words that mix letters and the digits that stand for letters, and their share


class Decoded(NamedTuple):
    """A text with letters put together again and encoded parts in plain words, and what these parts say.

    Attributes
    ----------
    said : decoded texts; ``kinds`` names how each was encoded
    leet, spaced : shares of words with digits for letters, and of characters in spaced words
    """

    text: str
    said: list[str]
    kinds: list[str]
    leet: float
    spaced: float


def decode(text: str, *, longest_word: int = MOST_READ, digits: float = 1.0, spaces: float = 1.0) -> Decoded:
    """One level of every encoding; bounded work for a text of bounded length.

    Parameters
    ----------
    longest_word : bytes of the longest word; ``digits``, ``spaces`` : shares of the text. They spare an ordinary text
        most of the work
    """
    readers = [(kind, read) for kind, read in (("base64", _base64), ("base32", _base32)) if longest_word >= SHORTEST]
    readers += [("hex", _hex)] if digits > SOME_DIGITS else []
    readers += [("url", _url)] if "%" in text else []
    found = [(kind, part) for kind, read in readers for part in read(text)]
    whole = _put_in(text, [part for _, part in found])
    joined, spaced = _joined(whole) if spaces > MANY_SPACES or longest_word > LONG else (whole, 0.0)
    if spaced > ALL_APART and not found:
        return decode(joined, spaces=0.0, longest_word=LONG)._replace(spaced=spaced)
    plain, leet = _without_leet(joined) if digits > FEW_DIGITS or "@" in text or "$" in text else (joined, 0.0)
    return Decoded(plain, [part.said for _, part in found], [kind for kind, _ in found], leet, spaced)


class _Part(NamedTuple):
    """What stands from ``start`` to ``stop`` and what it says."""

    start: int
    stop: int
    said: str


def _put_in(text: str, parts: list[_Part]) -> str:
    """A text with parts replaced by what they say; of two that overlap the first counts."""
    made, at = [], 0
    for part in sorted(parts):
        if part.start >= at:
            made += [text[at : part.start], " ", part.said, " "]
            at = part.stop
    return "".join([*made, text[at:]])


def _parts(text: str, pattern: re.Pattern[str], read: Callable[[str], bytes]) -> Iterator[_Part]:
    """Parts of a pattern that can be read, of the first eight."""
    for match in list(pattern.finditer(text))[:MOST]:
        try:
            said = readable(read(match.group()))
        except (binascii.Error, ValueError):
            continue
        if said:
            yield _Part(*match.span(), said)


def _base64(text: str) -> Iterator[_Part]:
    return _parts(text, BASE64, _of_base64)


def _of_base64(part: str) -> bytes:
    part = part.rstrip("=").replace("-", "+").replace("_", "/")
    if part.isalpha() and (part.islower() or part.isupper()):
        return b""  # a long word
    return base64.b64decode(part + "=" * (-len(part) % 4), validate=True)


def _base32(text: str) -> Iterator[_Part]:
    return _parts(text, BASE32, lambda part: base64.b32decode(part.rstrip("=") + "=" * (-len(part.rstrip("=")) % 8)))


def _hex(text: str) -> Iterator[_Part]:
    return _parts(text, HEX, _of_hex)


def _of_hex(part: str) -> bytes:
    digits = HEX_SIGNS.sub("", part)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _url(text: str) -> Iterator[_Part]:
    if text.count("%") < 3:
        return
    data = PERCENT.sub(lambda found: bytes([int(found.group(1), 16)]), text.encode("utf-8", "replace"))
    plain = data.decode("utf-8", "replace")
    if len(text) - len(plain) >= 6:
        yield _Part(0, len(text), plain)


def _joined(text: str) -> tuple[str, float]:
    """Letters that stand apart put together, and the share of characters that did."""
    apart = 0

    def join(found: re.Match[str]) -> str:
        nonlocal apart
        apart += len(found.group())
        return SEPARATORS.sub("", found.group())

    plain = (APART if _all_apart(text) else SPACED).sub(join, text)
    return plain, apart / max(len(text), 1)


def _all_apart(text: str) -> bool:
    """Whether nearly every letter of a text stands alone, with more than one space between words."""
    found = APART.findall(text)
    letters = sum(one.isalpha() for part in found for one in part)
    return 2 * sum(map(len, found)) > len(text.strip()) and 3 * letters > sum(map(len, found))


def _without_leet(text: str) -> tuple[str, float]:
    """Digits that stand for letters made letters, where a quarter of the words has some; and the share that has."""
    words = WORD.findall(text)
    mixed = sum(1 for word in words if not word.isalpha() and LEET_WORD.fullmatch(word))
    share = mixed / max(len(words), 1)
    if mixed < LEAST_LEET or share < LEET_SHARE:
        return text, share
    return LEET_WORD.sub(lambda found: found.group().translate(LEET), text), share
