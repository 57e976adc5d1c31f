"""Campaigns: an attack as it reaches a service, spread over time and accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.training.lab import adaptive as adapting
from detectors.training.lab import pacing as paces
from detectors.training.lab.adaptive import Line
from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.customers import KINDS
from detectors.training.lab.population import name as named
from detectors.training.lab.types import DAY, Generator, Place, Victim, Visit
from schemas.batch import Doubles, Flags

MOST = 12_000  # records of one campaign, honest ones included
_OWNERS = ("clerk", "analyst", "regular", "traveller", "team")  # of stolen accounts, where no customers are given


@dataclass(frozen=True)
class Campaign:
    """One attack in the traffic.

    Attributes
    ----------
    threat : a key of ``schemas.threats.THREATS``
    adaptive : of ``adaptive.ADAPTIVE``, in order of name
    visits : what each of its principals sends; a stolen account's owner's records are in it as well
    own : of each principal, which of its records are the attack's; the others are honest inputs
    stolen : the principals that are honest customers otherwise
    success, fidelity : see ``attacks.family.Queries``
    course : (queries,) how much of its goal was reached after each of its own records, in order of time; empty where
        that is not measured
    """

    family: str
    threat: str
    pacing: str
    clock: str
    adaptive: tuple[str, ...]
    visits: Mapping[str, Visit]
    own: Mapping[str, Flags]
    stolen: frozenset[str] = frozenset()
    success: float | None = None
    fidelity: tuple[tuple[int, float], ...] = field(default=())
    course: Doubles = field(default_factory=lambda: np.empty(0))

    @property
    def queries(self) -> int:
        """How many records are the attack's."""
        return sum(int(marks.sum()) for marks in self.own.values())


def suits(victim: Victim, family: str, pacing: str) -> bool:
    """Whether a family makes sense for this victim in this pacing."""
    one = FAMILIES[family]
    return victim.kind in one.kinds and (not one.pacings or pacing in one.pacings)


def campaign(
    victim: Victim,
    family: str,
    pacing: str,
    rng: Generator,
    days: int,
    adaptive: Sequence[str] = (),
    *,
    size: int | None = None,
    begin: float = DAY,
    hosts: Sequence[tuple[str, Visit]] = (),
) -> Campaign:
    """Attack ``victim`` in a world of some ``days``; seconds.

    Parameters
    ----------
    family, pacing : of ``attacks.FAMILIES`` and ``pacing.PACINGS``
    size : how many questions; None draws what is usual for the family
    begin : s since the world's start; nothing is sent earlier
    hosts : customers, one of whom a stolen account belongs to; without any, one is made up

    Raises
    ------
    KeyError
        for a family that is none
    ValueError
        the family makes no sense for this victim or in this pacing, or the world ends before it begins
    """
    end = days * DAY
    if not suits(victim, family, pacing) or pacing not in paces.PACINGS:
        raise ValueError(f"{family} makes no sense for {victim.kind} inputs in pacing {pacing}")
    if begin >= end:
        raise ValueError(f"a world of {days} days has no time after second {begin:.0f}")
    one, chosen = FAMILIES[family], tuple(sorted(adaptive))
    padding = int(rng.integers(1, 10)) if pacing == "diluted" else 0
    room = (padding + 1) * (1.5 if "repeats" in chosen else 1) * (4 if {"twin", "fresh"} & set(chosen) else 1)
    most = min(size or one.usual(rng), int(MOST / room))
    queries = one.plan(victim, rng, most, disguise=adapting.disguise(victim, rng, chosen))
    if "fresh" in chosen:
        padding = max(padding, adapting.apart(queries, rng, MOST))
    sent = adapting.line(victim, queries, rng, chosen, padding)
    speed = "human" if "pace" in chosen and pacing in ("fast", "slow") else pacing
    place = Place(victim, rng, days, begin, end)
    clock = str(rng.choice(paces.HUMAN)) if "pace" in chosen else None
    plan = paces.schedule(len(sent.own), speed, place, clock, hasty=one.hasty)
    visits, own = _dealt(sent, plan, rng)
    stolen: frozenset[str] = frozenset()
    if pacing == "stolen":
        visits, own = _hidden(victim, rng, days, hosts, visits, own)
        stolen = frozenset(visits)
    along = np.argsort(plan.time, kind="stable")
    course = np.cumsum(sent.gained[along][sent.own[along]]) if queries.gained is not None else np.empty(0)
    return Campaign(
        family, one.threat, pacing, plan.clock, chosen, visits, own, stolen, queries.success, queries.fidelity, course
    )


def _dealt(sent: Line, plan: paces.Schedule, rng: Generator) -> tuple[dict[str, Visit], dict[str, Flags]]:
    """Give each account its records, in order of time."""
    visits, own = {}, {}
    for account in np.unique(plan.account):
        mine = np.flatnonzero(plan.account == account)
        mine = mine[np.argsort(plan.time[mine], kind="stable")]
        name = named(rng)
        visits[name] = Visit(plan.time[mine], sent.features[mine])
        own[name] = sent.own[mine]
    return visits, own


def _hidden(
    victim: Victim,
    rng: Generator,
    days: int,
    hosts: Sequence[tuple[str, Visit]],
    visits: Mapping[str, Visit],
    own: Mapping[str, Flags],
) -> tuple[dict[str, Visit], dict[str, Flags]]:
    """Merge the attack into what an honest customer sends."""
    name, host = hosts[int(rng.integers(len(hosts)))] if hosts else (next(iter(visits)), _host(victim, rng, days))
    (attack,), (marks,) = visits.values(), own.values()
    time = np.concatenate([host.time, attack.time])
    order = np.argsort(time, kind="stable")
    merged = Visit(time[order], np.concatenate([host.features, attack.features])[order])
    return {name: merged}, {name: np.concatenate([np.zeros(len(host.time), np.bool_), marks])[order]}


def _host(victim: Victim, rng: Generator, days: int) -> Visit:
    """A customer who has been there from the first day."""
    volume = float(np.exp(rng.uniform(np.log(15), np.log(300))))
    return KINDS[str(rng.choice(_OWNERS))](Place(victim, rng, days, volume=volume))
