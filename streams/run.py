"""Run: put a worker together from settings and run it as this process's main job."""

import gc
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn, cast

import structlog

from streams import brokers
from streams.batches import BatchApp
from streams.batches import run as run_app
from streams.dead_letters import DeadLetters
from streams.publisher import Publisher
from streams.settings import Settings
from streams.settlements import Settlements, SinkDeposits
from streams.sinks.address import open_sink
from streams.sinks.api import Sink
from streams.sinks.migrations import migrate
from streams.worker import Worker, plan_of
from streams.writer import Writer

log = structlog.get_logger()

DRAIN = 30.0  # s that a stop or a rebalance waits for slices in hand


def release() -> str:
    """Version of tidegate, as alerts carry it."""
    try:
        return version("tidegate")
    except PackageNotFoundError:
        return ""


def run(settings: Settings, role: str = "all") -> NoReturn:
    """Run until SIGTERM, SIGINT or a fatal error, then leave the process with its exit status."""
    sink = open_sink(settings.clickhouse.url, **opening(settings))
    if getattr(sink, "embedded", False):
        migrate(cast("Any", sink))
    app = worker_app(settings, sink)
    log.info("starting", role=role, topics=[s.topic for s in settings.source], delivery=delivery_of(app))
    steady()
    run_app(app)


def opening(settings: Settings) -> dict[str, Any]:
    """Arguments of ``open_sink`` beside the URL."""
    chosen = settings.clickhouse
    return {"password_file": chosen.password_file, "timeout": chosen.timeout}


def worker_app(settings: Settings, sink: Sink) -> BatchApp:
    """The Faust app of a worker on a sink."""
    plan = plan_of(settings, release=release())
    directory = settings.state.snapshots
    writer = Writer(sink, dead_letters=DeadLetters(Path(directory) / "refused.jsonl" if directory else None))
    topics = settings.kafka.topics
    publisher = Publisher(
        client_options(settings), alerts=topics.alerts, rejects=topics.rejects, signals=topics.signals
    )
    settlements = Settlements(SinkDeposits(sink), plan, wait=settings.calibration.wait, partitions=publisher.partitions)
    worker = Worker(settings, plan, writer=writer, publisher=publisher, settlements=settlements)
    app = BatchApp(
        settings.kafka.group,
        broker=";".join(f"kafka://{b}" for b in settings.kafka.brokers),
        batch_topics={s.topic for s in settings.source},
        max_batch=settings.kafka.slice_records,
        batch_drain_timeout=DRAIN,
        hooks=worker,
        broker_session_timeout=settings.kafka.session_timeout,
        **security(settings),
    )
    worker.app = app
    app.stream_agent(app.batch_topic(*sorted(app.batch_topics)))(worker.consume)
    return app


def delivery_of(app: BatchApp) -> str:
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
    if os.environ.get("TIDEGATE_CORE"):
        os.sched_setaffinity(0, {int(os.environ["TIDEGATE_CORE"])})
