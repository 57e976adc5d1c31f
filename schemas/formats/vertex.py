"""Vertex AI request-response logs: rows of BigQuery, bodies as JSON text, of generative and of online prediction.

References
----------
https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/request-response-logging
https://cloud.google.com/vertex-ai/docs/predictions/online-prediction-logging
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from schemas.formats.bodies import gemini, served
from schemas.formats.bodies.body import REQUEST, RESPONSE, Body, kept
from schemas.formats.decoded import json_of, object_of
from schemas.formats.exchange import Exchange
from schemas.formats.lenient import Refused
from schemas.formats.logged import ASKED, unread
from schemas.formats.message import Message
from schemas.formats.pairs import called
from schemas.formats.rules import Limits, Source

TITLE = "Vertex AI request-response log"
PRINCIPALS = ("metadata.user_id", "metadata.user", "principal", *ASKED)


def signs(one: Message) -> float:
    """The names of its columns."""
    value = one.value
    return (
        0.4 * (b'"logging_time"' in value)
        + 0.3 * (b'"deployed_model_id"' in value or b'"api_method"' in value)
        + 0.25 * (b'"request_payload"' in value or b'"full_request"' in value)
    )


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The call of one row."""
    row = object_of(one.value, limits)
    if "logging_time" not in row:
        raise Refused("there is no logging_time, which Vertex always writes", "$.logging_time")
    said = row.get("metadata")
    metadata: Any = said
    warnings: tuple[str, ...] = ()
    if isinstance(said, str) and said:
        try:
            metadata = json_of(said, limits, "$.metadata")
        except Refused as refused:
            warnings = (f"$.metadata: {refused}",)
    common = {
        "id": row.get("request_id"),
        "time": row.get("logging_time"),
        "model": row.get("model") or row.get("deployed_model_id") or row.get("endpoint"),
        "version": row.get("model_version"),
    }
    asked, answered = _body(row, "request", REQUEST, limits), _body(row, "response", RESPONSE, limits)
    attributes = {**row, "metadata": metadata if isinstance(metadata, Mapping) else {}}
    return [called(common, asked, answered, limits, attributes=attributes, warnings=warnings)]


def _body(row: Mapping[str, Any], side: str, phase: str, limits: Limits) -> Body:
    """What was asked or answered: the whole body where it can be read, else the list of its parts."""
    whole, parts = row.get(f"full_{side}"), row.get(f"{side}_payload")
    odd: tuple[str, ...] = ()
    if whole not in (None, "", "{}") and whole != {}:
        try:
            found = json_of(whole, limits, f"$.full_{side}") if isinstance(whole, str) else whole
            body = gemini.of(found, limits) if isinstance(found, dict) and gemini.mine(found) else None
            body = body or served.of(found, limits, phase)
            if any(body.rows):
                return body
        except Refused as refused:
            odd = tuple(unread(refused, phase).warnings)
    if isinstance(parts, list) and parts:
        return _parts(parts, side, phase, limits, odd)
    return Body(phase, warnings=odd)


def _parts(parts: list[Any], side: str, phase: str, limits: Limits, odd: tuple[str, ...]) -> Body:
    """Inputs or answers of online prediction, each as text; JSON where it is that, else words."""
    warnings = list(odd)
    some = [_decoded(one) for one in kept(parts, f"$.{side}_payload", warnings)]
    name = "instances" if phase == REQUEST else "predictions"
    try:
        body = served.of({name: some}, limits, phase)
    except Refused as refused:
        return Body(phase, warnings=(*warnings, *unread(refused, phase).warnings))
    return body._replace(warnings=[*warnings, *body.warnings])


def _decoded(one: Any) -> Any:
    if isinstance(one, str) and one[:1] in "[{-0123456789":
        try:
            return msgspec.json.decode(one)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return one
    return one
