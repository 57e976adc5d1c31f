"""Drift in files: the same correlator as on a topic, whatever the cuts into files."""

import msgspec
import numpy as np
import pytest

from detectors import stage
from detectors.plan import Plan
from schemas.alert import Alert
from streams.scan import Listener, scan

DAY = 86400.0
PLAN = Plan(alerts_per_day=5.0, secret=b"scan")


class Alerts(Listener):
    def __init__(self) -> None:
        self.found: list[Alert] = []

    def on_alerts(self, alerts):
        self.found += alerts


def lines(days: int, moved_from: int) -> list[bytes]:
    """Honest days; from one of them on, the first three columns of everybody are larger."""
    made = []
    for number in range(days):
        day = stage.day(number, stage.customers())
        x = day.features.astype(float)
        if number >= moved_from:
            x[:, :3] += 2.5 * x[:, :3].std(0)
        made += [
            msgspec.json.encode(
                {
                    "id": f"{number}-{i}",
                    "time": float(day.time[i]),
                    "model": "loan",
                    "version": "1",
                    "principal": day.names[day.code[i]],
                    "features": x[i].tolist(),
                    "probabilities": day.probabilities[i].astype(float).tolist(),
                }
            )
            for i in np.argsort(day.time, kind="stable")
        ]
    return made


def scanned(folder, parts: list[list[bytes]]) -> list[Alert]:
    paths = []
    for k, part in enumerate(parts):
        path = folder / f"{k}.jsonl"
        path.write_bytes(b"\n".join(part))
        paths.append(str(path))
    told = Alerts()
    scan(paths, PLAN, told)
    return told.found


GROWING = {"cohort", "trigger"}  # told again, with the time of their beginning, when others have joined


@pytest.fixture(scope="module")
def moving() -> list[bytes]:
    return lines(5, moved_from=3)


def test_a_model_whose_inputs_move_is_told_once_and_in_time_with_the_rest(tmp_path, moving):
    found = scanned(tmp_path, [moving])
    drift = [a for a in found if a.verdict == "drift"]
    assert [a.threat for a in drift] == ["drift_input"]
    assert drift[0].detector == "drift"
    assert drift[0].model == "loan"
    start = stage.day(3, stage.customers()).time.min()
    assert start - DAY / 4 < drift[0].first_time < drift[0].time < start + DAY
    first = {a.id: a.time for a in reversed(found)}  # one whose name changed is told again
    times = [first[name] for name in dict.fromkeys(a.id for a in found if a.detector not in GROWING)]
    assert times == sorted(times)


def test_cuts_into_files_change_no_drift_alert(tmp_path, moving):
    whole = scanned(tmp_path, [moving])
    parts = scanned(tmp_path, [moving[:700], moving[700:5001], moving[5001:]])
    assert sorted(map(msgspec.json.encode, whole)) == sorted(map(msgspec.json.encode, parts))


def test_honest_days_are_quiet(tmp_path):
    assert [a.title for a in scanned(tmp_path, [lines(4, moved_from=9)]) if a.verdict == "drift"] == []
