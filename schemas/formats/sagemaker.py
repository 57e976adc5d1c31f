"""SageMaker data capture: one JSON object a call, with request and answer as CSV, JSON or base64 text.

The endpoint's name is not in the line, only in the path ``ENDPOINT/VARIANT/yyyy/mm/dd/hh/`` that it was written to.

References
----------
https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.bodies import delimited, served
from schemas.formats.bodies.asked import picture_of
from schemas.formats.bodies.body import REQUEST, RESPONSE, Body
from schemas.formats.columns import named_after
from schemas.formats.decoded import json_of, object_of
from schemas.formats.exchange import Exchange
from schemas.formats.lenient import Refused
from schemas.formats.logged import ASKED, body_of, decoded, unread
from schemas.formats.message import Message
from schemas.formats.pairs import called
from schemas.formats.rules import Limits, Source

TITLE = "SageMaker data capture"
PRINCIPALS = ("principal", "client_ip", *ASKED)
_PATH = re.compile(r"([^/]+)/([^/]+)/\d{4}/\d{2}/\d{2}/\d{2}/[^/]*$")


def signs(one: Message) -> float:
    """The names that only it has."""
    return 0.6 * (b'"captureData"' in one.value) + 0.35 * (b'"eventMetadata"' in one.value)


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The call of one line."""
    line = object_of(one.value, limits)
    captured, about = line.get("captureData"), line.get("eventMetadata")
    if not isinstance(captured, dict):
        raise Refused("there is no captured data", "$.captureData")
    about = about if isinstance(about, dict) else {}
    path = _PATH.search(one.topic)
    named: tuple[str, ...] = ()
    if path is None and not source.model:
        named = ("$.model: the line names no endpoint, the name of the topic or file stands for it",)
    common = {
        "id": about.get("inferenceId") or about.get("eventId"),
        "time": about.get("inferenceTime"),
        "model": path[1] if path else source.model or named_after(one.topic),
        "version": path[2] if path else "",
        "status": 200,
    }
    custom = about.get("customAttributes")
    custom = custom[0] if isinstance(custom, list) and custom else custom
    attributes = {"eventMetadata": about, "customAttributes": custom}
    asked = _body(captured.get("endpointInput"), REQUEST, limits)
    answered = _body(captured.get("endpointOutput"), RESPONSE, limits)
    return [called(common, asked, answered, limits, attributes=attributes, warnings=named)]


def _body(side: object, phase: str, limits: Limits) -> Body:
    side = side if isinstance(side, Mapping) else {}
    data, encoding, kind = side.get("data"), side.get("encoding"), side.get("observedContentType")
    if not isinstance(data, str):
        return Body(phase, warnings=(f"$.captureData: the {phase} was not captured",))
    kind = kind if isinstance(kind, str) else ""
    try:
        if encoding == "CSV" or kind.startswith("text/csv"):
            return delimited.of(data, phase, limits)
        value: Any = b64decode(data) if encoding == "BASE64" else data.encode("utf-8", "surrogatepass")
    except Refused as refused:
        return unread(refused, phase)
    except (Error, ValueError):
        return Body(phase, warnings=(f"$.captureData: the {phase} is no base64",))
    picture = picture_of(value) if kind.startswith(("image/", "application/x-image")) else ""
    return Body(phase, [{"image_b64": picture}]) if picture else _document(value, phase, limits)


def _document(value: bytes, phase: str, limits: Limits) -> Body:
    """A body of a known protocol; else an input or an answer of any names, a list of them, or a line each."""
    if value[:1] not in (b"{", b"["):
        return body_of(value, limits, phase=phase)
    try:
        found = json_of(value, limits)
    except Refused:
        try:
            found = [json_of(line, limits) for line in value.splitlines() if line.strip()]
        except Refused:
            return body_of(value, limits, phase=phase)
    if isinstance(found, dict):
        try:
            return served.of(found, limits, phase)
        except Refused:
            found = [found]
    return decoded({"instances" if phase == REQUEST else "predictions": found}, phase, limits)
