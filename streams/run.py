"""Run: put the parts of a role together from settings and run them as this process's main job."""

import asyncio
import gc
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

import structlog

from detectors.correlator import Correlator
from streams import brokers, observed, preflight
from streams.batches import BatchApp, TopicPartition
from streams.batches import run as run_app
from streams.correlator import CorrelatorAgent
from streams.dead_letters import DeadLetters
from streams.deposits import SinkDeposits
from streams.outbox import Outbox
from streams.outlets.configured import configured
from streams.outlets.webhook import WrongOutlet
from streams.part import Part
from streams.preflight import CannotStart
from streams.publisher import Publisher
from streams.retention import Retention
from streams.roles import Roles
from streams.settings import Settings
from streams.settlements import Settlements
from streams.sinks.address import WrongAddress, open_sink
from streams.sinks.api import Sink, SinkError
from streams.snapshots import Snapshots
from streams.standing import GroupStanding
from streams.tally import Tally
from streams.worker import Worker, plan_of
from streams.writer import Writer

__all__ = ["CannotStart", "release", "run"]

log = structlog.get_logger()

DRAIN = 20.0  # s that a stop or a rebalance waits for slices in hand; orchestrators kill after 30
WORKER, CORRELATOR = {"all", "worker"}, {"all", "correlator"}


def release() -> str:
    """Version of tidegate, as alerts carry it."""
    try:
        return version("tidegate")
    except PackageNotFoundError:
        return ""


def run(settings: Settings, role: str = "all") -> NoReturn:
    """Run until SIGTERM, SIGINT or a fatal error, then leave the process with its exit status.

    Raises
    ------
    CannotStart
        what is wrong with the surroundings, and the cure
    """
    if role not in WORKER | CORRELATOR:
        raise CannotStart(f"this release has no role {role}: there are all, worker and correlator")
    topics = asyncio.run(_topics(settings, role))
    if settings.state.snapshots is not None:
        preflight.writable(settings.state.snapshots)
    sink = _sink(settings)
    preflight.tables(sink, settings.clickhouse.lifetimes)
    app, roles, tally = assembled(settings, sink, role, topics)
    observed.serve(settings.metrics.listen, app, roles, tally)
    log.info("starting", role=role, release=release(), topics=sorted(app.batch_topics), delivery=_delivery(app))
    steady()
    run_app(app)


async def _topics(settings: Settings, role: str) -> dict[str, set[int]]:
    """Topics of a role, with the numbers of their partitions."""
    own = settings.kafka.topics
    sources = {source.topic for source in settings.source}
    writes = {own.alerts, own.signals} | ({own.rejects} if role in WORKER else set())
    return await preflight.topics(settings, client_options(settings), reads=sources, writes=writes)


def _sink(settings: Settings) -> Sink:
    chosen = settings.clickhouse
    password = chosen.password.get_secret_value() if chosen.password else ""
    try:
        return open_sink(chosen.url, password=password, password_file=chosen.password_file, timeout=chosen.timeout)
    except (WrongAddress, SinkError) as error:
        raise CannotStart(f"clickhouse.url: {error}") from None


@dataclass(frozen=True, slots=True)
class Shared:
    """What all parts of a process have in common."""

    settings: Settings
    sink: Sink
    outbox: Outbox
    tally: Tally
    retention: Callable[[TopicPartition], Retention]


def assembled(
    settings: Settings, sink: Sink, role: str, topics: Mapping[str, set[int]]
) -> tuple[BatchApp, Roles, Tally]:
    """The Faust app of a role on a sink, its parts, and its counts."""
    shared = _shared(settings, sink)
    signals, sources = settings.kafka.topics.signals, {source.topic for source in settings.source}
    parts: dict[str, Part] = {}
    if role in WORKER:
        parts |= dict.fromkeys(sources, _worker(shared))
    if role in CORRELATOR:
        parts[signals] = CorrelatorAgent(
            lambda: Correlator(release=release()), outbox=shared.outbox, retention=shared.retention,
            tally=shared.tally, sources={topic: topics[topic] for topic in sources},
        )  # fmt: skip
    roles = Roles(shared.outbox, parts)
    app = BatchApp(
        settings.kafka.group if role in WORKER else f"{settings.kafka.group}.correlator",
        broker=";".join(f"kafka://{b}" for b in settings.kafka.brokers),
        batch_topics=set(parts),
        max_batch=settings.kafka.slice_records,
        batch_drain_timeout=DRAIN,
        hooks=roles,
        broker_session_timeout=settings.kafka.session_timeout,
        **security(settings),
    )
    _connect(app, roles, sink)
    for part in dict.fromkeys(parts.values()):
        read = sorted(topic for topic, one in parts.items() if one is part)
        app.stream_agent(app.batch_topic(*read))(part.consume)
    return app, roles, shared.tally


def _shared(settings: Settings, sink: Sink) -> Shared:
    directory, topics = settings.state.snapshots, settings.kafka.topics
    writer = Writer(sink, dead_letters=DeadLetters(Path(directory) / "refused.jsonl" if directory else None))
    publisher = Publisher(
        client_options(settings), alerts=topics.alerts, rejects=topics.rejects, signals=topics.signals
    )
    try:
        outlets = configured(settings.outlet, directory=directory)
    except WrongOutlet as error:
        raise CannotStart(str(error)) from None
    known = settings.secret() != Settings.FACTORY_SECRET
    store = Snapshots(directory, key=settings.secret() if known else None) if directory else None
    thread = ThreadPoolExecutor(1, thread_name_prefix="tidegate-snapshots")
    return Shared(
        settings, sink, Outbox(writer, publisher, outlets), Tally(),
        lambda tp: Retention(store, tp, interval=settings.state.interval_seconds, thread=thread),
    )  # fmt: skip


def _worker(shared: Shared) -> Worker:
    settings, publisher = shared.settings, shared.outbox.publisher
    plan = plan_of(settings, release=release())
    standing = GroupStanding(client_options(settings), settings.kafka.group, publisher.partitions)
    settlements = Settlements(
        SinkDeposits(shared.sink), plan, wait=settings.calibration.wait, standing=standing,
        local=lambda topic: worker.held(topic),  # noqa: PLW0108  # it is made below
    )  # fmt: skip
    worker = Worker(
        settings, plan, outbox=shared.outbox, settlements=settlements, retention=shared.retention,
        tally=shared.tally,
    )  # fmt: skip
    return worker


def _connect(app: BatchApp, roles: Roles, sink: Sink) -> None:
    """Let the parts reach the app that they belong to."""

    def fail(error: BaseException) -> None:
        roles.tasks.append(asyncio.ensure_future(app.crash(error)))

    roles.fail, roles.close = fail, sink.close  # type: ignore[method-assign]
    roles.oldest = lambda: app.oldest_unacked_age  # type: ignore[method-assign]
    for part in roles.parts:
        part.fail, part.committed = fail, app.committed
        part.pause, part.resume = lambda tp: app.pause({tp}), lambda tp: app.resume({tp})


def _delivery(app: BatchApp) -> str:
    """How slices are delivered: exactly, or by public means because a private name is gone."""
    return "exact" if not app.missing_names else f"public means only; missing: {', '.join(app.missing_names)}"


def security(settings: Settings) -> dict[str, Any]:
    """Faust's settings for TLS and SASL."""
    import faust  # noqa: PLC0415  # heavy, and only workers need it

    kafka = settings.kafka
    context = brokers.tls(kafka) if kafka.security.endswith("ssl") else None
    if kafka.security.startswith("sasl"):
        return {
            "broker_credentials": faust.SASLCredentials(
                username=kafka.username, password=brokers.password(kafka), mechanism=kafka.sasl_mechanism,
                ssl_context=context,
            )
        }  # fmt: skip
    return {"broker_credentials": context} if context else {}


def client_options(settings: Settings) -> dict[str, Any]:
    """Arguments of aiokafka clients."""
    kafka = settings.kafka
    chosen: dict[str, Any] = {
        "bootstrap_servers": kafka.brokers,
        "client_id": "tidegate",
        "security_protocol": kafka.security.upper(),
    }
    if kafka.security.endswith("ssl"):
        chosen["ssl_context"] = brokers.tls(kafka)
    if kafka.security.startswith("sasl"):
        chosen |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.username,
            "sasl_plain_password": brokers.password(kafka),
        }
    return chosen


def steady() -> None:
    """Keep the garbage collector off what never becomes garbage, and this process on one core."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    if core := os.environ.get("TIDEGATE_CORE"):
        for thread in Path("/proc/self/task").iterdir():  # libraries start some when they are imported
            os.sched_setaffinity(int(thread.name), {int(core)})
