"""How a log is read: its format, each field, what is missing for which detector, what is rejected and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from schemas import formats
from schemas.formats import Limits, Raw, Reading, Source, calls
from schemas.formats.decoded import object_of
from schemas.formats.exchange import PAYLOAD, Exchange, found_at
from schemas.formats.foreign import ODD, Foreign
from schemas.formats.message import Around, Message, message
from schemas.record import Record, Reject
from streams import provenance
from streams.sight import sight

NATIVE = "native"  # what nothing else can read is read as
LACKS = {
    "time": "no record has a time: in a topic Kafka's counts, of a file none is known",
    "model": 'no record names its model: set [[source]] model = "..."',
}
MANY = 8  # characters of a number among others
MATCHED = 40  # records whose values are looked for in their entries

USUAL = {  # how each field is used, in the order of the table
    "time": "s since the epoch",
    "model": "model name",
    "version": "model version",
    "principal": "who asked",
    "tenant": "tenant",
    "features": "what was asked",
    "probabilities": "what was answered",
    "logits": "what was answered, before softmax",
    "label": "the answer's label",
    "value": "the answer's number",
    "prompt": "what was asked, text",
    "messages": "what was asked, conversation",
    "completion": "what was answered, text",
    "image_b64": "what was asked, image",
    "latency_ms": "ms to answer",
    "tokens_in": "tokens asked",
    "tokens_out": "tokens answered",
    "status": "status code",
    "finish_reason": "why the answer ended",
    "client_ip": "caller's address",
    "user_agent": "caller's program",
    "session": "session",
    "trace_id": "trace",
    "id": "record's name",
    "phase": "feedback; or the half that is alone",
    "request_id": "of feedback, the request it is about",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: in what share of the records it is, where it stood in the log, and one value of it."""

    name: str
    meaning: str
    share: float
    place: str
    example: str


@dataclass(frozen=True, slots=True)
class Caller:
    """One place that says who asked, and in what share of the calls it was the first that did."""

    place: str
    share: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """What samples of a log look like to tidegate.

    Attributes
    ----------
    format : name of the format, empty if none could read anything
    title : what people call it
    doubt : what else it may be; empty where that is clear
    fields : those that at least one record has
    clocks : by whose clock it was, how many calls
    callers : where it was found who asked, and how often
    apart : how many requests and answers are entries of their own
    warnings : what was odd and read nevertheless, and how often
    lacks : what must be added for any of it to be read; the fields are then those that there would be
    watched : detectors that can look at this log
    blind : by detector, what the log lacks for it
    """

    format: str
    encoding: str
    read: int
    rejects: list[Reject]
    title: str = ""
    doubt: str = ""
    fields: list[Field] = field(default_factory=list)
    clocks: dict[str, int] = field(default_factory=dict)
    callers: list[Caller] = field(default_factory=list)
    apart: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    lacks: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    blind: dict[str, str] = field(default_factory=dict)


def inspect(
    samples: Sequence[bytes],
    numbers: Sequence[int],
    *,
    count: int,
    topic: str,
    form: str,
    source: Source,
    limits: Limits,
    raws: Sequence[Raw | None] | None = None,
    manifest: bool = False,
) -> Inspection:
    """Read the first ``count`` samples as a worker would.

    Parameters
    ----------
    numbers : line number or offset of each sample
    form : a format's name, or ``auto`` to recognise it from all samples
    raws : what stood around each sample, where the log keeps that
    manifest : whether it is configured what a model was trained on
    """
    around: list[Raw] = [one or Around() for one in raws] if raws else [Around()] * len(samples)
    found = formats.recognise(samples, source, topic=topic, raws=around) if form == "auto" else None
    name = found.name if found else NATIVE if form == "auto" else form
    encoding, doubt = (found.encoding, found.doubt) if found else ("", "")
    title = title_of(name) if found or form != "auto" else ""

    def read(source: Source, raws: Sequence[Raw]) -> tuple[Reading, Reading]:
        whole = formats.named(name).read_many(
            samples[:count], numbers[:count], topic=topic, limits=limits, source=source, raws=raws[:count]
        )
        return whole, calls.unjoined(whole, topic, source, limits) if whole.halves else whole

    whole, reading = read(source, around)
    rejects, lacks = reading.rejects, _lacks(reading)
    if lacks:
        whole, reading = read(*_supposed(source, around))
    odd = dict(Counter(whole.warnings).most_common())
    nothing = Inspection(name if title else "", encoding, 0, rejects, title, doubt, warnings=odd)
    if not reading.records:
        return nothing
    messages = (message(value, 0, topic, 0, raw) for value, raw in zip(samples, around, strict=True))
    entries = dict(zip(numbers, messages, strict=True))
    watched, blind = sight(reading.records, manifest=manifest)
    return replace(
        nothing,
        read=0 if lacks else len({*reading.offsets.tolist()}),
        fields=[one for one in _fields(reading, entries) if one.name not in lacks],
        clocks=dict(whole.clocks) or {PAYLOAD: len(reading.records)},
        callers=callers(name, [entries[at] for at in numbers[:count]], source, limits),
        apart=dict(Counter(half.exchange.phase for half in whole.halves)),
        lacks=list(lacks.values()),
        watched=watched,
        blind=blind,
    )


def _fields(reading: Reading, entries: Mapping[int, Message]) -> list[Field]:
    """The fields that at least one record has, and where they stood in the entries."""
    pairs = [(entries[at], one) for at, one in zip(reading.offsets.tolist(), reading.records, strict=True)]
    where = provenance.places(pairs[:MATCHED], list(USUAL))
    fields = (_field(one, meaning, reading.records, where.get(one, "")) for one, meaning in USUAL.items())
    return [one for one in fields if one.share > 0]


def _lacks(reading: Reading) -> dict[str, str]:
    """By field, what the configuration or Kafka must add for anything to be read at all."""
    missing = {one.path for one in reading.rejects}
    if reading.records or not missing <= {"$.time", "$.model"}:
        return {}
    return {name: said for name, said in LACKS.items() if f"$.{name}" in missing}


def _supposed(source: Source, around: Sequence[Raw]) -> tuple[Source, list[Raw]]:
    """The source and its messages as if nothing were lacking."""
    topics = [getattr(one, "topic", "") or "" for one in around]
    timed: list[Raw] = [
        Around(one.timestamp or 1, one.key, one.headers, topic) for one, topic in zip(around, topics, strict=True)
    ]
    return replace(source, model=source.model or "-"), timed


def title_of(name: str) -> str:
    """What people call a format."""
    format_ = formats.named(name)
    return format_.reader.TITLE if isinstance(format_, Foreign) else "tidegate's own"


def callers(name: str, entries: Sequence[Message], source: Source, limits: Limits) -> list[Caller]:
    """Where in entries it is found who asked, the most frequent place first; an empty place is nowhere."""
    format_ = formats.named(name)
    places: Counter[str] = Counter()
    for entry in entries:
        with suppress(*ODD):
            found: Iterable[Exchange]
            if isinstance(format_, Foreign):
                found, paths = format_.reader.read(entry, source, limits), format_.places(source)
            else:
                found, paths = [Exchange(object_of(entry.value, limits))], source.principal
            places.update(found_at(call, paths, source, entry.headers)[0] for call in found)
    total = max(1, places.total())
    return [Caller(place, n / total) for place, n in places.most_common()]


def _field(name: str, meaning: str, records: Sequence[Record], place: str) -> Field:
    values = [value for record in records if (value := getattr(record, name)) not in (None, "")]
    if name == "principal":
        values = [value for value in values if value != "unknown"]
    return Field(name, meaning, len(values) / len(records), place, _example(values[0]) if values else "")


def _example(value: object) -> str:
    if isinstance(value, list):
        kind = "messages" if value and isinstance(value[0], dict) else "numbers"
        return f"{len(value)} {kind}: {', '.join(map(_short, value[:4]))}{', ...' if len(value) > 4 else ''}"
    if isinstance(value, dict):
        if "b64" in value:
            return f"array of {value.get('dtype', 'f4')}, shape {value.get('shape', 'not said')}"
        return f"{len(value)} named: {', '.join(f'{key}={_short(one)}' for key, one in list(value.items())[:3])}"
    return str(value)


def _short(value: object) -> str:
    """One of several values; of a float as many digits as are told apart at a glance."""
    written = str(value)
    return f"{value:.6g}" if isinstance(value, float) and len(written) > MANY else written
