"""``tidegate alert ID``: one in full."""

from enum import StrEnum
from math import log10
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import Config, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from schemas.alert import Alert, Example

EXAMPLE = "tidegate alert 3f2a91 (the first digits are enough)"
SHOWN = 10  # principals that are named
EXCERPT = 160  # characters of a prompt
CERTAIN = "deterministic"  # the gate of what is so or is not


class OneFormat(StrEnum):
    """How one alert is printed."""

    TEXT = "text"
    JSON = "json"
    OCSF = "ocsf"


def alert(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The alert's id, or how it begins.")],
    form: Annotated[OneFormat, typer.Option("--format", help="How to print.")] = OneFormat.TEXT,
    config: Config = None,
) -> None:
    """Show one alert in full: what, who, since when, how sure, why, and what next."""
    import msgspec

    from schemas.alert import Alert
    from schemas.exports import encoder
    from streams.cli.excerpts import excerpts
    from streams.cli.failures import Failed, Wrong
    from streams.cli.output import console, safe_json
    from streams.cli.store import ask

    if not identity or not all(digit in "0123456789abcdef" for digit in identity.lower()):
        raise Wrong(f"{identity}: an id is hexadecimal digits; tidegate alerts lists them")
    settings = settings_of(config)
    rows = ask(settings, "alert_one", id=identity.lower())
    if not rows:
        raise Failed(f"no alert's id begins with {identity}; tidegate alerts lists them")
    if len(rows) > 1:
        raise Wrong(f"{identity} begins several ids; give more digits")
    found = msgspec.json.decode(str(rows[0]["body"]), type=Alert)
    if form is OneFormat.TEXT:
        for part in page(found, excerpts(settings, found)):
            console().print(part)
    else:
        encode = encoder("ocsf" if form is OneFormat.OCSF else "jsonl")
        print(safe_json(encode(found).decode()))


def page(found: "Alert", asked: "Mapping[str, str] | None" = None) -> "list[RenderableType]":
    """Return one alert as a person reads it, from the sentence to the evidence; ``asked`` says what records ask."""
    from rich.table import Table
    from rich.text import Text

    from streams.cli.output import cell

    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(found):
        facts.add_row(Text(name, style="dim"), cell(value, 600))
    parts: list[RenderableType] = [cell(found.title), cell(found.message, 4000), Text(), facts]
    if found.why:
        why = Table("why", "value", "usual", "in words", box=None, header_style="bold", pad_edge=False)
        for one in found.why:
            why.add_row(cell(one.name), cell(one.value), cell(one.typical), cell(one.text, 400))
        parts += [Text(), why]
    if found.examples:
        parts += [Text(), _examples(found)]
    if asked:
        words = Table("request", "asked (masked)", box=None, header_style="bold", pad_edge=False)
        for request, text in asked.items():
            words.add_row(cell(request), cell(text, EXCERPT))
        parts += [Text(), words]
    return parts


def _facts(found: "Alert") -> "Iterator[tuple[str, str]]":
    """What a person asks of an alert, in the order in which it is asked."""
    from schemas.threats import STEPS
    from streams.cli.output import utc

    more = len(found.principals) - SHOWN
    model = f"{found.model} {found.version}".strip()
    step = STEPS.get(found.recommendation)
    yield "verdict", f"{found.verdict} ({found.severity})"
    yield "chance", _chance(found)
    yield "threat", found.threat + _tags(found)
    yield "model", model + (f", tenant {found.tenant}" if found.tenant else "")
    yield "who", ", ".join(found.principals[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    yield "when", f"{utc(found.time)} UTC; {found.count} records from {utc(found.first_time)} to {utc(found.last_time)}"
    yield "next", found.recommendation + (f": {step}" if step else "") + (f"; {found.runbook}" if found.runbook else "")
    yield "evidence", ", ".join(found.record_ids)
    yield "coverage", f"{found.coverage.share_scored:.0%} of its records scored{_blind(found.coverage.not_watched)}"
    yield "score", f"{found.score:.4g}, told from {found.threshold:.4g} on ({found.unit}, {_judge(found)})"
    yield "budget", f"paid {found.budget_paid:.2g} false alerts; calibration {found.calibration or 'none'}"
    yield "status", found.status + (f", incident {found.incident}" if found.incident else "")
    yield "id", found.id


def _chance(found: "Alert") -> str:
    """How often honest traffic comes this far: not how likely an attack is, which nobody can know."""
    if found.gate in ("", CERTAIN):
        return "none: it was counted, not estimated"
    if found.budget_paid <= 0:
        wrong = 1 - found.confidence
        return f"{f'about {wrong:.0%}' if wrong >= 0.01 else 'less than 1%'} that it came about by itself"
    often = 1 / found.budget_paid
    unit = 10 ** max(0, int(log10(often)) - 1)
    return f"honest traffic comes this far about once in {round(often / unit) * unit:,} cases"


def _judge(found: "Alert") -> str:
    """Which detector and gate spoke; a vote is also won below the threshold, by tests that agree."""
    agreed = ", below it, since other tests agree" if found.gate == "vote" and found.score < found.threshold else ""
    return f"by {found.detector}" + (f", {found.gate} gate" if found.gate else "") + agreed


def _blind(not_watched: "Sequence[str]") -> str:
    """What did not look, gathered by the reason why."""
    from streams.cli.output import by_reason

    lacks = {name: reason for name, _, reason in (one.partition(": ") for one in not_watched)}
    said = [", ".join(names) + (f" ({reason})" if reason else "") for reason, names in by_reason(lacks).items()]
    return f"; not watched by {'; '.join(said)}" if said else ""


def _examples(found: "Alert") -> "Table":
    """Requests that say it best, each beside an ordinary one."""
    from rich.table import Table

    from streams.cli.output import cell, utc

    several = any(one.principal for one in found.examples)
    shown = Table("request", *(["who"] if several else []), "when, UTC", "answer", "value here / beside it", "in words",
                  box=None, header_style="bold", pad_edge=False)  # fmt: skip
    for one in found.examples:
        beside = "; ".join(f"{d.name} {_number(d.value)} / {_number(d.ordinary)}" for d in one.differs)
        said = f"{one.text}; beside it: {one.ordinary}" if one.ordinary else one.text
        who = [cell(one.principal)] if several else []
        shown.add_row(cell(one.id), *who, utc(one.time), cell(_answers(one)), cell(beside, 400), cell(said, 300))
    return shown


def _answers(one: "Example") -> str:
    """What was answered, and what the ordinary one was answered, where that is known."""
    sure = f" ({one.confidence:.0%})" if one.confidence else ""
    return f"{one.answer}{sure}" + (f"; ordinary: {one.ordinary_answer}" if one.ordinary_answer else "")


def _number(value: float) -> str:
    """A number as people read it at night: no exponents where there need be none."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.4g}"


def _tags(found: "Alert") -> str:
    lists = (found.frameworks.atlas, found.frameworks.owasp_ml, found.frameworks.owasp_llm, found.frameworks.nist)
    tags = [tag for tags in lists for tag in tags]
    return f" ({', '.join(tags)})" if tags else ""
