"""``tidegate doctor``: whether everything is there that a worker needs."""

import typer

from streams.cli.options import Config, Format, Rows, settings_of

EXAMPLE = "tidegate doctor --config tidegate.toml"
MARKS = {"ok": "ok  ", "warning": "warn", "failed": "FAIL"}


def doctor(form: Rows = Format.TABLE, config: Config = None) -> None:
    """Check Kafka, topics, formats, ClickHouse, clock, disk, secrets: one line each, exit 1 if any fails."""
    from dataclasses import asdict

    from schemas.display import plain
    from streams.cli.output import show
    from streams.doctor import Check, examine

    found: list[Check] = []
    for check in examine(settings_of(config)):
        found.append(check)
        if form is Format.TABLE:
            print(f"{MARKS[check.state]}  {plain(check.name)}: {plain(check.text)}", flush=True)
    if form is not Format.TABLE:
        show([asdict(check) for check in found], form, columns=("name", "state", "text"))
    if any(check.state == "failed" for check in found):
        raise typer.Exit(1)
