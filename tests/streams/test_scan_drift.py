"""Drift in files: the same correlator as on a topic, whatever the cuts into files."""

import msgspec
import pytest

from detectors import stage
from detectors.plan import Plan
from tests.streams.scans import in_order, line, scanned

DAY = 86400.0
PLAN = Plan(alerts_per_day=5.0, secret=b"scan")


def lines(days: int, moved_from: int) -> list[bytes]:
    """Honest days; from one of them on, the first three columns of everybody are larger."""
    made = []
    for number in range(days):
        day = stage.day(number, stage.customers())
        x = day.features.astype(float)
        if number >= moved_from:
            x[:, :3] += 2.5 * x[:, :3].std(0)
        made += [line(day, number, i, features=x[i].tolist()) for i in in_order(day)]
    return made


GROWING = {"cohort", "trigger"}  # told again, with the time of their beginning, when others have joined


@pytest.fixture(scope="module")
def moving() -> list[bytes]:
    return lines(5, moved_from=3)


def test_a_model_whose_inputs_move_is_told_once_and_in_time_with_the_rest(tmp_path, moving):
    found, _ = scanned(tmp_path, [moving], PLAN)
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
    whole, _ = scanned(tmp_path, [moving], PLAN)
    parts, _ = scanned(tmp_path, [moving[:700], moving[700:5001], moving[5001:]], PLAN)
    assert sorted(map(msgspec.json.encode, whole)) == sorted(map(msgspec.json.encode, parts))


def test_honest_days_are_quiet(tmp_path):
    found, _ = scanned(tmp_path, [lines(4, moved_from=9)], PLAN)
    assert [a.title for a in found if a.verdict == "drift"] == []
