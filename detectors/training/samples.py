"""Samples: rows to learn from, a few of each principal, so that neither the loud nor the long decide."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.network import softened
from detectors.training.lab.types import Generator
from detectors.training.lab.world import World
from detectors.training.observed import Observed
from detectors.tuned import Rows
from schemas.batch import Floats, Integers

PER_PRINCIPAL = 20
LOUDEST = 4  # rows of an honest principal that looked the least usual are always taken
ALIKE = {"patch": "evasion"}  # threats that a profile cannot tell apart
FIRST = 3  # the attack's query from which on a campaign counts


class Samples(NamedTuple):
    """M rows of profiles.

    Attributes
    ----------
    x : (M, 64) softened deviations
    attack : (M,) 1 or 0
    threat : (M,) index into the threats, 0 where honest
    weight : (M,) in each world honest and attack rows weigh alike, each principal and each campaign alike
    """

    x: Floats
    attack: Floats
    threat: Integers
    weight: Floats


def samples(drawn: World[Any], seen: Observed, threats: Sequence[str], rng: Generator) -> Samples:
    """Rows of one world; of a campaign from its third query on, and of a stolen account only while it is robbed."""
    picks: list[tuple[Integers, float, float, int]] = []
    principal, attack = drawn.principal[seen.row], drawn.attack[seen.row]
    order = np.argsort(principal, kind="stable")
    bounds = np.searchsorted(principal[order], np.arange(len(drawn.names) + 1))
    shares = 1.0 / np.maximum(1, [len(one.visits) for one in drawn.campaigns])
    for who, kind in enumerate(drawn.kinds):
        rows = order[bounds[who] : bounds[who + 1]]
        if kind not in ("attacker", "stolen"):
            if len(rows):
                picks.append((_honest(rows, seen, rng), 0.0, 1.0, 0))
            continue
        own = np.flatnonzero(attack[rows] >= 0)
        if len(own):
            index = int(attack[rows[own[0]]])
            begin = int(own[min(FIRST, len(own)) - 1])
            end = len(rows) if kind == "attacker" else int(own[-1]) + 1
            threat = ALIKE.get(drawn.campaigns[index].threat, drawn.campaigns[index].threat)
            code = threats.index(threat) if threat in threats else 0
            picks.append((_spread(rows[begin:end], PER_PRINCIPAL, rng), 1.0, float(shares[index]), code))
    return _joined(picks, seen)


def _honest(rows: Integers, seen: Observed, rng: Generator) -> Integers:
    loud = rows[np.argsort(seen.scores["unusual_profile"][rows])[-LOUDEST:]]
    return np.union1d(_spread(rows, PER_PRINCIPAL, rng), loud)


def _spread(rows: Integers, count: int, rng: Generator) -> Integers:
    """About ``count`` rows, half of them anywhere, half mostly early, where decisions are taken."""
    early = (len(rows) ** rng.random(count // 2)).astype(np.int64) - 1
    return np.asarray(rows[np.union1d(early, rng.integers(0, len(rows), count // 2))])


def _joined(picks: Sequence[tuple[Integers, float, float, int]], seen: Observed) -> Samples:
    sizes = [len(rows) for rows, _, _, _ in picks]
    attack = np.repeat([a for _, a, _, _ in picks], sizes).astype(np.float32)
    weight = np.repeat([w / n for (_, _, w, _), n in zip(picks, sizes, strict=True)], sizes)
    for side in (0, 1):
        mine = attack == side
        weight[mine] *= len(weight) / max(weight[mine].sum(), 1e-9)
    return Samples(
        softened(seen.z[np.concatenate([rows for rows, _, _, _ in picks])]),
        attack,
        np.repeat([c for _, _, _, c in picks], sizes).astype(np.int64),
        weight.astype(np.float32),
    )


def together(some: Sequence[Samples]) -> Samples:
    """Rows of several worlds."""
    columns: list[npt.NDArray[Any]] = [np.concatenate(parts) for parts in zip(*some, strict=True)]
    return Samples(*columns)


def part(data: Samples, count: int, *, seed: int = 1) -> Rows:
    """Some of the rows, drawn at random: what ships for :mod:`detectors.tuned`."""
    some = np.random.default_rng(seed).permutation(len(data.x))[:count]
    return Rows(data.x[some], data.attack[some], data.threat[some], data.weight[some])
