"""``python -m streams.drifting``: how soon drifts of the laboratory are found, and whom they get accused meanwhile.

Each world is watched as it would be in use, with a burn-in of a day. Per kind of drift and size of population a row
says how many were found in time (1,000 records; half of the ramp where it is gradual), after how many records in the
median, how many drift alerts there were without a drift, and false attack alerts a day before and after it began.
Nobody attacks in these worlds. Needs the extra ``train``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product
from statistics import median
from typing import Annotated

import numpy as np
import typer

from detectors.pipeline import Pipeline
from detectors.plan import Plan
from detectors.training.lab.drifts import KINDS, drift
from detectors.training.lab.population import MEAN
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import World, world
from schemas.alert import Alert, Verdict
from schemas.record import Record
from streams.history import History
from streams.scan import drive

CHUNK = 2_000  # records at a time
SOON = 1_000  # records within which a sudden drift is found in time
NONE = "none"
HEAD = "| drift | principals | found in time | records | found | drift alerts before, in days | attack alerts a day |"
RULE = "| --- | --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one world.

    Attributes
    ----------
    limit : records within which it should be found
    delay : records from its beginning to the first drift alert; None if there is none
    early : drift alerts without a drift, in ``calm`` days
    accused : false attack alerts a day before and since it began
    """

    kind: str
    principals: int
    limit: int
    delay: int | None
    early: int
    calm: float
    accused: tuple[float, float]


def main(
    names: Annotated[list[str] | None, typer.Option("--victim", help="the laboratory's; all if none is named")] = None,
    kinds: Annotated[list[str] | None, typer.Option("--drift", help=f"{NONE}, {', '.join(KINDS)}; default all")] = None,
    sizes: Annotated[list[int] | None, typer.Option("--principals", help="honest principals; several")] = None,
    seeds: Annotated[list[int] | None, typer.Option("--seed", help="another seed is another world; several")] = None,
    *,
    days: Annotated[int, typer.Option(min=3, help="length; it drifts from half of it on")] = 8,
    ramp: Annotated[float, typer.Option(help="days until it has; 0 is at once")] = 0.0,
    mean: Annotated[float, typer.Option(help="records a principal and day")] = MEAN,
    budget: Annotated[float, typer.Option(help="false alerts a day that are affordable")] = 2.0,
) -> None:
    """Watch worlds of the laboratory that drift, and print what was found as a Markdown table."""
    every = product(names or NAMES, kinds or [NONE, *KINDS], sizes or [10, 50], seeds or [1])
    done: list[Trial] = []
    for name, kind, principals, seed in every:
        drawn = _world(name, seed, principals, kind, days, ramp, mean)
        done.append(trial(drawn, kind, principals, budget))
        typer.echo(f"{name} {seed} {principals} {kind}: {done[-1].delay} of {done[-1].limit} records", err=True)
    for line in table(done):
        typer.echo(line)


def _world(name: str, seed: int, principals: int, kind: str, days: int, ramp: float, mean: float) -> World:  # type: ignore[type-arg]
    made = victim(name, seed)
    way = np.random.default_rng([seed, *b"drift", *name.encode()])
    moved = None if kind == NONE else drift(made, way, kind, days / 2 * DAY, ramp=ramp * DAY)
    return world(made, seed, days, principals, mean=mean, redeploy=False, moved=moved)


def trial(drawn: World, kind: str, principals: int, budget: float) -> Trial:  # type: ignore[type-arg]
    """Watch a world, and say what became of it."""
    time, moved = drawn.start + drawn.time, drawn.moved
    start = drawn.start + (moved.start if moved else drawn.days * DAY)
    began = int(np.searchsorted(time, start))
    half = int(np.searchsorted(time, start + moved.ramp / 2)) - began if moved and moved.ramp else SOON
    alerts = watch(drawn.records(), budget)
    told = [one.time for one in alerts if one.detector == "drift"]
    attacks = np.array([one.time for one in alerts if one.verdict is Verdict.ATTACK and not one.grown])
    late = [int(np.searchsorted(time, one, "right")) - began for one in told if one >= start]
    calm, moving = (start - drawn.start) / DAY - 1, drawn.days - (start - drawn.start) / DAY
    return Trial(
        kind=kind,
        principals=principals,
        limit=half,
        delay=min(late, default=None),
        early=sum(one < start for one in told),
        calm=calm,
        accused=(float((attacks < start).sum()) / calm, float((attacks >= start).sum()) / max(moving, 1e-9)),
    )


def watch(records: Iterable[Record], budget: float) -> list[Alert]:
    """All alerts on records in order of time, the correlator's included."""
    plan = Plan(alerts_per_day=budget, secret=b"drifting")
    pipeline, history = Pipeline(plan), History(alerts_per_day=budget)
    rest, offset, alerts = iter(records), 0, []
    while some := list(islice(rest, CHUNK)):
        outcome = drive(pipeline, some, np.arange(offset, offset + len(some)))
        offset += len(some)
        history.take(outcome)
        alerts += outcome.findings.alerts
    return alerts


def table(trials: Iterable[Trial]) -> list[str]:
    """Lines of a Markdown table, one row for each kind and size."""
    cells: dict[tuple[str, int], list[Trial]] = defaultdict(list)
    for one in trials:
        cells[one.kind, one.principals].append(one)
    return [HEAD, RULE, *(_row(kind, size, some) for (kind, size), some in cells.items())]


def _row(kind: str, size: int, some: list[Trial]) -> str:
    soon = [one.delay for one in some if one.delay is not None and one.delay <= one.limit]
    ever = sum(one.delay is not None for one in some)
    early, calm = sum(one.early for one in some), sum(one.calm for one in some)
    before, after = (sum(one.accused[k] for one in some) / len(some) for k in (0, 1))
    shown = [f"{len(soon)} of {len(some)}", f"{median(soon):.0f}" if soon else "", f"{ever}"]
    if kind == NONE:
        shown, after_shown = ["", "", ""], ""
    else:
        after_shown = f", then {after:.1f}"
    return f"| {kind} | {size} | {' | '.join(shown)} | {early} in {calm:.0f} | {before:.1f}{after_shown} |"


if __name__ == "__main__":
    typer.run(main)
