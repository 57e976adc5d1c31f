"""Cohort naming: what is learnt from to tell the aim of accounts that are taken for one.

Of each campaign over accounts some of them are taken together at some moment, early ones more often, each as its latest
sketch shows it (:mod:`detectors.newcomers`): that is what a cohort's alert is named from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import affinity
from detectors.network import softened
from detectors.newcomers import FIRST, LAST
from detectors.statistics import TABLE
from detectors.training import naming
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.types import Generator
from detectors.training.lab.world import World
from detectors.training.naming import Named
from detectors.training.samples import ALIKE
from schemas.batch import Doubles, Floats, Integers

MOMENTS = 8  # of one campaign
FEWEST = 3  # accounts that are taken for one


def named(drawn: World[Campaign], threats: Sequence[str], rng: Generator) -> Named:
    """Rows of one world; ``x`` is (M, 64). Raises ``NotEnough`` where its burn-in is too thin."""
    seen = naming.seen(drawn)
    z = np.clip(np.rint(seen.z * np.float32(affinity.PER_Z)), -127, 127).astype(np.int8)
    principal, attack, time = drawn.principal[seen.at], drawn.attack[seen.at], drawn.time[seen.at]
    rows: list[tuple[Floats, int, int, int, int]] = []
    for number, campaign in enumerate(drawn.campaigns):
        accounts = [np.flatnonzero(principal == who) for who in np.unique(principal[attack == number])]
        code = threats.index(ALIKE.get(campaign.threat, campaign.threat))
        for one in together(z, time, accounts, np.sort(time[attack == number]), rng):
            rows.append((one, code, 0, len(rows), number))
    x = np.array([row[0] for row in rows], np.float32).reshape(-1, len(TABLE))
    rest: list[Any] = [np.array([row[k] for row in rows], np.int64) for k in range(1, 5)]
    return Named(x, *rest)


def together(
    z: npt.NDArray[np.int8], time: Doubles, accounts: Sequence[Integers], moments: Doubles, rng: Generator
) -> list[Floats]:
    """The network's inputs (64,) of some of the accounts, each given by its rows in order, at some of the moments."""
    found: list[Floats] = []
    for _ in range(MOMENTS if len(accounts) >= FEWEST else 0):
        now = moments[int(len(moments) ** rng.random()) - 1]
        sent = [int(np.searchsorted(time[rows], now, "right")) for rows in accounts]
        count = [min(LAST, 1 << (n.bit_length() - 1)) if n >= FIRST else 0 for n in sent]
        heard = np.flatnonzero(count)
        if len(heard) < FEWEST:
            continue
        some = rng.permutation(heard)[: int(rng.integers(FEWEST, len(heard) + 1))].tolist()
        at = [int(accounts[k][count[k] - 1]) for k in some]
        found.append(softened(affinity.together(z[at], np.array([count[k] for k in some]))))
    return found
