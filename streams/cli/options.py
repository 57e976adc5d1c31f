"""Options that several commands share, so that they are called and explained the same everywhere."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.failures import Wrong
from streams.stderr import Stderr

if TYPE_CHECKING:
    from streams.settings import Settings


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Configuration file; tidegate.toml in this directory if there is one.", show_default=False
    ),
]
Rows = Annotated[Format, typer.Option("--format", help="How to print.", case_sensitive=False)]
Since = Annotated[
    str,
    typer.Option(
        "--since", help='From then on: "1d" before now, or a time such as 2026-01-05T00:00Z.', show_default=False
    ),
]
Until = Annotated[str, typer.Option("--until", help="Up to then, not included; as --since.", show_default=False)]
Model = Annotated[str, typer.Option("--model", help="Only this model.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", min=0, help="At most so many rows; 0 is all.")]


def readable(files: list[Path]) -> list[str]:
    """Names of input files, ``-`` for standard input among them.

    Raises
    ------
    Wrong
        if one is not there or is a directory
    """
    for file in files:
        if str(file) != "-" and not file.exists():
            raise Wrong(f"{file}: no such file")
        if file.is_dir():
            raise Wrong(f"{file} is a directory; name its files")
    return [str(file) for file in files]


def settings_of(config: Path | None, **overrides: Any) -> "Settings":
    """Load the settings and set up logging as they say."""
    from streams.log import configure
    from streams.settings import load

    settings = load(config, **overrides)
    configure(settings.log.level, settings.log.form)
    return settings


def moment(text: str, option: str) -> float | None:
    """Seconds since the epoch of ``--since`` and ``--until``; None if the option was not given.

    Raises
    ------
    Wrong
        if it is neither a span before now nor a time
    """
    from datetime import UTC, datetime

    from streams.settings.spans import seconds

    if not text:
        return None
    now = datetime.now(UTC).timestamp()
    if text[-1:] in "smhdw":
        try:
            return now - seconds(text)
        except ValueError:
            pass
    try:
        return float(text) if text.replace(".", "", 1).isdigit() else _rfc3339(text)
    except ValueError:
        raise Wrong(
            f'{option}: {text!r} is no time; right would be "1d", "2026-01-05" or "2026-01-05T00:00Z"'
        ) from None


def _rfc3339(text: str) -> float:
    from datetime import UTC, datetime

    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def on_terminal() -> bool:
    """Whether a person watches stderr, so that progress may be drawn."""
    return Stderr(sys.stderr).isatty()
