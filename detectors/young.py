"""Young callers: how odd a newcomer's first records are, among the first records of the clean period's callers.

A campaign over many accounts gives each a handful of records, so that none has time to look bad. But at its 4th, 8th,
16th and 32nd record every newcomer can be compared with what callers of the clean period had reached at theirs, score
by score. That share is a p-value for a caller whatever a single record does, and
:mod:`detectors.young_pool` puts those of many newcomers together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import novelty
from detectors.api import Scores
from detectors.reference import Reference
from schemas.batch import Integers

Array = npt.NDArray[Any]

NAME = "young"
TALK = ("prompt_attack", "harmful_content", "refusals", "dear_answers", "data_leak", "harvesting")
MODELS = ("attack_profile", "flood")
CHANNELS = TALK + MODELS
"""Detectors whose scores are compared. :attr:`schemas.signal.Sketch.odds` has those of callers of a language model, or
those of callers of another model; which, is told by how many they are."""
AIMS = {
    "prompt_attack": "jailbreak",
    "harmful_content": "jailbreak",
    "refusals": "probing",
    "dear_answers": "cost_abuse",
    "data_leak": "data_leak",
    "harvesting": "distillation",
    "attack_profile": "query_evasion",
    "flood": "flood",
}
"""By channel: the threat that many newcomers who are odd in it stand for; ``attack_profile`` has better names."""
PLAIN = "harvesting"  # what newcomers are after who are odd in no channel
ODD = 1.0  # mean nats of a look at callers who are
LOOKS = (4, 8, 16, 32)  # records of a caller
COUNTED = tuple(4 << k for k in range(9))  # records of a caller at which is known how seldom others had asked again
WHOLE, DEAREST = (
    "whole",
    3.0,
)  # column of nats of all prompts, and the most of them that one caller of the clean period says
MOST = 1024  # callers whose scores are kept


def channels_of(reference: Reference) -> Sequence[str]:
    """The detectors whose scores are compared on this model."""
    return TALK if reference.text else MODELS


def whole_odds(odds: Sequence[float]) -> list[float]:
    """Odds by :data:`CHANNELS`, from those of either kind of model; empty if they are of neither."""
    if len(odds) == len(TALK):
        return [*odds, *[0.0] * len(MODELS)]
    return [*[0.0] * len(TALK), *odds] if len(odds) == len(MODELS) else []


def learn(scores: Mapping[str, Scores], slots: Integers, channels: Sequence[str] = TALK) -> dict[str, Array]:
    """What callers of the clean period had reached at each look: rising scores by ``channel:look``; N rows in order."""
    order = np.argsort(slots, kind="stable")
    sizes = np.bincount(slots, minlength=1)
    rank = np.empty(len(slots), np.int64)
    rank[order] = np.arange(len(slots)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    made = {}
    for channel in channels:
        for look in LOOKS if channel in scores else ():
            reached = np.sort(np.nan_to_num(scores[channel].value[rank == look], nan=0.0))
            if len(reached):
                some = np.linspace(0, len(reached) - 1, min(len(reached), MOST)).astype(np.int64)
                made[f"{channel}:{look}"] = reached[some]
    whole = scores[PLAIN].why.get(WHOLE) if PLAIN in scores else None
    return made if whole is None else made | _usual(whole, rank)


def _usual(whole: Array, rank: Integers) -> dict[str, Array]:
    """By ``whole:look``, what it is worth on average that callers never asked again, nats (1,), at least 0."""
    made = {}
    for look in COUNTED:
        reached = whole[rank == look]
        if len(reached):
            made[f"{WHOLE}:{look}"] = np.array([max(0.0, float(np.log(np.exp(np.minimum(reached, DEAREST)).mean())))])
    return made


def odds(reference: Reference, scores: Mapping[str, Scores], rows: Integers, counts: Integers) -> list[list[float]]:
    """Nats of each channel's p-value, for rows (n,) behind which their callers have (n,) records; empty if unknown."""
    learnt = reference.learnt.get(NAME) or {}
    return [
        [
            _nats(learnt[f"{c}:{n}"], scores[c].value[row]) if f"{c}:{n}" in learnt and c in scores else 0.0
            for c in channels_of(reference)
        ]
        if learnt and n in LOOKS
        else []
        for row, n in zip(rows.tolist(), counts.tolist(), strict=True)
    ]


def novel(reference: Reference, scores: Mapping[str, Scores], rows: Integers, counts: Integers) -> list[list[float]]:
    """Nats by which callers never ask again, by each rate of customers; empty where nobody looks.

    Callers of the clean period may have asked again less often than such rates say, at their (n,) records: visitors who
    came once do. What that was worth on average is taken off.
    """
    learnt, found = reference.learnt.get(PLAIN), scores.get(PLAIN)
    if not learnt or found is None:
        return [[] for _ in rows]
    usual = reference.learnt.get(NAME) or {}
    off = np.array([float(usual.get(f"{WHOLE}:{n}", np.zeros(1))[0]) for n in counts.tolist()])
    prompts, repeated = (np.asarray(found.why[name], np.float64)[rows] for name in ("prompts", "repeated"))
    made: list[list[float]] = (novelty.nats(prompts, repeated, learnt["rates"]) - off[:, None]).tolist()
    return made


def aim(odds: Sequence[float], looks: int) -> str:
    """The threat that a group of callers of a language model stands for, from its odds, added up over some looks."""
    most = max(range(len(odds)), key=odds.__getitem__)
    return AIMS[CHANNELS[most] if odds[most] >= ODD * looks else PLAIN]


def _nats(reached: Array, value: float) -> float:
    """-log of the share of callers that had reached as much, the newcomer himself among them."""
    if not value > 0:
        return 0.0
    above = len(reached) - int(np.searchsorted(reached, value))
    return float(np.log((len(reached) + 1) / (above + 1)))
