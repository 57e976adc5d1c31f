"""Kafka without a consumer group, by kafka-python: look at topics, take samples, load a file."""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from streams.settings import Kafka

Headers = tuple[tuple[str, bytes | None], ...]


class Unreachable(Exception):
    """The brokers do not answer, or do not let us in."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as it lies in a topic; ``value`` is None for a tombstone, ``timestamp`` in ms."""

    partition: int
    offset: int
    timestamp: int
    value: bytes | None
    key: bytes | None = None
    headers: Headers = ()


def options(kafka: Kafka) -> dict[str, Any]:
    """Return kafka-python's arguments that reach the brokers as configured."""
    chosen: dict[str, Any] = {
        "bootstrap_servers": kafka.brokers,
        "client_id": "tidegate",
        "security_protocol": kafka.security.upper(),
        "bootstrap_timeout_ms": 10_000,
        "request_timeout_ms": 10_000,
    }
    if kafka.version:
        chosen["api_version"] = tuple(int(part) for part in kafka.version.split("."))
    if kafka.security.endswith("ssl"):
        chosen["ssl_context"] = tls(kafka)
    if kafka.security.startswith("sasl"):
        chosen |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.username,
            "sasl_plain_password": password(kafka),
        }
    return chosen


def tls(kafka: Kafka) -> ssl.SSLContext:
    """Return the TLS context of the configured authority and client certificate, host names checked.

    Raises
    ------
    OSError
        if a file cannot be read or is no PEM
    """
    context = ssl.create_default_context(cafile=str(kafka.ca_file) if kafka.ca_file else None)
    if kafka.certificate_file is not None:
        context.load_cert_chain(str(kafka.certificate_file), str(kafka.key_file) if kafka.key_file else None)
    return context


def password(kafka: Kafka) -> str:
    """Return the SASL password from the environment or the file; empty if neither is set."""
    if kafka.password is not None:
        return kafka.password.get_secret_value()
    return kafka.password_file.read_text().strip() if kafka.password_file else ""


def knock(kafka: Kafka, *, patience: float = 5.0) -> None:
    """Return if any broker takes connections, before a client begins to try again and again.

    Raises
    ------
    Unreachable
        with what each broker's host said
    """
    said = []
    for broker in kafka.brokers:
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), patience).close()
        except OSError as error:
            said.append(f"{broker}: {error.strerror or error}")
        else:
            return
    raise Unreachable(f"Kafka does not answer: {'; '.join(said)}; check [kafka] brokers")


@contextmanager
def consumer(kafka: Kafka, **more: Any) -> Iterator[KafkaConsumer]:
    """Open a consumer outside of any group, and close it.

    Raises
    ------
    Unreachable
        if no broker answers, also later in the block
    """
    client = None
    knock(kafka)
    try:
        client = KafkaConsumer(
            **options(kafka),
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            **more,
        )
        yield client
    except KafkaError as error:
        raise Unreachable(f"Kafka at {','.join(kafka.brokers)}: {_words(error)}") from None
    finally:
        if client is not None:
            client.close()


def partitions(kafka: Kafka, topic: str) -> dict[int, tuple[int, int]]:
    """First and next offset of each partition; empty if there is no such topic."""
    with consumer(kafka) as client:
        places = [TopicPartition(topic, number) for number in client.partitions_for_topic(topic) or ()]
        if not places:
            return {}
        first, following = client.beginning_offsets(places), client.end_offsets(places)
        return {place.partition: (first[place], following[place]) for place in sorted(places)}


def samples(kafka: Kafka, topic: str, count: int, *, patience: float = 5.0) -> list[Sample]:
    """Up to ``count`` of the newest messages of a topic, taken evenly from its partitions, oldest first in each."""
    ends = partitions(kafka, topic)
    ends = {number: (first, end) for number, (first, end) in ends.items() if end > first}
    if not ends:
        return []  # before a client is opened: one closed while it still connects leaves its socket behind
    each = -(-count // len(ends))
    found: dict[int, list[Sample]] = {}
    with consumer(kafka, consumer_timeout_ms=int(patience * 1000)) as client:
        places = {TopicPartition(topic, number): end for number, (_, end) in ends.items()}
        client.assign(list(places))
        for place, end in places.items():
            client.seek(place, max(ends[place.partition][0], end - each))
        for message in client:
            sample = Sample(
                message.partition, message.offset, message.timestamp, message.value, message.key,
                tuple(message.headers or ()),
            )  # fmt: skip
            found.setdefault(message.partition, []).append(sample)
            if all(client.position(place) >= end for place, end in places.items()):
                break
    return [one for number in sorted(found) for one in found[number][:each]][:count]


def topics(kafka: Kafka) -> list[str]:
    """Names of all topics that can be seen, without Kafka's own.

    Raises
    ------
    Unreachable
        if no broker answers
    """
    with consumer(kafka) as client:
        return sorted(name for name in client.topics() if not name.startswith("__"))


def produce(
    kafka: Kafka,
    topic: str,
    messages: Iterable[tuple[bytes | None, bytes] | tuple[bytes | None, bytes, Headers]],
    *,
    patience: float = 60.0,
) -> int:
    """Send ``(key, value)`` or ``(key, value, headers)``, each acknowledged by all replicas; return how many were.

    Equal keys go to the same partition. Memory is bounded by the producer's buffers.

    Raises
    ------
    Unreachable
        if there is no such topic, or a message could not be delivered; how many were is in the message
    """
    if not partitions(kafka, topic):
        raise Unreachable(f"Kafka at {','.join(kafka.brokers)}: there is no topic {topic}; create it first")
    failures: list[BaseException] = []
    sent = 0
    client = None
    try:
        client = KafkaProducer(
            **options(kafka),
            acks="all",
            enable_idempotence=not kafka.version,
            max_block_ms=20_000,
            linger_ms=20,
            batch_size=256 << 10,
            allow_auto_create_topics=False,
        )
        for key, value, *headers in messages:
            client.send(topic, key=key, value=value, headers=list(*headers)).add_errback(failures.append)
            sent += 1
            if failures:
                raise failures[0]
        client.flush(timeout=patience)
        if failures:
            raise failures[0]
    except KafkaError as error:
        done = f"; {sent} messages were sent, the last of them perhaps in vain" if sent else ""
        raise Unreachable(f"Kafka at {','.join(kafka.brokers)}, topic {topic}: {_words(error)}{done}") from None
    finally:
        if client is not None:
            client.close(timeout=patience if not failures else 0)
    return sent


def _words(error: KafkaError) -> str:
    """The first line of an error, with the name that administrators search for."""
    text = str(error).splitlines()[0] if str(error) else ""
    name = type(error).__name__
    return text if text.startswith(name) or name in text else f"{name}: {text}" if text else name
