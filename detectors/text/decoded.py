"""What encoded parts of a text say, one level deep: base64, base32, hexadecimal, percent signs, leet, spaces."""

import base64
import binascii
import re
from typing import NamedTuple

from detectors.text.characters import LEET
from detectors.text.unveiled import readable

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
BASE32 = re.compile(r"\b[A-Z2-7]{16,}={0,6}")
HEX = re.compile(r"(?:(?:\\x|0x|%)?[0-9A-Fa-f]{2}[ :,]?){8,}")
PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
HEX_SIGNS = re.compile(r"\\x|0x|[%\s:,]")
SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*|]\w){4,}(?!\w)")
SEPARATORS = re.compile(r"[ .\-_*|]")
WORD = re.compile(r"[\w@$!]+")
LEET_WORD = re.compile(r"(?=.*[a-zA-Z])(?=.*[013457@$8])[a-zA-Z013457@$!8]{2,}")
MOST_READ = 1 << 20
SHORTEST, LONG = 16, 40  # bytes of a word that may be encoded, and of letters joined by other signs than spaces
FEW_DIGITS, SOME_DIGITS, MANY_SPACES = 0.02, 0.08, 0.25
MOST = 8  # encoded parts of a kind that are read
LEAST_LEET, LEET_SHARE = 3, 0.25  # words that mix letters and the digits that stand for letters, and their share


class Decoded(NamedTuple):
    """A text with letters put together again, and what its encoded parts say.

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
    found = [(kind, said) for kind, read in readers for said in read(text)]
    joined, spaced = _joined(text) if spaces > MANY_SPACES or longest_word > LONG else (text, 0.0)
    plain, leet = _without_leet(joined) if digits > FEW_DIGITS or "@" in text or "$" in text else (joined, 0.0)
    return Decoded(plain, [said for _, said in found], [kind for kind, _ in found], leet, spaced)


def _base64(text: str) -> list[str]:
    made = []
    for match in list(BASE64.finditer(text))[:MOST]:
        part = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        if part.isalpha() and (part.islower() or part.isupper()):
            continue  # a long word
        try:
            made.append(readable(base64.b64decode(part + "=" * (-len(part) % 4), validate=True)))
        except (binascii.Error, ValueError):
            continue
    return [said for said in made if said]


def _base32(text: str) -> list[str]:
    made = []
    for match in list(BASE32.finditer(text))[:MOST]:
        part = match.group().rstrip("=")
        try:
            made.append(readable(base64.b32decode(part + "=" * (-len(part) % 8))))
        except (binascii.Error, ValueError):
            continue
    return [said for said in made if said]


def _hex(text: str) -> list[str]:
    made = []
    for match in list(HEX.finditer(text))[:MOST]:
        digits = HEX_SIGNS.sub("", match.group())
        try:
            made.append(readable(bytes.fromhex(digits[: len(digits) // 2 * 2])))
        except ValueError:
            continue
    return [said for said in made if said]


def _url(text: str) -> list[str]:
    if text.count("%") < 3:
        return []
    data = PERCENT.sub(lambda found: bytes([int(found.group(1), 16)]), text.encode("utf-8", "replace"))
    plain = data.decode("utf-8", "replace")
    return [plain] if len(text) - len(plain) >= 6 else []


def _joined(text: str) -> tuple[str, float]:
    """Letters that stand apart put together, and the share of characters that did."""
    apart = 0

    def join(found: re.Match[str]) -> str:
        nonlocal apart
        apart += len(found.group())
        return SEPARATORS.sub("", found.group())

    plain = SPACED.sub(join, text)
    return plain, apart / max(len(text), 1)


def _without_leet(text: str) -> tuple[str, float]:
    """Digits that stand for letters made letters, where a quarter of the words has some; and the share that has."""
    words = WORD.findall(text)
    mixed = sum(1 for word in words if LEET_WORD.fullmatch(word))
    share = mixed / max(len(words), 1)
    if mixed < LEAST_LEET or share < LEET_SHARE:
        return text, share
    return LEET_WORD.sub(lambda found: found.group().translate(LEET), text), share
