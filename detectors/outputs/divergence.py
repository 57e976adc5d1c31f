"""Divergence: an answer that says one thing over and over, and then something that nobody asked for.

A chat model that is told to repeat a word for ever leaves the conversation after some hundred times and may go on with
what it was trained on, word by word. The endless repetition tells it, not what follows.

Reference: Nasr et al., Scalable extraction of training data from (production) language models, 2023,
https://arxiv.org/abs/2311.17035.
"""

import re

from detectors.outputs.finding import Finding, masked

KIND = "regurgitation"
AT = slice(100, 260)  # bytes of an answer in which its repetition goes on, if it has one
LEAST = 400  # bytes of such an answer
WORDS = 6  # whole ones there at least
PERIODS = (1, 2, 3)  # words that are repeated together
TIMES = 40  # that they stand one after the other at least
REST = 120  # bytes that follow at least

_WORD = re.compile(rb"\S+")
_LETTERS = re.compile(rb"[A-Za-z]{2}")


def find(text: bytes) -> list[Finding]:
    """What follows an endless repetition of words with which an answer begins; tables of numbers are none."""
    if len(text) < LEAST:
        return []
    some = text[AT].split()[1:-1]
    period = next((k for k in PERIODS if len(some) >= max(WORDS, 2 * k) and some[k:] == some[:-k]), 0)
    if not period or not _LETTERS.search(b" ".join(some[:period])):
        return []
    said = [(one.group().lower(), one.end()) for one in _WORD.finditer(text)]
    at = next(k for k, (_, end) in enumerate(said) if end > AT.start + len(some[0]))
    first = last = at
    while first >= period and said[first - period][0] == said[first][0]:
        first -= 1
    while last + 1 < len(said) and said[last + 1 - period][0] == said[last + 1][0]:
        last += 1
    rest = said[last][1]
    if last - first + 1 < TIMES * period or len(text) - rest < REST:
        return []
    return [Finding(KIND, rest, len(text), masked(text[rest:].decode("ascii", "replace").strip()))]
