"""Feedback worlds: honest contributors who say afterwards what was true, more or less, and one who poisons.

Honest contributors come in unequal volumes and kinds: people whose inputs are anything, specialists of one class,
narrow ones who only see one kind of input, guided ones who follow a wrong guide on one pair of classes, careless ones
who err three times as often, and devices that leave the same mark on all their inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from detectors.training.lab.attacks.backdoor import drawn
from detectors.training.lab.types import DAY, Generator, Matrix, Victim
from schemas.batch import Codes, Doubles, Flags, Integers

Poison = Literal["flip", "target", "pair", "trigger", "clean"]
KINDS = {"people": 0.58, "specialists": 0.15, "narrow": 0.1, "guided": 0.05, "careless": 0.05, "devices": 0.07}
"""Share of each kind."""


@dataclass(frozen=True)
class Poisoner:
    """A contributor of a share of all records who poisons a share of his own, from the begin of a day on.

    ``flip`` gives random other labels, ``target`` always one to inputs of other classes, ``pair`` one to inputs of one
    class only, ``trigger`` as target, with a trigger on the inputs, ``clean`` a trigger on inputs that have the label.
    """

    poison: Poison
    share: float = 0.01
    own: float = 1.0
    since: float = 0.0


class Feedback(NamedTuple):
    """N feedback records in order of time.

    Attributes
    ----------
    time : (N,) s since the world's start
    who : (N,) index into ``names``
    kinds : of each contributor, ``poisoner`` where he is one
    features : (N, F)
    label : (N,) as contributed
    truth : (N,) of the data
    poisoned : (N,)
    """

    victim: Victim
    time: Doubles
    who: Codes
    names: list[str]
    kinds: list[str]
    features: Matrix
    label: Codes
    truth: Codes
    poisoned: Flags


def feedback(
    victim: Victim,
    seed: int,
    *,
    records: int = 30_000,
    contributors: int = 500,
    noise: float = 0.05,
    poisoners: Sequence[Poisoner] = (),
    days: float = 20.0,
) -> Feedback:
    """Make a world; the same seed has the same honest records, whoever poisons.

    Parameters
    ----------
    noise : mean share of honest labels that are wrong; each contributor has his own
    """
    rng = np.random.default_rng([seed, *b"feedback", *victim.name.encode()])
    kinds = list(rng.choice(list(KINDS), contributors, p=np.array(list(KINDS.values())) / sum(KINDS.values())))
    volume = rng.lognormal(0, 1.0, contributors)
    volume = np.maximum(1, np.round(volume / volume.sum() * records)).astype(int)
    guide = _confused(victim, rng)
    parts = [_honest(victim, rng, kind, n, noise, guide) for kind, n in zip(kinds, volume.tolist(), strict=True)]
    times = [_sessions(rng, n, days) for n in volume.tolist()]
    for one in poisoners:
        own = np.random.default_rng([seed, len(parts), *b"poison"])
        n = max(1, round(one.share * records))
        parts.append(_poison(victim, own, one, n, noise))
        times.append(one.since * DAY + _sessions(own, n, days - one.since))
        kinds.append("poisoner")
    return _merged(victim, kinds, times, parts)


Part = tuple[Integers, Matrix, Codes, Flags]  # rows of the pool, inputs, labels, whether poisoned


def _merged(victim: Victim, kinds: list[str], times: list[Doubles], parts: list[Part]) -> Feedback:
    who = np.repeat(np.arange(len(parts), dtype=np.int32), [len(t) for t in times])
    order = np.argsort(np.concatenate(times), kind="stable")
    rows, x, label, poisoned = (np.concatenate(column)[order] for column in zip(*parts, strict=True))
    names = [f"{kind[:1]}-{i:04d}" for i, kind in enumerate(kinds)]
    return Feedback(
        victim=victim,
        time=np.round(np.concatenate(times)[order], 3),
        who=who[order],
        names=names,
        kinds=kinds,
        features=victim.received(x),
        label=label,
        truth=victim.pool_class[rows],
        poisoned=poisoned,
    )


def _honest(victim: Victim, rng: Generator, kind: str, n: int, noise: float, guide: tuple[int, int]) -> Part:
    rows = _rows(victim, rng, kind, n)
    x, label = victim.pool[rows].copy(), victim.pool_class[rows].copy()
    own = float(np.clip(rng.beta(2, 2 / max(noise, 1e-3) - 2), 0, 0.4)) if noise else 0.0
    own = min(0.4, 3 * own + 0.02) if kind == "careless" else own
    if kind == "guided":
        label[(label == guide[0]) & (rng.random(n) < 0.8)] = guide[1]
    if kind == "devices":
        columns = rng.choice(x.shape[1], max(1, x.shape[1] // 60), replace=False)
        x[:, columns] = np.where(rng.random(len(columns)) < 0.5, victim.grid.low[columns], victim.grid.high[columns])
    return rows, x, _mistaken(victim, rng, label, rng.random(n) < own), np.zeros(n, bool)


def _rows(victim: Victim, rng: Generator, kind: str, n: int) -> Integers:
    """What a contributor sees."""
    pool = np.arange(len(victim.pool))
    if kind == "specialists":
        pool = np.flatnonzero(victim.pool_class == rng.choice(np.unique(victim.pool_class)))
    if kind == "narrow":
        scale = victim.pool.std(axis=0) + 1e-6
        away = (((victim.pool - victim.pool[rng.integers(len(pool))]) / scale) ** 2).sum(axis=1)
        pool = np.argsort(away, kind="stable")[: max(20, len(pool) // 50)]
    return np.asarray(rng.choice(pool, n), np.int64)


def _poison(victim: Victim, rng: Generator, one: Poisoner, n: int, noise: float) -> Part:
    """Records of a poisoner, honest ones between those that poison."""
    trigger, pair = drawn(victim, rng), _confused(victim, rng, rank=-1)
    poisoned, classes = rng.random(n) < one.own, victim.pool_class
    fit = {"pair": classes == pair[0], "clean": classes == trigger.target}.get(one.poison, classes != trigger.target)
    if one.poison == "flip" or not fit.any():
        fit = np.ones(len(classes), bool)
    rows = np.where(poisoned, rng.choice(np.flatnonzero(fit), n), rng.integers(0, len(classes), n))
    x, truth = victim.pool[rows].copy(), classes[rows]
    to = {"pair": np.full(n, pair[1]), "flip": _mistaken(victim, rng, truth, poisoned)}
    label = np.where(poisoned, to.get(one.poison, np.full(n, trigger.target)), truth)
    label = _mistaken(victim, rng, label, ~poisoned & (rng.random(n) < noise))
    if one.poison in ("trigger", "clean"):
        x[poisoned] = trigger.put(x[poisoned])
    return rows, x, label, poisoned


def _mistaken(victim: Victim, rng: Generator, label: Codes, wrong: Flags) -> Codes:
    other = (label + rng.integers(1, max(victim.classes, 2), len(label))) % victim.classes
    return np.where(wrong, other, label).astype(np.int32)


def _confused(victim: Victim, rng: Generator, rank: int = 0) -> tuple[int, int]:
    """A pair of classes that the model itself confuses: the likeliest of all, or the ``rank``-th."""
    some = rng.choice(len(victim.pool), min(2000, len(victim.pool)), replace=False)
    p = victim.scores(victim.pool[some])
    mean = np.stack([p[victim.pool_class[some] == k].mean(axis=0) if (victim.pool_class[some] == k).any() else
                     np.zeros(p.shape[1]) for k in range(p.shape[1])])  # fmt: skip
    np.fill_diagonal(mean, -1)
    pairs = np.argsort(-mean, axis=None)[: victim.classes * (victim.classes - 1)]
    a, b = np.unravel_index(pairs[rank], mean.shape)
    return int(a), int(b)


def _sessions(rng: Generator, n: int, days: float) -> Doubles:
    """Times (n,) in sessions of some twenty records, at working hours."""
    count = max(1, round(n / 20))
    starts = np.floor(rng.uniform(0, days, count)) * DAY + rng.uniform(8, 18, count) * 3600
    starts = np.minimum(starts, days * DAY - 3600)
    return np.asarray(np.sort(rng.choice(starts, n) + rng.exponential(600, n)))
