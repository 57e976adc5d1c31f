"""Where a measurement takes place when no broker answers: inside this process."""

from streams.bench.brokers import EMBEDDED_PARTITIONS, Progress, place, produce
from streams.bench.traffic import messages
from streams.settings import Settings
from streams.settings.sections import Kafka


def test_without_a_broker_the_embedded_one_takes_all_records():
    with place(Settings(kafka=Kafka(brokers=["127.0.0.1:1"]))) as where:
        assert where.partitions == EMBEDDED_PARTITIONS
        assert produce(where, messages(1000)) == 1000
        progress = Progress(where, "nobody")
        assert progress.committed() == 0
        progress.close()
