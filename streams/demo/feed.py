"""The demo's traffic into the broker, no faster than the worker takes it."""

from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from time import monotonic, sleep
from zlib import crc32

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from detectors.training.traffic import Traffic
from streams.demo.process import ALERTS, GROUP, TOPICS

AHEAD = 9_000  # records of a partition that may wait: the embedded broker keeps 5 MB of each


class Feed:
    """Sends traffic from a thread of its own.

    Attributes
    ----------
    sent, done : records sent to each partition, and those that the worker has committed
    time : record time of the last record sent, s since the epoch
    began : when the first was sent, on the monotonic clock; 0 before
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._progress = Consumer({"bootstrap.servers": bootstrap, "group.id": GROUP, "log_level": 0})
        self._places = [TopicPartition(topic, n) for topic, count in TOPICS.items() for n in range(count)]
        self._thread: Thread | None = None
        self._stopping = False
        self.sent = [0] * len(self._places)
        self.done = [0] * len(self._places)
        self.time = 0.0
        self.began = 0.0
        self.failure: BaseException | None = None

    def start(self, traffic: Traffic) -> None:
        """Begin to send, in order of time."""
        self.began = monotonic()
        self._thread = Thread(target=self._run, args=(traffic,), name="demo-feed", daemon=True)
        self._thread.start()

    def look(self) -> int:
        """Ask how many records the worker has committed, and return it.

        Raises
        ------
        RuntimeError
            if the feed broke
        """
        if self.failure is not None:
            raise RuntimeError(f"the embedded broker takes no records: {self.failure}")
        with suppress(KafkaException):  # the group has no coordinator yet
            self.done = [max(0, place.offset) for place in self._progress.committed(self._places, timeout=5)]
        return sum(self.done)

    @property
    def finished(self) -> bool:
        """Whether everything was sent and committed."""
        return self._thread is not None and not self._thread.is_alive() and self.done == self.sent

    def close(self) -> None:
        """Stop sending."""
        self._stopping = True
        if self._thread is not None:
            self._thread.join(10)
        self._progress.close()

    def _run(self, traffic: Traffic) -> None:
        try:
            self._send(traffic)
        except Exception as error:  # noqa: BLE001 - told to whoever looks
            self.failure = error

    def _send(self, traffic: Traffic) -> None:
        producer = Producer(
            {
                "bootstrap.servers": self._bootstrap,
                "linger.ms": 20,
                "queue.buffering.max.messages": 200_000,
                "log_level": 0,
            }
        )
        first = {place.topic: index for index, place in reversed(list(enumerate(self._places)))}
        sent = 0
        for chunk in traffic.chunks(500):
            while max(map(int.__sub__, self.sent, self.done)) > AHEAD and not self._stopping:
                sleep(0.01)
            if self._stopping:
                return
            for model, principal, value in chunk:
                key = principal.encode()
                number = crc32(key) % TOPICS[model]
                producer.produce(model, value, key=key, partition=number)
                self.sent[first[model] + number] += 1
            sent += len(chunk)
            self.time = float(traffic.time[sent - 1])
            producer.poll(0)
        left = producer.flush(60)
        if left:
            raise RuntimeError(f"{left} records were not taken")


class Alerts:
    """The topic of alerts, read as it grows."""

    def __init__(self, bootstrap: str) -> None:
        self._consumer = Consumer(
            {"bootstrap.servers": bootstrap, "group.id": "demo-screen", "enable.auto.commit": False, "log_level": 0}
        )
        self._consumer.assign([TopicPartition(ALERTS, 0, 0)])

    def new(self) -> Iterator[bytes]:
        """What has come since the last time."""
        for message in self._consumer.consume(500, timeout=0.05):
            value = message.value()
            if not message.error() and isinstance(value, bytes):
                yield value

    def close(self) -> None:
        """Leave."""
        self._consumer.close()
