"""Two routers of one group, partitions moving between them, one killed with no time to say good-bye."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.servers.kafka import KafkaServer
from tests.servers.workers.foreign import Asked, asked, litellm, make, write
from tests.servers.workers.installation import Installation, Running, until
from tests.servers.workers.test_router_kills import fresh, records, total

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def calls(kafka: KafkaServer) -> list[Asked]:
    """Whole calls in a topic with no keys, each caller's in one partition and in order, as an access log has them."""
    made = asked(6, 1)
    make(kafka.bootstrap, "moving")
    write(kafka.bootstrap, "moving", [litellm(one)[0] for one in made], lambda i: crc32(made[i].who.encode()) % 3)
    return made


@pytest.fixture
def routers(kafka: KafkaServer, calls: list[Asked], tmp_path: Path) -> Iterator[Installation]:
    settings = {
        "TIDEGATE_SOURCE": json.dumps([{"topic": "moving", "format": "litellm"}]),
        "TIDEGATE_KAFKA__SLICE_RECORDS": "50",
    }
    one = Installation(tmp_path, kafka.bootstrap, f"movers-{tmp_path.name}", "memory://", settings)
    yield one
    one.close()


def of_caller(one: Installation) -> dict[str, list[int]]:
    """Numbers of each caller's calls in the order in which a worker takes them."""
    made = defaultdict(list)
    for value in fresh(records(one)):
        record = json.loads(value)
        made[record["principal"]].append(int(record["id"].rpartition("-")[2]))
    return made


def test_every_call_comes_once_and_each_callers_in_order_while_routers_come_and_die(
    routers: Installation, calls: list[Asked]
):
    def passed(share: float, *alive: Running) -> None:
        aim = share * len(calls)
        until(lambda: total(routers) >= aim or any(w.process.poll() is not None for w in alive), 120, f"{aim} records")
        assert all(w.process.poll() is None for w in alive), [w.told[-2000:] for w in alive]

    first = routers.start("--role", "router").ready()
    passed(0.05, first)
    second = routers.start("--role", "router").ready()  # takes over some partitions in the middle of the stream
    passed(0.2, first, second)
    first.kill()
    passed(0.4, second)
    third = routers.start("--role", "router").ready()
    passed(0.6, second, third)
    second.kill()
    until(lambda: len(fresh(records(routers))) >= len(calls), 180, f"all calls: {third.told[-2000:]}")
    assert third.stop() == 0
    found = of_caller(routers)
    assert Counter(number for some in found.values() for number in some) == {
        int(one.id.rpartition("-")[2]): 1 for one in calls
    }
    assert {who: sorted(some) for who, some in found.items()} == found
