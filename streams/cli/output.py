"""Rows on stdout as a table, JSON, JSON lines or CSV, with nothing in them that a terminal or a sheet acts on."""

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from schemas.display import plain
from streams.cli.failures import say
from streams.cli.options import Format

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Row = Mapping[str, Any]
_UNSAFE = re.compile(
    r"[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
WIDE = 180  # columns of a table in a pipe or a file
TELLING = 36  # characters that the widest column, which tells most, has at least
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def show(
    rows: Iterable[Row],
    form: Format,
    *,
    columns: Sequence[str],
    times: Iterable[str] = ("time",),
    nothing: str = "",
    narrow: Mapping[str, int] | None = None,
) -> None:
    """Print rows: a table has ``columns`` only, the other forms every field.

    Parameters
    ----------
    times : columns that hold seconds since the epoch or RFC 3339, shown as UTC to the second in a table
    nothing : what a person is told on stderr beside a table without rows
    narrow : columns that give way on a terminal that a table does not fit, in this order, and how many characters each
        keeps; one that keeps none is left out, and a person is told so
    """
    if form is Format.TABLE:
        rows = list(rows)
        _table(rows, columns, frozenset(times), narrow or {})
        if nothing and not rows:
            say(nothing)
    elif form is Format.CSV:
        _csv(list(rows), columns)
    elif form is Format.JSON:
        print("[" + ",\n ".join(as_json(row) for row in rows) + "]")
    else:
        for row in rows:
            print(as_json(row))


def as_json(value: object) -> str:
    """JSON on one line whose text no terminal acts on; the value that a parser reads is unchanged."""
    return safe_json(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))


def safe_json(text: str) -> str:
    """Escape in finished JSON what a terminal might act on or hide; the value that a parser reads is unchanged."""
    return _UNSAFE.sub(_escape, text)


def console() -> "Console":
    """A console on stdout that interprets nothing in what it is given."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDE
    return Console(markup=False, highlight=False, emoji=False, width=width)


def cell(value: object, limit: int = 200) -> "Text":
    """One value for a table: escaped, cut, without markup."""
    from rich.text import Text

    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, float):
        return Text(f"{value:.4g}")
    if isinstance(value, list | tuple | dict):
        return Text(plain(json.dumps(value, ensure_ascii=False, default=str), limit))
    return Text("" if value is None else plain(str(value), limit))


def utc(time: float | str) -> str:
    """``2026-01-05 00:00:45`` in UTC from s or RFC 3339, or what was given if no calendar has it."""
    if isinstance(time, str):
        return f"{time[:10]} {time[11:19]}" if _MOMENT.fullmatch(time) else time
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return str(time)


def by_reason(lacks: Mapping[str, str]) -> dict[str, list[str]]:
    """Names by what they lack, both in the order in which they come."""
    found: dict[str, list[str]] = {}
    for name, reason in lacks.items():
        found.setdefault(reason, []).append(name)
    return found


def _table(rows: list[Row], columns: Sequence[str], times: frozenset[str], narrow: Mapping[str, int]) -> None:
    from rich.table import Table

    out = console()
    cells = {name: [_shown(row.get(name), name in times) for row in rows] for name in columns}
    if out.is_terminal:
        cells, gone = fitted(cells, out.width, narrow)
        if gone and rows:
            say(f"no room for {', '.join(gone)}: a wider window has them, or --format jsonl")
    table = Table(box=None, header_style="bold", pad_edge=False)
    wide = _widths(cells)
    for name in cells:
        table.add_column(name, no_wrap=bool(narrow) and wide[name] < max(wide.values()))
    for row in zip(*cells.values(), strict=True):
        table.add_row(*row)
    out.print(table)


def _shown(value: object, moment: bool) -> "Text":
    return cell(utc(value)) if moment and isinstance(value, int | float | str) else cell(value)


def fitted(
    cells: dict[str, "list[Text]"], width: int, narrow: Mapping[str, int]
) -> tuple[dict[str, "list[Text]"], list[str]]:
    """Columns of which some have given way until the rest fits in so many characters; and which ones are left out."""
    cells, gone = dict(cells), []
    for name, keeps in narrow.items():
        *others, widest = sorted(_widths(cells).values())
        if sum(others) + min(widest, TELLING) + 2 * len(others) <= width:
            break
        if keeps:
            cells[name] = [text[:keeps] for text in cells[name]]
        else:
            del cells[name]
            gone.append(name)
    return cells, gone


def _widths(cells: Mapping[str, "list[Text]"]) -> dict[str, int]:
    return {name: max([len(name), *(text.cell_len for text in column)]) for name, column in cells.items()}


def _csv(rows: list[Row], columns: Sequence[str]) -> None:
    names = list(rows[0]) if rows else list(columns)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(names)
    for row in rows:
        out.writerow(_sheet_cell(row.get(name)) for name in names)


def _sheet_cell(value: object) -> object:
    """A value that a spreadsheet does not take for a formula: text that begins like one gets a quote in front."""
    if isinstance(value, list | tuple | dict):
        value = as_json(value)
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _escape(found: re.Match[str]) -> str:
    """JSON's own escape of one character."""
    return json.dumps(found[0])[1:-1]
