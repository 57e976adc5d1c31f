"""Tables of what hiding costs attackers and what they keep, in Markdown."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from detectors.training.lab.adaptive import ADAPTIVE
from detectors.training.promise import Kept, Seen
from streams.tables import markdown

BUDGETS = (2.0, 10.0)  # false alerts a day
MIDDLE, RICH = BUDGETS
NONE, ALL = "none", "all five"
WAYS = (NONE, *ADAPTIVE, ALL)


def text(made: Mapping[float, Kept]) -> str:
    """All tables."""
    some = made[MIDDLE].campaigns
    parts = [ways(made)]
    parts += ["## By threat", _crossed(some, lambda one: one.raid.threat, _both)]
    parts += ["## By pacing", _crossed(some, lambda one: one.raid.pacing, _both)]
    parts += ["## By family: share caught", _crossed(some, lambda one: one.raid.family, _caught)]
    parts += ["## By family: what is kept", _crossed(_measured(some), lambda one: one.raid.family, _kept)]
    parts += ["## By family: what it costs", _crossed(some, lambda one: one.raid.family, _cost)]
    return "\n\n".join(parts)


def way(one: Seen) -> str:
    """How a campaign's attacker hides."""
    return {0: NONE, 1: "".join(one.raid.adaptive)}.get(len(one.raid.adaptive), ALL)


def ways(made: Mapping[float, Kept]) -> str:
    """One line a way of hiding: what it costs, and what is kept."""
    rows = []
    for name in WAYS:
        some, more = ([one for one in made[budget].campaigns if way(one) == name] for budget in BUDGETS)
        if not some:
            continue
        queries = [one.queries for one in some if one.queries is not None]
        measured = _measured(some)
        rows.append([
            name, str(len(some)), _caught(some), _caught(more),
            f"{np.median(queries):.0f}" if queries else "-",
            f"{np.mean([one.raid.queries for one in some]):.0f}", f"{_each(some):.1f}",
            f"{np.mean([one.raid.accounts for one in some]):.1f}", f"{np.mean([one.days for one in some]):.1f}",
            f"{np.mean([one.raid.kept for one in measured]):.2f}", f"{_mean(measured):.2f}",
            f"{_mean(_measured(more)):.2f}",
        ])  # fmt: skip
    head = ("way", "campaigns", f"caught at {MIDDLE:g}", f"at {RICH:g}", "questions to the alert (median)",
            "questions in all", "records for each", "accounts", "days", "goal, unwatched", f"kept at {MIDDLE:g}",
            f"at {RICH:g}")  # fmt: skip
    return markdown(head, rows)


def _crossed(some: Sequence[Seen], key: Callable[[Seen], str], cell: Callable[[Sequence[Seen]], str]) -> str:
    rows = []
    for name in sorted({key(one) for one in some}):
        mine = [one for one in some if key(one) == name]
        each = [[one for one in mine if way(one) == hidden] for hidden in WAYS]
        rows.append([name, str(max(map(len, each))), *(cell(one) if one else "" for one in each)])
    return markdown(("", "of each", *WAYS), rows)


def _measured(some: Sequence[Seen]) -> list[Seen]:
    """Those of whose goal it is known how much was reached when."""
    return [one for one in some if one.raid.course]


def kept(one: Seen) -> float:
    """What of its goal a campaign had when it was told of; all of it where it was not."""
    return one.raid.reached(one.raid.queries if one.queries is None else one.queries)


def _mean(some: Sequence[Seen]) -> float:
    return float(np.mean([kept(one) for one in some])) if some else float("nan")


def _each(some: Sequence[Seen]) -> float:
    return float(np.median([one.sent / max(1, one.raid.queries) for one in some]))


def _caught(some: Sequence[Seen]) -> str:
    return f"{np.mean([one.queries is not None for one in some]):.0%}"


def _kept(some: Sequence[Seen]) -> str:
    return f"{_mean(some):.2f} of {np.mean([one.raid.kept for one in some]):.2f}"


def _both(some: Sequence[Seen]) -> str:
    measured = _measured(some)
    return f"{_caught(some)}; {_kept(measured)}" if measured else _caught(some)


def _cost(some: Sequence[Seen]) -> str:
    questions, days = np.mean([(one.raid.queries, one.days) for one in some], axis=0)
    return f"{questions:.0f} x {_each(some):.1f}; {days:.1f}"
