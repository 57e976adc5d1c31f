import json

import msgspec
import pytest

from schemas.alert import Alert, Severity, Verdict

TRUTH = "r0,benign,\nr1,extract,x-1-fast\nr2,extract,x-1-fast\nr3,flood,x-2-slow\n"
MANIFEST = {
    "t0": 0, "t1": 172800, "clean_until": 86400,
    "attacks": [{"attack_id": 1, "label": "extract", "variant": "fast", "principals": ["u"], "fidelity": {"2": 0.5}}],
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    found = [
        Alert(
            id=trigger, time=1.0, first_time=0.0, last_time=1.0, verdict=Verdict.ATTACK, threat="extraction",
            severity=Severity.HIGH, detector="unusual_profile", model="m", trigger=trigger,
        )
        for trigger in ("r0", "r2")
    ]  # fmt: skip
    (tmp_path / "alerts.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, found)) + b"\n\n")
    (tmp_path / "truth.csv").write_text(TRUTH)
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    return "alerts.jsonl", "--truth", "truth.csv", "--manifest", "manifest.json"


def test_campaigns_queries_fidelity_and_false_alerts_a_day(tidegate, files):
    code, out, _ = tidegate("evaluate", *files, "--format", "json")
    assert code == 0
    found = json.loads(out)
    assert (found["campaigns_total"], found["campaigns_caught"], found["median_queries"]) == (2, 1, 2.0)
    assert (found["false_attack_alerts"], found["false_attack_alerts_per_day"]) == (1, 1.0)
    assert found["detectors"]["unusual_profile"] == {"caught_first": 1, "true_alerts": 1, "false_alerts": 1}
    (first, second) = found["campaigns"]
    assert (first["caught"], first["queries"], first["fidelity"], first["variant"]) == (True, 2, 0.5, "fast")
    assert (second["caught"], second["queries"]) == (False, None)


def test_the_same_for_people(tidegate, files):
    code, out, _ = tidegate("evaluate", *files)
    assert code == 0
    assert "caught 1 of 2 campaigns, in the middle after 2 queries" in out
    assert "false attack alerts: 1, 1.00 a day over 1.00 days" in out


def test_a_line_that_is_no_alert_is_named(tidegate, files, tmp_path):
    (tmp_path / "alerts.jsonl").write_bytes(b'{"id": 3}\n')
    code, _, err = tidegate("evaluate", *files)
    assert code == 2
    assert "alerts.jsonl:1: no alert:" in err


def test_a_manifest_that_is_none_is_named(tidegate, files, tmp_path):
    (tmp_path / "manifest.json").write_text("[]")
    assert tidegate("evaluate", *files)[0] == 2


def test_files_that_are_not_there_are_wrong_usage(tidegate, files):
    assert tidegate("evaluate", "nothing.jsonl", *files[1:])[0] == 2


def test_a_folder_without_traces_is_wrong_usage(tidegate, tmp_path):
    code, _, err = tidegate("evaluate", "--traces", tmp_path)
    assert code == 2
    assert "no NAME.truth.csv" in err


def test_neither_alerts_nor_traces_is_wrong_usage(tidegate):
    code, _, err = tidegate("evaluate")
    assert code == 2
    assert "right would be: tidegate evaluate" in err
