"""What Prometheus and the kubelet can ask of a running process."""

from collections import Counter
from contextlib import suppress
from time import monotonic

import structlog

from detectors.classifiers.classifiers import Classifiers
from streams.batches import BatchApp
from streams.health import Health
from streams.metrics import Metrics
from streams.pairing import PairingAgent
from streams.roles import Roles
from streams.router import Router
from streams.tally import COUNTED, Tally
from streams.worker import Worker
from streams.writer import Writer

log = structlog.get_logger()


def measured(app: BatchApp, roles: Roles, tally: Tally) -> Metrics:
    """Everything that Prometheus can read."""
    made = Metrics(alerts=tally.alerts)
    for name, text in COUNTED.items():
        made.count(name, text, lambda name=name: tally.counts[name])  # type: ignore[misc]
    made.counts("detections", "alerts raised", lambda: dict(tally.detections), labels=("detector", "model"))
    made.gauge("partitions", "partitions assigned", lambda: len(roles.owned))
    made.count("memberships_lost", "times that the group took this worker for dead", lambda: app.membership.lost)
    made.gauge("slices_in_flight", "slices delivered and not acknowledged", lambda: app.in_flight)
    made.gauge("oldest_unacked_seconds", "age of the oldest of them", lambda: app.oldest_unacked_age)
    made.gauge("snapshot_age_seconds", "since the oldest partition's snapshot was written", lambda: snapshot_age(roles))
    made.gauges(
        "lag_records", "records beyond what is committed", lambda: lag(app, roles), labels=("topic", "partition")
    )
    if roles.outbox is not None:
        _writer(made, roles.outbox.writer)
    for worker in (part for part in roles.parts if isinstance(part, Worker)):
        classifying(made, worker.plan.classifiers)
        made.counts("records_odd", "oddities in records that were read", lambda w=worker: odd(w), labels=("topic",))  # type: ignore[misc]
    _routing(made, roles)
    outlets = roles.outlets
    made.counts("outlet_sent", "alerts delivered", lambda: {(o.name,): o.sent for o in outlets}, labels=("outlet",))
    made.counts("outlet_failed", "alerts given up", lambda: {(o.name,): o.failed for o in outlets}, labels=("outlet",))
    return made


def _routing(made: Metrics, roles: Roles) -> None:
    """What the router and the pairing agent have done, where they are in this process."""
    routers = [part for part in roles.parts if isinstance(part, Router)]
    tables = [part for part in roles.parts if isinstance(part, PairingAgent)]
    workers = [part for part in roles.parts if isinstance(part, Worker)]
    made.counts(
        "routed", "messages read from routed sources, and what was made of them", labels=("kind",),
        read=lambda: {(kind,): float(n) for part in routers for kind, n in part.counts.items()},
    )  # fmt: skip
    made.gauge("halves_waiting", "halves that wait for the other one", lambda: sum(one.waiting for one in tables))
    made.counts(
        "halves", "what became of halves", labels=("kind",),
        read=lambda: {(kind,): float(n) for part in tables for kind, n in part.counts.items()},
    )  # fmt: skip
    made.count("records_repeated", "records that a router wrote again", lambda: sum(one.repeated for one in workers))


def _writer(made: Metrics, writer: Writer) -> None:
    made.gauge("writer_rows_waiting", "rows that are not durable yet", lambda: writer.waiting)
    made.gauge("writer_blocked", "1 while the database takes nothing", lambda: float(bool(writer.problem)))
    made.counts("rows_written", "rows made durable", lambda: by_table(writer.written), labels=("table",))
    made.counts(
        "rows_refused", "rows that went to the dead letters", lambda: by_table(writer.refused), labels=("table",)
    )


def classifying(made: Metrics, some: Classifiers) -> None:
    """What runs each ONNX classifier, and how much it looks at."""
    one = ("classifier",)
    made.gauges(
        "classifier_provider", "1 for what runs a classifier", labels=("classifier", "provider"),
        read=lambda: {(each.declared.name, each.session.provider): 1.0 for each in some.some},
    )  # fmt: skip
    made.gauges(
        "classifier_share", "share of the records looked at", labels=one,
        read=lambda: {(each.declared.name,): some.share(each)[0] for each in some.some},
    )  # fmt: skip
    made.gauges(
        "classifier_gpu_lost", "1 where a CPU had to take over", labels=one,
        read=lambda: {(each.declared.name,): float(bool(each.lost)) for each in some.some},
    )  # fmt: skip
    for name, text in (("rows", "records looked at"), ("batches", "batches run"), ("room", "rows of those batches")):
        made.counts(
            f"classifier_{name}", text, labels=one,
            read=lambda name=name: {(each.declared.name,): float(each.counts[name]) for each in some.some},  # type: ignore[misc]
        )  # fmt: skip


def odd(worker: Worker) -> dict[tuple[str, ...], float]:
    """What readers found odd and read nevertheless, by topic."""
    found: Counter[str] = Counter()
    for (topic, _), reader in list(worker.readers.items()):
        found[topic] += reader.oddities.total
    return {(topic,): float(count) for topic, count in found.items()}


def by_table(rows: Counter[str]) -> dict[tuple[str, ...], float]:
    """Rows by label."""
    return {(table,): float(count) for table, count in rows.items()}


def lag(app: BatchApp, roles: Roles) -> dict[tuple[str, str], float]:
    """By topic and partition; without those of which nothing was fetched yet."""
    found = {}
    for tp in list(roles.owned):
        with suppress(Exception):  # the consumer may be starting or closing under us
            behind = app.consumer.highwater(tp) - (app.committed(tp) or 0)
            found[tp.topic, str(tp.partition)] = float(max(0, behind))
    return found


def snapshot_age(roles: Roles) -> float:
    """Age of the oldest snapshot written since the start, s; KeyError before there is one of every partition."""
    kept = roles.kept()
    if not kept:
        raise KeyError("no snapshot yet")
    return monotonic() - min(kept)


def serve(listen: str, app: BatchApp, roles: Roles, tally: Tally) -> Health | None:
    """Answer at ``listen``; an address that cannot be had is said, and costs the process nothing else."""
    if not listen:
        return None
    try:
        return Health(listen, checks=roles.checks, registry=measured(app, roles, tally).registry).start()
    except (OSError, ValueError) as error:
        log.warning("no /metrics and no /healthz", listen=listen, problem=str(error), cure="set [metrics] listen")
        return None
