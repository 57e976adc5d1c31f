"""Rules for secrets, made of the tables: where to look for each and what it must look like."""

import re
from dataclasses import dataclass
from typing import Any

from detectors.outputs.patterns import pattern
from detectors.outputs.secret_rules import GIVEN, OWN, UNSURE

_HEX = "[0-9a-f]"
_CLASSES = {
    "D": r"\d", "H": _HEX, "X": "[0-9a-fA-F]", "U": "[A-Z0-9]", "L": "[a-z0-9]", "A": "[A-Za-z0-9]", "W": r"[\w-]",
    "E": r"[\w=-]", "B": "[A-Za-z0-9+/]",
}  # fmt: skip
_UUID = "(?i:X{8}-X{4}-X{4}-X{4}-X{12})".replace("X", _CLASSES["X"])
_GIVES = r"[\w \t.-]{0,24}[\"'\]\s]{0,3}(?:[:=|?]{1,3}[=>]?|>|,|\bis\b)[\"'`\s=:*]{0,5}"
_HEADER = (
    r"[ \t\n\r](?:-H|--header)[= \t]{0,5}[\"'](?i:Authorization:[ \t]{0,5}(?:(?:Basic|Bearer|Api-Token|Token)[ \t]+)?"
    r"|(?:X-(?:[a-z]+-)?)?(?:Api-?)?(?:Key|Token):[ \t]{0,5})([\w=~@.+/-]{8,900})[\"']"
)
_USER = (
    r"[ \t\n\r](?:-u|--user)[= \t]{0,5}"
    r"(\"[^\":]{0,80}:[^\":]{0,80}\"|'[^':]{0,80}:[^':]{0,80}'"
    r"|(?:\"[^\"]{3,80}\"|'[^']{3,80}'|[\w$@.-]{3,80}):(?:\"[^\"]{3,80}\"|'[^']{3,80}'|[\w$@.-]{3,80}))(?:\s|$)"
)

_PEM = r"(PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,.\"'>-]{64,900})"


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of one service's secrets.

    Attributes
    ----------
    words : it is looked for only where one of these is, capitals or not
    text : pattern whose first group is the secret
    entropy : bits a character that it has at least
    own : whether it has a beginning of its own; then the pattern begins with the word, else after it
    back : how many characters before the word the pattern begins
    reach : how far after the word it may begin; 0 is at once
    certain : whether nothing else looks so
    """

    name: str
    words: tuple[str, ...]
    text: str
    entropy: float = 3.0
    own: bool = False
    back: int = 0
    reach: int = 0
    certain: bool = False

    def match(self, data: bytes, word: str, place: int) -> tuple[int, int] | None:
        """Where in ``data`` the secret is whose word is at ``place``: [start, end)."""
        begin = place - self.back if self.own else place + len(word)
        if begin < 0:
            return None
        made: Any = pattern(self.text)
        found = made.search(data, begin, begin + self.reach) if self.reach else made.match(data, begin, begin + 1200)
        return found.span(1) if found else None


def _value(text: str) -> str:
    text = re.sub(r"\bG\b", lambda _: _UUID, text)
    return re.sub(r"([DHXULAWEB])(?=\{)", lambda m: _CLASSES[m[1]], text)


def _own() -> list[Rule]:
    return [
        Rule(name, (begins,), f"({re.escape(begins)}{_value(rest)})", entropy, own=True, certain=begins not in UNSURE)
        for name, begins, rest, entropy in OWN
    ]


def _given() -> list[Rule]:
    made = []
    for service in " | ".join(GIVEN.strip().splitlines()).split(" | "):
        words, values = service.split(": ", 1)
        for value in values.split():
            entropy = 2.0 if value[0] in "XD" else 3.0
            made.append(Rule(words.split()[0], tuple(words.split()), f"{_GIVES}({_value(value)})", entropy))
    return made


_OTHER = [
    Rule("azure", ("q~",), r"([\w.~-]{3}\dQ~[\w.~-]{31,34})", 3.0, own=True, back=4, certain=True),
    Rule("maxmind", ("_mmk",), "(A{6}_A{29}_mmk)", 4.0, own=True, back=36, certain=True),
    Rule("terraform", (".atlasv1.",), r"(A{14}\.atlasv1\.E{60,70})", 3.5, own=True, back=14, certain=True),
    Rule("sidekiq", ("@gems.contribsys.com", "@enterprise.contribsys.com"), "(X{8}:X{8})@", 2.0, own=True, back=17),
    Rule("facebook", ("facebook",), r"[^\d](D{15,16}[|%]W{27,40})", 3.0, reach=90),
    Rule("curl", ("curl",), _HEADER, 2.75, reach=1000),
    Rule("curl", ("curl",), _USER, 2.0, reach=1000),
    Rule("gcp_account", ('"service_account"',), r'"type": ?("service_account")', 2.0, own=True, back=8),
    Rule("jwt", ("eyj",), r"(eyJ[\w-]{14,900}\.ey[\w/\\-]{17,900}\.[\w/\\-]{10,900})", 3.5, own=True),
    Rule("private_key", ("private key",), _PEM, 3.5, own=True, certain=True),
]  # fmt: skip
RULES = [*_own(), *_given(), *(Rule(r.name, r.words, _value(r.text), r.entropy, r.own, r.back, r.reach, r.certain)
                               for r in _OTHER)]  # fmt: skip
ANYWHERE = {  # what has no word of its own, and is looked for in every answer
    "vault": r"(?:^|[^\w.])(s\.[A-Za-z0-9]{24})",
    "twilio": r"(?:^|[^\w])(SK[0-9a-fA-F]{32})",
    "discord": r"(?:^|[^\w])([MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38})",
    "telegram": r"(?:^|[^\w])(\d{8,10}:AA[\w-]{33})",
    "url": r"[a-z]://[^\s:/@\"'<>]{1,64}:([^\s@/\"'<>]{6,80})@[\w.-]",
}
