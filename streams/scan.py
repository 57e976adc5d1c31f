"""Scan: history from files through the same pipeline as a worker's, in one process and without a broker."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import msgspec
import numpy as np

from detectors.coverage import CoverageRow
from detectors.exposure import Exposed
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from detectors.slices import Outcome
from schemas import formats
from schemas.alert import Alert
from schemas.batch import Batch, Doubles, Integers
from schemas.formats import LIMITS, SOURCE, Format, Limits, Reading, Source
from schemas.pairing import WINDOW
from schemas.record import Record, Reject
from streams.files import Chunk, read_lines
from streams.history import History
from streams.meeting import Meeting
from streams.oddities import add
from streams.settlements import answer

LOST = 3  # reasons why records could not be read that are told with a place
SAMPLES = 64  # lines from which a format is recognised


class Unreadable(ValueError):
    """No format can read what the files begin with."""


@dataclass(slots=True)
class Watched:
    """What became of one model version's records over the whole scan, and by principal what copy it could make.

    Attributes
    ----------
    promised : by detector what its thresholds promise, and what the true rate may be, in words
    """

    records: int = 0
    scored: int = 0
    not_watched: dict[str, str] = field(default_factory=dict)
    exposed: dict[str, Exposed] = field(default_factory=dict)
    promised: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Summary:
    """What a scan saw.

    Attributes
    ----------
    seconds : of wall time
    consumed : bytes of the files as they are stored
    lost : ``file:line: why`` of the first records that could not be read, by reason
    doubt : what else the files may be in, if their beginning does not tell
    warnings : how often each oddity was met that did not keep a record from being read
    unnamed : records that do not say who asked
    halves : what became of halves of calls, as ``schemas.pairing.Pairing`` counts
    models : by (model, version)
    threats : alerts by (threat, verdict)
    """

    format: str = ""
    doubt: str = ""
    records: int = 0
    rejects: int = 0
    lost: dict[str, str] = field(default_factory=dict)
    unnamed: int = 0
    halves: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    consumed: int = 0
    models: dict[tuple[str, str], Watched] = field(default_factory=dict)
    threats: Counter[tuple[str, str]] = field(default_factory=Counter)
    open: dict[tuple[int, str, str, int], tuple[int, int]] = field(default_factory=dict)

    def lose(self, rejects: Sequence[Reject], base: int) -> None:
        """Remember where the first rejects are, in a file that begins at ``base``, as an editor counts."""
        for one in rejects:
            if len(self.lost) == LOST:
                return
            where = f"{one.topic}:{one.offset - base + 1}: {one.path and one.path + ': '}"
            if one.offset >= base:
                self.lost.setdefault(one.reason, where + one.reason.removeprefix(f"{one.topic}: "))


class Listener:
    """What a scan tells while it runs; override what you need."""

    def on_progress(self, summary: Summary) -> None:
        """Learn how far it is; called after every chunk."""

    def on_alerts(self, alerts: Sequence[Alert]) -> None:
        """Take alerts, in order of the records that raised them."""

    def on_rejects(self, rejects: Sequence[Reject]) -> None:
        """Take what could not be read."""

    def on_scores(self, batch: Batch, scores: Mapping[str, Doubles]) -> None:
        """Take the scores of rows, (N,) by detector."""

    def on_outcome(self, outcome: Outcome) -> None:
        """Take everything that came of a chunk; at the end once more, with what epochs that are not over have paid."""


def scan(
    paths: Sequence[str],
    plan: Plan,
    listener: Listener,
    *,
    form: str = "auto",
    source: Source = SOURCE,
    limits: Limits = LIMITS,
    window: float = WINDOW,
) -> Summary:
    """Watch files from begin to end, in the order given; memory does not grow with them.

    Parameters
    ----------
    window : s that one half of a call waits for the other

    Raises
    ------
    Unreadable : no format can read the first lines
    OSError : a file cannot be opened or read
    """
    summary = Summary(format=form)
    began = perf_counter()
    pipeline, history = Pipeline(plan), History(alerts_per_day=plan.alerts_per_day, release=plan.release)
    reader: Format | None = None
    meeting = Meeting(source, limits, window=window)
    base = before = 0
    for path in paths:
        end = 0
        for chunk in read_lines([path], limit_bytes=limits.size_bytes, kept_bytes=limits.kept_bytes):
            if reader is None and chunk.lines:
                summary.format, reader, summary.doubt = recognised(form, chunk, source)
                pipeline = Pipeline(replace(plan, halves=plan.halves or summary.format != "native"))
            reading = meeting.join(_read(reader, chunk, base, source, limits), path)
            outcome = drive(pipeline, reading.records, reading.offsets, reading.rejects)
            add(summary.warnings, reading.warnings)
            summary.unnamed += reading.unknown
            history.take(outcome)
            summary.lose(reading.rejects, base)
            summary.consumed = before + chunk.consumed
            end = max(end, chunk.first + len(chunk.lines))
            _tell(listener, summary, outcome, reading.rejects, len(chunk.lines))
            summary.seconds = perf_counter() - began
            listener.on_progress(summary)
        base, before = base + end, summary.consumed
    if meeting.pairing.waiting:
        rest = meeting.finish(max(base - 1, 0))
        outcome = drive(pipeline, rest.records, rest.offsets, rest.rejects)
        history.take(outcome)
        _tell(listener, summary, outcome, rest.rejects, 0)
    summary.halves = meeting.pairing.counts
    if running := pipeline.running():
        _promise(summary, running)
        listener.on_outcome(Outcome(ledger=running, now=pipeline.now))
    return summary


def recognised(form: str, chunk: Chunk, source: Source = SOURCE) -> tuple[str, Format, str]:
    """Name and module of the format, and what makes it doubtful; raises :class:`Unreadable`."""
    if form != "auto":
        return form, formats.named(form), ""
    raws = chunk.raws and chunk.raws[:SAMPLES]
    found = formats.recognise(chunk.lines[:SAMPLES], source, topic=chunk.path, raws=raws)
    if found is None:
        first = formats.named("native").read(chunk.lines[0], offset=chunk.first, source=source)
        why = f" (entry {chunk.first + 1}: {first.reason})" if isinstance(first, Reject) else ""
        said = f"none of the known formats can read its first lines{why}"
        raise Unreadable(f"{chunk.path}: {said}; try tidegate inspect")
    return found.name, formats.named(found.name), found.doubt


def _read(reader: Format | None, chunk: Chunk, base: int, source: Source, limits: Limits) -> Reading:
    """Read one chunk; records and rejects by their place in all files together."""
    if reader is None or not chunk.lines:
        reading = Reading([], np.zeros(0, np.int64), [])
    else:
        numbers = range(chunk.first, chunk.first + len(chunk.lines))
        reading = reader.read_many(
            chunk.lines, numbers, topic=chunk.path, limits=limits, source=source, raws=chunk.raws
        )  # fmt: skip
    rejects = [msgspec.structs.replace(one, offset=one.offset + base) for one in [*chunk.rejects, *reading.rejects]]
    halves = [one._replace(offset=one.offset + base) for one in reading.halves]
    return reading._replace(offsets=reading.offsets + base, rejects=rejects, halves=halves)


def drive(pipeline: Pipeline, records: Sequence[Record], offsets: Integers, rejects: Sequence[Reject] = ()) -> Outcome:
    """Run a pipeline whose partition is the only one: every settlement is made at once, from its own payload."""
    steps = pipeline.process(records, offsets, rejects)
    try:
        need = next(steps)
        while True:
            need = steps.send(answer(need, [need.payload], pipeline.plan))
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def _tell(listener: Listener, summary: Summary, outcome: Outcome, rejects: list[Reject], lines: int) -> None:
    summary.records += lines
    summary.rejects += len(rejects)
    for row in outcome.coverage:
        _cover(summary, row)
    _promise(summary, outcome.ledger)
    for model, version, one in outcome.exposed:
        summary.models.setdefault((model, version), Watched()).exposed[one.principal] = one
    _count(summary, outcome.findings.alerts)
    if outcome.findings.alerts:
        listener.on_alerts(outcome.findings.alerts)
    if rejects:
        listener.on_rejects(rejects)
    for judged in outcome.findings.judged:
        listener.on_scores(judged.batch, judged.scores)
    listener.on_outcome(outcome)


def _promise(summary: Summary, entries: Sequence[Mapping[str, Any]]) -> None:
    """Keep what the latest thresholds of each detector promise."""
    for row in entries:
        watched = summary.models.setdefault((row["model"], row["version"]), Watched())
        watched.promised[row["detector"]] = row["note"]


def _count(summary: Summary, alerts: Sequence[Alert]) -> None:
    summary.threats.update((a.threat, str(a.verdict)) for a in alerts if not a.grown)


def _cover(summary: Summary, row: CoverageRow) -> None:
    """Add what a row counts more than when it was last seen; rows of passed buckets are forgotten."""
    key = (row.bucket, row.model, row.version, row.hour)
    records, scored = summary.open.pop(key, (0, 0))
    summary.open = {k: v for k, v in summary.open.items() if k[0] >= row.bucket} | {key: (row.records, row.scored)}
    if row.model:
        watched = summary.models.setdefault((row.model, row.version), Watched())
        watched.records += row.records - records
        watched.scored += row.scored - scored
        watched.not_watched = dict(row.not_watched)
