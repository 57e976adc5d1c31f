"""Text from strangers, made safe to show: one line, no control characters, nothing that turns text around."""

import unicodedata
from collections.abc import Collection
from itertools import islice

_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: str, limit: int = 0) -> str:
    r"""Escape everything that a terminal, a table or a log line might act on or hide.

    Control characters (ANSI sequences begin with one), line and paragraph separators, bidirectional and other
    invisible formatting, surrogates, private and unassigned characters become ``\n``, ``\x1b``, ``\u202e`` and so
    on. A backslash becomes two, so that the escapes cannot be forged.

    Parameters
    ----------
    limit : cut at so many characters of ``text`` and end with an ellipsis; 0 is no limit
    """
    cut = bool(limit) and len(text) > limit
    kept = text[:limit] if cut else text
    if not (kept.isascii() and kept.isprintable() and "\\" not in kept):
        kept = "".join(map(_shown, kept))
    return kept + "…" if cut else kept


def several(names: Collection[str], shown: int) -> str:
    """Names from strangers in a sentence: the first few, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(map(plain, islice(names, shown))) + more


def written(value: float) -> float:
    """A number as people would write it: with the seven digits that single precision holds, not 0.19900000095367432."""
    return float(f"{value:.7g}")


def _shown(character: str) -> str:
    if character == "\\" or unicodedata.category(character) in _UNSHOWN:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character
