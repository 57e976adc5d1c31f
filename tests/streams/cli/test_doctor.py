import json

import pytest

from streams.embedded import EmbeddedBroker


@pytest.fixture
def config(tmp_path):
    def write(bootstrap: str, more: str = "") -> None:
        kafka = f'[kafka]\nbrokers = ["{bootstrap}"]\nversion = "2.0"\n'
        clickhouse = f'[clickhouse]\nurl = "chdb://{tmp_path / "db"}"\n'
        (tmp_path / "tidegate.toml").write_text(kafka + clickhouse + more)

    return write


def states(out: str) -> dict[str, str]:
    return {check["name"]: check["state"] for check in json.loads(out)}


def test_a_healthy_place_passes_with_a_line_for_each_thing(tidegate, config, record, tmp_path):
    (tmp_path / "secret").write_text("s3cret")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(record(n) for n in range(20)))
    topics = {"traffic": 2, "tidegate.alerts": 1, "tidegate.rejects": 1, "tidegate.signals": 1}
    with EmbeddedBroker(topics) as broker:
        config(
            broker.bootstrap, f'[calibration]\nsecret_file = "{tmp_path / "secret"}"\n[state]\nsnapshots = "snaps"\n'
        )
        assert tidegate("migrate")[0] == 0
        assert tidegate("produce", "log.jsonl", "--topic", "traffic")[0] == 0
        code, out, _ = tidegate("doctor", "--format", "json")
    found = states(out)
    assert code == 0, out
    assert found["kafka"] == found["topic traffic"] == found["format of traffic"] == "ok"
    assert found["clickhouse"] == found["schema"] == found["clock"] == found["detectors"] == "ok"
    assert found[f"secret {tmp_path / 'secret'}"] == "ok"
    assert "secret" not in found


def test_everything_that_is_wrong_is_said_at_once(tidegate, config, tmp_path):
    (tmp_path / "secret").write_text("s3cret")
    (tmp_path / "secret").chmod(0o644)
    config("127.0.0.1:1", f'[calibration]\nsecret_file = "{tmp_path / "secret"}"\n')
    code, out, _ = tidegate("doctor")
    assert code == 1
    lines = out.splitlines()
    assert any(line.startswith("FAIL  kafka: Kafka does not answer") for line in lines)
    assert any(line.startswith("FAIL  schema: not applied: 0001") for line in lines)
    assert any(line.startswith("FAIL  secret ") and "everybody can read it" in line for line in lines)
    assert any(line.startswith("warn  snapshots: ") for line in lines)


def test_rows_that_are_kept_for_another_time_than_configured_are_a_warning(tidegate, config):
    config("127.0.0.1:1", 'records_ttl = "7d"\n')
    assert tidegate("migrate")[0] == 0
    assert "lifetimes" not in states(tidegate("doctor", "--format", "json")[1])
    config("127.0.0.1:1", 'records_ttl = "8d"\n')
    assert states(tidegate("doctor", "--format", "json")[1])["lifetimes"] == "warning"


def test_a_missing_topic_fails(tidegate, config):
    with EmbeddedBroker({"other": 1}) as broker:
        config(broker.bootstrap)
        code, out, _ = tidegate("doctor", "--format", "json")
    assert code == 1
    assert states(out)["topic traffic"] == "failed"


def test_a_password_is_never_shown(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text(
        '[kafka]\nbrokers = ["127.0.0.1:1"]\n[clickhouse]\nurl = "clickhouse://me:hunter2@127.0.0.1:1/tidegate"\n'
    )
    code, out, err = tidegate("doctor")
    assert code == 1
    assert "hunter2" not in out + err
