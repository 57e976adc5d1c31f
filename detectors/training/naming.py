"""Naming: what is learnt from to tell an attack's aim, at the moment of an alert and after further requests.

In a world of the laboratory some moments of each attacker are taken for the moment of an alert, early ones more often;
from there its requests are followed as :mod:`detectors.dossiers` does it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from detectors import library, scorer, settlement, threat_naming
from detectors.api import Columns, Scores
from detectors.collector import Collector
from detectors.dossiers import LOOKED
from detectors.features.constraints import KINDS
from detectors.packing import Corrupt, pack, unpack
from detectors.plan import DAY, Plan
from detectors.state import KeyTable
from detectors.trail import KEPT, Trail, measures
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.types import Generator
from detectors.training.lab.world import World
from detectors.training.leftout import DISHONEST
from detectors.training.observed import CHUNK, rows_of
from detectors.training.samples import ALIKE
from schemas.batch import Floats, Integers

MOMENTS = 4  # of one account, at most
EVERY = 20  # requests that let one more moment be taken


class Named(NamedTuple):
    """M rows to learn from.

    Attributes
    ----------
    x : (M, :data:`detectors.threat_naming.WIDTH`) inputs of the network
    threat : (M,) index into the names
    since : (M,) requests since the alert
    moment : (M,) rows of one number follow one alert
    campaign : (M,) whose they are
    """

    x: Floats
    threat: Integers
    since: Integers
    moment: Integers
    campaign: Integers


class Seen(NamedTuple):
    """Rows of attackers, n in order of time, and where each of them is in the world."""

    at: Integers
    z: Floats
    scores: Floats
    trail: Trail


def named(drawn: World[Campaign], threats: Sequence[str], rng: Generator) -> Named:
    """Rows of one world. Raises ``NotEnough`` where its burn-in is too thin."""
    observed = seen(drawn)
    principal, attack = drawn.principal[observed.at], drawn.attack[observed.at]
    live = drawn.time[observed.at] >= DAY
    rows: list[tuple[Floats, int, int, int, int]] = []
    moment = 0
    for who in np.unique(principal):
        mine = np.flatnonzero((principal == who) & live)
        own = np.flatnonzero(attack[mine] >= 0)
        if not len(own):
            continue
        campaign = int(attack[mine[own[0]]])
        threat = ALIKE.get(drawn.campaigns[campaign].threat, drawn.campaigns[campaign].threat)
        mine, last = mine[own[0] :], int(own[-1] - own[0])
        for begin in _moments(last + 1, min(MOMENTS, 1 + len(mine) // EVERY), rng):
            for since, x in _followed(observed, mine, begin, drawn.victim.classes):
                rows.append((x, threats.index(threat), since, moment, campaign))
            moment += 1
    columns: list[Any] = [np.array(column) for column in zip(*rows, strict=True)]
    return Named(*columns)


def _moments(count: int, wanted: int, rng: Generator) -> list[int]:
    """Where alerts are taken to be raised, among the first ``count`` requests, early ones more often."""
    found: list[int] = np.unique((count ** rng.random(wanted)).astype(np.int64) - 1).tolist()
    return found


def _followed(observed: Seen, mine: Integers, begin: int, classes: int) -> Iterator[tuple[int, Floats]]:
    """Inputs at an alert, and each time that the name is looked for again."""
    for since in (0, *LOOKED):
        if begin + since >= len(mine):
            return
        row = mine[begin + since]
        since_then = mine[max(begin + 1, begin + since - KEPT + 1) : begin + since + 1]
        shape = measures(Trail(*(column[since_then] for column in observed.trail)), classes)
        one = slice(row, row + 1)
        yield since, threat_naming.inputs(observed.z[one], observed.scores[one], np.array([since]), shape[None])[0]


def seen(drawn: World[Campaign]) -> Seen:
    """Let the profile and the detectors see a world, and keep what they say of attackers."""
    cut = int(np.searchsorted(drawn.time, DAY))
    collector = Collector(drawn.victim.name, "1")
    for start in range(0, cut, CHUNK):
        collector.add(rows_of(drawn, np.arange(start, min(cut, start + CHUNK))))
    plan = Plan(burn_in=DAY, secret=b"laboratory")
    settled = settlement.settle([collector.burn_in().to_bytes()], plan)
    detectors = {n: d for n, d in library.build(plan.detectors).items() if not scorer.missing(d, settled.reference)}
    table = KeyTable(scorer.state_dtypes(detectors, {}), limit=len(drawn.names) + 1)
    wicked = np.isin(np.array(drawn.kinds), DISHONEST)
    parts = []
    for start in range(0, len(drawn.time), CHUNK):
        index = np.arange(start, min(len(drawn.time), start + CHUNK))
        batch = rows_of(drawn, index)
        slots = table.assign(batch.principals, batch.principal, start)
        rows = scorer.columns(settled.reference, batch, slots, table)
        scored = scorer.score(detectors, rows, slots, table)
        parts.append(_kept(rows, scored.scores, index, np.flatnonzero(wicked[batch.principal])))
    at, z, scores, *trail = (np.concatenate(column) for column in zip(*parts, strict=True))
    trail[3] = _changed(drawn, at)
    return Seen(at, z, scores, Trail(*trail))


def _kept(rows: Columns, scores: dict[str, Scores], index: Integers, kept: Integers) -> tuple[Any, ...]:
    """Columns of some rows, by the order of ``Seen``."""
    n = len(kept)
    values = [scores[s].value[kept] if s in scores else np.zeros(n) for s in threat_naming.SCORES]
    broken = scores["input_consistency"].why["counts"][kept] > 0 if "input_consistency" in scores else None
    shared = rows.shared
    return (
        index[kept], rows.z[kept], np.stack(values, 1), shared["u"][kept], shared["label"][kept],
        shared["margin"][kept], np.ones(n, np.float32),
        np.zeros((n, len(KINDS)), np.bool_) if broken is None else broken,
    )  # fmt: skip


def _changed(drawn: World[Campaign], at: Integers) -> Floats:
    """Share of the columns in which each input differs from its principal's one before, (n,)."""
    made, last = np.ones(len(at), np.float32), dict[int, int]()
    for i, row in enumerate(at.tolist()):
        who = int(drawn.principal[row])
        if who in last:
            made[i] = (drawn.features[last[who]] != drawn.features[row]).mean()
        last[who] = row
    return made


def to_bytes(made: Named) -> bytes:
    """The rows as bytes."""
    return pack({}, made._replace(x=made.x.astype(np.float16))._asdict())


def from_bytes(data: bytes) -> Named:
    """Undo :func:`to_bytes`; raises ``Corrupt``."""
    arrays = unpack(data)[1]
    try:
        made = Named(*(arrays[name] for name in Named._fields))
    except KeyError as error:
        raise Corrupt(f"no rows to learn names from: {error} is missing") from error
    return made._replace(x=made.x.astype(np.float32))


def together(some: Sequence[Named]) -> Named:
    """Rows of several worlds; moments and campaigns get numbers of their own."""
    moved, moments, campaigns = [], 0, 0
    for one in some:
        moved.append(one._replace(moment=one.moment + moments, campaign=one.campaign + campaigns))
        moments += int(one.moment.max(initial=-1)) + 1
        campaigns += int(one.campaign.max(initial=-1)) + 1
    columns: list[Any] = [np.concatenate(parts) for parts in zip(*moved, strict=True)]
    return Named(*columns)
