"""The demo from begin to end: broker, worker, traffic, screen, and what it came to."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import msgspec
from rich.console import Console

from detectors.training.traffic import CLEAN, Traffic, traffic
from schemas.alert import Alert
from streams.cli.store import ALL, EVER
from streams.demo.drawing import drawing
from streams.demo.ending import Run, last_screen
from streams.demo.feed import Alerts, Feed
from streams.demo.outcome import Scorer
from streams.demo.process import ALERTS, TOPICS, Worker, database, worker
from streams.demo.screen import Screen, screen
from streams.embedded import EmbeddedBroker
from streams.sinks.address import open_sink

A_SECOND = 3500  # honest records for each second that the demo may take
LEAST, MOST = 30_000, 1_000_000
SETTLING = 3.0  # s after the last record, or after a later alert, in which late alerts come
LATEST = 20.0  # s after the last record when no more are waited for
DAY = 86_400.0
WIDTH = 130  # columns where no terminal says how many
OWN_TOPICS = {ALERTS: 1, "tidegate.rejects": 1, "tidegate.signals": 1}

_decode = msgspec.json.Decoder(Alert).decode


def show(
    *, seconds: float, attacks: Sequence[str], seed: int, svg: Path | None = None, keep: Path | None = None
) -> None:
    """Run the demo and print its last screen.

    Parameters
    ----------
    seconds : about how long the traffic may take; it sets how much there is
    svg : draws the last screen there too
    keep : leaves configuration, database and log in this directory

    Raises
    ------
    Unavailable
        the embedded broker is not installed
    Died
        the worker did not live to the end
    """
    records = round(min(max(A_SECOND * seconds, LEAST), MOST))
    console = Console(record=svg is not None, width=None if sys.stdout.isatty() and svg is None else WIDTH)
    with ExitStack() as stack:
        directory = stack.enter_context(_directory(keep))
        broker = stack.enter_context(EmbeddedBroker(topics=TOPICS | OWN_TOPICS))
        view = stack.enter_context(screen(console))
        with worker(directory, broker.bootstrap) as running:
            view.say("training two small models and computing attacks on them ...")
            made = traffic(seed, records=records, attacks=attacks)
            scorer = Scorer(made)
            view.know(scorer)
            taken = _watch(made, running, view, broker.bootstrap)
        view.say("reading the alerts back from the database ...")
        alerts = _stored(directory)
    last_screen(console, scorer, alerts, Run(len(made), taken, keep))
    if svg is not None:
        svg.write_text(drawing(console, title="tidegate demo"), encoding="utf-8")


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="tidegate-demo-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def _watch(made: Traffic, running: Worker, view: Screen, bootstrap: str) -> float:
    """Feed the worker and show its alerts; return s from the first record sent to the last committed."""
    feed, alerts = Feed(bootstrap), Alerts(bootstrap)
    try:
        view.say("starting the worker ...")
        while not running.ready:
            running.check()
            sleep(0.05)
        view.say(f"{len(made):,} records of three days; the first day is for learning")
        feed.start(made)
        taken, until = 0.0, 0.0
        while not until or monotonic() < until:
            running.check()
            done = feed.look()
            for value in alerts.new():
                view.add(_decode(value))
                until = min(monotonic() + SETTLING, feed.began + taken + LATEST) if taken else 0.0
            if not taken:
                view.move(_status(feed, done, len(made), monotonic() - feed.began))
                if feed.finished:
                    taken, until = monotonic() - feed.began, monotonic() + SETTLING
        return taken
    finally:
        feed.close()
        alerts.close()


def _status(feed: Feed, done: int, total: int, seconds: float) -> str:
    days = max(0.0, feed.time - CLEAN + DAY) / DAY
    rate = done / seconds if seconds > 0 else 0.0
    learning = "learning what is usual" if days < 1 else "watching"
    return f"day {min(days + 1, 3):.1f}: {learning}   {done:,} of {total:,} records, {rate:,.0f}/s"


def _stored(directory: Path) -> list[Alert]:
    """Every alert, as the database has it."""
    sink = open_sink(database(directory))
    try:
        nothing = dict.fromkeys(("model", "principal", "threat", "verdict", "severity", "status"), "")
        rows = sink.query("alerts_list", {"since": 0.0, "until": EVER, "limit": ALL, **nothing})
    finally:
        sink.close()
    return [_decode(str(row["body"])) for row in rows]
