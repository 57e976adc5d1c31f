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
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from schemas.formats.bodies import served
from schemas.formats.bodies.body import Body
from schemas.formats.decoded import json_of
from schemas.formats.exchange import NOTHING, REQUEST, RESPONSE, Exchange
from schemas.formats.lenient import Refused, text
from schemas.formats.logged import CALLERS, body_of, exchange, traced, unread, when
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "KServe inference logger (CloudEvents)"
PRINCIPALS = ("metadata.x-api-key-hash", *(place.replace("headers.", "metadata.") for place in CALLERS[1:]), *CALLERS)
_TYPE = "org.kubeflow.serving.inference."
_NAMES = (
    "type", "id", "time", "inferenceservicename", "inferenceservice", "namespace", "component", "metadata",
    "traceparent",
)  # fmt: skip
_MARKS = tuple(tuple(mark + name for name in _NAMES) for mark in ("ce_", "ce-"))
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
    return (b'"reqType"' in one.value) * 0.4 + (b'"inferenceService"' in one.value) * 0.5


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that an event tells of; a list of events is as many."""
    headers = one.headers
    for names in _MARKS:
        if names[0] in headers:
            get = headers.get
            event = {name: get(written, "") for name, written in zip(_NAMES, names, strict=True)}
            event["traceparent"] = event["traceparent"] or get("traceparent", "")
            return (_event(one, event, limits, headers=headers),)
    found = json_of(one.value, limits)
    return tuple(
        _object(one, event, limits, i) for i, event in enumerate(found if isinstance(found, list) else [found])
    )


def _object(one: Message, event: Any, limits: Limits, i: int) -> Exchange:
    """One event that is an object."""
    if not isinstance(event, dict):
        raise Refused("an event must be an object with named fields", f"$[{i}]")
    if "reqType" in event:
        return _blob(one, event, limits)
    if "specversion" not in event:
        raise Refused("no CloudEvent: there is no header ce_type, and no specversion in the object", "$.specversion")
    attributes = {name: event.get(name) or "" for name in _NAMES}
    return _event(one, attributes, limits, body_for=lambda phase: _data(event, limits, phase))


def _data(event: Mapping[str, Any], limits: Limits, phase: str) -> Body:
    encoded = event.get("data_base64")
    if isinstance(encoded, str):
        return _encoded(encoded, limits, phase, "$.data_base64")
    data = event.get("data")
    if isinstance(data, str):
        return body_of(data.encode("utf-8", "replace"), limits, phase=phase)
    try:
        return served.of(data, limits, phase)
    except Refused as refused:
        return unread(refused, phase)


def _encoded(encoded: str, limits: Limits, phase: str, path: str) -> Body:
    try:
        return body_of(binascii.a2b_base64(encoded), limits, phase=phase)
    except ValueError as error:
        return unread(Refused(f"no base64: {error}", path), phase)


def _blob(one: Message, event: Mapping[str, Any], limits: Limits) -> Exchange:
    """One of the objects that the logger keeps in blob storage: Go's JSON of its ``LogRequest``."""
    kind = text(event.get("reqType"), 128)
    attributes = {name: event.get(name) or "" for name in _NAMES} | {
        "type": kind if "." in kind else _TYPE + kind,
        "time": event.get("occurrenceTime") or "",
        "inferenceservicename": event.get("inferenceService") or "",
    }
    encoded = text(event.get("bytes"))
    return _event(one, attributes, limits, body_for=lambda phase: _encoded(encoded, limits, phase, "$.bytes"))


def _event(
    one: Message,
    event: Mapping[str, Any],
    limits: Limits,
    *,
    headers: Mapping[str, str] = NOTHING,
    body_for: Callable[[str], Body] | None = None,
) -> Exchange:
    """The half of a call that an event is, whose body is the message's value if nothing else is said."""
    kind = event["type"]
    phase = _PHASES.get(kind) or _plain(kind).rpartition(".")[2]
    if phase not in (REQUEST, RESPONSE):
        raise Refused(f"an event of the type {_plain(kind)[:64]!r} is neither a request nor an answer", "ce_type")
    body = body_for(phase) if body_for else body_of(one.value, limits, phase=phase, headers=headers)
    model = _plain(event["inferenceservicename"] or event["inferenceservice"])
    namespace, component = _plain(event["namespace"]), _plain(event["component"])
    call, time = event["id"], when(event["time"])
    also: dict[str, Any] = {"tenant": namespace, "trace_id": traced(event)}
    if model:
        also["model"] = model
    attributes: Mapping[str, Any] = NOTHING
    if event["metadata"]:
        metadata = _metadata(event["metadata"])
        attributes = {"metadata": metadata}
        if "user-agent" in metadata:
            also["user_agent"] = metadata["user-agent"]
    return exchange(
        one, body, phase=phase, scope=f"{namespace}/{model}/{component}", time=time, attributes=attributes, also=also,
        call=call if type(call) is str else text(call), warnings=_UNTIMED if time is None else (),
    )  # fmt: skip


def _plain(value: object) -> str:
    """An attribute without the JSON quotes that version 0.2 puts around those of its own."""
    if type(value) is not str:
        return text(value, 256)
    if value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
        return value[1:-1]
    return value


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
