"""``tidegate coverage``: what was watched, and what was not."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.options import Config, Format, Model, Rows, Since, Until, moment, settings_of

if TYPE_CHECKING:
    from streams.settings import Settings

NO_ACCESS = 497  # ClickHouse's number for it
EXAMPLE = "tidegate coverage --since 1d --reasons"
NOTHING = "no records then; tidegate scan or tidegate run watches some"
WATCHED = "no reasons: every record then was watched, or there was none; tidegate coverage counts them"
COLUMNS = (
    "hour", "model", "version", "records", "scored", "rejected", "unpaired", "shed", "unnamed", "exposure",
    "not_watched",
)  # fmt: skip
REASONS = (
    "model", "version", "topic", "partition", "now", "reason", "records", "hours", "first_hour", "last_hour",
)  # fmt: skip
NARROW = dict.fromkeys(("version", "not_watched", "shed", "exposure", "unpaired", "unnamed"), 0)
NARROW_REASONS = dict.fromkeys(("first_hour", "hours", "version", "topic", "partition", "last_hour"), 0)


def coverage(
    since: Since = "",
    until: Until = "",
    model: Model = "",
    reasons: Annotated[bool, typer.Option("--reasons", help="Why records were not watched, by partition.")] = False,
    form: Rows = Format.TABLE,
    config: Config = None,
) -> None:
    """Show per model and hour what became of the records: scored, rejected, unpaired, shed, not watched and why.

    "unnamed" of them do not say who asked, and count as one caller.
    "exposure" is the best copy of the model that any principal could make by then; tidegate exposure says who.
    """
    from streams.cli.output import show
    from streams.cli.store import ask, between

    span = between(moment(since, "--since"), moment(until, "--until"))
    settings = settings_of(config)
    if not reasons:
        rows = ask(settings, "coverage", **span, model=model)
        show(rows, form, columns=COLUMNS, times=("hour",), nothing=NOTHING, narrow=NARROW)
        return
    missed = ask(settings, "not_watched", **span, model=model)
    rows = [*_settling(settings, model), *missed]
    show(rows, form, columns=REASONS, times=("first_hour", "last_hour"), nothing=WATCHED, narrow=NARROW_REASONS)


def _settling(settings: "Settings", model: str) -> list[dict[str, Any]]:
    """Partitions that hold records back at this moment, which are in no row of coverage yet.

    Auditors may not read the table that says so, and do without.
    """
    from streams.cli.store import ask
    from streams.sinks.api import Refused

    try:
        found = ask(settings, "settling", model=model)
    except Refused as error:
        if error.code != NO_ACCESS:
            raise
        return []
    return [row | {"records": 0, "hours": 0, "first_hour": None, "last_hour": None} for row in found]
