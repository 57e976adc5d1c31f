"""How a log is read: its format, each field, what is missing for which detector, what is rejected and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas import formats
from schemas.formats import Limits, Source
from schemas.record import Record, Reject
from schemas.scanner.scanned import batches

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
    "phase": "feedback, where it says afterwards what was true",
    "request_id": "of feedback, the request it is about",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: in what share of the records it is, and one value of it."""

    name: str
    meaning: str
    share: float
    example: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What samples of a log look like to tidegate.

    Attributes
    ----------
    format : name of the format, empty if none could read anything
    fields : those that at least one record has
    watched : detectors that can look at this log
    blind : by detector, what the log lacks for it
    """

    format: str
    encoding: str
    read: int
    rejects: list[Reject]
    fields: list[Field] = field(default_factory=list)
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
) -> Inspection:
    """Read the first ``count`` samples as a worker would.

    Parameters
    ----------
    numbers : line number or offset of each sample
    form : a format's name, or ``auto`` to recognise it from all samples
    """
    name, encoding = form, ""
    if form == "auto":
        found = formats.recognise(samples, source)
        name, encoding = (found.name, found.encoding) if found else (next(iter(formats.FORMATS)), "")
    reader = formats.named(name)
    reading = reader.read_many(samples[:count], numbers[:count], topic=topic, limits=limits, source=source)
    if not reading.records:
        return Inspection("", "", 0, reading.rejects)
    watched, blind = sight(reading.records)
    fields = [_field(one, meaning, reading.records) for one, meaning in USUAL.items()]
    present = [one for one in fields if one.share > 0]
    return Inspection(name, encoding, len(reading.records), reading.rejects, present, watched, blind)


def sight(records: Sequence[Record]) -> tuple[list[str], dict[str, str]]:
    """Return which detectors can look at such records, and what the others lack."""
    from detectors.library import discover  # noqa: PLC0415 - compiles, which unreadable samples need not wait for

    made = batches(records, np.arange(len(records)))
    has = {
        "features": any(batch.features.shape[1] or batch.named for batch in made),
        "probabilities": any(batch.probabilities.shape[1] for batch in made),
        "latency": any(one.latency_ms is not None for one in records),
        "tokens": any(one.tokens_in is not None or one.tokens_out is not None for one in records),
    }
    blind = {}
    for name, kind in discover().items():
        lacking = sorted(need for need in kind.spec.needs if not has.get(need, True))
        if lacking:
            blind[name] = f"no {' and no '.join(lacking)} logged"
    return [name for name in discover() if name not in blind], blind


def _field(name: str, meaning: str, records: Sequence[Record]) -> Field:
    values = [value for record in records if (value := getattr(record, name)) not in (None, "")]
    if name == "principal":
        values = [value for value in values if value != "unknown"]
    return Field(name, meaning, len(values) / len(records), _example(values[0]) if values else "")


def _example(value: object) -> str:
    if isinstance(value, list):
        kind = "messages" if value and isinstance(value[0], dict) else "numbers"
        return f"{len(value)} {kind}: {', '.join(str(one) for one in value[:4])}{', ...' if len(value) > 4 else ''}"
    if isinstance(value, dict):
        if "b64" in value:
            return f"array of {value.get('dtype', 'f4')}, shape {value.get('shape', 'not said')}"
        return f"{len(value)} named: {', '.join(f'{key}={one}' for key, one in list(value.items())[:3])}"
    return str(value)
