"""EmbeddedBroker: a Kafka broker inside this process, for the demo and for tests.

It is librdkafka's mock cluster, reached through ctypes on the library that confluent-kafka bundles: the real
wire protocol on 127.0.0.1, consumer groups, topics with chosen partition counts, brokers that go down and come
up, injected request errors. It keeps about 5 MB of the newest records of each partition and nothing on disk; it
is no place for data that matters. Groups with more than one member behave unlike a real broker's during a rebalance
(commits are refused with error 27, and it lasts as long as the session timeout).
"""

import ctypes
import importlib.util
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Self

_PATTERNS = (  # where the wheels of Linux, macOS and Windows put it
    "confluent_kafka.libs/librdkafka*",
    "confluent_kafka/.dylibs/librdkafka*",
    "confluent_kafka.libs/*rdkafka*",
)
_POINTER, _INT, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_PRODUCER = 0
_SIGNATURES: Mapping[str, tuple[object, list[object]]] = {
    "rd_kafka_conf_new": (_POINTER, []),
    "rd_kafka_conf_set": (_INT, [_POINTER, _TEXT, _TEXT, _TEXT, ctypes.c_size_t]),
    "rd_kafka_new": (_POINTER, [_INT, _POINTER, _TEXT, ctypes.c_size_t]),
    "rd_kafka_destroy": (None, [_POINTER]),
    "rd_kafka_mock_cluster_new": (_POINTER, [_POINTER, _INT]),
    "rd_kafka_mock_cluster_bootstraps": (_TEXT, [_POINTER]),
    "rd_kafka_mock_cluster_destroy": (None, [_POINTER]),
    "rd_kafka_mock_topic_create": (_INT, [_POINTER, _TEXT, _INT, _INT]),
    "rd_kafka_mock_broker_set_down": (_INT, [_POINTER, ctypes.c_int32]),
    "rd_kafka_mock_broker_set_up": (_INT, [_POINTER, ctypes.c_int32]),
    "rd_kafka_mock_broker_set_rtt": (_INT, [_POINTER, ctypes.c_int32, _INT]),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [_POINTER, ctypes.c_int32]),
    "rd_kafka_mock_push_request_errors_array": (
        None,
        [_POINTER, ctypes.c_int16, ctypes.c_size_t, ctypes.POINTER(_INT)],
    ),
    "rd_kafka_mock_clear_request_errors": (None, [_POINTER, ctypes.c_int16]),
}


class Request(IntEnum):
    """Kafka requests whose answers can be spoilt, by their number in the protocol."""

    PRODUCE = 0
    FETCH = 1
    LIST_OFFSETS = 2
    METADATA = 3
    OFFSET_COMMIT = 8
    OFFSET_FETCH = 9
    FIND_COORDINATOR = 10
    JOIN_GROUP = 11
    HEARTBEAT = 12
    LEAVE_GROUP = 13
    SYNC_GROUP = 14


class Unavailable(RuntimeError):
    """The embedded broker cannot be used here; the message says what to install."""


class EmbeddedBroker:
    """A Kafka cluster in this process, up as soon as it is made, gone with `close`.

    Parameters
    ----------
    topics : name to number of partitions
    brokers : nodes of the cluster
    rebalance_delay : s that a group waits for its first members

    Attributes
    ----------
    bootstrap : ``host:port,...`` for clients

    Examples
    --------
    >>> with EmbeddedBroker(topics={"traffic": 4}) as broker:
    ...     broker.bootstrap
    """

    def __init__(
        self, topics: Mapping[str, int] | None = None, *, brokers: int = 1, rebalance_delay: float = 0.1
    ) -> None:
        self._library = _load()
        error = ctypes.create_string_buffer(256)
        settings = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(settings, b"log_level", b"0", error, len(error))
        self._client = self._library.rd_kafka_new(_PRODUCER, settings, error, len(error))
        if not self._client:
            raise Unavailable(f"librdkafka refuses to start: {error.value.decode(errors='replace')}")
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, brokers)
        if not self._cluster:
            raise Unavailable("librdkafka cannot open its mock cluster on 127.0.0.1")
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, int(rebalance_delay * 1000))
        self.bootstrap: str = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        for name, partitions in (topics or {}).items():
            self.create_topic(name, partitions)

    def __enter__(self) -> Self:
        """Return the broker; it is up already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def create_topic(self, name: str, partitions: int = 1) -> None:
        """Create a topic; ValueError if it exists or the number of partitions is not positive."""
        if partitions < 1:  # librdkafka would abort the process
            raise ValueError(f"the embedded broker refuses topic {name!r} with {partitions} partitions")
        self._check(
            self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1),
            f"topic {name!r} with {partitions} partitions",
        )

    def down(self, broker: int = 1) -> None:
        """Cut all connections of one broker and refuse new ones; what it stores stays."""
        self._check(self._library.rd_kafka_mock_broker_set_down(self._cluster, broker), f"broker {broker}")

    def up(self, broker: int = 1) -> None:
        """Let a broker answer again."""
        self._check(self._library.rd_kafka_mock_broker_set_up(self._cluster, broker), f"broker {broker}")

    def slow(self, seconds: float, broker: int = 1) -> None:
        """Delay every answer of a broker by this round trip."""
        answer = self._library.rd_kafka_mock_broker_set_rtt(self._cluster, broker, int(seconds * 1000))
        self._check(answer, f"broker {broker}")

    def fail(self, request: Request, code: int, times: int = 1) -> None:
        """Answer the next requests of a kind with a Kafka error code (-1 is UNKNOWN_SERVER_ERROR)."""
        codes = (ctypes.c_int * times)(*([code] * times))
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, request, times, codes)

    def forgive(self, request: Request) -> None:
        """Take back what `fail` put in and nobody has met yet."""
        self._library.rd_kafka_mock_clear_request_errors(self._cluster, request)

    def close(self) -> None:
        """Stop the brokers and free what they held. May be called twice."""
        if self._cluster:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._client)
            self._cluster = None

    @staticmethod
    def _check(answer: int, what: str) -> None:
        if answer:
            raise ValueError(f"the embedded broker refuses {what} (error {answer})")


def find_library(package: Path) -> Path:
    """Return the librdkafka that the installed package confluent_kafka brings; Unavailable if it brings none."""
    found = (path for pattern in _PATTERNS for path in sorted(package.parent.glob(pattern)))
    library = next(found, None)
    if library is None:
        raise Unavailable("this build of confluent-kafka brings no librdkafka of its own; install its wheel")
    return library


def _load() -> ctypes.CDLL:
    """Return the bundled librdkafka with the types of what is called here."""
    package = importlib.util.find_spec("confluent_kafka")
    if package is None or package.origin is None:
        raise Unavailable("the embedded broker needs confluent-kafka: pip install 'tidegate[embedded]'")
    library = ctypes.CDLL(str(find_library(Path(package.origin).parent)))
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
