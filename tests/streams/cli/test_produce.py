import json

from streams import brokers
from streams.embedded import EmbeddedBroker
from streams.settings import Kafka


def test_every_line_arrives_those_that_nobody_can_read_too(tidegate, record, tmp_path):
    lines = [record(1), b"broken", record(2), record(4)]
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines))
    with EmbeddedBroker({"traffic": 3}) as broker:
        (tmp_path / "tidegate.toml").write_text(f'[kafka]\nbrokers = ["{broker.bootstrap}"]\nversion = "2.0"\n')
        code, out, _ = tidegate("produce", "log.jsonl", "--topic", "traffic")
        found = brokers.samples(Kafka(brokers=[broker.bootstrap], version="2.0"), "traffic", 12)
    assert (code, out) == (0, "4 records in topic traffic\n")
    assert sorted(one.value or b"" for one in found) == sorted(lines)
    places = {json.loads(one.value or b"")["principal"]: one.partition for one in found if one.value != b"broken"}
    assert set(places) == {"u-1", "u-2"}


def test_a_topic_that_is_not_there_is_a_failure_that_says_so(tidegate, record, tmp_path):
    (tmp_path / "log.jsonl").write_bytes(record(1))
    with EmbeddedBroker({"other": 1}) as broker:
        (tmp_path / "tidegate.toml").write_text(f'[kafka]\nbrokers = ["{broker.bootstrap}"]\nversion = "2.0"\n')
        code, _, err = tidegate("produce", "log.jsonl", "--topic", "traffic")
    assert code == 1
    assert "there is no topic traffic" in err


def test_files_that_are_not_there_are_wrong_usage(tidegate, tmp_path):
    assert tidegate("produce", "gone.jsonl", "--topic", "traffic")[0] == 2
    assert tidegate("produce", tmp_path, "--topic", "traffic")[0] == 2


def test_messages_in_envelopes_go_with_their_own_keys_and_headers(tidegate, record, tmp_path):
    around = {"topic": "elsewhere", "offset": 1, "headers": ["ce_id", "x"], "key": "k-1"}
    (tmp_path / "log.jsonl").write_text(json.dumps(around | {"payload": record(1).decode()}))
    with EmbeddedBroker({"traffic": 1}) as broker:
        (tmp_path / "tidegate.toml").write_text(f'[kafka]\nbrokers = ["{broker.bootstrap}"]\nversion = "2.0"\n')
        assert tidegate("produce", "log.jsonl", "--topic", "traffic")[0] == 0
        (found,) = brokers.samples(Kafka(brokers=[broker.bootstrap], version="2.0"), "traffic", 1)
    assert (found.key, found.value, found.headers) == (b"k-1", record(1), (("ce_id", b"x"),))
