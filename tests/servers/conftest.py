"""One real broker for a whole run of tests, and a topic of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.sinks.address import open_sink
from streams.sinks.api import Sink
from tests.faults.harness import Scenario
from tests.servers.clickhouse import Server
from tests.servers.kafka import KafkaServer


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A real broker that all tests share; take `own_kafka` to harm it."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[KafkaServer]:
    """A real broker for one test alone."""
    with KafkaServer(tmp_path / "kafka") as server:
        yield server


@pytest.fixture
def scenario(kafka: KafkaServer, tmp_path: Path) -> Iterator[Scenario]:
    """A topic of 8 partitions and workers on it."""
    name = tmp_path.name
    kafka.create_topics({name: 8})
    scenario = Scenario(tmp_path, kafka.bootstrap, topic=name, group=name)
    yield scenario
    scenario.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An old ClickHouse server for one test alone, without tables."""
    one = Server(tmp_path / "clickhouse").start()
    yield one
    one.kill()


@pytest.fixture
def sink(server: Server) -> Iterator[Sink]:
    """A connection to that server."""
    opened = open_sink(server.url, timeout=20)
    yield opened
    opened.close()
