r"""Grammar: text from templates, by chance of a generator that the caller seeds.

A template is text with ``{slot}`` for any alternative of a rule, ``{^slot}`` for the same with a capital, \
``{=slot}`` for
one that stays the same in the whole prompt, and ``[one|other|]`` for an alternative in place. ``\n`` is a line break,
``\(``, ``\)`` and ``\/`` are square brackets and a bar that stay.
Rules are written in blocks, an alternative a line, and after ``@name |`` several a line::

    @greeting |
    Hello | Hi | Good morning
    @request
    {greeting}, could you [quickly|] help me?
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

Generator = np.random.Generator
Rules = Mapping[str, tuple[str, ...]]
Maker = Callable[["Pen"], str]
T = TypeVar("T")

_OPEN, _CLOSE, _BAR = "\ue000", "\ue001", "\ue002"  # of private use: no template has them
_LITERALS = str.maketrans({_OPEN: "[", _CLOSE: "]", _BAR: "|"})
_HEADER = re.compile(r"@([a-z_]+)( \|)?$")
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{([\^=]*)([a-z_]+)\}")
_ARTICLE = re.compile(r"((?:^|[^\w\s] |\n)A|\ba) (?=[aeiou])(?!(?:uni|use|usu|eu|one\b|once|u\b))")
_SPACES = re.compile(r"(?<=\S)  +(?=\S)")
_STOPS = re.compile(r"(?<=[?!])\.(?!\.)|(?<=,),|(?<=\w) (?=[.,;?!](?:\s|$))")


def rules(*blocks: str) -> dict[str, tuple[str, ...]]:
    """Rules written in ``blocks``; the same name twice adds alternatives."""
    found: dict[str, list[str]] = {}
    name, several = "", False
    for line in "\n".join(blocks).replace("\\\n", "").splitlines():
        if header := _HEADER.match(line):
            name, several = header[1], bool(header[2])
        elif line.strip():
            found.setdefault(name, []).extend(line.strip().split(" | ") if several else [line.strip()])
    return {name: tuple(_literal(option).strip(" ") for option in options) for name, options in found.items()}


def _literal(option: str) -> str:
    for written, meant in (("\\n", "\n"), ("\\(", _OPEN), ("\\)", _CLOSE), ("\\/", _BAR)):
        option = option.replace(written, meant)
    return option


def slots(template: str) -> set[str]:
    """Names that a template asks for."""
    return {match[2] for match in _SLOT.finditer(template)}


class Pen:
    """One prompt being written: what was drawn for it stays with it.

    Attributes
    ----------
    bound : what slots hold that stay the same; put in as it is, with its brackets
    used : names of slots that were asked for
    articles : whether *a* becomes *an* before a vowel, as in English
    """

    def __init__(self, rng: Generator, grammar: Rules, makers: Mapping[str, Maker], bound: dict[str, str]) -> None:
        self.rng, self.grammar, self.makers, self.bound = rng, grammar, makers, bound
        self.used: set[str] = set()
        self.articles = True

    def write(self, template: str) -> str:
        """Text of a template, every slot and choice drawn."""
        text = self._write(template)
        if self.articles:
            text = _ARTICLE.sub(r"\1n ", text)
        return _STOPS.sub("", _SPACES.sub(" ", text)).translate(_LITERALS)

    def pick(self, options: Sequence[T]) -> T:
        """Any one of ``options``."""
        return options[int(self.rng.integers(len(options)))]

    def number(self, low: int, high: int) -> int:
        """Any number from ``low`` to ``high``, both included."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        """Truth in ``share`` of all cases."""
        return bool(self.rng.random() < share)

    def _write(self, template: str) -> str:
        while match := _CHOICE.search(template):
            template = template[: match.start()] + self.pick(match[1].split("|")) + template[match.end() :]
        return _SLOT.sub(self._fill, template)

    def _fill(self, match: re.Match[str]) -> str:
        marks, name = match[1], match[2]
        self.used.add(name)
        text = self.bound.get(name)
        if text is None:
            text = self.makers[name](self) if name in self.makers else self._write(self.pick(self.grammar[name]))
            if "=" in marks:
                self.bound[name] = text
        return text[:1].upper() + text[1:] if "^" in marks else text
