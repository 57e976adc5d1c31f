"""KServe's inference logger: a CloudEvent for each request and each answer, around a body of any protocol.

From a Knative broker in Kafka's binary mode its attributes are headers ``ce_*`` (``ce-*`` where HTTP was copied); from
a KafkaSink the entry is one JSON object. Events of version 0.2 have their extensions in JSON quotes. Blob storage gets
``LogRequest`` objects, alone or in lists. Answers are logged only if they are 200.

References
----------
https://kserve.github.io/website/docs/model-serving/predictive-inference/logger
https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
"""

import binascii
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from schemas.formats.bodies.body import Body
from schemas.formats.decoded import json_of
from schemas.formats.exchange import NOTHING, REQUEST, RESPONSE, Exchange
from schemas.formats.lenient import Refused, text
from schemas.formats.logged import ASKED, CALLERS, TRACE, body_of, decoded, exchange, traced, unread, when
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "KServe inference logger (CloudEvents)"
PRINCIPALS = (*(place.replace("headers.", "metadata.") for place in CALLERS), *CALLERS, *ASKED)
_TYPE = "org.kubeflow.serving.inference."
_TEXTS = frozenset((str, type(None)))


class _Event(NamedTuple):
    """What is read of an event's attributes; the names of the service come first."""

    inferenceservicename: Any = None
    inferenceservice: Any = None
    namespace: Any = None
    component: Any = None
    type: Any = None
    id: Any = None
    time: Any = None
    metadata: Any = None
    traceparent: Any = None


_SERVICE = 4  # how many of them name the service
_MARKS = tuple((mark + "type", tuple(mark + name for name in _Event._fields)) for mark in ("ce_", "ce-"))
_PHASES = {_TYPE + REQUEST: REQUEST, _TYPE + RESPONSE: RESPONSE}
_UNTIMED = ("ce_time: there is none, or no time; Kafka's counts",)
_decode = msgspec.json.Decoder().decode
_KEPT = msgspec.json.Decoder(dict[str, list[str]]).decode


def signs(one: Message) -> float:
    """The type of its events, in headers or in the object; the names that only its blobs have."""
    kind = one.headers.get("ce_type") or one.headers.get("ce-type")
    if kind is not None:
        return 1.0 if kind.startswith(_TYPE) else 0.2 if ".inference." in kind else 0.0
    if _TYPE.encode() in one.value:
        return 1.0
    return (b'"reqType"' in one.value) * 0.5 + (b'"inferenceService"' in one.value) * 0.5


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that an event tells of; a list of events is as many."""
    headers = one.headers
    for mark, names in _MARKS:
        if mark in headers:
            event = _Event(*map(headers.get, names))
            phase = _phase(event.type)
            body = body_of(one.value, limits, phase=phase, headers=headers)
            return (_half(one, event, phase, body, headers),)
    found = json_of(one.value, limits)
    if found == []:
        raise Refused("a list without an event in it", "$")
    return tuple(
        _object(one, event, limits, i) for i, event in enumerate(found if isinstance(found, list) else [found])
    )


def _phase(kind: object) -> str:
    """Which half an event of a type is."""
    phase = _PHASES.get(kind) if type(kind) is str else None
    phase = phase or _plain(kind).rpartition(".")[2]
    if phase not in (REQUEST, RESPONSE):
        raise Refused(f"an event of the type {_plain(kind)[:64]!r} is neither a request nor an answer", "ce_type")
    return phase


def _object(one: Message, event: Any, limits: Limits, i: int) -> Exchange:
    """One event that is an object."""
    if not isinstance(event, dict):
        raise Refused("an event must be an object with named fields", f"$[{i}]")
    if "reqType" in event:
        return _blob(one, event, limits)
    if "specversion" not in event:
        raise Refused("no CloudEvent: there is no header ce_type, and no specversion in the object", "$.specversion")
    about = _Event(*map(event.get, _Event._fields))
    phase = _phase(about.type)
    return _half(one, about, phase, _data(event, limits, phase))


def _data(event: Mapping[str, Any], limits: Limits, phase: str) -> Body:
    encoded = event.get("data_base64")
    if isinstance(encoded, str):
        return _encoded(encoded, limits, phase, "$.data_base64")
    data = event.get("data")
    if isinstance(data, str):
        return body_of(data.encode("utf-8", "replace"), limits, phase=phase)
    return decoded(data, phase, limits)


def _encoded(encoded: str, limits: Limits, phase: str, path: str) -> Body:
    try:
        return body_of(binascii.a2b_base64(encoded), limits, phase=phase)
    except ValueError as error:
        return unread(Refused(f"no base64: {error}", path), phase)


def _blob(one: Message, event: Mapping[str, Any], limits: Limits) -> Exchange:
    """One of the objects that the logger keeps in blob storage: Go's JSON of its ``LogRequest``."""
    phase = _phase(text(event.get("reqType"), 128))
    about = _Event(*map(event.get, _Event._fields))
    about = about._replace(time=event.get("occurrenceTime"), inferenceservicename=event.get("inferenceService"))
    return _half(one, about, phase, _encoded(text(event.get("bytes")), limits, phase, "$.bytes"))


def _half(one: Message, event: _Event, phase: str, body: Body, headers: Mapping[str, str] = NOTHING) -> Exchange:
    """The half of a call that an event with its body is."""
    names = event[:_SERVICE]
    model, namespace, scope = _service(*(map(text, names) if not _TEXTS.issuperset(map(type, names)) else names))
    also: dict[str, Any] = {"tenant": namespace, "trace_id": traced(event.traceparent) or traced(headers.get(TRACE))}
    if model:
        also["model"] = model
    attributes: Mapping[str, Any] = NOTHING
    if event.metadata:
        metadata = _metadata(event.metadata)
        attributes = {"metadata": metadata}
        if "user-agent" in metadata:
            also["user_agent"] = metadata["user-agent"]
    time = when(event.time)
    return exchange(
        one, body, phase=phase, scope=scope, call=event.id if type(event.id) is str else text(event.id), time=time,
        attributes=attributes, also=also, warnings=_UNTIMED if time is None else (),
    )  # fmt: skip


@lru_cache(4096)
def _service(name: str | None, old: str | None, namespace: str | None, component: str | None) -> tuple[str, str, str]:
    """Model and tenant of a service, and what its ids of calls are unique in."""
    model, tenant = _plain(name or old or ""), _plain(namespace or "")
    return model, tenant, f"{tenant}/{model}/{_plain(component or '')}"


def _plain(value: object) -> str:
    """An attribute without the JSON quotes that version 0.2 puts around those of its own."""
    written = text(value, 256)
    return written[1:-1] if written[:1] == written[-1:] == '"' and len(written) > 1 else written


def _metadata(written: object) -> Mapping[str, Any]:
    """Headers of HTTP that the logger was told to keep: each name with a list of values, of which the last counts."""
    if isinstance(written, str):
        try:
            return {name.lower(): values[-1] for name, values in _KEPT(written).items() if values}
        except (msgspec.MsgspecError, ValueError, RecursionError):
            pass
        try:
            written = _decode(written)
            if isinstance(written, str):
                written = _decode(written)  # version 0.2 quotes it once more
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return NOTHING
    if not isinstance(written, dict):
        return NOTHING
    last = {name: value[-1] if isinstance(value, list) and value else value for name, value in written.items()}
    return {str(name).lower(): value if isinstance(value, str) else text(value) for name, value in last.items()}
