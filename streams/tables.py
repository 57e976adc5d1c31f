"""Tables: evaluations in Markdown, as the pages of docs/detection show them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from streams import measures
from streams.evaluation import Evaluation, Outcome

TRACES = (
    "trace", "caught", "median queries", "false attack alerts a day (90 %)", "promised",
    "copies under half at the alert", "named right: at once, first alert, most, last",
)  # fmt: skip
BESIDE = ("detector", "caught", "median queries", "false attack alerts a day (90 %)", "copies under half at the alert")
OWN = "tidegate"


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; bars in cells are escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def overview(found: Mapping[str, Evaluation], promised: float) -> str:
    """One line a trace."""
    return markdown(TRACES, ([name, *_line(one, promised)] for name, one in found.items()))


def _line(one: Evaluation, promised: float) -> list[str]:
    return [
        _caught(one.outcomes),
        _number(one.median_queries),
        rate(one),
        f"{promised:g}",
        copies(one.outcomes),
        _names(one.outcomes),
    ]


def beside(own: Evaluation, peers: Mapping[str, Evaluation]) -> str:
    """Tidegate and its peers under the same rule, one line each."""
    return markdown(
        BESIDE,
        (
            [name, _caught(one.outcomes), _number(one.median_queries), rate(one), copies(one.outcomes)]
            for name, one in {OWN: own, **peers}.items()
        ),
    )


def campaigns(found: Evaluation) -> str:
    """By label and variant what was caught, after how many queries, and what the first alert called it."""
    return _crossed(_plain(found.outcomes), _cell)


def thieves(found: Evaluation) -> str:
    """By label and variant how good the copy was at the alert and in the end; empty where nobody copies."""
    return _crossed(measures.thieves(_plain(found.outcomes)), _copy)


def by(found: Evaluation, title: str, key: Callable[[Outcome], str]) -> str:
    """Shares of what was caught, and of what was named right, by some property of campaigns."""
    some = _plain(found.outcomes)
    rows = []
    for name in sorted({key(one) for one in some}):
        mine = [one for one in some if key(one) == name]
        rows.append([name, _caught(mine), _number(measures.middle(mine)), _names(mine)])
    return markdown((title, "caught", "median queries", TRACES[-1]), rows)


def adaptive(found: Evaluation) -> str:
    """What attackers who know of detectors do, what it costs them and what they keep; empty where there are none."""
    some = measures.adaptive(found.outcomes)
    header = ("what they do", "caught", "median queries to the alert", "queries", "days", "accounts", "success")
    rows = []
    for name in sorted({", ".join(one.campaign.adaptive) for one in some}):
        mine = [one for one in some if ", ".join(one.campaign.adaptive) == name]
        rows.append(
            [
                name,
                _caught(mine),
                _number(measures.middle(mine)),
                _median(len(one.campaign.places) for one in mine),
                _median(measures.days(one) for one in mine),
                _median(len(one.campaign.principals) for one in mine),
                _median(one.campaign.success for one in mine),
            ]
        )
    return markdown(header, rows) if rows else ""


def detectors(found: Evaluation) -> str:
    """By detector what it was first to catch, and its true and false alerts."""
    false = [one.detector for one in found.false]
    rows = (
        [
            name,
            sum(one.alert is not None and one.alert.detector == name for one in found.outcomes),
            found.true_by_detector[name],
            false.count(name),
        ]
        for name in sorted({*found.true_by_detector, *false})
    )
    return markdown(("detector", "first to catch", "true alerts", "false alerts"), rows)


def personas(found: Evaluation) -> str:
    """False attack alerts by kind of customer, the most first; empty where there are none or no kinds are known."""
    total = sum(found.false_by_persona.values())
    rows = ([name, count, f"{count / total:.0%}"] for name, count in found.false_by_persona.most_common())
    return markdown(("customers", "false attack alerts", "share"), rows) if total else ""


def rate(found: Evaluation) -> str:
    """False attack alerts a day with their interval."""
    held = measures.false_interval(found)
    return "" if held is None else f"{found.false_per_day:.2f} ({held[0]:.2f} to {held[1]:.2f})"


def copies(outcomes: Sequence[Outcome]) -> str:
    """How many thieves had less than half of their final copy, surely and probably."""
    surely, probably = measures.stopped(outcomes)
    count = len(measures.thieves(outcomes))
    return f"{surely} to {probably} of {count}" if count else ""


def _names(outcomes: Sequence[Outcome]) -> str:
    *right, known = measures.named(outcomes)
    return ", ".join(_share(count, known) for count in right)


def _plain(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if not one.campaign.adaptive]


def _crossed(outcomes: Sequence[Outcome], cell: Callable[[Sequence[Outcome]], str]) -> str:
    variants = list(dict.fromkeys(sorted((one.campaign.variant for one in outcomes), key=_pace)))
    rows = []
    for label in sorted({one.campaign.label for one in outcomes}):
        mine = [one for one in outcomes if one.campaign.label == label]
        rows.append([label, *(cell([one for one in mine if one.campaign.variant == v]) for v in variants)])
    return markdown(("attack", *(v or "queries" for v in variants)), rows) if rows else ""


def _pace(variant: str) -> tuple[int, str]:
    order = ("fast", "human", "slow", "sybil")
    return order.index(variant) if variant in order else len(order), variant


def _cell(some: Sequence[Outcome]) -> str:
    if not some:
        return ""
    if len(some) > 1:
        return (
            f"{_caught(some)}, {_number(measures.middle(some))}" if any(one.caught for one in some) else _caught(some)
        )
    (one,) = some
    return f"{one.queries} of {len(one.campaign.places)}, {one.alert.threat}" if one.alert else "-"


def _copy(some: Sequence[Outcome]) -> str:
    if not some:
        return ""
    ends = median(measures.final(one) for one in some)
    then = [one.fidelity for one in some if one.fidelity is not None]
    return f"{median(then):.2f} of {ends:.2f}" if then else f"- of {ends:.2f}"


def _caught(some: Sequence[Outcome]) -> str:
    return f"{sum(one.caught for one in some)} of {len(some)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _median(values: Iterable[float | None]) -> str:
    held = [value for value in values if value is not None]
    if not held:
        return "-"
    middle = median(held)
    return f"{middle:.0f}" if middle >= 100 else f"{middle:.2g}"
