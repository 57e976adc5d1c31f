"""A backdoor's trigger over several accounts in files: one alert that names it, whatever the cuts into files."""

from dataclasses import replace

import numpy as np
import pytest

from detectors import stage
from detectors.plan import Plan
from detectors.scenarios import inputs
from schemas.alert import Alert
from tests.streams.scans import in_order, line, scanned

PLAN = Plan(alerts_per_day=5.0, secret=b"scan")
TRIGGER = {6: 11.0, 7: 12.0}


def marked(chance):
    """A dozen ordinary inputs with the trigger on them."""
    x = inputs(chance, 12)
    for column, value in TRIGGER.items():
        x[:, column] = value
    return 3600 * chance.uniform(8, 20) + np.cumsum(chance.exponential(300, 12)), x


def lines() -> list[bytes]:
    made = []
    for number, cast in enumerate([[], [(f"sybil-{k}", marked) for k in range(10)]]):
        day = stage.day(number, [*stage.customers(), *cast])
        for i in in_order(day):
            hit = {"probabilities": [0.003, 0.003, 0.99, 0.004]} if day.names[day.code[i]].startswith("sybil") else {}
            made.append(line(day, number, i, **hit))
    return made


def triggers(folder, parts, plan=PLAN) -> list[Alert]:
    return [alert for alert in scanned(folder, parts, plan)[0] if alert.detector == "trigger"]


@pytest.fixture(scope="module")
def written():
    return lines()


def test_a_trigger_is_one_alert_that_names_it_and_all_who_used_it(tmp_path, written):
    found = triggers(tmp_path, [written])
    assert {alert.id for alert in found} == {found[0].id}
    last = found[-1]
    assert {name for name in last.principals if name.startswith("sybil")} == set(last.principals)
    assert len(last.principals) >= 8
    assert {one.name for one in last.why if one.name.startswith("feature_")} == {"feature_6", "feature_7"}


def test_cuts_into_files_change_nothing(tmp_path, written):
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = triggers(tmp_path / "whole", [written])
    n = len(written)
    assert triggers(tmp_path / "parts", [written[: n // 3], written[n // 3 : n - 400], written[n - 400 :]]) == whole


def test_who_sends_no_suspects_is_told_of_no_trigger(tmp_path, written):
    assert triggers(tmp_path, [written], replace(PLAN, suspects=False)) == []
