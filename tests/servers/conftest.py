"""One real broker for a whole run of tests, and a topic of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.harness import Scenario
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
