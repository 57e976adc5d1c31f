"""``python -m streams.demo.seeds``: the demo of many seeds, without broker and database.

The same traffic, partitions, settlements and correlator as ``tidegate demo``, one after another instead of at once, and
therefore the same alerts. Prints a Markdown table: what each seed's demo promised, paid, alarmed about for nothing, and
caught.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from zlib import crc32

import numpy as np
import typer

from detectors.correlator import Correlator
from detectors.faults import parted
from detectors.need import Answer, Need
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from detectors.slices import Outcome
from detectors.training.traffic import ATTACKS, Traffic, traffic
from schemas.alert import Alert
from schemas.formats import native
from schemas.signal import Signal
from streams import routes
from streams.demo.outcome import DRIFT, Scorer
from streams.demo.process import BUDGET, TOPICS
from streams.settings import Settings
from streams.settings.connections import Source
from streams.settlements import answer
from streams.tables import markdown

RECORDS = 70_000  # honest ones, as in a demo of the usual length
CHUNK = 500
HEADER = ("seed", "promised", "paid", "false alarms", "of them in the end", "caught", "missed")

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of one demo: alerts, and the false alerts that were promised and paid."""

    alerts: list[Alert]
    promised: float
    paid: float


def main(
    seeds: Annotated[list[int] | None, typer.Option("--seed", help="several; 1 to 10 if none is named")] = None,
    budget: Annotated[float, typer.Option(help="false alarms a day that are affordable")] = BUDGET,
) -> None:
    """Watch demos of several seeds, and print what came of each."""
    rows, total = [], 0
    for seed in seeds or range(1, 11):
        made = traffic(seed, records=RECORDS, attacks=list(ATTACKS))
        seen, scorer = watch(made, budget), Scorer(made)
        found = scorer.evaluate(seen.alerts)
        missed = [one.name for one in scorer.lines(seen.alerts) if not one.found and one.name != DRIFT]
        days = found.days or 1.0
        total += len(found.false)
        rows.append(
            (seed, f"{seen.promised / days:.2f}", f"{seen.paid / days:.2f}", f"{len(found.false) / days:.1f}",
             len(found.false), f"{len(found.caught)} of {len(found.outcomes)}", ", ".join(missed))
        )  # fmt: skip
        typer.echo(f"{seed}: {len(found.false)} false alarms", err=True)
    typer.echo(markdown(HEADER, rows))


def watch(made: Traffic, budget: float) -> Watched:
    """Watch a demo's traffic as its worker does."""
    settings = Settings(source=[Source(topic=topic) for topic in TOPICS])
    plan = Plan(alerts_per_day=budget, secret=settings.secret(), shares=routes.shares(settings))
    pipelines = {(topic, n): Pipeline(plan.of(topic)) for topic, count in TOPICS.items() for n in range(count)}
    outcomes = _together(pipelines, _sorted(made))
    ledger = [row for one in outcomes.values() for each in one for row in each.ledger]
    ledger += [row for pipeline in pipelines.values() for row in pipeline.running()]
    promised, paid = (sum(float(str(row[name])) for row in ledger) for name in ("promised", "paid"))
    own = [alert for one in outcomes.values() for each in one for alert in parted(each.findings.alerts)[0]]
    return Watched(own + _correlated(outcomes, budget), promised, paid)


def _sorted(made: Traffic) -> dict[Place, list[list[bytes]]]:
    """Messages of each partition, in slices."""
    found: dict[Place, list[list[bytes]]] = defaultdict(list)
    for chunk in made.chunks(CHUNK):
        slices: dict[Place, list[bytes]] = defaultdict(list)
        for model, principal, value in chunk:
            slices[model, crc32(principal.encode()) % TOPICS[model]].append(value)
        for place, values in slices.items():
            found[place].append(values)
    return found


def _together(pipelines: dict[Place, Pipeline], slices: dict[Place, list[list[bytes]]]) -> dict[Place, list[Outcome]]:
    """Let all partitions run, each as far as it can without a settlement, and then make the earliest."""
    outcomes: dict[Place, list[Outcome]] = {place: [] for place in slices}
    steps = {place: _run(pipelines[place], slices[place], place, outcomes[place]) for place in sorted(slices)}
    waiting: dict[Place, Need] = {}
    _go_on(steps, waiting, dict.fromkeys(steps))
    while waiting:
        first = min(waiting.items(), key=lambda each: (each[1].ended, each[0]))
        same = {p: need for p, need in waiting.items() if (p[0], need.ended) == (first[0][0], first[1].ended)}
        plan = pipelines[first[0]].plan
        made = answer(first[1], [need.payload for _, need in sorted(same.items())], plan)
        _go_on(steps, waiting, dict.fromkeys(same, made))
    return outcomes


Steps = Generator[Need, Answer | None, None]


def _run(pipeline: Pipeline, slices: Sequence[Sequence[bytes]], place: Place, into: list[Outcome]) -> Steps:
    """Everything of one partition."""
    offset = 0
    for values in slices:
        reading = native.read_many(values, range(offset, offset + len(values)), topic=place[0])
        into.append((yield from pipeline.process(reading.records, np.asarray(reading.offsets))))
        offset += len(values)


def _go_on(steps: dict[Place, Steps], waiting: dict[Place, Need], answers: Mapping[Place, Answer | None]) -> None:
    for place, one in answers.items():
        waiting.pop(place, None)
        try:
            waiting[place] = steps[place].send(one)
        except StopIteration:
            continue


def _correlated(outcomes: dict[Place, list[Outcome]], budget: float) -> list[Alert]:
    """What the correlator finds when it has heard everything."""
    correlator = Correlator(alerts_per_day=budget)
    for place, some in outcomes.items():
        for outcome in some:
            for fault in parted(outcome.findings.alerts)[1]:
                correlator.faults.add(place, fault, 0.0)
            for signal in _signals(place, outcome):
                correlator.add(signal, 0.0)
    return correlator.finish()


def _signals(place: Place, outcome: Outcome) -> Iterable[Signal]:
    topic, partition = place
    for model, version, block in outcome.blocks:
        yield Signal(topic=topic, partition=partition, time=block.last, block=block, model=model, version=version)
    for model, version, sketch in outcome.sketches:
        yield Signal(topic=topic, partition=partition, time=sketch.last, sketch=sketch, model=model, version=version)
    for model, version, suspect in outcome.suspects:
        yield Signal(
            topic=topic, partition=partition, time=suspect.time, suspect=suspect, model=model, version=version
        )  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
