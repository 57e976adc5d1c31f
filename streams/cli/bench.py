"""``tidegate bench``: how fast, beside the same work done with peers."""

from typing import Annotated

import typer

from streams.cli.options import Config, Format, Rows, settings_of

EXAMPLE = "tidegate bench --format json"


def bench(
    records: Annotated[int, typer.Option(min=1000, help="Records in each run.")] = 800_000,
    form: Rows = Format.TABLE,
    config: Config = None,
) -> None:
    """Measure records/s end to end and per detector, latency and memory, beside peers on the same records."""
    from streams.bench import measure
    from streams.cli.output import as_json, show

    found = measure(settings_of(config), records)
    if form in (Format.JSON, Format.JSONL):
        print(as_json(found))
        return
    show(_rows(found), form, columns=("what", "records_per_second", "of"))


def _rows(found: dict[str, object]) -> list[dict[str, object]]:
    """One row for each part of the measurement."""
    rows: list[dict[str, object]] = []
    for part, value in found.items():
        groups = value.items() if part in ("detectors", "peers") and isinstance(value, dict) else [(part, value)]
        rows += [{"what": name, "of": part, **row} for name, row in groups if isinstance(row, dict)]
    return rows
