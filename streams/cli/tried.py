"""``tidegate evaluate --traces``: scan labelled traces, a few campaigns at a time, and let peers try them too."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from detectors.plan import Plan
from schemas.batch import Integers
from streams.cli.evaluate import labels
from streams.cli.failures import Wrong, say
from streams.cli.options import settings_of
from streams.evaluation import Evaluation
from streams.trials import Trace, attempt, groups, together, traces
from streams.truth import Truth

Peers = dict[str, dict[str, Evaluation]]


def attempts(
    folder: Path, *, group: int, burn_in: str, budget: str, beside: bool = False
) -> tuple[dict[str, Evaluation], Peers]:
    """Evaluate every trace of a folder, by name, and by name what peers make of it, if ``beside``.

    What is being done is said on stderr.

    Raises
    ------
    Wrong
        there is no trace in the folder
    """
    found = traces(folder)
    if not found:
        raise Wrong(f"{folder}: no NAME.truth.csv beside a NAME.jsonl, NAME.jsonl.gz or NAME.jsonl.zst")
    plan = _plan(burn_in, budget)
    made: dict[str, Evaluation] = {}
    peers: Peers = {}
    for trace in found:
        truth = labels(trace.truth, trace.manifest)
        dealt = groups(truth, group)
        made[trace.name] = _own(trace, truth, dealt, plan)
        if beside:
            peers[trace.name] = _others(trace, truth, dealt, plan)
    return made, peers


def check(page: Path) -> None:
    """See that a page has a place for tables, before anything long is done for it.

    Raises
    ------
    Wrong
        it has none
    """
    from streams.page import Unmarked, around

    try:
        around(page)
    except (Unmarked, UnicodeDecodeError) as error:
        raise Wrong(str(error)) from None


def write(page: Path, found: Mapping[str, Evaluation], peers: Peers, budget: str) -> None:
    """Put the tables into a page that was checked."""
    from streams.page import put, text

    put(page, text(found, peers, _plan("1d", budget).alerts_per_day))
    say(f"{page}: tables written")


def _plan(burn_in: str, budget: str) -> Plan:
    from streams.planning import plan_of

    return plan_of(settings_of(None, calibration={"burn_in": burn_in}, budget={"alerts_per_day": budget}))


def _own(trace: Trace, truth: Truth, dealt: list[Integers], plan: Plan) -> Evaluation:
    with tempfile.TemporaryDirectory(prefix="tidegate-evaluate-") as directory:
        parts = []
        for number, chosen in enumerate(dealt, start=1):
            say(f"{trace.name}: {len(chosen)} campaigns, {number} of {len(dealt)}")
            parts.append(attempt(trace.log, truth, chosen, plan, Path(directory) / "log.jsonl"))
    return together(parts)


def _others(trace: Trace, truth: Truth, dealt: list[Integers], plan: Plan) -> dict[str, Evaluation]:
    from detectors.peers import peers
    from streams.peers import hear, tried

    say(f"{trace.name}: peers")
    heard = hear(trace.log, plan)
    made = {}
    for peer in peers():
        say(f"{trace.name}: {peer.title}")
        made[f"{peer.title} ({peer.source})"] = tried(heard, truth, dealt, peer, plan)
    return made
