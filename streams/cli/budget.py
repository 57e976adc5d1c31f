"""``tidegate budget``: promised, paid and spent."""

from streams.cli.options import Config, Format, Model, Rows, Since, Until, moment, settings_of

EXAMPLE = "tidegate budget --since 7d"
NOTHING = "nothing was promised or paid for yet: a model's budget begins when its burn-in is over"
COLUMNS = (
    "day", "model", "version", "detector", "state", "promised", "paid", "units", "alerts", "false_alerts", "true_rate",
)  # fmt: skip
NARROW = {"true_rate": 0, "units": 0, "version": 0, "state": 0, "paid": 0}


def budget(
    since: Since = "",
    until: Until = "",
    model: Model = "",
    form: Rows = Format.TABLE,
    config: Config = None,
) -> None:
    """Show per day, model and detector how many false alerts were promised, paid for, and found by triage.

    "true_rate" is what all partitions together were promised, from how many principal-days, and within what the true
    number lies (90 %).
    A day that is running counts as far as its records have come: what is promised for that time, and paid so far.
    """
    from streams.cli.output import show
    from streams.cli.store import ask, between

    span = between(moment(since, "--since"), moment(until, "--until"))
    rows = ask(settings_of(config), "budget", **span, model=model)
    show(rows, form, columns=COLUMNS, nothing=NOTHING, narrow=NARROW)
