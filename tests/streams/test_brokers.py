import pytest

from streams import brokers
from streams.embedded import EmbeddedBroker
from streams.settings import Kafka


@pytest.fixture(scope="module")
def kafka():
    with EmbeddedBroker({"traffic": 3, "empty": 2, "keys": 4}) as broker:
        yield Kafka(brokers=broker.bootstrap.split(","), version="2.0")


def test_samples_are_the_newest_of_every_partition(kafka):
    count = brokers.produce(kafka, "traffic", ((f"u-{n % 7}".encode(), b"%d" % n) for n in range(200)))
    ends = brokers.partitions(kafka, "traffic")
    assert count == sum(following for _, following in ends.values()) == 200
    found = brokers.samples(kafka, "traffic", 6)
    assert len(found) == 6
    for number in {one.partition for one in found}:
        offsets = [one.offset for one in found if one.partition == number]
        assert offsets == list(range(ends[number][1] - len(offsets), ends[number][1]))
        assert len(offsets) >= 2


def test_equal_keys_lie_in_one_partition(kafka):
    brokers.produce(kafka, "keys", ((f"u-{n % 5}".encode(), b"u-%d" % (n % 5)) for n in range(100)))
    places: dict[bytes | None, set[int]] = {}
    for one in brokers.samples(kafka, "keys", 400):
        places.setdefault(one.value, set()).add(one.partition)
    assert len(places) == 5
    assert all(len(numbers) == 1 for numbers in places.values())


def test_an_empty_topic_has_no_samples(kafka):
    assert brokers.samples(kafka, "empty", 5) == []


def test_no_client_is_closed_while_it_still_connects(kafka, caplog):
    """kafka-python leaves the socket of such a client to the garbage collector."""
    for _ in range(5):
        brokers.samples(kafka, "empty", 5)
    assert "Bootstrap failed" not in caplog.text
    assert brokers.partitions(kafka, "empty") == {0: (0, 0), 1: (0, 0)}


def test_a_topic_that_is_not_there_is_said_so(kafka):
    assert brokers.partitions(kafka, "nowhere") == {}
    with pytest.raises(brokers.Unreachable, match="there is no topic nowhere"):
        brokers.produce(kafka, "nowhere", [(None, b"x")])


def test_a_broker_that_is_not_there_is_said_so_at_once():
    with pytest.raises(brokers.Unreachable, match=r"127\.0\.0\.1:1: .*; 127\.0\.0\.1:2: .*check \[kafka\] brokers"):
        brokers.partitions(Kafka(brokers=["127.0.0.1:1", "127.0.0.1:2"]), "traffic")


def test_sign_in_and_certificates_reach_the_client(tmp_path):
    (tmp_path / "password").write_text("p4ss\n")
    chosen = brokers.options(Kafka(security="sasl_ssl", username="me", password_file=tmp_path / "password"))
    assert chosen["security_protocol"] == "SASL_SSL"
    assert (chosen["sasl_plain_username"], chosen["sasl_plain_password"]) == ("me", "p4ss")
    assert chosen["ssl_context"].check_hostname
