"""What ``tidegate scan`` does with what a scan tells: files, a database, a bar, and the last screen."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np

from detectors.text.reading import alone
from schemas.alert import Alert
from schemas.batch import Batch, Doubles
from schemas.exports import encoder
from schemas.record import Reject
from streams import scan as engine
from streams.cli.compiling import compiling
from streams.cli.failures import Failed, Wrong, say
from streams.cli.options import on_terminal
from streams.cli.progress import Bar, bar
from streams.cli.scanned import last_screen
from streams.cli.store import between, opened
from streams.cli.written import Written
from streams.files import total_bytes
from streams.first_share import burn_in_of_share
from streams.outlets.api import Outlet
from streams.planning import plan_of
from streams.settings import Settings


def perform(
    paths: list[str],
    settings: Settings,
    *,
    form: str,
    alerts: Path | None,
    rejects: Path | None,
    scores: Path | None,
    keep: bool,
    outlets: Sequence[str] = (),
) -> None:
    """Scan, write what was asked for, print what was seen, and push it.

    Raises
    ------
    Failed, Wrong
        nothing can be read, or alerts did not arrive; a share of standard input was asked for; no such outlet
    KeyboardInterrupt
        after what was found until then is written
    """
    receivers = _receivers(settings, outlets)
    form = settings.source[0].form if form == "auto" else form
    total = total_bytes(paths)
    settings = _of_record_time(settings, paths, total, form)
    with ExitStack() as stack:
        listener = Files(stack, alerts=alerts, rejects=rejects, scores=scores)
        if keep:
            listener.rows = stack.enter_context(_database(settings))
        listener.bar = stack.enter_context(bar("records", total))
        spent = stack.enter_context(compiling(lambda: listener.bar.to(0, 0, "compiling for this machine, once")))
        try:
            summary = engine.scan(
                paths,
                plan_of(settings, release=_release()),
                listener,
                form=form,
                source=settings.source[0].rules(settings.secret()),
                limits=settings.limits.rules(),
                window=settings.pairing.window,
            )
        except engine.Unreadable as error:
            raise Failed(str(error)) from None
        finally:
            listener.write_alerts()
    last_screen(summary, listener.found, alerts, spent.words)
    if summary.lost and not summary.records:
        raise Failed(f"nothing could be read: {next(iter(summary.lost.values()))}")
    if summary.rejects >= summary.records > 0:
        raise Failed(f"nothing could be read as format {summary.format}; tidegate inspect shows how a log is read")
    if not listener.found and summary.records and not on_terminal():
        say(f"no alerts in {summary.records} records")
    if receivers:
        from streams.cli.pushing import push

        push(receivers, listener.found)


def _receivers(settings: Settings, names: Sequence[str]) -> list[Outlet]:
    """What ``--outlet`` names, known to be usable before hours of reading."""
    from streams.cli.pushing import meant

    return meant(settings, names) if names else []


def _of_record_time(settings: Settings, paths: list[str], total: int | None, form: str) -> Settings:
    """Settings whose burn-in is a span: a share of the bytes becomes the record time that they cover."""
    share = settings.calibration.burn_in.share
    if share is None:
        return settings
    if total is None:
        raise Wrong("a burn-in in % needs files whose size is known; for standard input give a span such as 1d")
    source = settings.source[0].rules(settings.secret())
    seconds = burn_in_of_share(paths, share, total, form=form, source=source, limits=settings.limits.rules())
    from streams.settings import BurnInLength

    calibration = settings.calibration.model_copy(update={"burn_in": BurnInLength(seconds=seconds)})
    return settings.model_copy(update={"calibration": calibration})


class Files(engine.Listener):
    """Writes rejects and scores as they come, alerts in order of time at the end.

    Attributes
    ----------
    found : every alert so far
    rows : takes an outcome's rows, where a database was asked for
    """

    def __init__(self, stack: ExitStack, *, alerts: Path | None, rejects: Path | None, scores: Path | None) -> None:
        self.found: list[Alert] = []
        self.bar = Bar()
        self.rows: Any = None
        self._seen = 0
        self._alerts = self._open(stack, alerts)
        self._rejects = self._open(stack, rejects)
        self._scores = self._open(stack, scores)
        self._encode = msgspec.json.Encoder().encode

    @staticmethod
    def _open(stack: ExitStack, path: Path | None) -> Written | None:
        return stack.enter_context(Written(path)) if path else None

    def on_progress(self, summary: engine.Summary) -> None:
        """Move the bar."""
        self.bar.to(summary.consumed, summary.records - self._seen, f"{len(self.found)} alerts")
        self._seen = summary.records

    def on_alerts(self, alerts: Sequence[Alert]) -> None:
        """Keep them: the file is in order of time."""
        self.found += alerts

    def on_rejects(self, rejects: Sequence[Reject]) -> None:
        """Write them, one a line."""
        if self._rejects is not None:
            from streams.publisher import reject_line

            self._rejects.write(map(reject_line, rejects))

    def on_scores(self, batch: Batch, scores: Mapping[str, Doubles]) -> None:
        """Write a line a record; no opinion is null. A prompt's score is its own, also in the burn-in."""
        if self._scores is None:
            return
        scores = {**scores, **alone(batch)}
        names = list(scores)
        table = np.stack([scores[name] for name in names], axis=1).tolist() if names else [[]] * len(batch)
        lines = []
        for record, row in zip(batch.records, table, strict=True):
            opinion = {name: None if value != value else value for name, value in zip(names, row, strict=True)}  # noqa: PLR0124
            line = {"id": record.id, "time": record.time, "principal": record.principal, "scores": opinion}
            lines.append(self._encode(line))
        self._scores.write(lines)

    def on_outcome(self, outcome: Any) -> None:
        """Store its rows."""
        if self.rows is not None:
            self.rows(outcome)

    def write_alerts(self) -> None:
        """Write all alerts, in order of time; of one that was written again, the last writing."""
        latest = {alert.id: alert for alert in sorted(self.found, key=lambda alert: alert.last_time)}
        self.found = sorted(latest.values(), key=lambda alert: (alert.time, alert.id))
        if self._alerts is not None:
            encode = encoder("jsonl")
            self._alerts.write(encode(alert).rstrip(b"\n") for alert in self.found)


@contextmanager
def _database(settings: Settings) -> Iterator[Any]:
    """Open the embedded database of ``--db`` and give a function that stores an outcome's rows in it."""
    from streams.batches import TopicPartition
    from streams.rows import write_set
    from streams.sinks.address import directory
    from streams.sinks.blocks import token
    from streams.sinks.lifetimes import keep
    from streams.sinks.migrations import migrate

    place = TopicPartition("scan", 0)
    with opened(settings) as sink:
        migrate(cast("Any", sink))
        if sink.query("coverage", {**between(None, None), "model": ""}):
            say(
                f"--db {directory(settings.clickhouse.url)} holds an earlier scan: alerts are added to its own, its "
                "coverage and budget are written over where both have records; a new directory keeps them apart"
            )
        keep(cast("Any", sink), settings.clickhouse.lifetimes)

        def store(outcome: Any) -> None:
            for table, columns in write_set(outcome, place, keep=settings.clickhouse.records).tables.items():
                sink.write(table, columns, token(table, columns))

        yield store


def _release() -> str:
    from streams.run import release

    return release()
