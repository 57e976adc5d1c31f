"""Workers as processes, what they handled, and what the broker holds: the tools of the fault tests."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from confluent_kafka import Consumer, Producer
from confluent_kafka import TopicPartition as Place

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).parent / "worker.py"

Offset = tuple[int, int]


def until(true: Callable[[], object], seconds: float, what: str) -> float:
    """Wait until something holds; return the seconds it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"after {seconds} s still not: {what}"
        time.sleep(0.02)
    return time.monotonic() - begun


class Worker:
    """One worker process."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        with log.open("wb") as sink:
            self.process = subprocess.Popen(
                command, stdout=sink, stderr=subprocess.STDOUT, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
            )

    @property
    def told(self) -> str:
        return self.log.read_text(errors="replace")

    def says(self, word: str, seconds: float = 90.0) -> None:
        until(lambda: word in self.told or self.process.poll() is not None, seconds, f"{word!r} in {self.told}")
        assert word in self.told, f"ended with {self.process.poll()} before {word!r}: {self.told}"

    def ends(self, seconds: float) -> int:
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still runs after {seconds} s: {self.told}") from None

    def stop(self, seconds: float = 90.0) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.ends(seconds)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Scenario:
    """A topic on a broker, workers on it, and the books of what was sent and handled."""

    def __init__(self, folder: Path, bootstrap: str, *, topic: str = "traffic", group: str = "workers") -> None:
        self.folder, self.bootstrap, self.topic, self.group = folder, bootstrap, topic, group
        self.out = folder / "handled"
        self._counted: Counter[Offset] = Counter()
        self._read = 0
        self.sent: set[Offset] = set()
        self.workers: list[Worker] = []

    def send(self, records: int, *, pace: float = 0.0) -> None:
        """Send records over all partitions; `pace` s between hundreds."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 5, "acks": "all", "log_level": 2})
        refused: list[object] = []

        def delivered(error: object, message: object) -> None:
            if error is None:
                self.sent.add((message.partition(), message.offset()))
            else:
                refused.append(error)

        for i in range(records):
            producer.produce(self.topic, b"x" * 60, key=b"%d" % (i % 997), on_delivery=delivered)
            if i % 100 == 99:
                producer.poll(0)
                time.sleep(pace)
        assert producer.flush(60) == 0
        assert not refused

    def start(self, *options: object) -> Worker:
        where = ["--bootstrap", self.bootstrap, "--topic", self.topic, "--group", self.group, "--out", str(self.out)]
        worker = Worker(
            [sys.executable, str(WORKER), *where, *map(str, options)], self.folder / f"worker-{len(self.workers)}.log"
        )
        self.workers.append(worker)
        return worker

    @property
    def handled(self) -> Counter[Offset]:
        """How often each record was handled."""
        if self.out.exists():
            with self.out.open("rb") as lines:
                lines.seek(self._read)
                new = lines.read()
            new = new[: new.rfind(b"\n") + 1]
            self._read += len(new)
            self._counted.update(tuple(map(int, line.split())) for line in new.splitlines())
        return self._counted

    def handles(self, records: int, seconds: float = 90.0) -> None:
        """Wait until that many distinct records were handled."""
        try:
            until(lambda: len(self.handled) >= records or not self.alive, seconds, f"{records} records handled")
        except AssertionError as error:
            raise AssertionError(f"{error}, but {len(self.handled)}: {self.workers[-1].told}") from None
        assert len(self.handled) >= records, f"no worker is left: {self.workers[-1].told}"

    def handles_all(self, seconds: float = 90.0) -> None:
        self.handles(len(self.sent), seconds)
        assert not self.lost

    @property
    def alive(self) -> bool:
        """Some worker runs."""
        return any(worker.process.poll() is None for worker in self.workers)

    @property
    def lost(self) -> set[Offset]:
        return self.sent - set(self.handled)

    @property
    def repeated(self) -> int:
        """Number of handlings beyond the first."""
        handled = self.handled
        return handled.total() - len(handled)

    @property
    def committed(self) -> dict[int, int]:
        """What the broker holds for the group, by partition."""
        client = Consumer({"bootstrap.servers": self.bootstrap, "group.id": self.group, "log_level": 2})
        try:
            partitions = sorted({partition for partition, _ in self.sent})
            places = client.committed([Place(self.topic, partition) for partition in partitions], timeout=10)
            return {place.partition: place.offset for place in places if place.offset >= 0}
        finally:
            client.close()

    @property
    def ends_of_log(self) -> dict[int, int]:
        return {partition: 1 + max(o for p, o in self.sent if p == partition) for partition, _ in self.sent}

    @property
    def committed_early(self) -> set[Offset]:
        """Records below a committed offset that nobody has handled: a worker that dies now loses them."""
        committed = self.committed  # first: whoever still lives handles and commits more meanwhile
        handled = set(self.handled)
        return {(p, o) for p, o in self.sent if o < committed.get(p, 0)} - handled

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()
