"""Lineup: which campaigns a world gets, so that no family and no pacing is forgotten."""

from collections.abc import Sequence

import numpy as np

from detectors.training.lab.adaptive import ADAPTIVE
from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.campaigns import Campaign, campaign, suits
from detectors.training.lab.pacing import PACINGS
from detectors.training.lab.population import Member
from detectors.training.lab.types import DAY, Generator, Victim

CAMPAIGNS = 24


def lineup(
    victim: Victim,
    rng: Generator,
    days: int,
    members: Sequence[Member],
    count: int = CAMPAIGNS,
    *,
    families: Sequence[str] = (),
    pacings: Sequence[str] = PACINGS,
    adaptive: float = 0.2,
    begin: float = DAY,
) -> list[Campaign]:
    """Make campaigns in turns over families and pacings; of some the accounts are honest members' own.

    Parameters
    ----------
    families, pacings : none named, all; only those that suit the victim are run
    adaptive : share of campaigns whose attacker knows of detectors
    begin : s since the world's start, before which nobody attacks
    """
    turns = _turns(victim, rng, families or tuple(FAMILIES), pacings)
    hosts = [member for member in members if len(member.visit.time) >= 20]
    found: list[Campaign] = []
    for index in range(count if turns else 0):
        family, pacing = turns[index % len(turns)]
        own = np.random.default_rng(rng.integers(2**63, size=2))
        knows = own.choice(ADAPTIVE, int(own.integers(1, 4)), replace=False) if own.random() < adaptive else ()
        owners = [(member.name, member.visit) for member in hosts]
        one = campaign(victim, family, pacing, own, days, tuple(map(str, knows)), begin=begin, hosts=owners)
        hosts = [member for member in hosts if member.name not in one.visits]
        found.append(one)
    return found


def _turns(victim: Victim, rng: Generator, families: Sequence[str], pacings: Sequence[str]) -> list[tuple[str, str]]:
    """All pairs that make sense, ordered so that any first part of them has most families and pacings."""
    shuffled = [str(name) for name in rng.permutation(np.array(families))]
    paces = [str(name) for name in rng.permutation(np.array(pacings))]
    pairs = [
        (family, paces[(row + lap) % len(paces)]) for lap in range(len(paces)) for row, family in enumerate(shuffled)
    ]
    return [(family, pacing) for family, pacing in pairs if suits(victim, family, pacing)]
