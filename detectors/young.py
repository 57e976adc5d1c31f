"""Young callers: how odd a newcomer's first prompts are, among the first prompts of the clean period's callers.

A campaign over many accounts gives each a handful of prompts, so that none has time to look bad. But at its 4th, 8th,
16th and 32nd record every newcomer can be compared with what callers of the clean period had reached at theirs, score
by score. That share is a p-value for a caller whatever a single prompt does, and
:mod:`detectors.young_pool` puts those of many newcomers together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.api import Scores
from detectors.reference import Reference
from schemas.batch import Integers

Array = npt.NDArray[Any]

NAME = "young"
CHANNELS = ("prompt_attack", "harmful_content", "refusals", "dear_answers", "data_leak", "harvesting")
"""Detectors whose scores are compared, in the order of :attr:`schemas.signal.Sketch.odds`."""
AIMS = {
    "prompt_attack": "jailbreak",
    "harmful_content": "jailbreak",
    "refusals": "probing",
    "dear_answers": "cost_abuse",
    "data_leak": "data_leak",
    "harvesting": "distillation",
}
"""By channel: the threat that many newcomers who are odd in it stand for."""
PLAIN = "harvesting"  # what newcomers are after who are odd in no channel
ODD = 1.0  # mean nats of a look at callers who are
LOOKS = (4, 8, 16, 32)  # records of a caller
MOST = 1024  # callers whose scores are kept


def learn(scores: Mapping[str, Scores], slots: Integers) -> dict[str, Array]:
    """What callers of the clean period had reached at each look: rising scores by ``channel:look``; N rows in order."""
    order = np.argsort(slots, kind="stable")
    sizes = np.bincount(slots, minlength=1)
    rank = np.empty(len(slots), np.int64)
    rank[order] = np.arange(len(slots)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    made = {}
    for channel in CHANNELS:
        for look in LOOKS if channel in scores else ():
            reached = np.sort(np.nan_to_num(scores[channel].value[rank == look], nan=0.0))
            if len(reached):
                some = np.linspace(0, len(reached) - 1, min(len(reached), MOST)).astype(np.int64)
                made[f"{channel}:{look}"] = reached[some]
    return made


def odds(reference: Reference, scores: Mapping[str, Scores], rows: Integers, counts: Integers) -> list[list[float]]:
    """Nats of each channel's p-value, for rows (n,) behind which their callers have (n,) records; empty if unknown."""
    learnt = reference.learnt.get(NAME) or {}
    return [
        [
            _nats(learnt[f"{c}:{n}"], scores[c].value[row]) if f"{c}:{n}" in learnt and c in scores else 0.0
            for c in CHANNELS
        ]
        if learnt and n in LOOKS
        else []
        for row, n in zip(rows.tolist(), counts.tolist(), strict=True)
    ]


def aim(odds: Sequence[float], looks: int) -> str:
    """The threat that a group of callers stands for, from its odds by channel, added up over some looks."""
    most = max(range(len(odds)), key=odds.__getitem__)
    return AIMS[CHANNELS[most] if odds[most] >= ODD * looks else PLAIN]


def _nats(reached: Array, value: float) -> float:
    """-log of the share of callers that had reached as much, the newcomer himself among them."""
    if not value > 0:
        return 0.0
    above = len(reached) - int(np.searchsorted(reached, value))
    return float(np.log((len(reached) + 1) / (above + 1)))
