"""Gated: a watched world through the gates, a few campaigns at a time, with thresholds that roll as in production.

Detectors of one record or of a profile only: what the correlator adds (cohorts) is not seen here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from detectors import library
from detectors.api import Spec
from detectors.cohorts import SHARE
from detectors.gates import calibration, conformal, coverage, payment
from detectors.gates.honest import Honest
from detectors.gates.trajectories import Trajectories
from detectors.plan import DAY
from detectors.training.watched import Watched
from schemas.batch import Doubles, Flags, Integers

DISHONEST = ("attacker", "stolen")


class Catch(NamedTuple):
    """The first alert about a campaign: its own records and all its accounts' up to then, and which detector."""

    queries: int
    sent: int
    detector: str


class Spent(NamedTuple):
    """False alerts of one detector: promised, paid for, raised."""

    promised: float
    paid: float
    false: float


@dataclass(slots=True)
class Outcome:
    """What became of some campaigns in one world.

    Attributes
    ----------
    present : the campaigns that sent anything after the burn-in
    caught : by campaign
    false : kind of the principal and detector, of each false alert
    spent : by detector
    low, high : false alerts a day that the burn-in's calibrations print, all detectors together
    days : watched
    """

    days: int
    present: list[int] = field(default_factory=list)
    caught: dict[int, Catch] = field(default_factory=dict)
    false: list[tuple[str, str]] = field(default_factory=list)
    spent: dict[str, Spent] = field(default_factory=dict)
    low: float = 0.0
    high: float = 0.0


class _Rows(NamedTuple):
    """What of a world is let through: (n,) of the world's rows, whose they are, and their day from 0."""

    at: Integers
    principal: Integers
    day: Integers


def gated(
    world: Watched, scores: Mapping[str, Doubles], group: Sequence[int], alerts: float, suspect: Flags | None = None
) -> Outcome:
    """Let honest traffic and some campaigns through the gates, at ``alerts`` false alerts a day.

    Who is in no group but attacks during the burn-in is there all the same.

    Parameters
    ----------
    scores : by detector (N,), as far as they are not the world's own
    suspect : (P,) principals whose burn-in teaches no threshold, as :mod:`detectors.trimming` leaves them out
    """
    rows = _let_through(world, group, suspect)
    specs = {n: d.spec for n, d in library.build({}).items() if n in world.scores and d.spec.gate == "conformal"}
    total = sum(spec.share for spec in specs.values())
    made = Outcome(int(rows.day[-1]))
    raised: list[tuple[int, str]] = []
    for name, spec in specs.items():
        score = np.asarray(scores.get(name, world.scores[name]), np.float64)[rows.at]
        budget = alerts * (1.0 - SHARE) * spec.share / total
        found, paid, (low, high) = _one(rows, score, spec, budget, len(world.kinds))
        raised += [(int(row), name) for row in found]
        made.spent[name] = Spent(budget * made.days, paid, 0.0)
        made.low, made.high = made.low + low, made.high + high
    _told(world, rows, group, sorted(raised), made)
    return made


def _let_through(world: Watched, group: Sequence[int], suspect: Flags | None) -> _Rows:
    wicked = np.isin(np.array(world.kinds), DISHONEST)
    early = np.zeros(len(wicked), np.bool_)
    early[world.principal[(world.attack >= 0) & (world.time < DAY)]] = True
    mine = np.zeros(len(wicked), np.bool_)
    mine[world.principal[np.isin(world.campaign, group)]] = True
    stays = (~wicked | mine | early)[world.principal]
    if suspect is not None:
        stays &= (world.time >= DAY) | ~suspect[world.principal]
    at = np.flatnonzero(stays)
    last = int(world.time[-1] // DAY) - (world.time[-1] % DAY < 60.0)
    day = np.minimum((world.time[at] // DAY).astype(np.int64), last)
    return _Rows(at, world.principal[at].astype(np.int64), day)


def _one(
    rows: _Rows, score: Doubles, spec: Spec, budget: float, principals: int
) -> tuple[Integers, float, tuple[float, float]]:
    """Rows that one detector's gate raises, what was paid, and what its burn-in says about its rate."""
    state, history = np.zeros(principals, conformal.state), Trajectories()
    known = {spec.name: spec.honest}
    who, peak = _reached(rows, score, rows.day == 0)
    history.add(spec.name, epoch=1, peak=peak, who=who.astype(np.uint64) + np.uint64(1))
    conformal.acquaint(state, np.unique(rows.principal[rows.day == 0]))
    curve = _fit(history, spec.name, known, "frozen", 1, budget)
    clean = history.sample(spec.name, clean=True)
    said = None
    if clean.units > 1:
        said = coverage.of(clean, budget=budget, forecast=curve.forecast, shape=spec.tail, usual=spec.honest.usual)
    meter = payment.opened(budget=budget, forecast=curve.forecast)
    found, paid = [np.zeros(0, np.int64)], 0.0
    for day in range(1, int(rows.day[-1]) + 1):
        today = np.flatnonzero(rows.day == day)
        made = conformal.cross(
            rows.principal[today],
            np.full(len(today), day + 1),
            score[today],
            alphas=curve.alphas,
            thresholds=curve.thresholds,
            newcomers=curve.newcomers,
            rows=state,
            meter=meter,
        )
        found.append(today[made.rows])
        spent = float(meter["paid"][0])
        paid += spent
        seen = conformal.peaks(state, np.unique(rows.principal[today]), day + 1)
        history.add(spec.name, epoch=day + 1, paid=spent, **seen._asdict())
        curve = _fit(history, spec.name, known, "rolling", day + 1, budget)
    return np.concatenate(found), paid, (said.low, said.high) if said else (0.0, budget)


def _fit(
    history: Trajectories, name: str, known: dict[str, Honest], kind: str, epoch: int, budget: float
) -> calibration.Curve:
    made = calibration.fit(history, model="", version="", kind=kind, epoch=epoch, budgets={name: budget}, honest=known)
    return made.curves[name]


def _reached(rows: _Rows, score: Doubles, chosen: Flags) -> tuple[Integers, Doubles]:
    """Principals and the largest score of each among some rows."""
    chosen = chosen & ~np.isnan(score)
    top = np.full(int(rows.principal.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(top, rows.principal[chosen], score[chosen])
    who = np.flatnonzero(np.isfinite(top))
    return who, top[who]


def _told(world: Watched, rows: _Rows, group: Sequence[int], raised: list[tuple[int, str]], made: Outcome) -> None:
    """Place alerts: about a campaign once it has begun, else false; what early attackers do is neither."""
    campaign, attack = world.campaign[rows.at], world.attack[rows.at]
    first: dict[int, int] = {}
    owner: dict[int, int] = {}
    for one in group:
        mine = np.flatnonzero(campaign == one)
        if len(mine) and rows.day[mine[-1]] > 0:
            made.present.append(one)
            first[one] = int(mine[0])
            owner |= dict.fromkeys(rows.principal[mine].tolist(), one)
    for row, name in raised:
        who = int(rows.principal[row])
        one = owner.get(who, -1)
        if one >= 0 and row >= first[one]:
            if one not in made.caught:
                own, sent = int((attack[: row + 1] == one).sum()), int((campaign[: row + 1] == one).sum())
                made.caught[one] = Catch(own, sent, name)
        elif world.kinds[who] not in DISHONEST or one >= 0:
            made.false.append((world.kinds[who], name))
            made.spent[name] = made.spent[name]._replace(false=made.spent[name].false + 1)
