"""Preflight: what would make a worker fail or wait for ever, found before it starts and said in one line."""

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas import sql
from streams.brokers import Unreachable, knock
from streams.settings import Settings
from streams.sinks.api import Refused, Sink, Unavailable
from streams.sinks.lifetimes import keep
from streams.sinks.migrations import Database, Unfit, applied, migrate

log = structlog.get_logger()

COPIES = 3  # replicas of a topic that we make, where there are so many brokers
WIDE = 8  # partitions of a wide topic that we make, at least
LONG = 1 << 20  # bytes that a message of it may be longer than a record: a half of a call is kept as it was decoded
NO_TABLES = frozenset({60, 81})  # no such table, no such database


class CannotStart(Exception):
    """What is wrong and what would cure it, in one line."""


async def topics(
    settings: Settings,
    options: dict[str, Any],
    *,
    reads: Iterable[str],
    writes: Iterable[str],
    wide: Iterable[str] = (),
) -> dict[str, set[int]]:
    """Numbers of the partitions of each topic that is there; missing ones of our own are made.

    Parameters
    ----------
    reads, writes : sources, and topics of our own in which order matters more than width
    wide : topics of our own that are made as wide as the widest source

    Raises
    ------
    CannotStart
        the brokers do not answer, or a topic is missing
    """
    try:
        knock(settings.kafka)
    except Unreachable as error:
        raise CannotStart(str(error)) from None
    where = f"Kafka at {','.join(settings.kafka.brokers)}"
    client = AIOKafkaAdminClient(**options)
    try:
        await client.start()
        there = set(await client.list_topics())
        for topic in sorted(set(writes) - there):
            await _make(client, topic)
        if missing := sorted(set(reads) - there - set(writes) - set(wide)):
            raise CannotStart(f"{where} has no topic {missing[0]}: create it, or correct [[source]] topic")
        if lacking := sorted(set(wide) - there):
            sources = await client.describe_topics(sorted(set(reads) & there)) if set(reads) & there else []
            width = max([WIDE, *(len(one["partitions"]) for one in sources)])
            for topic in lacking:
                await _make(client, topic, width, {"max.message.bytes": str(LONG + settings.limits.record_bytes)})
        described = await client.describe_topics(sorted(set(reads) | set(writes) | set(wide)))
    except KafkaError as error:
        raise CannotStart(f"{where} does not let us look at its topics: {error!r}; check [kafka]") from None
    finally:
        await client.close()
    return {one["topic"]: {part["partition"] for part in one["partitions"]} for one in described}


async def _make(client: AIOKafkaAdminClient, topic: str, width: int = 1, more: Mapping[str, str] | None = None) -> None:
    """Create a topic of ours."""
    brokers = len((await client.describe_cluster())["brokers"])
    made = NewTopic(topic, width, min(COPIES, max(1, brokers)), topic_configs=dict(more or {}))
    answer = await client.create_topics([made])
    for _, code, *_rest in answer.topic_errors:
        problem = for_code(code)
        if code and problem is not TopicAlreadyExistsError:
            raise CannotStart(f"there is no topic {topic}, and making it failed with {problem.__name__}: create it")
    log.info("topic made", topic=topic)


def tables(sink: Sink, lifetimes: Mapping[str, float]) -> None:
    """See that the tables are there and of our version; the embedded engine's are brought up to date.

    A server that does not answer now is no reason not to start: what is found waits for it. What a server cannot do is
    said.

    Parameters
    ----------
    lifetimes : how long rows are kept by table, s, where the database is our own to alter

    Raises
    ------
    CannotStart
        with the cure
    """
    if not hasattr(sink, "execute"):
        return
    database = cast("Database", sink)
    try:
        if database.embedded:
            migrate(database)
            keep(database, lifetimes)
            return
        done = applied(database)
        lacking = [m.name for m in sql.migrations() if m.number not in done and not m.server_only]
        if lacking:
            raise CannotStart(f"the database lacks {lacking[0]}: run tidegate migrate")
        _remark(sink)
    except Unavailable as away:
        log.warning("the database does not answer yet", problem=str(away))
    except Refused as error:
        cure = "run tidegate migrate" if error.code in NO_TABLES else "check [clickhouse] url and password"
        raise CannotStart(f"the database refuses us: {error}; {cure}") from None
    except Unfit as error:
        raise CannotStart(str(error)) from None


def _remark(sink: Any) -> None:
    """Say where a server is less than we would like. Raises ``Unavailable``."""
    for remark in sink.abilities().remarks() if hasattr(sink, "abilities") else ():
        log.warning("the database is old", remark=remark)


def writable(directory: Path) -> None:
    """See that snapshots can be written.

    Raises
    ------
    CannotStart
        with the directory and what the system says
    """
    probe = directory / f"{secrets.token_hex(6)}.new"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"snapshots cannot be written to {directory}: {error.strerror}; correct [state] snapshots or its rights"
        ) from None
