"""A broker to measure on: the configured one if it answers, else the one inside this process."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from streams.bench.traffic import Message
from streams.embedded import EmbeddedBroker
from streams.settings import Settings

PARTITIONS = 4
WRITTEN = {"alerts": 1, "rejects": 1, "signals": 1}  # by workers
EMBEDDED_PARTITIONS = 96  # the embedded broker keeps 5 MB of each


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measurement takes place: bootstrap servers, a topic of its own, what kind of broker that is."""

    bootstrap: str
    topic: str
    partitions: int
    kind: str


@contextmanager
def place(settings: Settings, written: Mapping[str, int] = WRITTEN) -> Iterator[Place]:
    """Lend a fresh topic, and those that are written to beside it, with so many partitions; all are deleted then."""
    topic = f"tidegate-bench-{secrets.token_hex(4)}"
    bootstrap = ",".join(settings.kafka.brokers)
    names = {topic: PARTITIONS} | {f"{topic}.{kind}": count for kind, count in written.items()}
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    try:
        admin.list_topics(timeout=3.0)
    except KafkaException:
        with EmbeddedBroker(topics=names | {topic: EMBEDDED_PARTITIONS}) as broker:
            yield Place(broker.bootstrap, topic, EMBEDDED_PARTITIONS, "embedded broker (librdkafka)")
        return
    for made in admin.create_topics([NewTopic(n, p, 1) for n, p in names.items()]).values():
        made.result(30)
    try:
        yield Place(bootstrap, topic, PARTITIONS, f"Kafka at {bootstrap}")
    finally:
        admin.delete_topics(list(names))


def produce(where: Place, messages: Iterable[Message]) -> int:
    """Put messages into the topic; return how many once the broker has all of them."""
    producer = Producer(
        {"bootstrap.servers": where.bootstrap, "linger.ms": 20, "queue.buffering.max.messages": 500_000, "log_level": 0}
    )
    count = 0
    for message in messages:
        while True:
            try:
                producer.produce(where.topic, message.value, key=message.key)
                break
            except BufferError:
                producer.poll(0.05)
        count += 1
    left = producer.flush(120)
    if left:
        raise RuntimeError(f"{where.kind} did not take {left} of {count} messages in two minutes")
    return count


class Progress:
    """How much of the topic a consumer group has committed."""

    def __init__(self, where: Place, group: str) -> None:
        self.where = where
        self.consumer = Consumer({"bootstrap.servers": where.bootstrap, "group.id": group, "log_level": 0})
        self.partitions = [TopicPartition(where.topic, i) for i in range(where.partitions)]

    def committed(self) -> int:
        """Records committed; 0 while the group has no coordinator yet."""
        try:
            return sum(max(0, p.offset) for p in self.consumer.committed(self.partitions, timeout=5))
        except KafkaException:
            return 0

    def close(self) -> None:
        """Leave."""
        self.consumer.close()
