import json

import pytest

from streams.embedded import EmbeddedBroker


def test_a_log_is_recognised_and_every_field_is_shown(tidegate, record, tmp_path):
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(record(n, latency_ms=2.5) for n in range(10)))
    code, out, _ = tidegate("inspect", "log.jsonl", "-n", "4")
    assert code == 0
    assert "format native (json); 4 of 4 records read" in out
    assert "3 numbers: 0.0, 0.5, 1.0" in out
    assert "latency_ms" in out
    assert "unusual_profile" in out
    assert out.count("no words logged") == 1


def test_numbers_among_others_are_shown_with_as_many_digits_as_can_be_told_apart(tidegate, record, tmp_path):
    odd = [0.30000000000000004, 12345678.9, 1e-7, 7]
    (tmp_path / "log.jsonl").write_bytes(record(1, features=odd, latency_ms=2.25) + b"\n")
    _, out, _ = tidegate("inspect", "log.jsonl")
    assert "4 numbers: 0.3, 1.23457e+07, 1e-07, 7" in out
    assert "2.25" in out


def test_what_is_missing_for_which_detector_is_said(tidegate, record, tmp_path):
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(record(n, features=None) for n in range(3)))
    code, out, _ = tidegate("inspect", "log.jsonl", "--format", "json")
    seen = json.loads(out)
    assert code == 0
    assert "no features logged" in seen["blind"]["input_consistency"]


def test_rejects_are_shown_with_line_and_reason(tidegate, record, tmp_path):
    (tmp_path / "log.jsonl").write_bytes(record(1) + b'\n\n{"time": "never"}\n' + record(2))
    code, out, _ = tidegate("inspect", "log.jsonl")
    assert code == 0
    assert "2 of 3 records read" in out
    (row,) = [line for line in out.splitlines() if line.startswith("3 ")]  # as an editor counts
    assert "time" in row or "model" in row


def test_a_log_that_nobody_can_read_is_a_failure(tidegate, tmp_path):
    (tmp_path / "log").write_bytes(b"one\ntwo\x1b[2J\n")
    code, out, err = tidegate("inspect", "log")
    assert code == 1
    assert "no format fits; 0 of 2 records read" in out
    assert "\x1b" not in out + err


def test_an_empty_file_is_a_failure(tidegate, tmp_path):
    (tmp_path / "log").write_bytes(b"")
    assert tidegate("inspect", "log")[0] == 1


def test_a_topic_is_looked_at_where_there_is_no_such_file(tidegate, record, tmp_path):
    with EmbeddedBroker({"traffic": 2}) as broker:
        (tmp_path / "tidegate.toml").write_text(f'[kafka]\nbrokers = ["{broker.bootstrap}"]\nversion = "2.0"\n')
        (tmp_path / "log.jsonl").write_bytes(b"\n".join(record(n) for n in range(30)))
        assert tidegate("produce", "log.jsonl", "--topic", "traffic") == (0, "30 records in topic traffic\n", "")
        code, out, _ = tidegate("inspect", "traffic", "-n", "6")
    assert code == 0
    assert "6 of 6 records read" in out


def test_neither_file_nor_topic_is_said_so(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text('[kafka]\nbrokers = ["127.0.0.1:1"]\n')
    code, _, err = tidegate("inspect", "nowhere")
    assert code == 1
    assert "nowhere is no file here, and as a topic: Kafka does not answer" in err
    assert err.endswith("check [kafka] brokers\n")


@pytest.mark.parametrize("place", ["nowhere/log.jsonl", "nowhere.jsonl", "two words"])
def test_a_file_that_is_not_there_is_wrong_usage_as_it_is_for_a_scan(tidegate, tmp_path, place):
    (tmp_path / "tidegate.toml").write_text('[kafka]\nbrokers = ["127.0.0.1:1"]\n')
    for command in ("inspect", "scan"):
        code, _, err = tidegate(command, place)
        assert (code, err.startswith(f"tidegate: {place}: no such file")) == (2, True)


def test_a_name_of_neither_a_file_nor_a_topic_is_wrong_usage(tidegate, tmp_path):
    with EmbeddedBroker({"traffic": 1}) as broker:
        (tmp_path / "tidegate.toml").write_text(f'[kafka]\nbrokers = ["{broker.bootstrap}"]\nversion = "2.0"\n')
        assert tidegate("inspect", "trafic") == (2, "", "tidegate: trafic: no such file, nor a topic of that name\n")
        assert tidegate("inspect", "traffic") == (1, "", "tidegate: traffic: nothing in it to look at\n")


@pytest.mark.parametrize(
    ("name", "held"),
    [("log.gz", b"\x1f\x8bno"), ("log.parquet", b"PAR1no"), ("log.jsonl", b"\xff\xfe\x00no"), ("log", b"words\n")],
)
def test_a_file_of_which_nothing_can_be_read_fails_looked_at_or_scanned(tidegate, tmp_path, name, held):
    (tmp_path / name).write_bytes(held)
    assert tidegate("inspect", name)[0] == 1
    code, _, err = tidegate("scan", name)
    assert (code, name in err) == (1, True)


def test_a_log_in_which_there_is_no_call_says_what_there_is(tidegate, tmp_path):
    batch = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "1", "body": {"stringValue": "x"}}]}]}]}
    (tmp_path / "log.json").write_text(json.dumps(batch))
    code, out, _ = tidegate("inspect", "log.json")
    assert code == 1
    assert "odd: 1 spans or log records are no calls of a model (1)" in out


def test_a_directory_is_wrong_usage(tidegate, tmp_path):
    code, _, err = tidegate("inspect", tmp_path)
    assert (code, err) == (2, f"tidegate: {tmp_path} is a directory; name one of its files\n")


def test_what_is_no_json_is_shown_with_the_character_where_it_ends(tidegate, tmp_path):
    (tmp_path / "log").write_bytes(b'{"time": 1}\n{"time": 1\n')
    out = tidegate("inspect", "log")[1]
    assert "not valid JSON: Expecting ',' delimiter at character 11" in out


def test_an_unknown_format_is_wrong_usage(tidegate, tmp_path):
    (tmp_path / "log").write_bytes(b"{}")
    assert tidegate("inspect", "log", "--input-format", "xml")[0] == 2
