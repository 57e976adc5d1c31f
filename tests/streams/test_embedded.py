"""The broker inside the process, as ordinary clients see it."""

import time

import pytest
from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka.admin import AdminClient

from streams import embedded
from streams.embedded import EmbeddedBroker, Request, Unavailable


def send(broker: EmbeddedBroker, topic: str, values: list[bytes], timeout: float = 10.0) -> list[object]:
    answers: list[object] = []
    producer = Producer(
        {"bootstrap.servers": broker.bootstrap, "message.timeout.ms": int(timeout * 1000), "log_level": 0, "retries": 0}
    )
    for value in values:
        producer.produce(topic, value, on_delivery=lambda error, _message: answers.append(error))
    producer.flush(timeout + 5)
    return answers


def receive(broker: EmbeddedBroker, topic: str, number: int) -> list[bytes]:
    consumer = Consumer(
        {
            "bootstrap.servers": broker.bootstrap,
            "group.id": "readers",
            "auto.offset.reset": "earliest",
            "log_level": 0,
        }
    )
    consumer.subscribe([topic])
    values: list[bytes] = []
    end = time.monotonic() + 30
    while len(values) < number and time.monotonic() < end:
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            values.append(message.value())
    consumer.close()
    return values


def test_topics_have_the_partitions_that_were_asked_for():
    with EmbeddedBroker(topics={"traffic": 4, "alerts": 1}) as broker:
        broker.create_topic("later", 7)
        known = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0}).list_topics(timeout=10).topics
        assert {name: len(known[name].partitions) for name in ("traffic", "alerts", "later")} == {
            "traffic": 4,
            "alerts": 1,
            "later": 7,
        }
        assert broker.bootstrap.startswith("127.0.0.1:")


def test_what_is_sent_is_received():
    values = [b"%d" % i for i in range(100)]
    with EmbeddedBroker(topics={"traffic": 2}) as broker:
        assert send(broker, "traffic", values) == [None] * 100
        assert sorted(receive(broker, "traffic", 100)) == sorted(values)


def test_a_broker_that_is_down_takes_nothing_and_keeps_what_it_had():
    with EmbeddedBroker(topics={"traffic": 1}) as broker:
        assert send(broker, "traffic", [b"before"]) == [None]
        broker.down()
        assert [error is not None for error in send(broker, "traffic", [b"meanwhile"], timeout=0.5)] == [True]
        broker.up()
        assert send(broker, "traffic", [b"after"]) == [None]
        assert receive(broker, "traffic", 2) == [b"before", b"after"]


def test_injected_errors_are_met_once_each_and_can_be_taken_back():
    with EmbeddedBroker(topics={"traffic": 1}) as broker:
        broker.fail(Request.PRODUCE, KafkaError.MSG_SIZE_TOO_LARGE)
        [error] = send(broker, "traffic", [b"x"])
        assert error.code() == KafkaError.MSG_SIZE_TOO_LARGE
        assert send(broker, "traffic", [b"x"]) == [None]
        broker.fail(Request.PRODUCE, KafkaError.MSG_SIZE_TOO_LARGE, times=5)
        broker.forgive(Request.PRODUCE)
        assert send(broker, "traffic", [b"x"]) == [None]


def test_a_slow_broker_answers_late():
    with EmbeddedBroker(topics={"traffic": 1}) as broker:
        broker.slow(0.3)
        begun = time.monotonic()
        assert send(broker, "traffic", [b"x"]) == [None]
        assert time.monotonic() - begun > 0.3


@pytest.mark.parametrize("partitions", [0, -1])
def test_a_topic_that_makes_no_sense_is_refused(partitions: int):
    with EmbeddedBroker() as broker, pytest.raises(ValueError, match="refuses topic 'traffic'"):
        broker.create_topic("traffic", partitions)


def test_a_topic_that_exists_and_a_broker_that_does_not_are_refused():
    with EmbeddedBroker(topics={"traffic": 1}) as broker:
        with pytest.raises(ValueError, match="'traffic'"):
            broker.create_topic("traffic", 1)
        with pytest.raises(ValueError, match="broker 9"):
            broker.down(9)


def test_closing_twice_is_harmless():
    broker = EmbeddedBroker()
    broker.close()
    broker.close()
    assert broker.bootstrap


def test_the_library_is_found_where_the_wheels_of_each_system_put_it(tmp_path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "confluent_kafka"
    (package / ".dylibs").mkdir(parents=True)
    (package / "__init__.py").touch()
    mac = package / ".dylibs" / "librdkafka.1.dylib"
    mac.touch()
    assert embedded.find_library(package) == mac
    (tmp_path / "confluent_kafka.libs").mkdir()
    linux = tmp_path / "confluent_kafka.libs" / "librdkafka-0cb94173.so.1"
    linux.touch()
    assert embedded.find_library(package) == linux


def test_without_the_wheel_the_message_says_what_to_install(tmp_path):
    with pytest.raises(Unavailable, match="install its wheel"):
        embedded.find_library(tmp_path / "confluent_kafka")
