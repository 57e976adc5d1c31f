"""``tidegate evaluate``: alerts against labels."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.options import Format, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.alert import Alert
    from streams.evaluation import Evaluation
    from streams.truth import Truth

EXAMPLE = "tidegate evaluate alerts.jsonl --truth truth.csv --manifest manifest.json"
COLUMNS = ("campaign", "label", "variant", "records", "caught", "queries", "fidelity", "detector", "threat")


def evaluate(
    alerts: Annotated[
        Path | None, typer.Argument(help="Alerts, one JSON object a line.", exists=True, dir_okay=False)
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="Lines record id,label,attack id.", exists=True, dir_okay=False)
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="What is known of the campaigns.", exists=True, dir_okay=False)
    ] = None,
    days: Annotated[float | None, typer.Option(min=0.001, help="Length of the log, if no manifest says it.")] = None,
    traces: Annotated[
        Path | None,
        typer.Option(
            help="Scan each NAME.jsonl that has a NAME.truth.csv in this folder.", exists=True, file_okay=False
        ),
    ] = None,
    group: Annotated[int, typer.Option(min=1, help="Campaigns at a time, with --traces.")] = 6,
    burn_in: Annotated[str, typer.Option(help="Clean period, with --traces.")] = "1d",
    budget: Annotated[str, typer.Option(help="False alerts that are affordable, with --traces.")] = "2/day",
    beside: Annotated[bool, typer.Option("--peers", help="Try other detectors too, with --traces.")] = False,
    page: Annotated[
        Path | None, typer.Option(help="Markdown page to write the tables into, with --traces.", dir_okay=False)
    ] = None,
    form: Rows = Format.TABLE,
) -> None:
    """Score alerts against labels: per campaign caught or not, queries to detection, fidelity then, false alerts."""
    from streams import evaluation
    from streams.cli.failures import Wrong

    if traces is not None:
        from streams.cli.tried import attempts, check, write

        if page is not None:
            check(page)
        found, peers = attempts(traces, group=group, burn_in=burn_in, budget=budget, beside=beside)
        _print(found, form, peers)
        if page is not None:
            write(page, found, peers, budget)
        return
    if alerts is None or truth is None:
        raise Wrong(f"alerts and --truth are needed, or --traces; right would be: {EXAMPLE}")
    one = evaluation.evaluate(_alerts(alerts), labels(truth, manifest), days=days)
    _print({"": one}, form)


def labels(truth: Path, manifest: Path | None) -> "Truth":
    """Read the labels, and what a manifest says of the campaigns."""
    from streams.cli.failures import Wrong
    from streams.truth import Unusable, read

    try:
        with truth.open(encoding="utf-8", newline="") as lines:
            return read(lines, _manifest(manifest))
    except (Unusable, UnicodeDecodeError) as error:
        raise Wrong(f"{truth}: {error}") from None


def _print(
    found: "Mapping[str, Evaluation]", form: Format, peers: "Mapping[str, Mapping[str, Evaluation]] | None" = None
) -> None:
    """Print one evaluation, or one for each named trace, and what peers made of it."""
    from streams.cli.output import as_json, show

    others = peers or {}
    if form is Format.JSON:
        made = {name: summary(one) | {"campaigns": rows(one)} for name, one in found.items()}
        for name, some in others.items():
            made[name]["peers"] = {title: summary(one) for title, one in some.items()}
        print(as_json(made.get("", made)))
        return
    for name, one in found.items():
        show(rows(one), form, columns=COLUMNS)
        if form is Format.TABLE:
            print()
            for line in [*sentences(one), *beside_it(others.get(name, {}))]:
                print(f"{name}: {line}" if name else line)


def rows(found: "Evaluation") -> list[dict[str, Any]]:
    """One row a campaign."""
    return [
        {
            "campaign": one.campaign.id,
            "label": one.campaign.label,
            "variant": one.campaign.variant,
            "records": len(one.campaign.places),
            "principals": len(one.campaign.principals) or None,
            "caught": one.caught,
            "queries": one.queries,
            "fidelity": one.fidelity,
            "detector": one.alert.detector if one.alert else None,
            "threat": one.alert.threat if one.alert else None,
            "last_threat": one.last.threat if one.last else None,
            "most_threat": one.mostly or None,
            "aim": one.campaign.threat or None,
            "adaptive": list(one.campaign.adaptive),
            "alert": one.alert.id if one.alert else None,
            "noticed": one.noticed,
        }
        for one in found.outcomes
    ]


def summary(found: "Evaluation") -> dict[str, Any]:
    """Everything but the campaigns' rows."""
    from streams import measures

    surely, probably = measures.stopped(found.outcomes)
    false = {name: sum(one.detector == name for one in found.false) for name in {one.detector for one in found.false}}
    return {
        "campaigns_total": len(found.outcomes),
        "campaigns_caught": len(found.caught),
        "median_queries": found.median_queries,
        "alerts": found.alerts,
        "false_attack_alerts": len(found.false),
        "days": found.days,
        "false_attack_alerts_per_day": found.false_per_day,
        "false_attack_alerts_per_day_90": measures.false_interval(found),
        "attempts": found.attempts,
        "named_right": measures.named(found.outcomes)._asdict(),
        "copies_under_half": {
            "surely": surely,
            "probably": probably,
            "of": len(measures.thieves(found.outcomes)),
        },
        "unplaced_alerts": found.unplaced,
        "other_alerts": dict(found.other),
        "detectors": {
            name: {
                "caught_first": sum(one.alert is not None and one.alert.detector == name for one in found.outcomes),
                "true_alerts": found.true_by_detector[name],
                "false_alerts": false.get(name, 0),
            }
            for name in sorted({*found.true_by_detector, *false})
        },
        "labels": {
            label: {
                "campaigns": sum(one.campaign.label == label for one in found.outcomes),
                "caught": sum(one.campaign.label == label for one in found.caught),
            }
            for label in sorted({one.campaign.label for one in found.outcomes})
        },
        "false_by_persona": dict(found.false_by_persona),
    }


def sentences(found: "Evaluation") -> list[str]:
    """Return the result in a few lines."""
    from schemas.display import plain

    total = summary(found)
    middle = f", in the middle after {found.median_queries:g} queries" if found.median_queries is not None else ""
    rate = f", {found.false_per_day:.2f} a day over {found.days:.2f} days" if found.false_per_day is not None else ""
    held = total["false_attack_alerts_per_day_90"]
    rate += f" (90 %: {held[0]:.2f} to {held[1]:.2f})" if held else ""
    right = total["named_right"]
    lines = [
        f"caught {len(found.caught)} of {len(found.outcomes)} campaigns{middle}",
        f"false attack alerts: {len(found.false)}{rate}" + ("" if rate else "; --manifest or --days gives the rate"),
    ]
    if right["of"]:
        lines.append(
            f"named right, of {right['of']}: {right['at_once']} at once, "
            f"{right['first']} by the first alert in the end, "
            f"{right['most']} by most alerts, {right['last']} by the last"
        )
    for name, row in total["detectors"].items():
        alerts = f"{row['true_alerts']} true alerts, {row['false_alerts']} false"
        lines.append(f"{plain(name)}: first to catch {row['caught_first']}, {alerts}")
    if found.other:
        lines.append("no blame: " + ", ".join(f"{count} {name}" for name, count in sorted(found.other.items())))
    if found.false_by_persona:
        who = ", ".join(f"{plain(name)} {count}" for name, count in found.false_by_persona.most_common())
        lines.append(f"false alerts by persona: {who}")
    return lines


def beside_it(peers: "Mapping[str, Evaluation]") -> list[str]:
    """Return what each peer came to, a line each."""
    from streams.tables import rate

    made = []
    for title, one in peers.items():
        middle = f", in the middle after {one.median_queries:g} queries" if one.median_queries is not None else ""
        caught = f"caught {len(one.caught)} of {len(one.outcomes)}{middle}"
        made.append(f"{title}: {caught}; false attack alerts a day: {rate(one) or len(one.false)}")
    return made


def _alerts(path: Path) -> "list[Alert]":
    import msgspec

    from schemas.alert import Alert
    from streams.cli.failures import Wrong

    decode = msgspec.json.Decoder(Alert).decode
    found = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(decode(line))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise Wrong(f"{path}:{number}: no alert: {error}") from None
    return found


def _manifest(path: Path | None) -> dict[str, Any] | None:
    import json

    from streams.cli.failures import Wrong

    if path is None:
        return None
    try:
        read = json.loads(path.read_bytes())
    except ValueError as error:
        raise Wrong(f"{path}: not JSON: {error}") from None
    if not isinstance(read, dict):
        raise Wrong(f"{path}: right would be an object with a list of attacks")
    return read
