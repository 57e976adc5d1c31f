import json
import stat

import pytest

from streams.brokers import produce
from streams.embedded import EmbeddedBroker
from streams.settings import Kafka, load


@pytest.fixture
def broker(record, monkeypatch):
    """Topics of our own format, of bare bodies, of something unknown, and an empty one."""
    with EmbeddedBroker({"traffic": 2, "bodies": 1, "junk": 1, "empty": 1, "tidegate.alerts": 1}) as broker:
        monkeypatch.setenv("TIDEGATE_KAFKA__VERSION", "2.0")
        kafka = Kafka(brokers=[broker.bootstrap], version="2.0")
        produce(kafka, "traffic", [(None, record(n)) for n in range(20)])
        produce(kafka, "bodies", [(None, json.dumps({"instances": [[1, 2, n]]}).encode()) for n in range(3)])
        produce(kafka, "junk", [(None, b"hello")])
        yield broker


def test_topics_become_a_configuration_that_doctor_accepts(tidegate, broker, tmp_path):
    place = f"chdb://{tmp_path / 'db'}"
    code, out, err = tidegate("init", "--brokers", broker.bootstrap, "--clickhouse", place)
    assert (code, out) == (0, "tidegate.toml written: 2 topics; tidegate doctor --config tidegate.toml\n")
    assert "topic junk: in no format that can be read" in err
    written = (tmp_path / "tidegate.toml").read_text()
    assert "# Topic empty: empty." in written
    assert "tidegate.alerts" not in written
    settings = load(tmp_path / "tidegate.toml")
    assert [(one.topic, one.format, one.model) for one in settings.source] == [
        ("bodies", "tf_v1", "bodies"), ("traffic", "native", ""),
    ]  # fmt: skip
    assert stat.S_IMODE((tmp_path / "tidegate.secret").stat().st_mode) == 0o600
    assert tidegate("migrate")[0] == 0
    code, out, _ = tidegate("doctor")
    assert code == 0, out


def test_only_the_topics_that_were_named_are_looked_at(tidegate, broker):
    code, out, _ = tidegate(
        "init", "--brokers", broker.bootstrap, "--topic", "traffic", "--topic", "missing", "--out", "-"
    )
    assert code == 0
    assert 'topic = "traffic"' in out
    assert "bodies" not in out
    assert "# Topic missing: there is none of that name." in out


def test_a_file_that_is_there_is_not_written_over(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text("# mine\n")
    code, _, err = tidegate("init", "--brokers", "127.0.0.1:1")
    assert code == 2
    assert "--force" in err
    assert (tmp_path / "tidegate.toml").read_text() == "# mine\n"


def test_brokers_that_do_not_answer_are_said_so(tidegate, tmp_path):
    code, _, err = tidegate("init", "--brokers", "127.0.0.1:1")
    assert code == 1
    assert "Kafka does not answer" in err
    assert "or --brokers here" in err
    assert not (tmp_path / "tidegate.toml").exists()
