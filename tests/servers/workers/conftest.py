"""A topic of two hundred thousand messages, and what becomes of them when nothing goes wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas.sql.dialect import for_old_server
from streams.sinks.address import open_sink
from streams.sinks.migrations import migrate
from tests.servers.clickhouse import Server
from tests.servers.kafka import KafkaServer
from tests.servers.workers.installation import TOPIC, Installation, Left, fill
from tests.servers.workers.traffic import PARTITIONS, Message, messages


@pytest.fixture(scope="session")
def traffic() -> list[Message]:
    return messages()


@pytest.fixture(scope="session")
def broker(kafka: KafkaServer, traffic: list[Message]) -> KafkaServer:
    """The broker that all share, with the traffic in it."""
    kafka.create_topics({TOPIC: PARTITIONS})
    fill(kafka.bootstrap, traffic)
    return kafka


@pytest.fixture(scope="session")
def undisturbed(broker: KafkaServer, traffic: list[Message], tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What one worker on the embedded database leaves behind when nobody disturbs it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    one = Installation(folder, broker.bootstrap, "undisturbed", f"chdb://{folder}/db")
    try:
        one.start().ready()
        one.finishes(traffic)
        assert one.workers[0].stop() == 0
        return one.left()
    finally:
        one.close()


@pytest.fixture
def installed(broker: KafkaServer, tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Make installations; their workers end with the test."""
    made: list[Installation] = []

    def install(url: str = "", *, bootstrap: str = "", **more: str) -> Installation:
        made.append(
            Installation(
                tmp_path / f"installation-{len(made)}", bootstrap or broker.bootstrap, f"{tmp_path.name}-{len(made)}",
                url or f"chdb://{tmp_path}/db-{len(made)}", more,
            )
        )  # fmt: skip
        return made[-1]

    yield install
    for one in made:
        one.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Server]:
    """An old server, with its tables."""
    server = Server(tmp_path / "clickhouse").start()
    sink = open_sink(server.url)
    migrate(sink, roles=False, adapted=for_old_server)
    sink.close()
    yield server
    server.kill()
