"""Run: put the parts of a role together from settings and run them as this process's main job."""

import asyncio
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

import structlog

from detectors.correlator import Correlator
from streams import collector, observed, preflight, routes
from streams.batches import BatchApp, TopicPartition
from streams.batches import run as run_app
from streams.clients import client_options, security
from streams.correlator import CorrelatorAgent
from streams.courier import SLICE, Courier
from streams.dead_letters import DeadLetters
from streams.deposits import SinkDeposits
from streams.outbox import Outbox
from streams.outlets.api import Outlet
from streams.outlets.configured import configured
from streams.outlets.webhook import WrongOutlet
from streams.part import Part
from streams.planning import plan_of
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
from streams.worker import Worker
from streams.writer import Writer

__all__ = ["CannotStart", "release", "run"]

log = structlog.get_logger()

DRAIN = 20.0  # s that a stop or a rebalance waits for slices in hand; orchestrators kill after 30
WORKER, CORRELATOR, OUTLETS, ROUTER = {"all", "worker"}, {"all", "correlator"}, {"outlets"}, {"all", "router"}
GROUPS = {one: f".{one}" for one in ("correlator", "outlets", "router")}  # behind the name of the workers' group


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
    if role not in WORKER | CORRELATOR | OUTLETS | ROUTER:
        raise CannotStart(f"there is no role {role}: there are all, worker, correlator, router and outlets")
    if role == "router" and not routes.routed(settings):
        raise CannotStart("no [[source]] is routed: name its format, or set routed = true where it is native")
    if role in OUTLETS and not settings.outlet:
        raise CannotStart("no [[outlet]] is configured: there is nobody to push alerts to")
    topics = asyncio.run(_topics(settings, role))
    if settings.state.snapshots is not None:
        preflight.writable(settings.state.snapshots)
    if role in OUTLETS:
        app, roles, tally = pushing(settings)
    elif role == "router":
        app, roles, tally = routing(settings)
    else:
        sink = _sink(settings)
        preflight.tables(sink, settings.clickhouse.lifetimes)
        app, roles, tally = assembled(settings, sink, role, topics)
    observed.serve(settings.metrics.listen, app, roles, tally)
    log.info("starting", role=role, release=release(), topics=sorted(app.batch_topics), delivery=_delivery(app))
    steady()
    run_app(app)


async def _topics(settings: Settings, role: str) -> dict[str, set[int]]:
    """Topics of a role, with the numbers of their partitions."""
    own, routed = settings.kafka.topics, routes.routed(settings)
    reads = {source.topic for source in routes.watched(settings)} if role not in OUTLETS | {"router"} else set()
    reads |= {source.topic for source in routed} if role in ROUTER else set()
    writes = {own.alerts} if role != "router" else set()
    writes |= {own.signals} if role in WORKER | CORRELATOR else set()
    writes |= {own.rejects} if role in WORKER else set()
    wide = {own.records, own.halves} if routed and role not in OUTLETS else set()
    return await preflight.topics(settings, client_options(settings), reads=reads - wide, writes=writes, wide=wide)


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
    shared = _shared(settings, sink, role)
    signals, sources = settings.kafka.topics.signals, {source.topic for source in routes.watched(settings)}
    parts: dict[str, Part] = {}
    if role in ROUTER:
        parts |= routes.parts(settings, client_options(settings), shared.retention)
    if role in WORKER:
        parts |= dict.fromkeys(sources, _worker(shared))
    if role in CORRELATOR:
        parts[signals] = CorrelatorAgent(
            lambda: Correlator(alerts_per_day=settings.budget.alerts_per_day, release=release()), outbox=shared.outbox,
            retention=shared.retention,
            tally=shared.tally, sources={topic: topics[topic] for topic in sources},
        )  # fmt: skip
    roles = Roles(shared.outbox, parts)
    roles.close = sink.close  # type: ignore[method-assign]
    return _app(settings, role, roles, parts), roles, shared.tally


def pushing(settings: Settings) -> tuple[BatchApp, Roles, Tally]:
    """The Faust app of the role that pushes alerts from their topic to the outlets; it needs no database."""
    parts: dict[str, Part] = {settings.kafka.topics.alerts: Courier(_outlets(settings))}
    roles = Roles(None, parts)
    return _app(settings, "outlets", roles, parts), roles, Tally()


def routing(settings: Settings) -> tuple[BatchApp, Roles, Tally]:
    """The Faust app of the role that re-keys sources for workers; it needs no database."""
    parts = routes.parts(settings, client_options(settings), _retention(settings))
    roles = Roles(None, parts)
    return _app(settings, "router", roles, parts), roles, Tally()


def _app(settings: Settings, role: str, roles: Roles, parts: Mapping[str, Part]) -> BatchApp:
    app = BatchApp(
        settings.kafka.group + GROUPS.get(role, ""),
        broker=";".join(f"kafka://{b}" for b in settings.kafka.brokers),
        batch_topics=set(parts),
        max_batch=SLICE if role in OUTLETS else settings.kafka.slice_records,
        batch_drain_timeout=DRAIN,
        hooks=roles,
        broker_session_timeout=settings.kafka.session_timeout,
        **security(settings),
    )
    _connect(app, roles)
    for part in dict.fromkeys(parts.values()):
        read = sorted(topic for topic, one in parts.items() if one is part)
        app.stream_agent(app.batch_topic(*read))(part.consume)
    return app


def _outlets(settings: Settings) -> list[Outlet]:
    try:
        return configured(settings.outlet, directory=settings.state.snapshots)
    except WrongOutlet as error:
        raise CannotStart(str(error)) from None


def _shared(settings: Settings, sink: Sink, role: str) -> Shared:
    directory, topics = settings.state.snapshots, settings.kafka.topics
    writer = Writer(sink, dead_letters=DeadLetters(Path(directory) / "refused.jsonl" if directory else None))
    publisher = Publisher(
        client_options(settings), alerts=topics.alerts, rejects=topics.rejects, signals=topics.signals
    )
    outlets = _outlets(settings) if role == "all" else []
    if settings.outlet and not outlets:
        log.info("outlets are left to the role outlets", role=role, outlets=[one.name for one in settings.outlet])
    return Shared(settings, sink, Outbox(writer, publisher, outlets), Tally(), _retention(settings))


def _retention(settings: Settings) -> Callable[[TopicPartition], Retention]:
    """What keeps the snapshots of each partition."""
    directory, known = settings.state.snapshots, settings.secret() != Settings.FACTORY_SECRET
    store = Snapshots(directory, key=settings.secret() if known else None) if directory else None
    thread = ThreadPoolExecutor(1, thread_name_prefix="tidegate-snapshots")
    return lambda tp: Retention(store, tp, interval=settings.state.interval_seconds, thread=thread)


def _worker(shared: Shared) -> Worker:
    settings, publisher = shared.settings, shared.outbox.publisher
    plan = replace(plan_of(settings, release=release()), shares=routes.shares(settings))
    standing = GroupStanding(client_options(settings), settings.kafka.group, publisher.partitions)
    settlements = Settlements(
        SinkDeposits(shared.sink), plan, wait=settings.calibration.wait, standing=standing,
        local=lambda topic: worker.held(topic),  # noqa: PLW0108  # it is made below
    )  # fmt: skip
    worker = Worker(
        settings.model_copy(update={"source": routes.watched(settings)}),
        plan,
        outbox=shared.outbox,
        settlements=settlements,
        retention=shared.retention,
        tally=shared.tally,
    )
    return worker


def _connect(app: BatchApp, roles: Roles) -> None:
    """Let the parts reach the app that they belong to."""

    def fail(error: BaseException) -> None:
        roles.tasks.append(asyncio.ensure_future(app.crash(error)))

    roles.fail = fail  # type: ignore[method-assign]
    roles.oldest = lambda: app.oldest_unacked_age  # type: ignore[method-assign]
    for part in roles.parts:
        part.fail, part.committed, part.lag, part.log_end = fail, app.committed, app.behind, app.log_end
        part.pause, part.resume = lambda tp: app.pause({tp}), lambda tp: app.resume({tp})


def _delivery(app: BatchApp) -> str:
    """How slices are delivered: exactly, or by public means because a private name is gone."""
    return "exact" if not app.missing_names else f"public means only; missing: {', '.join(app.missing_names)}"


def steady() -> None:
    """Keep the garbage collector off what never becomes garbage, and this process on one core."""
    collector.calm()
    if core := os.environ.get("TIDEGATE_CORE"):
        for thread in Path("/proc/self/task").iterdir():  # libraries start some when they are imported
            os.sched_setaffinity(int(thread.name), {int(core)})
