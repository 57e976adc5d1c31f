"""``tidegate evaluate --traces``: scan labelled traces, a few campaigns at a time."""

import tempfile
from pathlib import Path

from streams.cli.evaluate import labels
from streams.cli.failures import Wrong, say
from streams.cli.options import settings_of
from streams.evaluation import Evaluation
from streams.trials import attempt, groups, together, traces


def attempts(folder: Path, *, group: int, burn_in: str, budget: str) -> dict[str, Evaluation]:
    """Evaluate every trace of a folder, by name; what is being done is said on stderr.

    Raises
    ------
    Wrong
        there is no trace in the folder
    """
    found = traces(folder)
    if not found:
        raise Wrong(f"{folder}: no NAME.truth.csv beside a NAME.jsonl, NAME.jsonl.gz or NAME.jsonl.zst")
    from streams.worker import plan_of

    plan = plan_of(settings_of(None, calibration={"burn_in": burn_in}, budget={"alerts_per_day": budget}))
    made = {}
    with tempfile.TemporaryDirectory(prefix="tidegate-evaluate-") as directory:
        for trace in found:
            truth = labels(trace.truth, trace.manifest)
            parts = []
            for number, chosen in enumerate(dealt := groups(truth, group), start=1):
                say(f"{trace.name}: {len(chosen)} campaigns, {number} of {len(dealt)}")
                parts.append(attempt(trace.log, truth, chosen, plan, Path(directory) / "log.jsonl"))
            made[trace.name] = together(parts)
    return made
