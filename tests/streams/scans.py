"""Days of the stage as lines of a log, and what a scan of files tells of."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from detectors.plan import Plan
from detectors.stage import Traffic
from schemas.alert import Alert
from streams.scan import Listener, Summary, scan


class Alerts(Listener):
    def __init__(self) -> None:
        self.found: list[Alert] = []

    def on_alerts(self, alerts: Sequence[Alert]) -> None:
        self.found += alerts


def in_order(day: Traffic) -> list[int]:
    """Rows of a day by time."""
    found: list[int] = np.argsort(day.time, kind="stable").tolist()
    return found


def line(day: Traffic, number: int, row: int, **other: object) -> bytes:
    """A row of the stage's day of that number as a native record; ``other`` stands in place of what it held."""
    record = {
        "id": f"{number}-{row}",
        "time": float(day.time[row]),
        "model": "loan",
        "version": "1",
        "principal": day.names[day.code[row]],
        "features": day.features[row].astype(float).tolist(),
        "probabilities": day.probabilities[row].astype(float).tolist(),
    }
    return msgspec.json.encode(record | other)


def scanned(folder: Path, parts: Sequence[Sequence[bytes]], plan: Plan) -> tuple[list[Alert], Summary]:
    """All alerts on a log in one file a part, and what was counted."""
    paths = []
    for k, part in enumerate(parts):
        path = folder / f"{k}.jsonl"
        path.write_bytes(b"\n".join(part))
        paths.append(str(path))
    told = Alerts()
    return told.found, scan(paths, plan, told)
