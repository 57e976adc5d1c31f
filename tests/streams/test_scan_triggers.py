"""A backdoor's trigger over several accounts in files: one alert that names it, whatever the cuts into files."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from detectors import stage
from detectors.plan import Plan
from detectors.scenarios import inputs
from schemas.alert import Alert
from streams.scan import Listener, scan

PLAN = Plan(alerts_per_day=5.0, secret=b"scan")
TRIGGER = {6: 11.0, 7: 12.0}


class Alerts(Listener):
    def __init__(self) -> None:
        self.found: list[Alert] = []

    def on_alerts(self, alerts):
        self.found += alerts


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
        for i in np.argsort(day.time, kind="stable").tolist():
            name = day.names[day.code[i]]
            p = day.probabilities[i].astype(float).tolist()
            record = {
                "id": f"{number}-{i}",
                "time": float(day.time[i]),
                "model": "loan",
                "version": "1",
                "principal": name,
                "features": day.features[i].astype(float).tolist(),
                "probabilities": [0.003, 0.003, 0.99, 0.004] if name.startswith("sybil") else p,
            }
            made.append(msgspec.json.encode(record))
    return made


def scanned(folder, parts, plan=PLAN) -> list[Alert]:
    paths = []
    for k, part in enumerate(parts):
        path = folder / f"{k}.jsonl"
        path.write_bytes(b"\n".join(part))
        paths.append(str(path))
    told = Alerts()
    scan(paths, plan, told)
    return [alert for alert in told.found if alert.detector == "trigger"]


@pytest.fixture(scope="module")
def written():
    return lines()


def test_a_trigger_is_one_alert_that_names_it_and_all_who_used_it(tmp_path, written):
    found = scanned(tmp_path, [written])
    assert {alert.id for alert in found} == {found[0].id}
    last = found[-1]
    assert {name for name in last.principals if name.startswith("sybil")} == set(last.principals)
    assert len(last.principals) >= 8
    assert {one.name for one in last.why if one.name.startswith("feature_")} == {"feature_6", "feature_7"}


def test_cuts_into_files_change_nothing(tmp_path, written):
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = scanned(tmp_path / "whole", [written])
    n = len(written)
    assert scanned(tmp_path / "parts", [written[: n // 3], written[n // 3 : n - 400], written[n - 400 :]]) == whole


def test_who_sends_no_suspects_is_told_of_no_trigger(tmp_path, written):
    assert scanned(tmp_path, [written], replace(PLAN, suspects=False)) == []
