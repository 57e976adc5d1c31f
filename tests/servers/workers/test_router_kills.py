"""Halves shuffled, delayed, doubled and lost, and the process that joins them killed again and again."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as Place

from streams.origins import Origins
from tests.servers.kafka import KafkaServer
from tests.servers.workers.foreign import Asked, Entry, asked, kserve, make, shuffled, write
from tests.servers.workers.installation import Installation, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
KILLS = 5


@pytest.fixture(scope="module")
def topic(kafka: KafkaServer) -> str:
    """Calls of a day: every 40th answer is lost, every 30th entry comes twice, some are a hundred places late."""
    chance = random.Random(5)
    calls = asked(6, 1)
    halves: list[Entry] = []
    for i, one in enumerate(calls):
        request, answer = kserve(one)
        halves += [request] if i % 40 == 0 else [request, answer]
        halves += [chance.choice([request, answer])] if i % 30 == 1 else []
    entries = shuffled(halves, 6, reach=100)
    make(kafka.bootstrap, "killed")
    write(kafka.bootstrap, "killed", entries)
    return "killed"


@pytest.fixture
def routers(kafka: KafkaServer, topic: str, tmp_path: Path) -> Iterator[Installation]:
    settings = {
        "TIDEGATE_SOURCE": json.dumps([{"topic": topic, "format": "kserve"}]), "TIDEGATE_PAIRING__WINDOW": "10m",
        "TIDEGATE_KAFKA__SLICE_RECORDS": "100",
    }  # fmt: skip
    one = Installation(tmp_path, kafka.bootstrap, f"router-{tmp_path.name}", "memory://", settings)
    yield one
    one.close()


def records(one: Installation) -> dict[int, list[SimpleNamespace]]:
    """What lies in the topic of records, by partition."""
    name = f"{one.group}.records"
    client = Consumer({"bootstrap.servers": one.bootstrap, "group.id": "nobody", "log_level": 2})
    try:
        known = client.list_topics(timeout=20).topics
        found: dict[int, list[SimpleNamespace]] = {}
        for number in known[name].partitions if name in known else ():
            end = client.get_watermark_offsets(Place(name, number), timeout=20)[1]
            client.assign([Place(name, number, 0)])
            some = found[number] = []
            while len(some) < end:
                message = client.poll(20)
                assert message is not None
                some.append(SimpleNamespace(value=message.value(), headers=message.headers(),
                                            timestamp=message.timestamp()[1]))  # fmt: skip
        return found
    finally:
        client.close()


def fresh(found: dict[int, list[SimpleNamespace]]) -> list[bytes]:
    """What a worker takes of it."""
    made: list[bytes] = []
    for some in found.values():
        kept = Origins().sift(some).fresh
        made += [one.value for one, new in zip(some, kept.tolist(), strict=True) if new]
    return made


def total(one: Installation) -> int:
    return sum(map(len, records(one).values()))


def test_nothing_is_lost_and_what_comes_twice_is_known_by_where_it_is_from(routers: Installation, topic: str):
    calls: list[Asked] = asked(6, 1)
    chance = random.Random(9)
    for _ in range(KILLS):
        worker: Running = routers.start("--role", "router").ready()
        aim = total(routers) + chance.randrange(1, 1 + len(calls) // 20)
        until(lambda: total(routers) >= aim or worker.process.poll() is not None, 60, f"{aim} records")  # noqa: B023
        assert worker.process.poll() is None, worker.told[-3000:]
        worker.kill()
    assert len(fresh(records(routers))) < len(calls)
    worker = routers.start("--role", "router").ready()
    until(lambda: len(fresh(records(routers))) >= len(calls), 120, f"all calls: {worker.told[-2000:]}")
    assert worker.stop() == 0
    found = [json.loads(value) for value in fresh(records(routers))]
    assert Counter(one["id"] for one in found) == {call.id: 1 for call in calls}
    lone = {one["id"] for one in found if one.get("phase") == "request"}
    assert lone == {call.id for call in calls[::40]}
    of = {call.id: call for call in calls}
    for one in found:
        call = of[one["id"]]
        assert (one["principal"], one["model"]) == (call.who, "loan")
        assert one["features"] == pytest.approx(call.features)
        assert one.get("probabilities") == (None if one["id"] in lone else pytest.approx(call.probabilities))
