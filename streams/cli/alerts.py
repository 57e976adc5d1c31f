"""``tidegate alerts``: list them."""

from enum import StrEnum
from typing import Annotated

import typer

from streams.cli.options import Config, Limit, Model, Since, Until, moment, settings_of

EXAMPLE = "tidegate alerts --since 1d --severity high"
NOTHING = "no such alerts; tidegate coverage says what was watched, and what not"
COLUMNS = ("id", "time", "severity", "verdict", "threat", "model", "principal", "count", "title")
NARROW = {"id": 8, "verdict": 0, "count": 0, "model": 0, "threat": 0, "principal": 0}


class AlertFormat(StrEnum):
    """How alerts are printed; ``ocsf`` is one Detection Finding a line."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    OCSF = "ocsf"


def alerts(
    since: Since = "",
    until: Until = "",
    model: Model = "",
    principal: Annotated[str, typer.Option(help="Only this principal, alone or in a group.", show_default=False)] = "",
    threat: Annotated[str, typer.Option(help="Only this threat, such as extraction.", show_default=False)] = "",
    verdict: Annotated[str, typer.Option(help="Only attack, fault, drift or self.", show_default=False)] = "",
    severity: Annotated[str, typer.Option(help="Only this severity.", show_default=False)] = "",
    status: Annotated[str, typer.Option(help="Only this status, such as new.", show_default=False)] = "",
    limit: Limit = 0,
    form: Annotated[AlertFormat, typer.Option("--format", help="How to print.")] = AlertFormat.TABLE,
    config: Config = None,
) -> None:
    """List alerts, oldest first."""
    from schemas.alert import Severity, Verdict
    from schemas.threats import THREATS
    from streams.cli.store import ALL, ask, between

    _known("--threat", threat, THREATS)
    _known("--verdict", verdict, Verdict)
    _known("--severity", severity, Severity)
    rows = ask(
        settings_of(config),
        "alerts_list",
        **between(moment(since, "--since"), moment(until, "--until")),
        model=model,
        principal=principal,
        threat=threat,
        verdict=verdict,
        severity=severity,
        status=status,
        limit=limit or ALL,
    )
    _print([str(row["body"]) for row in rows], form)


def _known(option: str, value: str, names: object) -> None:
    from streams.cli.failures import Wrong
    from streams.settings.words import unknown_key

    known = [str(name) for name in names]  # type: ignore[attr-defined]
    if value and value not in known:
        raise Wrong(f"{option} {value}: {unknown_key(value, known).replace('unknown key', 'unknown')}")


def _print(bodies: list[str], form: AlertFormat) -> None:
    import msgspec

    from schemas.alert import Alert
    from schemas.exports import encoder
    from streams.cli.options import Format
    from streams.cli.output import safe_json, show

    if form is AlertFormat.OCSF or form is AlertFormat.JSONL:
        encode = encoder(form.value)
        for body in bodies:
            print(safe_json(encode(msgspec.json.decode(body, type=Alert)).decode()))
        return
    rows = [msgspec.json.decode(body) for body in bodies]
    show(rows, Format(form.value), columns=COLUMNS, nothing=NOTHING, narrow=NARROW)
