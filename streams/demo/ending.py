"""The demo's last screen: what was caught, what was missed, what it cost in false alarms, how fast, and what next."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.alert import Alert
from streams.cli.output import cell
from streams.demo.outcome import DRIFT, Line, Scorer
from streams.demo.process import BUDGET

NEXT = (
    ("tidegate inspect YOUR.jsonl", "how your own log is read, and what is missing"),
    ("tidegate scan YOUR.jsonl --alerts alerts.jsonl", "the same detectors on your history"),
    ("tidegate doctor && tidegate run", "the same on your Kafka and ClickHouse"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was: records, s from the first record sent to the last committed, where it was kept."""

    records: int
    seconds: float
    kept: Path | None


def last_screen(console: Console, scorer: Scorer, alerts: Sequence[Alert], run: Run) -> None:
    """Print it."""
    lines = scorer.lines(alerts)
    found = scorer.evaluate(alerts)
    parts: list[RenderableType] = [_table(lines), Text(), _sum(lines, len(found.false), found.days or 0.0), _speed(run)]
    parts += [Text(), Text("next", style="bold"), _next(run)]
    console.print(Panel(Group(*parts), title="tidegate demo", border_style="cyan"))


def _table(lines: Sequence[Line]) -> Table:
    table = Table(
        "attack", "what it does", "found", "as", "what it had by then", box=None, header_style="bold", pad_edge=False
    )
    for line in lines:
        style = "green" if line.found else "red"
        name = Text(line.name, style=style)
        table.add_row(name, cell(line.title), Text(line.after, style=style), cell(line.called), cell(line.gain))
    return table


def _sum(lines: Sequence[Line], false: int, days: float) -> Text:
    attacks = [line for line in lines if line.name != DRIFT]
    missed = [line.name for line in attacks if not line.found]
    text = Text()
    text.append(f"caught {len(attacks) - len(missed)} of {len(attacks)} attacks", style="bold")
    text.append(f"; missed: {', '.join(missed)}" if missed else "; missed none")
    for line in lines:
        if line.name == DRIFT:
            text.append("; the drift was noticed" if line.found else "; the drift was not noticed")
    text.append(f"\nfalse alarms: {false} in {days:.0f} days; the budget was {BUDGET:g} a day")
    return text


def _speed(run: Run) -> Text:
    rate = run.records / run.seconds if run.seconds > 0 else 0.0
    way = "through Kafka's protocol, Faust, every detector and ClickHouse"
    return Text(f"{run.records:,} records in {run.seconds:.1f} s, {rate:,.0f}/s {way}")


def _next(run: Run) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = list(NEXT)
    if run.kept is not None:
        rows.insert(0, (f"tidegate alerts --config {run.kept / 'tidegate.toml'}", "look at these alerts"))
    for command, does in rows:
        table.add_row(Text(command, style="cyan"), Text(does))
    return table
