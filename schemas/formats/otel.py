"""OpenTelemetry's batches, protobuf or JSON: spans and log events of language models, in every convention about them.

The GenAI conventions (three generations), OpenInference and Langfuse, also mixed: one Kafka record is a batch of many
calls, as the collector's ``kafka`` exporter writes. A span as OpenInference's tools export it alone is read as well.

References
----------
https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/kafkaexporter
https://opentelemetry.io/docs/specs/semconv/gen-ai/
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from schemas.formats import lenient
from schemas.formats.decoded import json_of
from schemas.formats.exchange import Exchange, distinct
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS, Limits, Source
from schemas.formats.telemetry import binary, written
from schemas.formats.telemetry.calls import exchanges
from schemas.formats.telemetry.item import Item

TITLE = "OpenTelemetry spans and events of language models"
PRINCIPALS = (
    "user.id", "enduser.id", "langfuse.user.id", "traceloop.association.properties.user_id",
    "ai.telemetry.metadata.userId", "llm.user", "client_ip", "service.name",
)  # fmt: skip
_LEVELS = 4  # of JSON within each other for one level of an attribute's value
_WORDS = (b"gen_ai.", b"openinference.", b"langfuse.", b"llm.")


def signs(one: Message) -> float:
    """A batch of spans or log records; surely ours if it names language models."""
    if one.value.lstrip()[:1] in (b"{", b"["):
        found = json_of(one.value, replace(LIMITS, depth=LIMITS.depth * _LEVELS))
        batch = isinstance(found, dict) and ("resourceSpans" in found or "resourceLogs" in found or _alone(found))
    else:
        batch = bool(binary.items(one.value, LIMITS))
    return (0.97 if any(word in one.value for word in _WORDS) else 0.7) * batch


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """Calls of a batch."""
    return distinct(exchanges(_items(one.value, limits), source, limits), one.value)


def _items(value: bytes, limits: Limits) -> list[Item]:
    begin = value.lstrip()[:1]
    if begin not in (b"{", b"["):
        return binary.items(value, limits)
    found = json_of(value, replace(limits, depth=limits.depth * _LEVELS))
    if isinstance(found, dict) and _alone(found):
        return [_exported(found)]
    if isinstance(found, list) and found and all(isinstance(one, dict) and _alone(one) for one in found):
        return [_exported(one) for one in found]
    if not isinstance(found, dict):
        raise Refused(
            "no batch: messages or spans without the request that exports them, or a list of other things", "$"
        )
    return written.items(found)


def _alone(found: Mapping[str, Any]) -> bool:
    """Whether this is one span as OpenInference's tools export it, or the SDKs' console exporter prints it."""
    held, context = found.get("attributes"), found.get("context")
    printed = isinstance(context, dict) and "trace_id" in context and "start_time" in found
    return isinstance(held, dict) and (printed or "openinference.span.kind" in held)


def _exported(found: Mapping[str, Any]) -> Item:
    context = found.get("context")
    context = context if isinstance(context, dict) else {}
    resource, status = (_object(found.get(name)) for name in ("resource", "status"))
    events = found.get("events")
    return Item(
        name=lenient.text(found.get("name"), 256),
        attributes=found["attributes"],
        resource=_object(resource.get("attributes")),
        trace=lenient.text(context.get("trace_id"), 64).removeprefix("0x"),
        span=lenient.text(context.get("span_id"), 64).removeprefix("0x"),
        began=_nanoseconds(found.get("start_time")),
        ended=_nanoseconds(found.get("end_time")),
        failed="ERROR" in (found.get("status_code"), status.get("status_code")),
        message=lenient.text(found.get("status_message") or status.get("description")),
        events=[
            (lenient.text(one.get("name"), 256), _object(one.get("attributes")))
            for one in (events if isinstance(events, list) else ())
            if isinstance(one, dict)
        ],
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _nanoseconds(value: Any) -> int:
    try:
        return round(lenient.seconds(value) * 1e6) * 1000
    except Refused:
        return 0
