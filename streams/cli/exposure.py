"""``tidegate exposure``: who could make how good a copy of which model."""

from typing import Annotated

import typer

from streams.cli.options import Config, Format, Limit, Model, Rows, Since, Until, moment, settings_of

EXAMPLE = "tidegate exposure --model fraud --limit 10"
NOTHING = "nobody holds a share of a model yet: it is measured where inputs and answers are logged, after the burn-in"
COLUMNS = ("principal", "model", "version", "agreement", "guess", "inputs", "answers", "first_time", "time")
NARROW = {"first_time": 0, "guess": 0, "version": 0, "model": 0}


def exposure(
    since: Since = "",
    until: Until = "",
    model: Model = "",
    principal: Annotated[str, typer.Option(help="Only this principal.", show_default=False)] = "",
    limit: Limit = 50,
    form: Rows = Format.TABLE,
    config: Config = None,
) -> None:
    """Show who holds how much of a model: a lower bound, for good customers as for thieves.

    A copy trained on a principal's answers would give the model's answer to at least the share "agreement" of what
    customers ask; one that always gives the commonest answer reaches "guess". "inputs" are the different customers'
    inputs that its questions are worth, "time" is when it last learnt more.
    """
    from streams.cli.output import show
    from streams.cli.store import ALL, ask, between

    span = between(moment(since, "--since"), moment(until, "--until"))
    rows = ask(settings_of(config), "exposure", **span, model=model, principal=principal, limit=limit or ALL)
    show(rows, form, columns=COLUMNS, times=("first_time", "time"), nothing=NOTHING, narrow=NARROW)
