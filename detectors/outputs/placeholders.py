"""What stands where a secret would: examples of documentation, variables, rows of one letter, the alphabet."""

import re
from collections import Counter
from hashlib import blake2b
from itertools import pairwise
from math import log2

from detectors.outputs.secret_rules import KNOWN

_WORDS = re.compile(
    r"(?i)your|placeholder|insert|replace|redacted|sample|change_?me|_here|dummy|xxxx|\*\*\*\*|\.\.\.\.|####|1234-1234"
)
_EXAMPLE = re.compile(r"(?i)^.{0,16}example|example=*$")
_VARIABLE = re.compile(r"^[\"'@-]*(?:\$|<|\[|\{[A-Za-z_]+\}|%\w+%$|\(|`)|\$\{|\{\{|\}\}|^ ?\+ ")
_PLAIN = re.compile(
    r"(?i)^[\"']*(?:pass(?:word|wd)?|pwd|secret|token|user(?:name)?|test|admin|root|x+|key|\*+|my\w+|api_?key)[\"']*\d{0,4}$"
)
LONGEST_RUN = 16  # letters in the order of the alphabet, or digits in order


def entropy(text: str) -> float:
    """Shannon's entropy of the letters of ``text``, bits a character."""
    n = len(text)
    return -sum(k / n * log2(k / n) for k in Counter(text).values())


def placeholder(secret: str) -> bool:
    """Whether ``secret`` only shows where one belongs."""
    known = blake2b(secret.encode(), digest_size=6).hexdigest() in KNOWN
    words = _WORDS.search(secret) or _EXAMPLE.search(secret) or _VARIABLE.search(secret)
    run = _run(secret.lower())
    return known or bool(words) or run >= LONGEST_RUN or run * 2 > len(secret)


def plain_word(text: str) -> bool:
    """Whether a password is one of the words that are put where passwords belong."""
    return bool(_PLAIN.search(text))


def _run(text: str) -> int:
    longest = run = 1
    for a, b in pairwise(text):
        run = run + 1 if ord(b) - ord(a) == 1 or (a, b) == ("9", "0") else 1
        longest = max(longest, run)
    return longest
