"""Labelled traces, tried as they will be met: all honest traffic, and a few campaigns at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from detectors.plan import Plan
from schemas.alert import Alert
from schemas.batch import Integers
from streams.evaluation import Evaluation, evaluate
from streams.files import read_lines
from streams.scan import Listener, scan
from streams.truth import Truth

LOGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")


@dataclass(frozen=True, slots=True)
class Trace:
    """A labelled log: ``NAME.jsonl`` (or .gz, .zst), ``NAME.truth.csv`` in its order, maybe ``NAME.manifest.json``."""

    name: str
    log: Path
    truth: Path
    manifest: Path | None


def traces(folder: Path) -> list[Trace]:
    """Return every trace in a folder, by name."""
    found = []
    for truth in sorted(folder.glob("*.truth.csv")):
        name = truth.name.removesuffix(".truth.csv")
        log = next((path for ending in LOGS if (path := folder / f"{name}{ending}").exists()), None)
        manifest = folder / f"{name}.manifest.json"
        if log is not None:
            found.append(Trace(name, log, truth, manifest if manifest.exists() else None))
    return found


def groups(truth: Truth, size: int) -> list[Integers]:
    """Indices of campaigns, ``size`` at a time, dealt out so that each group has several kinds; one group at least."""
    count = max(1, -(-len(truth.campaigns) // size))
    order = sorted(
        range(len(truth.campaigns)), key=lambda index: (truth.campaigns[index].label, truth.campaigns[index].id)
    )
    return [np.array(order[start::count], np.int64) for start in range(count)]


def attempt(log: Path, truth: Truth, group: Integers, plan: Plan, workplace: Path) -> Evaluation:
    """Scan the honest records and those of the campaigns in ``group``, and hold the alerts against their labels.

    ``workplace`` is a file that is written over.
    """
    kept = np.isin(truth.campaign, np.append(group, -1))
    with workplace.open("wb") as out:
        for line in _chosen(log, kept):
            out.write(line + b"\n")
    listener = _Keeping()
    scan([str(workplace)], plan, listener)
    return evaluate(listener.found, part(truth, group))


def together(parts: Sequence[Evaluation]) -> Evaluation:
    """Put attempts on the same log together; false alerts and days add up, so that their ratio is the mean."""
    days = [part.days for part in parts if part.days]
    return Evaluation(
        outcomes=[outcome for part in parts for outcome in part.outcomes],
        alerts=sum(part.alerts for part in parts),
        false=[alert for part in parts for alert in part.false],
        unplaced=sum(part.unplaced for part in parts),
        other=sum((part.other for part in parts), Counter()),
        true_by_detector=sum((part.true_by_detector for part in parts), Counter()),
        days=sum(days) if len(days) == len(parts) else None,
        false_by_persona=sum((part.false_by_persona for part in parts), Counter()),
        attempts=sum(part.attempts for part in parts),
    )


def _chosen(log: Path, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[bytes]:
    """Lines of a log whose number is kept; line n is row n of the truth."""
    for chunk in read_lines([str(log)], limit_bytes=1 << 26):
        for number, line in enumerate(chunk.lines, start=chunk.first):
            if number < len(kept) and kept[number]:
                yield line


def part(truth: Truth, group: Integers) -> Truth:
    """Return the truth about a log from which all other campaigns were left out."""
    numbers = {int(index): number for number, index in enumerate(group)}
    kept = np.isin(truth.campaign, np.append(group, -1))
    place = np.cumsum(kept) - 1
    campaigns = [replace(one, places=place[one.places]) for one in (truth.campaigns[int(index)] for index in group)]
    return Truth(
        place={name: int(place[old]) for name, old in truth.place.items() if kept[old]},
        campaign=np.array([numbers.get(int(index), -1) for index in truth.campaign[kept]], np.int64),
        campaigns=campaigns,
        personas=truth.personas,
        days=truth.days,
    )


class _Keeping(Listener):
    """Keeps the alerts of a scan."""

    def __init__(self) -> None:
        self.found: list[Alert] = []

    def on_alerts(self, alerts: Sequence[Alert]) -> None:
        """Keep them."""
        self.found += alerts
