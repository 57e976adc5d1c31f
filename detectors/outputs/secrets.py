"""Secrets in an answer: words first, all at once; then the rules of those words, where they stand."""

import zlib
from collections import defaultdict
from collections.abc import Iterator

from detectors.outputs.finding import LIMIT, Finding, free, masked
from detectors.outputs.patterns import Words, matches
from detectors.outputs.placeholders import entropy, placeholder, plain_word
from detectors.outputs.secret_forms import ANYWHERE, RULES, Rule

TRIES = 16384  # places of one word in one answer that are looked at
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKED = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_")

_BY_WORD: dict[str, list[Rule]] = defaultdict(list)
for _rule in RULES:
    for _word in _rule.words:
        _BY_WORD[_word.lower()].append(_rule)
_WORDS = Words(list(_BY_WORD))


def find(text: bytes) -> list[Finding]:
    """Secrets in an answer that :func:`~detectors.outputs.plain.plain` made bytes of; a form of its own goes first."""
    made: list[Finding] = []
    taken: list[tuple[int, int]] = []
    hits = _WORDS.among(text)
    lower = text.lower() if hits else b""
    rules = [(rule, word) for word in (_WORDS.words[i] for i in hits) for rule in _BY_WORD[word]]
    for rule, word in sorted(rules, key=lambda one: not one[0].own):
        made += _of_rule(rule, word, text, lower, taken)
    made += _anywhere(text, taken)
    return made


def github_checked(token: str) -> bool:
    """Whether a token's last six characters are the CRC-32 of the thirty before them, in base 62."""
    left, made = zlib.crc32(token[-36:-6].encode()), ""
    for _ in range(6):
        left, digit = divmod(left, 62)
        made = _BASE62[digit] + made
    return made == token[-6:]


def _of_rule(rule: Rule, word: str, text: bytes, lower: bytes, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    found = 0
    for place in _places(word.encode(), lower):
        span = rule.match(text, word, place)
        good = span and _stands_alone(rule, text, word, place, span) and _random(rule, text, span)
        if span and good and found < LIMIT and free(taken, *span):
            found += 1
            yield _finding(rule.name, text, span, certain=rule.certain)


def _places(word: bytes, lower: bytes) -> Iterator[int]:
    place = lower.find(word)
    for _ in range(TRIES):
        if place < 0:
            return
        yield place
        place = lower.find(word, place + 1)


def _stands_alone(rule: Rule, text: bytes, word: str, place: int, span: tuple[int, int]) -> bool:
    """Whether neither the secret nor its word is a piece of something longer."""
    start, end = span
    begin = start if rule.own else place
    before, after = text[begin - 1 : begin], text[end : end + 2]
    if before.isalnum() or (before == b"_" and rule.own):
        said = text[place : place + len(word)]
        if rule.own or not said[:1].isupper():
            return False
    if not rule.own and text[place : place + 1].islower() and text[place + len(word) - 1 : place + len(word)].isupper():
        return False
    part = after[:1].isalnum() or after[:1] in (b"_", b"-", b"~")
    return not part and not (after[:1] == b"." and after[1:].isalnum())


def _random(rule: Rule, text: bytes, span: tuple[int, int]) -> bool:
    secret = text[span[0] : span[1]].decode()
    if rule.name == "curl":
        user, colon, password = secret.strip("\"'").partition(":")
        secret = password.strip("\"'") if colon and password.strip("\"'") else user
        if plain_word(secret) or (colon and not password and "@" in user):
            return False
    mixed = rule.own or rule.name in ("curl", "asana", "discord") or any(c.isdigit() for c in secret)
    return mixed and entropy(secret) >= rule.entropy and not placeholder(secret)


def _anywhere(text: bytes, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    for name, form in ANYWHERE.items():
        found = 0
        for span in matches(form, text):
            secret = text[span[0] : span[1]].decode()
            odd = (
                entropy(secret) >= (2.5 if name == "url" else 3.3)
                and not placeholder(secret)
                and not plain_word(secret)
            )
            mixed = name == "url" or any(c.isdigit() for c in secret)
            whole = name == "url" or not text[span[1] : span[1] + 1].isalnum()
            if odd and mixed and whole and found < LIMIT and free(taken, *span):
                found += 1
                yield _finding(name, text, span, certain=name == "telegram")


def _finding(name: str, text: bytes, span: tuple[int, int], *, certain: bool) -> Finding:
    secret = text[span[0] : span[1]].decode()
    if secret.startswith(_CHECKED):
        certain = github_checked(secret)
    return Finding(f"secret.{name}", *span, masked(secret), certain)
