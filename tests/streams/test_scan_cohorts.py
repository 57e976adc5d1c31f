"""An attack over many accounts in files: one alert that grows, whatever the cuts into files."""

import numpy as np
import pytest

from detectors import stage
from detectors.plan import Plan
from detectors.scenarios import random_inputs
from schemas.alert import Alert
from streams.scan import Summary
from tests.streams.scans import in_order, line, scanned

PLAN = Plan(alerts_per_day=5.0, secret=b"scan")
ACCOUNTS = 20


def lines() -> list[bytes]:
    """A clean day, and one with ten honest newcomers and a thief behind twenty accounts with 24 questions each."""
    made = []
    for number, cast in enumerate([[], [(f"sybil-{k}", random_inputs) for k in range(ACCOUNTS)]]):
        day = stage.day(number, [*stage.customers(10 * number), *cast])
        asked = np.zeros(len(day.names), int)
        for i in in_order(day):
            name = day.names[day.code[i]]
            asked[day.code[i]] += 1
            if name.startswith("sybil") and asked[day.code[i]] > 24:
                continue
            made.append(line(day, number, i))
    return made


def cohorts(folder, parts: list[list[bytes]]) -> tuple[list[Alert], Summary]:
    found, summary = scanned(folder, parts, PLAN)
    return [alert for alert in found if alert.detector == "cohort"], summary


@pytest.fixture(scope="module")
def attacked() -> list[bytes]:
    return lines()


def test_a_thief_behind_twenty_accounts_is_one_alert_that_names_them(tmp_path, attacked):
    found, summary = cohorts(tmp_path, [attacked])
    assert len({alert.id for alert in found}) == 1
    named = set(found[-1].principals)
    assert sum(name.startswith("sybil") for name in named) >= 15
    assert sum(name.startswith("newcomer") for name in named) <= 1
    assert [len(alert.principals) for alert in found] == sorted({len(alert.principals) for alert in found})
    assert found[0].trigger in found[0].record_ids
    others = sum(count for (threat, _), count in summary.threats.items() if threat == found[0].threat)
    assert others < len(found) + ACCOUNTS


def test_files_may_be_cut_anywhere(tmp_path, attacked):
    whole, _ = cohorts(tmp_path, [attacked])
    cut = len(attacked) * 3 // 4
    assert cohorts(tmp_path, [attacked[:cut], attacked[cut:]])[0] == whole
