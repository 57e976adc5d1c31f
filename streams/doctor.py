"""What ``tidegate doctor`` looks at: everything that must be true before a worker can do its work."""

import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from schemas import formats
from streams import brokers
from streams.settings import Settings
from streams.settings.connections import routed
from streams.sinks.address import WrongAddress, open_sink
from streams.sinks.api import SinkError
from streams.sinks.lifetimes import keep
from streams.sinks.migrations import Database, Unfit, migrate

SAMPLES = 20
DISK = 1 << 30  # bytes that should be free where snapshots or the embedded database lie
SKEW = 5.0  # s between this clock and the database's


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes
    ----------
    state : ``ok``, ``warning`` (works, and yet), or ``failed``
    """

    name: str
    state: str
    text: str


Checks = Iterator[Check]


def examine(settings: Settings) -> Checks:
    """Look at one thing after the other; a check that breaks is a failed check and stops no other."""
    looks: tuple[Callable[[Settings], Checks], ...] = (
        _kafka, _clickhouse, _secrets, _disk, _detectors, _manifests, _protected, _gpu, _classifiers,
    )  # fmt: skip
    for look in looks:
        try:
            yield from look(settings)
        except Exception as error:  # noqa: BLE001 - whatever breaks is what the user came to hear
            yield Check(look.__name__.strip("_"), "failed", f"{type(error).__name__}: {error}")


def _kafka(settings: Settings) -> Checks:
    where = ",".join(settings.kafka.brokers)
    try:
        brokers.knock(settings.kafka)
        for source in settings.source:
            yield from _topic(settings, source.topic)
    except (brokers.Unreachable, OSError) as error:
        yield Check("kafka", "failed", str(error))
        return
    yield Check("kafka", "ok", f"{where} answers over {settings.kafka.security}")
    skipped = () if any(map(routed, settings.source)) else ("records", "halves")
    yield from (_own_topic(settings, name) for kind, name in settings.kafka.topics if kind not in skipped)


def _topic(settings: Settings, topic: str) -> Checks:
    ends = brokers.partitions(settings.kafka, topic)
    if not ends:
        yield Check(f"topic {topic}", "failed", "there is no such topic; create it or correct [[source]] topic")
        return
    count = sum(following - first for first, following in ends.values())
    yield Check(f"topic {topic}", "ok", f"{len(ends)} partitions, {count:,} records")
    source = next(one for one in settings.source if one.topic == topic)
    taken = [one for one in brokers.samples(settings.kafka, topic, SAMPLES) if one.value]
    values = [one.value for one in taken if one.value]
    if not values:
        yield Check(f"format of {topic}", "warning", "no records yet to recognise it from")
        return
    found = formats.recognise(values, source.rules(settings.secret()), topic=topic, raws=taken)
    if found is None or not found.share:
        sort = f"they look like {found.name}, but " if found else ""
        yield Check(
            f"format of {topic}",
            "failed",
            f"{sort}none of {len(values)} records could be read; tidegate inspect {topic}",
        )
    else:
        chosen = source.form
        doubt = found.doubt if chosen == "auto" else ""
        agreed = chosen in ("auto", found.name, *found.tied)
        state = "ok" if found.share == 1 and agreed and not doubt else "warning"
        said = f", configured {chosen}" if not agreed else f"; {doubt}" if doubt else ""
        text = f"{found.name} ({found.encoding}), {found.share:.0%} of {len(values)} records read{said}"
        yield Check(f"format of {topic}", state, text)


def _own_topic(settings: Settings, topic: str) -> Check:
    ends = brokers.partitions(settings.kafka, topic)
    if ends:
        return Check(f"topic {topic}", "ok", f"{len(ends)} partitions")
    return Check(f"topic {topic}", "warning", "is not there; unless the brokers create topics, create it")


def _clickhouse(settings: Settings) -> Checks:
    place = settings.clickhouse
    shown = place.url.rpartition("@")[2]
    password = place.password.get_secret_value() if place.password else ""
    try:
        sink = open_sink(place.url, password=password, password_file=place.password_file, timeout=place.timeout)
    except (WrongAddress, SinkError) as error:
        yield Check("clickhouse", "failed", str(error))
        return
    try:
        if hasattr(sink, "execute"):
            yield from _server(cast("Database", sink), shown, place.lifetimes)
        else:
            yield Check("clickhouse", "warning", "memory:// forgets everything when the process ends")
    except (SinkError, Unfit) as error:
        yield Check("clickhouse", "failed", str(error))
    finally:
        sink.close()


def _server(sink: Database, shown: str, lifetimes: Mapping[str, float]) -> Checks:
    from time import time  # noqa: PLC0415 - beside its one use

    before = time()
    row: dict[str, Any] = sink.execute("SELECT version() AS version, toUnixTimestamp(now()) AS now")[0]
    after = time()
    yield Check("clickhouse", "ok", f"{shown} answers in {(after - before) * 1000:.0f} ms, version {row['version']}")
    missing = migrate(sink, dry_run=True, roles=False)  # workers do without roles, and not everybody may make them
    names = ", ".join(step.name for step in missing)
    yield Check(
        "schema", "failed" if missing else "ok", f"not applied: {names}; tidegate migrate" if missing else "up to date"
    )
    if not missing and keep(sink, lifetimes, dry_run=True):
        yield Check("lifetimes", "warning", "rows are not kept for as long as configured; tidegate migrate sets that")
    skew = max(0.0, abs(float(row["now"]) + 0.5 - (before + after) / 2) - 0.5 - (after - before) / 2)
    text = f"{skew:.0f} s between this machine and the database"
    yield Check("clock", "ok" if skew <= SKEW else "failed", text)


def _secrets(settings: Settings) -> Checks:
    files = [settings.kafka.password_file, settings.kafka.key_file, settings.clickhouse.password_file]
    files += [settings.calibration.secret_file, *(outlet.secret_file for outlet in settings.outlet)]
    for path in dict.fromkeys(file for file in files if file is not None):
        if not path.is_file():
            yield Check(f"secret {path}", "failed", "no such file")
        elif sys.platform != "win32" and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            yield Check(f"secret {path}", "failed", f"everybody can read it: chmod 600 {path}")
        else:
            yield Check(f"secret {path}", "ok", "not open to everybody")
    if settings.secret() == Settings.FACTORY_SECRET:
        text = "calibration.secret_file is not set: an attacker who reads tidegate's source knows its projections"
        yield Check("secret", "warning", text)


def _disk(settings: Settings) -> Checks:
    url = settings.clickhouse.url
    places = [settings.state.snapshots, Path(url.removeprefix("chdb://")) if url.startswith("chdb://") else None]
    for place in (place for place in places if place is not None):
        there = next(parent for parent in (place.absolute(), *place.absolute().parents) if parent.exists())
        free = shutil.disk_usage(there).free
        yield Check(f"disk {place}", "ok" if free >= DISK else "failed", f"{free / 1e9:,.1f} GB free")
    if settings.state.snapshots is None:
        yield Check("snapshots", "warning", "state.snapshots is not set: a restarted worker forgets what it learnt")


def _detectors(settings: Settings) -> Checks:
    from detectors.library import build  # noqa: PLC0415 - compiles, which a broken broker need not wait for

    made = build(settings.detectors)
    yield Check("detectors", "ok" if made else "failed", ", ".join(made) or "all are switched off")


def _manifests(settings: Settings) -> Checks:
    from detectors.packing import Corrupt  # noqa: PLC0415 - as above
    from streams.manifests import read  # noqa: PLC0415

    for one in settings.manifest:
        try:
            found = read(one.file, settings.secret())
        except (OSError, Corrupt) as error:
            yield Check(f"manifest {one.file}", "failed", getattr(error, "strerror", None) or str(error))
        else:
            text = f"{found.rows:,} training rows of model {one.model}, {len(found.canaries)} canaries"
            yield Check(f"manifest {one.file}", "ok", text)


def _protected(settings: Settings) -> Checks:
    from detectors.packing import Corrupt  # noqa: PLC0415 - as above
    from streams.protected import read  # noqa: PLC0415

    for one in settings.protect:
        try:
            found = read(one, settings.secret())
        except (OSError, Corrupt, ValueError) as error:
            yield Check(f"protect {one.model}", "failed", getattr(error, "strerror", None) or str(error))
        else:
            runs = sum(text.count for text in found.texts)
            text = f"{len(found.own.tokens)} canaries, {len(found.foreign.tokens)} foreign ones, {runs:,} runs of words"
            yield Check(f"protect {one.model}", "ok", text)


def _gpu(settings: Settings) -> Checks:
    import onnxruntime  # noqa: PLC0415 - heavy

    from streams.classifiers import driven, provider  # noqa: PLC0415

    providers = onnxruntime.get_available_providers()
    gpu = [one.removesuffix("ExecutionProvider") for one in providers if "CPU" not in one and "Azure" not in one]
    if gpu and driven():
        yield Check("gpu", "ok", f"ONNX Runtime offers {', '.join(gpu)}; models run on {provider(settings.onnx)}")
        return
    why = "ONNX Runtime has no provider for it" if driven() else "no driver of one here"
    yield Check("gpu", "ok", f"none ({why}); ONNX models run on the CPU")


def _classifiers(settings: Settings) -> Checks:
    from detectors.classifiers.onnx_file import Refused  # noqa: PLC0415 - as above
    from streams.classifiers import provider, read  # noqa: PLC0415

    chosen = provider(settings.onnx) if settings.classifier else "cpu"
    for one in settings.classifier:
        try:
            found = read(one, settings, chosen)
        except (OSError, Refused) as error:
            yield Check(f"classifier {one.name}", "failed", f"{one.path}: {getattr(error, 'strerror', '') or error}")
        else:
            alone = "; asked one record at a time, since its rows depend on each other" if found.alone else ""
            yield Check(f"classifier {one.name}", "ok", f"runs on {found.session.provider}{alone}")
