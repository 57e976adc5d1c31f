"""ClickHouse away for half a minute, Kafka away for half a minute: nothing is lost, doubled or different afterwards."""

import time
from collections.abc import Callable

import pytest

from tests.servers.clickhouse import Server
from tests.servers.kafka import KafkaServer
from tests.servers.workers.installation import TOPIC, Installation, Left, assert_same, fill
from tests.servers.workers.traffic import PARTITIONS, Message

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
AWAY = 30.0


def test_clickhouse_that_dies_and_comes_back_after_half_a_minute(
    database: Server, installed: Callable[..., Installation], undisturbed: Left, traffic: list[Message]
):
    """The worker reads on meanwhile, up to the end of the burn-in, where it has something to deposit."""
    one = installed(database.url, TIDEGATE_KAFKA__SLICE_RECORDS="500")
    worker = one.start().ready()
    one.reaches(0.1, traffic, worker)
    database.kill()
    time.sleep(AWAY)
    assert worker.process.poll() is None
    assert sum(one.committed().values()) < len(traffic)
    database.start()
    one.finishes(traffic)
    assert worker.stop() == 0
    assert "takes nothing" in worker.told
    assert_same(one.left(), undisturbed)


def test_kafka_that_dies_and_comes_back_after_half_a_minute(
    own_kafka: KafkaServer, installed: Callable[..., Installation], undisturbed: Left, traffic: list[Message]
):
    own_kafka.create_topics({TOPIC: PARTITIONS})
    fill(own_kafka.bootstrap, traffic)
    one = installed(bootstrap=own_kafka.bootstrap, TIDEGATE_KAFKA__SLICE_RECORDS="500")
    worker = one.start().ready()
    one.reaches(0.4, traffic, worker)
    own_kafka.kill()
    time.sleep(AWAY)
    own_kafka.start()
    if worker.process.poll() is not None:
        worker = one.start().ready()
    one.finishes(traffic)
    assert worker.stop() == 0
    assert_same(one.left(), undisturbed)
