"""Corpus: labelled prompts, which head each teaches, and which of them are near copies of each other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text import grams
from detectors.text.canonical import MOST, Canonical, canonical
from detectors.text.heads import HEADS

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

OURS = "own"  # licence of what was written for this
UNFIT = ("ODC", "CC-BY")  # licences whose rows do not go into what ships
KINDS = {  # family -> heads that it is a positive of
    "jailbreak_inthewild": ("subversion", "jailbreak"),
    "jailbreak_dan": ("subversion", "jailbreak"),
    "jailbreak_gcg": ("subversion", "harmful", "jailbreak"),
    "jailbreak_dsn": ("subversion", "harmful", "jailbreak"),
    "jailbreak_rs": ("subversion", "jailbreak"),
    "jailbreak_adaptive": ("subversion", "jailbreak"),
    "injection_direct": ("subversion", "direct"),
    "injection_indirect": ("subversion", "indirect"),
    "prompt_extraction": ("subversion", "extraction"),
    "encoding": ("subversion", "encoding"),
    "harmful_direct": ("harmful",),
    "own_harmful": ("harmful",),
}
OWN = {
    "direct": "direct", "languages": "direct", "pretexts": "direct", "indirect": "indirect", "contexts": "indirect",
    "extraction": "extraction",
}  # fmt: skip
"""Head that an own family teaches, where it is not ``jailbreak``."""
FRAMES = frozenset({"persuasion", "fiction", "academic", "crescendo", "refinement", "scenes"})
"""Own families whose frame is an honest one as well: only what is asked for makes them attacks."""
ABOUT_HARM = "own/careful"
"""Source of honest prompts that teach the head ``harmful`` only: of rules and orders they say nothing."""
HARD = ("hard_notinject", "hard_wildguard", "hard_cyber_frr")
BANDS, ROWS = 12, 4  # of the min-hash: texts that share about half of their grams fall into one cluster


class Prompt(NamedTuple):
    """One labelled prompt; ``family`` is a key of :data:`KINDS`, or says what kind of honest prompt it is."""

    text: str
    family: str
    source: str
    licence: str


class Corpus(NamedTuple):
    """N prompts.

    Attributes
    ----------
    canonical : N canonical texts
    family, source : (N,) names
    cluster : (N,) i8, equal where prompts are near copies
    positive : (N, H) bool; ``counts`` (N, H) bool says which rows teach a head at all
    """

    canonical: list[Canonical]
    family: Array
    source: Array
    cluster: Integers
    positive: Array
    counts: Array


def of_rows(rows: Iterable[Mapping[str, Any]], *, shipped: bool = True) -> list[Prompt]:
    """Prompts of a file's rows, those with an unfit licence left out of what is ``shipped``."""
    made = []
    for row in rows:
        licence = str(row.get("licence", ""))
        if not (shipped and any(word in licence for word in UNFIT)):
            made.append(Prompt(str(row["text"]), str(row["family"]), str(row["source"]), licence))
    return made


def corpus(prompts: Sequence[Prompt]) -> Corpus:
    """Everything that training needs of prompts."""
    spelt = [canonical(prompt.text) for prompt in prompts]
    heads = [kinds(prompt.family) for prompt in prompts]
    positive = np.array([[head in some for head in HEADS] for some in heads], np.bool_)
    attack = positive.any(1)
    counts = np.ones_like(positive)
    subversion, harmful = HEADS.index("subversion"), HEADS.index("harmful")
    source = np.array([prompt.source for prompt in prompts])
    counts[:, subversion] = positive[:, subversion] | (~attack & (source != ABOUT_HARM))
    counts[:, harmful] = positive[:, harmful] | ~attack
    return Corpus(
        spelt,
        np.array([prompt.family for prompt in prompts]),
        source,
        clusters([one.text for one in spelt]),
        positive,
        counts,
    )


def kinds(family: str) -> tuple[str, ...]:
    """Heads that a family is a positive of; none where it is honest."""
    if family in KINDS or not family.startswith("own_") or family == "own_twin":
        return KINDS.get(family, ())
    name = family.removeprefix("own_").removesuffix("_harmful")
    if name in FRAMES:
        return ("harmful",) if family.endswith("_harmful") else ()
    made = ("subversion", OWN.get(name, "jailbreak"))
    return (*made, "harmful") if family.endswith("_harmful") else made


def clusters(texts: Sequence[Array]) -> Integers:
    """Number of the cluster of each canonical text: two that share a band of min-hashes are in one."""
    seen, places = grams.blank(), np.empty(grams.GRAMS * MOST, np.int64)
    chance = np.random.default_rng(1)
    factors = chance.integers(1, 2**61, BANDS * ROWS).astype(np.uint64) | np.uint64(1)
    parent = np.arange(len(texts))
    first: dict[tuple[int, ...], int] = {}
    for i, text in enumerate(texts):
        some = places[: grams.grams(text, seen, places)].astype(np.uint64) + np.uint64(1)
        if not len(some):
            continue
        least = ((some[:, None] * factors) >> np.uint64(20)).min(0).reshape(BANDS, ROWS)
        for band, key in enumerate(least.tolist()):
            _join(parent, i, first.setdefault((band, *key), i))
    return np.array([_root(parent, i) for i in range(len(texts))])


def _root(parent: Integers, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int(parent[i])
    return i


def _join(parent: Integers, a: int, b: int) -> None:
    parent[_root(parent, a)] = _root(parent, b)
