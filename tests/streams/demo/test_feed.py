from time import monotonic, sleep

from confluent_kafka import Consumer, TopicPartition

from detectors.training.traffic import traffic
from streams.demo.feed import Feed
from streams.demo.process import GROUP, TOPICS
from streams.embedded import EmbeddedBroker


def test_everything_is_sent_each_principal_to_one_partition_and_the_end_is_seen_when_all_is_committed():
    made = traffic(2, records=2000, attacks=())
    with EmbeddedBroker(TOPICS) as broker:
        feed = Feed(broker.bootstrap)
        try:
            feed.start(made)
            until = monotonic() + 20
            while sum(feed.sent) < len(made) and monotonic() < until:
                sleep(0.02)
            assert sum(feed.sent) == len(made)
            assert feed.look() == 0
            assert not feed.finished
            _commit(broker.bootstrap, feed.sent)
            while not feed.finished and monotonic() < until:
                feed.look()
                sleep(0.02)
            assert feed.finished
        finally:
            feed.close()


def _commit(bootstrap: str, sent: list[int]) -> None:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": GROUP, "log_level": 0})
    places = [TopicPartition(topic, number) for topic, count in TOPICS.items() for number in range(count)]
    for place, count in zip(places, sent, strict=True):
        place.offset = count
    consumer.commit(offsets=[place for place in places if place.offset], asynchronous=False)
    consumer.close()
