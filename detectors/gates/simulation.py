"""Simulation: many days of traffic through both gates, to see the realised rate of false alerts against the promise.

``docs/detection/budget.md`` shows :func:`table`; the tests run smaller worlds.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from detectors.gates import budget, calibration, conformal, payment
from detectors.gates.trajectories import Trajectories
from detectors.gates.weeks import Ids
from detectors.gates.worlds import WORLDS, Day, World, days, room
from schemas.batch import Doubles, Integers

KEYS = ("first", "second")  # two detectors that see nearly the same, so that their false alerts come together


class Outcome(NamedTuple):
    """Per day, both detectors together: promised, paid, false alerts; the worst day's; share of attackers caught."""

    promised: float
    paid: float
    false: float
    worst: float
    caught: float


class Gates:
    """The conformal gates of the two detectors, and what they learnt.

    Parameters
    ----------
    alerts : their common budget, false alerts a day
    """

    def __init__(self, world: World, alerts: float) -> None:
        self.budgets = dict.fromkeys(KEYS, alerts / 2.0)
        self.history = Trajectories()
        self.rows = {n: np.zeros(room(world), conformal.state) for n in KEYS}

    def learn(self, day: Day, epoch: int) -> None:
        """Remember a day of the burn-in."""
        for column, name in enumerate(KEYS):
            who, peak = _peaks(day.slots, day.scores[:, column])
            self.history.add(name, epoch=epoch, peak=peak, who=who)
            conformal.acquaint(self.rows[name], np.unique(day.slots))

    def fit(self, kind: str, epoch: int) -> None:
        """Calibrate; the first time, open the meters too."""
        fitted = calibration.fit(self.history, model="m", version="1", kind=kind, epoch=epoch, budgets=self.budgets)
        self.curves = fitted.curves
        if kind == "frozen":
            self.meters = {n: payment.opened(budget=c.budget, forecast=c.forecast) for n, c in self.curves.items()}

    def judge(self, day: Day, epoch: int) -> tuple[float, int, set[int]]:
        """What a day pays, how many false alerts it raises, and which attackers are caught."""
        paid, false, hit = 0.0, 0, set[int]()
        for column, name in enumerate(KEYS):
            rows, curve, meter = self.rows[name], self.curves[name], self.meters[name]
            made = conformal.cross(
                day.slots,
                np.full(len(day.slots), epoch),
                np.ascontiguousarray(day.scores[:, column]),
                alphas=curve.alphas,
                thresholds=curve.thresholds,
                newcomers=curve.newcomers,
                rows=rows,
                meter=meter,
            )
            who = day.slots[made.rows]
            bad = np.isin(who, day.attackers)
            false += int((~bad).sum())
            hit |= set(who[bad].tolist())
            spent = float(meter["paid"][0])
            paid += spent
            seen = conformal.peaks(rows, np.unique(day.slots), epoch)
            self.history.add(name, epoch=epoch, paid=spent, **seen._asdict())
        return paid, false, hit


def learnt(world: World, *, alerts: float, kind: str, seed: int) -> Outcome:
    """Days through the conformal gate of two detectors that share a budget of ``alerts`` a day.

    Parameters
    ----------
    kind : ``frozen`` or ``rolling``
    """
    stream = days(world, np.random.default_rng(seed))
    gates = Gates(world, alerts)
    for epoch in range(1, world.burn_in + 1):
        gates.learn(next(stream), epoch)
    gates.fit("frozen", world.burn_in)
    paid, false, caught, bad = 0.0, np.zeros(world.days), 0, 0
    for d in range(world.days):
        epoch, day = world.burn_in + 1 + d, next(stream)
        spent, false[d], hit = gates.judge(day, epoch)
        paid, caught, bad = paid + spent, caught + len(hit), bad + len(day.attackers)
        if kind == "rolling":
            gates.fit(kind, epoch)
    return Outcome(alerts, paid / world.days, float(false.mean()), float(false.max()), caught / max(1, bad))


def _peaks(slots: Integers, scores: Doubles) -> tuple[Ids, Doubles]:
    """Numbers of principals, as the gate gives them, and their largest scores."""
    top = np.full(int(slots.max()) + 1, -np.inf)
    np.maximum.at(top, slots, scores)
    at = np.flatnonzero(top > -np.inf)
    return at.astype(np.uint64) + np.uint64(1), top[at]


def evident(world: World, *, alerts: float, seed: int, bet: float = 0.7) -> Outcome:
    """Days through the budget gate: e-values exp(bet x - bet^2 / 2) of standard normal x that all keys share in part.

    The n-th records of all keys of a day have half of their x in common, so that false alerts come in herds. A burst
    or a surge brings more records, not other ones.
    """
    random = np.random.default_rng(seed)
    stream = days(world, random)
    for _ in range(world.burn_in):
        first = next(stream)
    rows = {n: np.zeros(room(world), budget.state) for n in KEYS}
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


def table(*, runs: int = 40, alerts: tuple[float, ...] = (0.5, 2.0, 10.0), length: int = 60) -> str:
    """The measured table of the documentation, in Markdown; some minutes."""
    lines = [
        "| world | gate | promised | paid | false alerts a day (95 %) | worst day | attackers caught |",
        "|---|---|---|---|---|---|---|",
    ]
    worlds = {n: replace(w, days=length) for n, w in WORLDS.items()}
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
