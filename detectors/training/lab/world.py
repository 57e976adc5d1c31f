"""World: some days of traffic to one victim, honest and not, as columns in order of time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from detectors.training.lab.drifts import MODEL, Drift
from detectors.training.lab.population import MEAN, Member, guests, population
from detectors.training.lab.types import DAY, Matrix, Victim, Visit
from schemas.batch import Codes, Doubles, Flags
from schemas.record import Record

MONDAY = 1_767_571_200.0  # 2026-01-05, s since the epoch
DIGITS, DECIMALS = 7, 6  # of what is logged, at most


class Raid(Protocol):
    """What a world has to know of an attack campaign; ``campaigns.Campaign`` is one.

    ``visits`` are all records of each principal, ``own`` says which of them are the attack's; the others are the honest
    owner's, whose account it uses, or honest inputs between which it hides.
    """

    @property
    def visits(self) -> Mapping[str, Visit]:
        """Return what each principal sends."""
        ...

    @property
    def own(self) -> Mapping[str, Flags]:
        """Return which of its records are the attack's."""
        ...

    @property
    def stolen(self) -> frozenset[str]:
        """Return the principals that are honest otherwise."""
        ...


Attack = TypeVar("Attack", bound=Raid)


@dataclass(frozen=True)
class World(Generic[Attack]):
    """N records in order of time.

    Attributes
    ----------
    time : (N,) s since the world's start
    principal : (N,) index into ``names``
    kinds : of each principal the kind of honest behaviour, ``attacker``, or ``stolen`` where an owner is robbed
    features : (N, F) as the service received them
    probabilities : (N, C) or (N, 0) as logged
    label : (N,) the likeliest class
    attack : (N,) index into ``campaigns``, -1 where honest, between attacks too
    campaign : (N,) the same, but what an attacker sends in order to hide is his campaign's as well
    redeployed : when another model took over, s since the world's start; None if never
    moved : how the world moves, if it does; a model that is replaced for this reason keeps its version
    """

    victim: Victim
    days: int
    time: Doubles
    principal: Codes
    names: list[str]
    kinds: list[str]
    features: Matrix
    probabilities: Doubles
    label: Codes
    attack: Codes
    campaign: Codes
    campaigns: list[Attack]
    redeployed: float | None
    moved: Drift | None = None
    start: float = MONDAY

    def version(self) -> Codes:
        """Return the model's version (N,) that answered each record, from 1."""
        announced = np.inf if self.redeployed is None else self.redeployed
        late = self.time >= (np.inf if self.moved and self.moved.kind == MODEL else announced)
        return (1 + late).astype(np.int32)

    def records(self, chunk: int = 5_000) -> Iterator[Record]:
        """Yield what is logged of each record, in order of time."""
        version = self.version()
        largest = np.maximum(np.maximum(np.abs(self.victim.grid.low), np.abs(self.victim.grid.high)), 1)
        exact = 10.0 ** np.clip(DIGITS - np.ceil(np.log10(largest)), 0, DECIMALS)
        latency = np.random.default_rng(len(self.time)).lognormal(1.1, 0.4, len(self.time))
        for begin in range(0, len(self.time), chunk):
            part = slice(begin, begin + chunk)
            features = (np.rint(self.features[part].astype(np.float64) * exact) / exact).tolist()
            probabilities = self.probabilities[part].tolist()
            for offset, (asked, answered) in enumerate(zip(features, probabilities, strict=True)):
                row = begin + offset
                yield Record(
                    id=f"{row:08x}",
                    time=round(self.start + float(self.time[row]), 3),
                    model=self.victim.name,
                    version=str(version[row]),
                    principal=self.names[self.principal[row]],
                    features=asked,
                    probabilities=answered or None,
                    label=None if answered else int(self.label[row]),
                    latency_ms=round(float(latency[row]), 2),
                )


def world(
    victim: Victim,
    seed: int,
    days: int,
    principals: int,
    campaigns: Sequence[Attack] | Callable[[Sequence[Member]], Sequence[Attack]] = (),
    *,
    without: Sequence[str] = (),
    mean: float = MEAN,
    rhythm: str = "",
    since: float = 0.0,
    new: float | None = None,
    redeploy: bool | None = None,
    moved: Drift | None = None,
    invited: Mapping[str, int] | None = None,
) -> World[Attack]:
    """Put an honest population and campaigns together; the same seed has the same honest traffic, whatever attacks it.

    Parameters
    ----------
    campaigns : or what makes them, knowing the honest principals, of whom some may lose their accounts
    without, mean, rhythm, since, new : see ``population``
    redeploy : whether a second version takes over at some time; one world in three draws that it does
    moved : how the world moves; it is then not redeployed, unless that is what moves
    invited : honest principals beyond them, of kinds that no population draws: see ``population.guests``

    Raises
    ------
    ValueError
        two campaigns have a principal in common
    """
    rng = np.random.default_rng([seed, *victim.name.encode()])
    draw, at = rng.random() < 1 / 3, float(rng.uniform(1.5, max(1.6, days - 1))) * DAY
    redeployed = at if (draw if redeploy is None else redeploy) and victim.successor else None
    if moved is not None:
        redeployed = moved.start if moved.kind == MODEL else None
    members = population(victim, rng, days, principals, without, mean=mean, rhythm=rhythm, since=since, new=new)
    if invited:
        members += guests(victim, np.random.default_rng([seed, *b"guests", *victim.name.encode()]), days, invited)
    if moved is not None:
        members = [one._replace(visit=moved.moved(rng, one.visit)) for one in members]
    raids = campaigns(members) if callable(campaigns) else campaigns
    return merged(victim, days, members, raids, redeployed, moved)


def merged(
    victim: Victim,
    days: int,
    members: Sequence[Member],
    campaigns: Sequence[Attack],
    redeployed: float | None,
    moved: Drift | None = None,
) -> World[Attack]:
    """Sort what all send by time, and let the victim answer; a stolen account's visit replaces its owner's."""
    taken = [name for campaign in campaigns for name in campaign.visits]
    if len(set(taken)) < len(taken):
        raise ValueError("two campaigns have a principal in common")
    members = [member for member in members if member.name not in set(taken)]
    names = [member.name for member in members]
    kinds = [member.kind for member in members]
    visits = [member.visit for member in members]
    attack = [np.full(len(visit.time), -1, np.int32) for visit in visits]
    sender = [-1] * len(visits)
    for index, campaign in enumerate(campaigns):
        for name, visit in campaign.visits.items():
            own = np.asarray(campaign.own[name], bool)
            names.append(name)
            kinds.append("stolen" if name in campaign.stolen else "attacker")
            visits.append(visit)
            sender.append(-1 if name in campaign.stolen else index)
            attack.append(np.where(own, index, -1).astype(np.int32))
    time = np.asarray(np.round(np.concatenate([visit.time for visit in visits]), 3), np.float64)
    order = np.argsort(time, kind="stable")
    features = victim.received(np.concatenate([visit.features for visit in visits])[order].astype(np.float32))
    principal = np.repeat(np.arange(len(visits), dtype=np.int32), [len(visit.time) for visit in visits])[order]
    time, attacks = time[order], np.concatenate(attack)[order]
    probabilities, label = _answers(victim, features, time, redeployed)
    return World(
        victim=victim,
        days=days,
        time=time,
        principal=principal,
        names=names,
        kinds=kinds,
        features=features,
        probabilities=probabilities,
        label=label,
        attack=attacks,
        campaign=np.maximum(attacks, np.array(sender, np.int32)[principal]),
        campaigns=list(campaigns),
        redeployed=redeployed,
        moved=moved,
    )


def _answers(victim: Victim, x: Matrix, time: Doubles, redeployed: float | None) -> tuple[Doubles, Codes]:
    """Answers of the version that is there at the time, 5,000 at a time, for some models need much memory."""
    cut = len(x) if redeployed is None else int(np.searchsorted(time, redeployed))
    later = victim.successor() if victim.successor and cut < len(x) else victim
    answers = [
        model.answer(x[start : min(start + 5_000, end)])
        for model, begin, end in ((victim, 0, cut), (later, cut, len(x)))
        for start in range(begin, end, 5_000)
    ]
    return np.concatenate([one.probabilities for one in answers]), np.concatenate([one.label for one in answers])
