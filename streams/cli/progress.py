"""A bar on stderr while somebody watches; nothing in a pipe."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from schemas.display import plain
from streams.cli.options import on_terminal


class Bar:
    """How far a command is.

    Attributes
    ----------
    records : records so far
    """

    def __init__(self, drawn: Progress | None = None) -> None:
        self._drawn = drawn
        self.records = 0

    def to(self, consumed: int, records: int, more: str = "") -> None:
        """Move to ``consumed`` bytes; add ``records``; ``more`` is a word on what was found."""
        self.records += records
        if self._drawn is not None:
            self._drawn.update(TaskID(0), completed=consumed, records=self.records, more=more)


@contextmanager
def bar(noun: str, total: int | None) -> Iterator[Bar]:
    """Draw bytes done of ``total``, records and records/s, and how long it will take; ``total`` None is unknown."""
    if not on_terminal():
        yield Bar()
        return
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn(), _Rate())
    console = Console(stderr=True, markup=False, highlight=False)
    with Progress(*columns, console=console, transient=True) as drawn:
        drawn.add_task(noun, total=total, records=0, more="")
        yield Bar(drawn)


class _Rate(ProgressColumn):
    """Records, records/s, and what was found."""

    def render(self, task: Task) -> Text:
        records, seconds = task.fields["records"], task.elapsed or 0.0
        rate = f", {records / seconds:,.0f}/s" if seconds else ""
        more = f", {plain(task.fields['more'])}" if task.fields["more"] else ""
        return Text(f"{records:,} {task.description}{rate}{more}")
