"""``tidegate coverage``: what was watched, and what was not."""

from typing import Annotated

import typer

from streams.cli.options import Config, Format, Model, Rows, Since, Until, moment, settings_of

EXAMPLE = "tidegate coverage --since 1d --reasons"
COLUMNS = ("hour", "model", "version", "records", "scored", "rejected", "unpaired", "shed", "exposure", "not_watched")
REASONS = ("model", "version", "reason", "records", "hours", "first_hour", "last_hour")


def coverage(
    since: Since = "",
    until: Until = "",
    model: Model = "",
    reasons: Annotated[bool, typer.Option("--reasons", help="What was not watched, summed by reason.")] = False,
    form: Rows = Format.TABLE,
    config: Config = None,
) -> None:
    """Show per model and hour what became of the records: scored, rejected, unpaired, shed, not watched and why.

    "exposure" is the best copy of the model that any principal could make by then; tidegate exposure says who.
    """
    from streams.cli.output import show
    from streams.cli.store import ask, between

    span = between(moment(since, "--since"), moment(until, "--until"))
    rows = ask(settings_of(config), "not_watched" if reasons else "coverage", **span, model=model)
    show(rows, form, columns=REASONS if reasons else COLUMNS)
