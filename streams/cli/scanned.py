"""The last screen of a scan: records, what was watched, alerts by threat."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.table import Table

from detectors.classifiers.classified import SHARE_OF
from schemas.alert import Alert
from schemas.display import plain
from schemas.threats import THREATS
from streams.cli.output import by_reason, cell, console, utc
from streams.scan import Summary, Watched

WATCHED_BY = {"*": "not watched", "principals": "not watched for long"}
ODDITIES = 5  # kinds of warnings on the screen
HALVES = {
    "pair": "were joined", "request": "requests have no answer", "response": "answers have no request",
    "late": "halves came late", "reused": "ids came again", "taken": "ids came again from somebody else",
}  # fmt: skip
SHOWN = 20  # alerts on the screen where no file was asked for


def last_screen(summary: Summary, alerts: Sequence[Alert], written: Path | None, slow: str = "") -> None:
    """Print what a scan saw; ``slow`` says why it took longer than the next one will."""
    rate = summary.records / summary.seconds if summary.seconds > 0 else 0.0
    out = console()
    lost = f", {summary.rejects:,} rejected" if summary.rejects else ""
    form = f" of format {plain(summary.format)}" if summary.format and summary.records else ""
    out.print(f"{summary.records:,} records{form} in {summary.seconds:.1f} s: {rate:,.0f}/s{lost}")
    if slow:
        out.print(slow)
    for line in remarks(summary):
        out.print(plain(line))
    for (model, version), watched in sorted(summary.models.items()):
        part = watched.scored / watched.records if watched.records else 0.0
        name = plain(f"{model} {version}".strip())
        out.print(
            f"model {name}: {watched.records:,} records, {watched.scored:,} judged ({part:.0%}), the rest learnt from"
        )
        for line in _blind(watched.not_watched):
            out.print(f"  {plain(line)}")
        for line in _promises(watched.promised):
            out.print(f"  {plain(line)}")
        if watched.exposed:
            out.print(f"  {_most_exposed(watched)}")
    if summary.models and not any(watched.scored for watched in summary.models.values()):
        out.print(_unjudged(summary))
    if not alerts:
        out.print("no alerts")
        return
    out.print(_threats(alerts))
    if written is None:
        out.print(_newest(alerts))
    else:
        out.print(f"{len(alerts)} alerts in {plain(str(written))}")


def _unjudged(summary: Summary) -> str:
    """Why nothing was judged, and what would help."""
    if summary.unnamed >= summary.records:
        return (
            "nothing was judged: no record says who asked, and callers are judged against each other; name where that "
            'stands with [[source]] principal = ["..."]'
        )
    return "nothing was judged: the log ends before enough was learnt; a shorter --burn-in asks for less"


def remarks(summary: Summary) -> Iterator[str]:
    """What was doubtful or odd in how the files were read: sentences, the most frequent first."""
    yield from (f"rejected: {one}" for one in summary.lost.values())
    if summary.rejects > len(summary.lost):
        yield f"rejected: {summary.rejects - len(summary.lost):,} more; --rejects FILE keeps all of them"
    if summary.doubt:
        yield f"format {summary.format}: {summary.doubt} (--input-format)"
    if summary.unnamed:
        yield f"{summary.unnamed / max(1, summary.records):.0%} of the records do not say who asked"
    if summary.halves:
        said = [f"{summary.halves[kind]:,} {words}" for kind, words in HALVES.items() if summary.halves[kind]]
        yield f"requests and answers are apart in the log: {', '.join(said)}"
    for warning, count in summary.warnings.most_common(ODDITIES):
        yield f"{count:,} times {warning}"
    if len(summary.warnings) > ODDITIES:
        yield f"and {len(summary.warnings) - ODDITIES} other oddities"


def _blind(not_watched: Mapping[str, str]) -> Iterator[str]:
    """What was not watched and why: everything, newcomers, or by the detectors that lack the same."""
    yield from (f"{said}: {not_watched[name]}" for name, said in WATCHED_BY.items() if name in not_watched)
    some = {name: why for name, why in sorted(not_watched.items()) if name.startswith(SHARE_OF)}
    yield from (f"watched in part by {name.removeprefix(SHARE_OF)}: {why}" for name, why in some.items())
    detectors = {name: why for name, why in sorted(not_watched.items()) if name not in {**WATCHED_BY, **some}}
    yield from (f"not watched by {', '.join(names)}: {why}" for why, names in by_reason(detectors).items())


def _promises(promised: Mapping[str, str]) -> Iterator[str]:
    """How many false alerts the thresholds promise, and where the true number lies, a line a detector."""
    if promised:
        yield "false alerts promised, and from how much that was learnt: the true rate, with 90 % certainty"
    yield from (f"  {name}: {words}" for name, words in sorted(promised.items()))


def _most_exposed(watched: Watched) -> str:
    """Who could make the best copy, and how many hold more than half of what a guess leaves open."""
    best = max(watched.exposed.values(), key=lambda one: (one.agreement, one.inputs))
    half = sum(one.agreement > (1 + one.guess) / 2 for one in watched.exposed.values())
    past = f"{half:,} principal{'s are' if half != 1 else ' is'} past half the way"
    said = f"{best.answers:,} answers to {plain(best.principal)} would train a copy that agrees on {best.agreement:.0%}"
    return f"{said} of customers' inputs, a guess on {best.guess:.0%}; {past}"


def _threats(alerts: Sequence[Alert]) -> Table:
    counts: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts:
        counts.setdefault((alert.threat, alert.verdict), []).append(alert)
    table = Table("threat", "verdict", "alerts", "principals", "what", box=None, header_style="bold", pad_edge=False)
    for (threat, verdict), group in sorted(counts.items(), key=lambda item: -len(item[1])):
        who = {principal for alert in group for principal in alert.principals}
        title = THREATS[threat].title if threat in THREATS else ""
        table.add_row(cell(threat), cell(verdict), cell(len(group)), cell(len(who)), cell(title))
    return table


def _newest(alerts: Sequence[Alert]) -> Table:
    table = Table(
        "time (UTC)", "severity", "threat", "principal", "title", box=None, header_style="bold", pad_edge=False
    )
    for alert in alerts[-SHOWN:]:
        table.add_row(
            cell(utc(alert.time)),
            cell(alert.severity),
            cell(alert.threat),
            cell(alert.principal, 24),
            cell(alert.title),
        )
    return table
