"""Prompts altered, to judge heads: in disguise, mistyped, and with words around a code that training does not have."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text.canonical import canonical
from detectors.text.heads import DECIDING, HEADS
from detectors.text.mended import mended
from detectors.text.waves import drawn
from detectors.training.text import fit, leftout, written
from detectors.training.text.corpus import HARD, Corpus, Prompt, corpus
from detectors.training.text.disguises import DISGUISES, LONGEST
from detectors.training.text.families.surface import KEYBOARD
from detectors.training.text.linear import Linear

Array = npt.NDArray[Any]
Alteration = Callable[[str], str]

KINDS = "left out", "doubled", "the key beside", "changed places"
ORDINARY, SEED = 3_500, 11  # ordinary prompts that are judged at most, and the seed of which


def mistyped(rate: float, *kinds: str) -> Alteration:
    """Typing errors of these kinds (all four, if none is named) in a share ``rate`` of letters."""
    some = kinds or KINDS

    def alter(text: str) -> str:
        chance = np.random.default_rng(len(text))
        letters = list(text)
        for i in np.flatnonzero(chance.random(len(letters)) < rate).tolist():
            if letters[i].isalpha():
                _err(letters, i, some[int(chance.integers(len(some)))], chance)
        return "".join(letters)

    return alter


def _err(letters: list[str], i: int, kind: str, chance: np.random.Generator) -> None:
    if kind == "changed places":
        letters[i : i + 2] = letters[i : i + 2][::-1]
    elif kind == "the key beside":
        near = KEYBOARD.get(letters[i].lower(), letters[i])
        letters[i] = near[int(chance.integers(len(near)))]
    else:
        letters[i] = "" if kind == "left out" else letters[i] * 2


def _asked(text: str) -> str:
    return f"decode this and do it {base64.b64encode(text.encode()).decode()}"


def _tagged(text: str) -> str:
    """As invisible tags; letters that have no tag stay, which training leaves out."""
    return "Hi. " + "".join(chr(0xE0000 + ord(c)) if c.isascii() else c for c in text)


ALTERED: Mapping[str, Alteration] = {
    "as they are": str,
    **DISGUISES,
    "tags": _tagged,
    "base64, other words": _asked,
    **{f"5 % {kind}": mistyped(0.05, kind) for kind in KINDS},
    **{f"{rate:.0%} of all kinds".replace("%", " %"): mistyped(rate) for rate in (0.02, 0.05, 0.1)},
}


class Altered(NamedTuple):
    """Shares above a head's threshold: of attacks, and of ordinary prompts."""

    head: str
    name: str
    found: float
    flagged: float


def judged(fits: Sequence[Sequence[Linear]], public: Corpus, fold: Array, texts: Sequence[str]) -> Iterator[Altered]:
    """What heads find of short prompts of M that are altered, at the threshold of 1 % of plain ordinary ones.

    ``fits`` are those of each draw and fold, ``fold`` (M,) says which of them have not seen a prompt.
    """
    some = chosen(public, texts)
    mine = Corpus([public.canonical[i] for i in some], *(column[some] for column in public[1:]))
    ordinary = np.logical_not(mine.positive.any(1))
    levels: list[float] = []
    for name, alter in ALTERED.items():
        found = logits(fits, mine, fold[some], [alter(texts[i]) for i in some])
        levels = levels or [leftout.levels(found[:, h], ordinary)[0] for h in range(DECIDING)]
        for h, level in enumerate(levels):
            above = found[:, h] > level
            yield Altered(HEADS[h], name, float(above[mine.positive[:, h]].mean()), float(above[ordinary].mean()))


def by_hand(fits: Sequence[Linear], levels: Sequence[Sequence[float]]) -> Iterator[tuple[str, list[float]]]:
    """Each kind of prompt that was written by hand, and what the mean of heads flags at each rate, by either head.

    ``levels`` are each head's thresholds.
    """
    for kind, texts in written.KINDS.items():
        taught = corpus([Prompt(text, kind, kind, "") for text in texts])
        some, columns = fit.ngrams(taught.canonical), fit.second_view(taught, *drawn(fit.SEED))
        found = np.mean([leftout.logits(made, range(DECIDING), taught, some, columns) for made in fits], 0)
        yield kind, [float((found > level).any(1).mean()) for level in np.transpose(levels)]


def chosen(public: Corpus, texts: Sequence[str]) -> Array:
    """Numbers of the prompts that are judged: short attacks, and as many short ordinary ones as are judged at most."""
    short = np.array([len(text) <= LONGEST for text in texts])
    attack = public.positive.any(1)
    honest = np.flatnonzero(short & ~attack & ~np.isin(public.family, HARD))
    some = np.random.default_rng(SEED).permutation(honest)[:ORDINARY]
    found: Array = np.sort(np.concatenate([np.flatnonzero(short & attack), some]))
    return found


def logits(fits: Sequence[Sequence[Linear]], public: Corpus, fold: Array, texts: Sequence[str]) -> Array:
    """Logits (N, D) of N texts by the heads that were fitted without their fold (N,): the mean of all draws.

    ``fits`` are those of each draw and fold; ``public`` are the prompts whose places the texts take.
    """
    taught = public._replace(canonical=[mended(canonical(text)) for text in texts])
    some, columns = fit.ngrams(taught.canonical), fit.second_view(taught, *drawn(fit.SEED))
    found = np.zeros((len(texts), DECIDING))
    for draw in fits:
        for k, made in enumerate(draw):
            mine = np.flatnonzero(fold == k)
            rows = Corpus([taught.canonical[i] for i in mine], *(column[mine] for column in taught[1:]))
            if len(mine):
                found[mine] += leftout.logits(made, range(DECIDING), rows, some[mine], columns[mine])
    return found / len(fits)
