"""An installation: workers as a user starts them, on a topic that is there already, and what they left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer
from confluent_kafka import TopicPartition as Place

from tests.servers.clickhouse import free_port
from tests.servers.workers.traffic import PARTITIONS, Message

ROOT = Path(__file__).parents[3]
TOPIC = "traffic"
PROGRAM = (sys.executable, "-c", "import sys; from streams.cli import main; sys.exit(main())")
LOOK = """
import json, sys
from pathlib import Path
from streams.sinks.address import open_sink
sink = open_sink(sys.argv[1])
print(json.dumps([sink.execute(each) for each in sys.argv[2:]]))
sink.close()
"""
QUESTIONS = {
    "alerts": "SELECT id, body FROM tidegate.alerts FINAL",
    "coverage": "SELECT partition, bucket, model, version, toUnixTimestamp(hour) AS at, records, scored, rejected, "
    "not_watched FROM tidegate.coverage FINAL",
    "ledger": "SELECT partition, model, version, detector, epoch, calibration, promised, paid, units, alerts "
    "FROM tidegate.ledger FINAL WHERE kind = 'budget'",
}


def until(true: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"after {seconds} s still not: {what}"
        time.sleep(0.02)


def fill(bootstrap: str, messages: list[Message]) -> None:
    """Put all messages into the topic; the same messages get the same places in any broker."""
    settings = {"bootstrap.servers": bootstrap, "linger.ms": 50, "acks": "all", "log_level": 2}
    producer = Producer(settings | {"enable.idempotence": True})  # else a batch tried again comes behind the next
    for message in messages:
        while True:
            try:
                producer.produce(TOPIC, message.value, partition=message.partition)
                break
            except BufferError:
                producer.poll(0.1)
    assert producer.flush(120) == 0


class Running:
    """One ``tidegate run`` process."""

    def __init__(self, environment: dict[str, str], log: Path, arguments: tuple[str, ...]) -> None:
        self.log, self.port = log, int(environment["TIDEGATE_METRICS__LISTEN"].rpartition(":")[2])
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [*PROGRAM, "run", *arguments], stdout=errors, stderr=errors, cwd=ROOT, env=environment
            )

    @property
    def told(self) -> str:
        return self.log.read_text(errors="replace")

    def says(self, words: str, seconds: float = 120.0) -> None:
        until(
            lambda: words in self.told or self.process.poll() is not None, seconds, f"{words!r} in {self.told[-3000:]}"
        )
        assert words in self.told, f"ended with {self.process.poll()} before {words!r}: {self.told[-3000:]}"

    def ready(self) -> "Running":
        self.says("\nready\n")
        return self

    def ends(self, seconds: float = 60.0) -> int:
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still runs after {seconds} s: {self.told[-3000:]}") from None

    def stop(self, seconds: float = 60.0) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.ends(seconds)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)

    def number(self, name: str) -> float:
        """A metric; 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                found = re.search(rf"^tidegate_{name}(?:{{.*?}})? (\S+)$", answer.read().decode(), re.MULTILINE)
        except OSError:
            return 0.0
        return float(found[1]) if found else 0.0

    @property
    def records(self) -> float:
        """Records handled, re-read ones left out."""
        return self.number("records_total")


@dataclass
class Left:
    """What an installation left behind: alerts by id, coverage and ledger rows, and what it published."""

    alerts: dict[str, str]
    coverage: list[list[Any]]
    ledger: list[list[Any]]
    published: dict[str, set[str]]
    rejected: set[tuple[int, int]]

    @property
    def counted(self) -> tuple[int, int, int]:
        """Records, scored and rejected ones, over all coverage rows."""
        return tuple(sum(int(row[k]) for row in self.coverage) for k in (5, 6, 7))  # type: ignore[return-value]


@dataclass
class Installation:
    """Workers of one consumer group with topics, a database and a snapshot directory of their own."""

    folder: Path
    bootstrap: str
    group: str
    url: str
    more: dict[str, str] = field(default_factory=dict)
    workers: list[Running] = field(default_factory=list)

    def start(self, *arguments: str, **more: str) -> Running:
        self.folder.mkdir(exist_ok=True)
        own = {kind: f"{self.group}.{kind}" for kind in ("alerts", "rejects", "signals", "records", "halves")}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TIDEGATE_")} | {
            "TIDEGATE_KAFKA__BROKERS": json.dumps([self.bootstrap]),
            "TIDEGATE_KAFKA__GROUP": self.group,
            "TIDEGATE_KAFKA__TOPICS": json.dumps(own),
            "TIDEGATE_SOURCE": json.dumps([{"topic": TOPIC}]),
            "TIDEGATE_CLICKHOUSE__URL": self.url,
            "TIDEGATE_STATE__SNAPSHOTS": str(self.folder / "snapshots"),
            "TIDEGATE_STATE__INTERVAL_SECONDS": "1s",
            "TIDEGATE_KAFKA__SESSION_TIMEOUT": "3s",
            "TIDEGATE_CALIBRATION__SECRET": "an installation",
            "TIDEGATE_METRICS__LISTEN": f"127.0.0.1:{free_port()}",
        }
        log = self.folder / f"worker-{len(self.workers)}.log"
        self.workers.append(Running(environment | self.more | more, log, arguments))
        return self.workers[-1]

    def committed(self) -> dict[int, int]:
        """What the broker holds for the group, by partition."""
        client = Consumer({"bootstrap.servers": self.bootstrap, "group.id": self.group, "log_level": 2})
        try:
            found = client.committed([Place(TOPIC, number) for number in range(PARTITIONS)], timeout=20)
            return {place.partition: max(0, place.offset) for place in found}
        finally:
            client.close()

    def reaches(self, share: float, messages: list[Message], alive: Running) -> None:
        """Wait until so much of the topic is committed."""

        def reached() -> bool:
            assert alive.process.poll() is None, alive.told[-3000:]
            return sum(self.committed().values()) >= share * len(messages)

        until(reached, 240, f"{share:.0%} committed")

    def finishes(self, messages: list[Message], seconds: float = 240.0) -> None:
        """Wait until everything is committed."""
        ends = dict(Counter(message.partition for message in messages))
        alive = self.workers[-1]

        def all_committed() -> bool:
            assert alive.process.poll() is None, alive.told[-3000:]
            time.sleep(0.3)
            return self.committed() == ends

        until(all_committed, seconds, f"{ends} committed, but {self.committed()}\n{alive.told[-3000:]}")

    def left(self) -> Left:
        """Look at everything; the workers must have ended where the database is embedded."""
        rows = dict(zip(QUESTIONS, self._ask(*QUESTIONS.values()), strict=True))
        alerts = {row["id"]: row["body"] for row in rows["alerts"]}
        assert len(alerts) == len(rows["alerts"])
        published: dict[str, set[str]] = {}
        for value in self._read(f"{self.group}.alerts"):
            published.setdefault(json.loads(value)["id"], set()).add(value.decode())
        rejected = [json.loads(value) for value in self._read(f"{self.group}.rejects")]
        return Left(
            alerts,
            sorted(list(row.values()) for row in rows["coverage"]),
            sorted(list(row.values()) for row in rows["ledger"]),
            published,
            {(one["partition"], one["offset"]) for one in rejected},
        )

    def ask(self, question: str) -> list[dict[str, Any]]:
        """What the database answers; the workers must have ended where it is embedded."""
        return self._ask(question)[0]

    def _ask(self, *questions: str) -> list[list[dict[str, Any]]]:
        asked = subprocess.run(
            [sys.executable, "-c", LOOK, self.url, *questions], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert asked.returncode == 0, asked.stderr
        found: list[list[dict[str, Any]]] = json.loads(asked.stdout)
        return found

    def _read(self, topic: str) -> list[bytes]:
        client = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "nobody", "log_level": 2})
        try:
            place = Place(topic, 0, 0)
            end = client.get_watermark_offsets(place, timeout=20)[1]
            client.assign([place])
            found: list[bytes] = []
            while len(found) < end:
                message = client.poll(20)
                assert message is not None, f"{len(found)} of {end} messages of {topic}"
                assert message.error() is None, message.error()
                found.append(message.value())
            return found
        finally:
            client.close()

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()


def assert_same(found: Left, expected: Left) -> None:
    """Assert that nothing is missing, nothing is extra, and nothing differs by a byte.

    Of a cohort, whose sketches come from several partitions, who belongs to it must be the same, not each number: what
    a sketch finds there depends on which partition was faster.
    """
    lost, added = expected.alerts.keys() - found.alerts.keys(), found.alerts.keys() - expected.alerts.keys()
    assert not lost, [expected.alerts[name] for name in lost]
    assert not added, [found.alerts[name] for name in added]
    cohorts = {name for name, body in expected.alerts.items() if json.loads(body)["detector"] == "cohort"}
    for name, body in expected.alerts.items():
        one, other = json.loads(found.alerts[name]), json.loads(body)
        if name in cohorts:
            assert sorted(one["principals"]) == sorted(other["principals"])
        else:
            differs = {key: (one.get(key), value) for key, value in other.items() if one.get(key) != value}
            assert not differs, (name, other["detector"], differs)
            assert found.alerts[name] == body
    assert found.counted == expected.counted
    assert found.coverage == expected.coverage
    assert found.ledger == expected.ledger
    told = {name: bodies for name, bodies in found.published.items() if name not in cohorts}
    assert told == {name: bodies for name, bodies in expected.published.items() if name not in cohorts}
    assert all(found.alerts[name] in bodies for name, bodies in told.items())  # told again where its name has changed
    assert found.rejected == expected.rejected
