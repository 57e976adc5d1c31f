"""The demo while it runs: how far it is, and the alerts as they come."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from schemas.alert import Alert
from streams.cli.output import cell, utc
from streams.demo.outcome import Scorer

SHOWN = 14  # alerts at a time
NUMBER = re.compile(r"\d[\d,]*")


class Screen:
    """A table of alerts that grows, on a terminal; elsewhere one line an alert, and one more where it has news.

    Attributes
    ----------
    alerts : every alert so far, in the order in which they came
    """

    def __init__(self, console: Console, live: Live | None) -> None:
        self._console, self._live = console, live
        self._status = Text()
        self._scorer: Scorer | None = None
        self.alerts: list[Alert] = []
        self._latest: dict[str, Alert] = {}
        self._told: dict[str, Alert] = {}

    def know(self, scorer: Scorer) -> None:
        """Learn the truth, so that each alert can be told true or false."""
        self._scorer = scorer

    def say(self, status: str) -> None:
        """Say what is going on."""
        if self._live is None:
            self._console.print(Text(status))
        else:
            self.move(status)

    def move(self, status: str) -> None:
        """Change the line above the table; elsewhere than on a terminal nothing."""
        self._status = Text(status, style="bold")
        self._draw()

    def add(self, alert: Alert) -> None:
        """Show one more alert, or what one that was told before says by now."""
        self.alerts.append(alert)
        before = self._told.get(alert.id)
        self._latest[alert.id] = alert
        if self._live is None and (before is None or _news(before, alert)):
            self._told[alert.id] = alert
            known, time = (Text("  now: "), alert.last_time) if before else (Text(), alert.time)
            truth = Text(" (in truth: ").append_text(self._meaning(alert)).append(")")
            words = [cell(utc(time)), cell(f"{alert.severity:8}"), known + cell(alert.title) + truth]
            self._console.print(Text(" ").join(words), soft_wrap=True)
        self._draw()

    def _draw(self) -> None:
        if self._live is not None:
            self._live.update(Group(self._status, self._table()))

    def _table(self) -> Table:
        table = Table("record time", "severity", "alert", "in truth", box=None, header_style="bold", pad_edge=False)
        for alert in list(self._latest.values())[-SHOWN:]:
            table.add_row(cell(utc(alert.time)), cell(alert.severity), cell(alert.title, 70), self._meaning(alert))
        return table

    def _meaning(self, alert: Alert) -> Text:
        name = self._scorer.meaning(alert) if self._scorer else ""
        return Text(name, style="green") if name else Text("false alarm", style="yellow")


def _news(told: Alert, now: Alert) -> bool:
    """Whether an alert has another title by now, or names twice as many principals; growing alone is no news."""
    same = NUMBER.sub("", told.title) == NUMBER.sub("", now.title)
    return not same or len(now.principals) >= 2 * max(1, len(told.principals))


@contextmanager
def screen(console: Console) -> Iterator[Screen]:
    """Open the screen, and close it with its last state standing."""
    if not console.is_terminal:
        yield Screen(console, None)
        return
    with Live(console=console, refresh_per_second=8, transient=True) as live:
        yield Screen(console, live)
