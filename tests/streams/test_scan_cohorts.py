"""An attack over many accounts in files: one alert that grows, whatever the cuts into files."""

import msgspec
import numpy as np
import pytest

from detectors import stage
from detectors.plan import Plan
from detectors.scenarios import random_inputs
from schemas.alert import Alert
from streams.scan import Listener, scan

PLAN = Plan(alerts_per_day=5.0, secret=b"scan")
ACCOUNTS = 20


class Alerts(Listener):
    def __init__(self) -> None:
        self.found: list[Alert] = []

    def on_alerts(self, alerts):
        self.found += alerts


def lines() -> list[bytes]:
    """A clean day, and one with ten honest newcomers and a thief behind twenty accounts with 24 questions each."""
    made = []
    for number, cast in enumerate([[], [(f"sybil-{k}", random_inputs) for k in range(ACCOUNTS)]]):
        day = stage.day(number, [*stage.customers(10 * number), *cast])
        asked = np.zeros(len(day.names), int)
        for i in np.argsort(day.time, kind="stable").tolist():
            name = day.names[day.code[i]]
            asked[day.code[i]] += 1
            if name.startswith("sybil") and asked[day.code[i]] > 24:
                continue
            record = {
                "id": f"{number}-{i}",
                "time": float(day.time[i]),
                "model": "loan",
                "version": "1",
                "principal": name,
                "features": day.features[i].astype(float).tolist(),
                "probabilities": day.probabilities[i].astype(float).tolist(),
            }
            made.append(msgspec.json.encode(record))
    return made


def scanned(folder, parts: list[list[bytes]]) -> tuple[list[Alert], dict]:
    paths = []
    for k, part in enumerate(parts):
        path = folder / f"{k}.jsonl"
        path.write_bytes(b"\n".join(part))
        paths.append(str(path))
    told = Alerts()
    summary = scan(paths, PLAN, told)
    return [alert for alert in told.found if alert.detector == "cohort"], summary.threats


@pytest.fixture(scope="module")
def attacked() -> list[bytes]:
    return lines()


def test_a_thief_behind_twenty_accounts_is_one_alert_that_names_them(tmp_path, attacked):
    found, threats = scanned(tmp_path, [attacked])
    assert len({alert.id for alert in found}) == 1
    named = set(found[-1].principals)
    assert sum(name.startswith("sybil") for name in named) >= 15
    assert sum(name.startswith("newcomer") for name in named) <= 1
    assert [len(alert.principals) for alert in found] == sorted({len(alert.principals) for alert in found})
    assert found[0].trigger in found[0].record_ids
    others = sum(count for (threat, _), count in threats.items() if threat == found[0].threat)
    assert others < len(found) + ACCOUNTS


def test_files_may_be_cut_anywhere(tmp_path, attacked):
    whole, _ = scanned(tmp_path, [attacked])
    cut = len(attacked) * 3 // 4
    assert scanned(tmp_path, [attacked[:cut], attacked[cut:]])[0] == whole
