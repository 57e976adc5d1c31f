import json

import msgspec
import pytest

from detectors.peers import peers
from detectors.training.traffic import CLEAN, traffic
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


def test_names_and_the_interval_of_false_alerts_are_in_the_summary(tidegate, files):
    found = json.loads(tidegate("evaluate", *files, "--format", "json")[1])
    assert found["named_right"] == {"at_once": 1, "first": 1, "most": 1, "last": 1, "of": 1}
    assert found["copies_under_half"] == {"surely": 0, "probably": 0, "of": 1}
    low, high = found["false_attack_alerts_per_day_90"]
    assert low < 1.0 < high
    assert (found["campaigns"][0]["aim"], found["campaigns"][0]["last_threat"]) == ("extraction", "extraction")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One labelled trace with two campaigns."""
    made = traffic(2, records=3000, attacks=("fuzzing", "inversion"))
    folder = tmp_path_factory.mktemp("traces")
    with (folder / "demo.jsonl").open("wb") as out:
        out.writelines(message.value + b"\n" for chunk in made.chunks() for message in chunk)
    (folder / "demo.truth.csv").write_text("".join(made.truth()))
    (folder / "demo.manifest.json").write_text(json.dumps(made.manifest(CLEAN)))
    return folder


def test_traces_are_tried_beside_peers_and_tables_are_written(tidegate, folder, tmp_path):
    page = tmp_path / "page.md"
    code, out, err = tidegate("evaluate", "--traces", folder, "--peers", "--page", page, "--format", "json")
    assert code == 0, err
    (made,) = json.loads(out).values()
    assert made["campaigns_total"] == 2
    assert len(made["peers"]) == len(peers())
    assert all(one["campaigns_total"] == 2 for one in made["peers"].values())
    written = page.read_text()
    assert "## Demo" in written
    assert all(peer.title in written for peer in peers())


def test_a_page_without_markers_is_wrong_usage(tidegate, folder, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("prose")
    code, _, err = tidegate("evaluate", "--traces", folder, "--page", page)
    assert code == 2
    assert "tables: begin" in err
    assert page.read_text() == "prose"
