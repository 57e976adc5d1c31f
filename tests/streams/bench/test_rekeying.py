"""What the router is measured on."""

from confluent_kafka import Consumer, TopicPartition

from streams.bench.brokers import place, produce
from streams.bench.rekeying import WRITTEN, _unkeyed
from streams.settings import Settings
from streams.settings.sections import Kafka


def test_records_that_are_re_keyed_lie_anywhere_and_the_topics_for_them_are_there():
    with place(Settings(kafka=Kafka(brokers=["127.0.0.1:1"])), WRITTEN) as where:
        assert produce(where, _unkeyed(20_000)) == 20_000
        client = Consumer({"bootstrap.servers": where.bootstrap, "group.id": "nobody", "log_level": 0})
        topics = client.list_topics(timeout=5).topics
        held = [client.get_watermark_offsets(TopicPartition(where.topic, i))[1] for i in range(where.partitions)]
        client.close()
    assert {f"{where.topic}.{kind}" for kind in WRITTEN} <= set(topics)
    assert sum(held) == 20_000
    assert sum(count > 0 for count in held) > 1
