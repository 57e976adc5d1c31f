"""Simulation: many days of traffic through both gates, to see the realised rate of false alerts against the promise.

``docs/detection/budget.md`` shows :func:`table`; the tests run smaller worlds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from detectors.gates import budget, calibration, conformal, payment
from detectors.gates.trajectories import Trajectories
from schemas.batch import Doubles, Integers

KEYS = ("first", "second")  # two detectors that see nearly the same, so that their false alerts come together


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Benign principals, and attackers if wanted.

    Attributes
    ----------
    principals : known ones; each is there on four days of five
    newcomers : as a share of them, principals a day never seen before or after
    heterogeneity : sd between principals' mean scores, in sd of one record's score
    heavy : scores' upper tail is that of a lognormal law instead of a normal one
    bursts : share of principal-days with eight times the records
    shock : sd of a day's effect on all scores at once
    drift : how much all scores rise a day, in sd
    surge : every tenth day has this many times the principals
    attackers : as a share of the principals, attackers a day
    """

    principals: int = 150
    days: int = 60
    burn_in: int = 1
    newcomers: float = 0.1
    heterogeneity: float = 1.0
    heavy: bool = False
    bursts: float = 0.05
    shock: float = 0.0
    drift: float = 0.0
    surge: float = 1.0
    attackers: float = 0.0
    strength: float = 8.0


class Outcome(NamedTuple):
    """Per day, both detectors together: promised, paid, false alerts; the worst day's; share of attackers caught."""

    promised: float
    paid: float
    false: float
    worst: float
    caught: float


class Day(NamedTuple):
    """A day's records in order: (N,) slots, (N, 2) scores of the two detectors, and the slots of attackers."""

    slots: Integers
    scores: Doubles
    attackers: Integers


def days(world: World, random: np.random.Generator) -> Iterator[Day]:
    """Days without end, the burn-in's first and clean."""
    effects = world.heterogeneity * random.normal(size=world.principals)
    free = world.principals
    day = 0
    while True:
        clean = day < world.burn_in
        known = np.flatnonzero(random.random(world.principals) < 0.8)
        once = random.poisson(world.newcomers * world.principals)
        if world.surge > 1.0 and not clean and day % 10 == 0:
            once += int((world.surge - 1.0) * world.principals)
        bad = 0 if clean else round(world.attackers * world.principals)
        slots = np.concatenate([known, free + np.arange(once + bad)])
        effect = np.concatenate([effects[known], world.heterogeneity * random.normal(size=once + bad)])
        effect += world.shock * random.normal() + world.drift * day
        effect[len(effect) - bad :] += world.strength * random.random(bad)
        yield _records(world, random, slots, effect, slots[len(slots) - bad :])
        free += once + bad
        day += 1


def _records(world: World, random: np.random.Generator, slots: Integers, effect: Doubles, bad: Integers) -> Day:
    """Records of a day: counts with a long tail, noise that stays for a while, two detectors nearly alike."""
    counts = 1 + random.geometric(0.08, len(slots)) * np.where(random.random(len(slots)) < world.bursts, 8, 1)
    row = random.permutation(np.repeat(np.arange(len(slots)), counts))
    mood = random.normal(size=len(slots))[row]
    noise = 0.7 * mood + 0.7 * random.normal(size=len(row))
    both = np.stack([noise, 0.9 * noise + 0.44 * random.normal(size=len(row))], axis=1)
    scores = effect[row, None] + both
    return Day(slots[row], np.exp(scores / 2.0) if world.heavy else scores, bad)


def learnt(world: World, *, alerts: float, kind: str, seed: int) -> Outcome:
    """Days through the conformal gate of two detectors that share a budget of ``alerts`` a day.

    Parameters
    ----------
    kind : ``frozen`` or ``rolling``
    """
    random = np.random.default_rng(seed)
    stream = days(world, random)
    history = Trajectories()
    budgets = dict.fromkeys(KEYS, alerts / 2.0)
    for epoch in range(1, world.burn_in + 1):
        day = next(stream)
        for column, name in enumerate(KEYS):
            history.add(name, epoch=epoch, peak=_peaks(day.slots, day.scores[:, column]))
    held = calibration.fit(history, model="m", version="1", kind="frozen", epoch=world.burn_in, budgets=budgets)
    size = world.principals + int(world.principals * (world.days + world.burn_in) * (1 + world.newcomers + world.surge))
    rows = {n: np.zeros(size, conformal.state) for n in KEYS}
    for n in KEYS:
        conformal.acquaint(rows[n], np.unique(day.slots[day.slots < world.principals]))
    meters = {n: payment.opened(budget=c.budget, forecast=c.forecast) for n, c in held.curves.items()}
    false, paid, caught, bad = np.zeros(world.days), 0.0, 0, 0
    for d in range(world.days):
        epoch, day = world.burn_in + 1 + d, next(stream)
        hit: set[int] = set()
        for column, name in enumerate(KEYS):
            curve = held.curves[name]
            made = conformal.cross(
                day.slots,
                np.full(len(day.slots), epoch),
                np.ascontiguousarray(day.scores[:, column]),
                alphas=curve.alphas,
                thresholds=curve.thresholds,
                rows=rows[name],
                meter=meters[name],
            )
            who = day.slots[made.rows]
            false[d] += np.sum(~np.isin(who, day.attackers))
            hit |= set(who[np.isin(who, day.attackers)].tolist())
            spent = float(meters[name]["paid"][0])
            paid += spent
            history.add(
                name, epoch=epoch, paid=spent, **conformal.peaks(rows[name], np.unique(day.slots), epoch)._asdict()
            )
        caught, bad = caught + len(hit), bad + len(day.attackers)
        if kind == "rolling":
            held = calibration.fit(history, model="m", version="1", kind=kind, epoch=epoch, budgets=budgets)
    return Outcome(alerts, paid / world.days, float(false.mean()), float(false.max()), caught / max(1, bad))


def _peaks(slots: Integers, scores: Doubles) -> Doubles:
    top: Doubles = np.full(int(slots.max()) + 1, -np.inf)
    np.maximum.at(top, slots, scores)
    return top[top > -np.inf]


def evident(world: World, *, alerts: float, seed: int, bet: float = 0.7) -> Outcome:
    """Days through the budget gate: e-values exp(bet x - bet^2 / 2) of standard normal x that all keys share in part.

    The n-th records of all keys of a day have half of their x in common, so that false alerts come in herds. A burst
    or a surge brings more records, not other ones.
    """
    random = np.random.default_rng(seed)
    stream = days(world, random)
    for _ in range(world.burn_in):
        first = next(stream)
    size = world.principals + int(world.principals * (world.days + world.burn_in) * (1 + world.newcomers + world.surge))
    rows = {n: np.zeros(size, budget.state) for n in KEYS}
    meters = {n: payment.opened(budget=alerts / 2.0, forecast=len(first.slots)) for n in KEYS}
    false, paid = np.zeros(world.days), 0.0
    for d in range(world.days):
        day = next(stream)
        turn = _turns(day.slots)
        x = 0.7 * random.normal(size=turn.max() + 1)[turn] + np.sqrt(1 - 0.49) * random.normal(size=len(turn))
        for name in KEYS:
            epochs = np.full(len(x), world.burn_in + 1 + d)
            made = budget.cross(day.slots, epochs, np.exp(bet * x - bet**2 / 2), rows=rows[name], meter=meters[name])
            false[d] += len(made.rows)
            paid += float(meters[name]["paid"][0])
    return Outcome(alerts, paid / world.days, float(false.mean()), float(false.max()), 0.0)


def _turns(slots: Integers) -> Integers:
    """For each row, how many rows of the same slot came before."""
    order = np.argsort(slots, kind="stable")
    first = np.flatnonzero(np.diff(slots[order], prepend=-1))
    made = np.empty(len(slots), np.int64)
    made[order] = np.arange(len(slots)) - np.repeat(first, np.diff(np.append(first, len(slots))))
    return made


WORLDS = {
    "alike": World(heterogeneity=0.0, bursts=0.0),
    "different (sd 1), bursts": World(),
    "the same, 1,500 principals": World(principals=1500),
    "only 12 principals": World(principals=12, newcomers=0.0),
    "heavy tail": World(heavy=True),
    "eightfold every 10th day": World(surge=8.0),
    "days differ (sd 0.5)": World(shock=0.5),
    "scores rise 0.02 sd a day": World(drift=0.02),
    "2 % attackers": World(attackers=0.02),
    "10 % attackers": World(attackers=0.1),
}


def table(*, runs: int = 40, alerts: tuple[float, ...] = (0.5, 2.0, 10.0), days: int = 60) -> str:
    """The measured table of the documentation, in Markdown; some minutes."""
    lines = [
        "| world | gate | promised | paid | false alerts a day (95 %) | worst day | attackers caught |",
        "|---|---|---|---|---|---|---|",
    ]
    worlds = {n: replace(w, days=days) for n, w in WORLDS.items()}
    for name, world in worlds.items():
        for b in alerts:
            lines += [
                _line(name, kind, [learnt(world, alerts=b, kind=kind, seed=s) for s in range(runs)])
                for kind in ("frozen", "rolling")
            ]
    for name in ("alike", "different (sd 1), bursts", "eightfold every 10th day"):
        for b in alerts:
            made = [evident(worlds[name], alerts=b, seed=s) for s in range(runs)]
            lines.append(_line(name, "budget", made))
    return "\n".join(lines)


def _line(name: str, kind: str, made: list[Outcome]) -> str:
    false = np.array([o.false for o in made])
    margin = 1.96 * false.std(ddof=1) / np.sqrt(len(made))
    caught = np.mean([o.caught for o in made])
    return (
        f"| {name} | {kind} | {made[0].promised:g} | {np.mean([o.paid for o in made]):.2f} "
        f"| {false.mean():.2f} ± {margin:.2f} | {np.mean([o.worst for o in made]):.0f} "
        f"| {f'{caught:.0%}' if caught else ''} |"
    )
