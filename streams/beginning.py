"""Beginning: what the topics of a broker look like, and the configuration that watches them, in writing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas import formats
from schemas.display import plain
from schemas.formats.foreign import Foreign
from streams import brokers
from streams.inspection import NATIVE, Inspection, inspect
from streams.settings import Settings
from streams.settings.connections import Source

SAMPLES = 64  # messages of a topic that are looked at
WIDTH = 112  # of a comment


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: how many partitions it has, and what its newest messages look like; None of an empty one."""

    name: str
    partitions: int
    seen: Inspection | None

    @property
    def readable(self) -> bool:
        """Whether a worker can read it, if the configuration adds what is lacking."""
        return self.seen is not None and bool(self.seen.format and self.seen.fields)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is written of other things than topics; an empty text leaves the default.

    Attributes
    ----------
    kafka : lines of its section beside the brokers
    """

    brokers: Sequence[str]
    clickhouse: str = ""
    secret_file: str = ""
    snapshots: str = ""
    kafka: Sequence[str] = field(default=())


def look(settings: Settings, wanted: Sequence[str]) -> list[Topic]:
    """Topics of the brokers and what is in them; of all that are not tidegate's own unless some are ``wanted``.

    Raises
    ------
    streams.brokers.Unreachable : no broker answers
    """
    brokers.knock(settings.kafka)
    own = {name for _, name in settings.kafka.topics}
    names = list(wanted) or [name for name in brokers.topics(settings.kafka) if name not in own]
    return [_topic(settings, name) for name in names]


def _topic(settings: Settings, name: str) -> Topic:
    ends = brokers.partitions(settings.kafka, name)
    taken = [one for one in brokers.samples(settings.kafka, name, SAMPLES) if one.value] if ends else []
    if not taken:
        return Topic(name, len(ends), None)
    source = next((one for one in settings.source if one.topic == name), Source(topic=name))
    seen = inspect(
        [one.value or b"" for one in taken], list(range(len(taken))), count=len(taken), topic=name, form=source.form,
        source=source.rules(settings.secret()), limits=settings.limits.rules(), raws=taken,
        manifest=bool(settings.manifest),
    )  # fmt: skip
    return Topic(name, len(ends), seen)


def configuration(topics: Sequence[Topic], chosen: Chosen) -> str:
    """A ``tidegate.toml`` that watches the readable ones of some topics, with what was seen as comments."""
    out = [
        "# Written by tidegate init from what it saw in the topics. All other keys have defaults: docs/tidegate.toml.",
        "# tidegate doctor looks whether all of it works, tidegate inspect TOPIC how each field is read.",
        "",
        "[kafka]",
        f"brokers = {_toml(list(chosen.brokers))}",
        *chosen.kafka,
        "",
        "[clickhouse]",
        f"url = {_toml(chosen.clickhouse)}" if chosen.clickhouse else f"# url = {_toml(Settings().clickhouse.url)}",
        "",
        "[calibration]",
        "# secret behind projections and hashes of callers: keep it, or everything must be learnt again",
        f"secret_file = {_toml(chosen.secret_file)}" if chosen.secret_file else '# secret_file = "tidegate.secret"',
        "",
        "[state]",
        "# directory that all workers share; without one a restarted worker reads its topics again",
        f"snapshots = {_toml(chosen.snapshots)}" if chosen.snapshots else '# snapshots = "/var/lib/tidegate/snapshots"',
        "",
    ]
    for topic in sorted(topics, key=lambda one: (not one.readable, one.name)):
        out += [*_source(topic), ""]
    if not any(topic.readable for topic in topics):
        out += ["# No topic could be read. This one is where tidegate looks unless told otherwise.", "[[source]]",
                'topic = "traffic"', ""]  # fmt: skip
    return "\n".join(out)


def _source(topic: Topic) -> Iterator[str]:
    seen = topic.seen
    if seen is None:
        yield f"# Topic {plain(topic.name)}: {'empty' if topic.partitions else 'there is none of that name'}."
        yield from ("# [[source]]", f"# topic = {_toml(topic.name)}")
        return
    if not topic.readable:
        sort = f"looks like {seen.title}, but nothing of it could be read" if seen.format else "in no format known here"
        yield from _comment(f"Topic {_where(topic)}: {sort}. {_why(seen)}")
        yield '# JSON of your own is read with format = "mapping" and [source.fields]: docs/sources/mapping.md'
        yield from ("# [[source]]", f"# topic = {_toml(topic.name)}", '# format = "mapping"')
        return
    yield from _comment(f"Topic {_where(topic)}: {seen.title}.")
    for line in _remarks(seen):
        yield from _comment(line)
    yield from ("[[source]]", f"topic = {_toml(topic.name)}", f"format = {_toml(seen.format)}")
    yield f"principal = {_toml(_places(seen))}    # places that name the caller, first found first"
    if any("model" in line for line in seen.lacks):
        yield f"model = {_toml(topic.name)}    # the log names none"
    yield "# hash_principal = true    # keep callers under a keyed hash instead of their names"
    if any("forwarded" in place for place in _places(seen)):
        yield "# trusted_hops = 1    # proxies of yours in front of what writes the log"


def _where(topic: Topic) -> str:
    return f"{topic.name} ({topic.partitions} partition{'s' * (topic.partitions != 1)})"


def _remarks(seen: Inspection) -> Iterator[str]:
    """What whoever edits the file should know of a source."""
    if seen.doubt:
        yield f"In doubt: {seen.doubt}."
    if seen.rejects and seen.read:
        yield f"{len(seen.rejects)} of {seen.read + len(seen.rejects)} messages could not be read. {_why(seen)}"
    if seen.apart:
        yield "Requests and answers are apart: a router joins them (tidegate run --role router, or all)."
    if "broker" in seen.clocks:
        yield "It has no times of its own: Kafka's count."
    named = [f"{one.place} {one.share:.0%}" for one in seen.callers if one.place]
    silent = sum(one.share for one in seen.callers if not one.place)
    if named:
        yield f"Who asked is named by {', '.join(named)}."
    if silent:
        yield f"{silent:.0%} of the calls name nobody, and count as one caller: name a header or a field in principal."
    if seen.blind:
        reasons = sorted(set(seen.blind.values()))
        yield f"Not watched, {'; '.join(f'{why}: {_those(seen, why)}' for why in reasons)}."


def _those(seen: Inspection, why: str) -> str:
    return ", ".join(name for name, reason in seen.blind.items() if reason == why)


def _why(seen: Inspection) -> str:
    if not seen.rejects:
        return ""
    first = seen.rejects[0]
    return f"The first problem{f' at {first.path}' if first.path else ''}: {first.reason}."


def _places(seen: Inspection) -> list[str]:
    """Where callers are looked up: what was found first, then the format's other places."""
    found = [one.place for one in seen.callers if one.place]
    format_ = formats.named(seen.format)
    others = format_.reader.PRINCIPALS if isinstance(format_, Foreign) else ("principal",)
    return list(dict.fromkeys([*found, *others])) if seen.format != NATIVE else found or ["principal"]


def _comment(text: str) -> Iterator[str]:
    """Lines of a comment, nothing in them that ends it."""
    line = "#"
    for word in plain(text).split():
        if len(line) + len(word) > WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _toml(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
