"""Seldon Core 2: Kafka is its data plane, and the topic says whether an entry is asked or answered.

Topics are ``<prefix>.<namespace>.<model|pipeline>.<name>.<inputs|outputs>``, and ``<prefix>.<namespace>.errors.errors``
for what failed. A value is protobuf, protobuf behind a schema registry's five bytes and message indexes, or JSON; an
answer parses as a request without an error, so nothing is tried. Inputs of a later step of a pipeline are answers of
the one before. There is no time but Kafka's. What ``seldon pipeline inspect`` prints is read too: topic, key and JSON
between tabs, and headers.

References
----------
https://docs.seldon.ai/seldon-core-2/user-guide/data-science-monitoring/kafka
https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from schemas.formats.bodies import v2, v2_protobuf
from schemas.formats.bodies.body import Body
from schemas.formats.exchange import REQUEST, RESPONSE, Exchange
from schemas.formats.lenient import Refused, text
from schemas.formats.logged import CALLERS, TRACE, exchange, traced
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "Seldon Core 2 topics"
PRINCIPALS = CALLERS
_TOPIC = re.compile(r"(?:.*\.)?([^.]+)\.(model|pipeline)\.([^.]+)\.(inputs|outputs)")
_ERRORS = re.compile(r"(?:.*\.)?([^.]+)\.errors\.errors")
_PHASES = {"inputs": REQUEST, "outputs": RESPONSE}
_INSPECTED = re.compile(rb"([\w.-]{1,249}\.(?:inputs|outputs))\t([^\t\n]{1,256})\t(?=\{)")
_HEADER = re.compile(rb"([\w.-]{1,128})=\[([^\]\t\n]{0,4096})\]")
_FRAME = 5  # bytes of a schema registry: 0 and the schema's number
_KIND = "seldon-infer-type"


class Place(NamedTuple):
    """What a topic says; ``scope`` is what ids of calls are unique in."""

    namespace: str
    kind: str
    name: str
    phase: str
    scope: str


@lru_cache(1024)
def place(topic: str) -> Place | None:
    """What the name of a topic says of its entries; None if it is no topic of models, pipelines or errors."""
    found = _TOPIC.fullmatch(topic)
    if found:
        return Place(found[1], found[2], found[3], _PHASES[found[4]], "/".join(found.groups()[:3]))
    found = _ERRORS.fullmatch(topic)
    return Place(found[1], "errors", "", RESPONSE, found[1]) if found else None


def signs(one: Message) -> float:
    """The topic's name; a header of its own; lines that its command line printed."""
    if _KIND in one.headers or _INSPECTED.match(one.value):
        return 1.0
    return 0.95 if place(one.topic) else 0.0


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that an entry is."""
    line = _INSPECTED.match(one.value) if b"\t" in one.value[:512] else None
    if line:
        return (_printed(one, line, limits),)
    where = place(one.topic)
    if where is None and source.phase in (REQUEST, RESPONSE):
        where = Place(source.tenant, "model", source.model, source.phase, f"{source.tenant}/model/{source.model}")
    if where is None:
        raise Refused(
            f"the topic says whether an entry is asked or answered, and {one.topic[:64]!r} ends in neither .inputs nor "
            ".outputs"
        )
    if where.kind == "errors":
        return (_failed(one, where),)
    kind = one.headers[_KIND].lower() if _KIND in one.headers else ""
    return (_half(one, where, body_of(one.value, limits, where.phase, kind)),)


def _printed(one: Message, line: re.Match[bytes], limits: Limits) -> Exchange:
    """The half of a call that a line of the command line is, with its own topic, key and headers."""
    value, _, printed = one.value[line.end() :].partition(b"\t\t")
    headers = {name.decode().lower(): text(held.decode("utf-8", "replace")) for name, held in _HEADER.findall(printed)}
    where = place(line[1].decode())
    if where is None:
        raise Refused("the line's topic is none of a model or a pipeline", "byte 0")
    one = one._replace(value=value, key=line[2], headers=headers)
    half = _half(one, where, body_of(value, limits, where.phase))
    return half._replace(attributes={**half.attributes, "headers": headers})


def body_of(value: bytes, limits: Limits, phase: str, kind: str = "") -> Body:
    """Read a value in whichever form it is.

    Parameters
    ----------
    kind : which message it is, as the header ``seldon-infer-type`` says

    Raises
    ------
    Refused : it is none of them, with the byte
    """
    first = value[:1]
    if first == b"{":
        return v2.of(v2.document(value, limits), limits, phase=phase)
    start = framed(value) if first == b"\x00" else 0
    return v2_protobuf.read(value, limits, phase, start=start, chained=phase == REQUEST and kind.endswith("response"))


def framed(value: bytes) -> int:
    """Return where a message begins behind the five bytes of a schema registry and the message's indexes.

    Raises
    ------
    Refused : the indexes have no end, with the byte
    """
    at = _FRAME
    count, at = _index(value, at)
    for _ in range(count):
        _, at = _index(value, at)
    return at


def _index(value: bytes, at: int) -> tuple[int, int]:
    """One index, a zigzag number of one byte: no schema has 64 messages within each other."""
    if at >= len(value) or value[at] > 127 or value[at] & 1:
        raise Refused(f"byte {at}: no message index behind the schema's number")
    return value[at] >> 1, at + 1


def _half(one: Message, where: Place, body: Body) -> Exchange:
    key = one.key.decode("utf-8", "replace")
    headers = one.headers
    told = headers.get("x-request-id") or ""
    call = key or told or body.id
    also = {"model": where.name, "tenant": where.namespace}
    if headers:
        also["trace_id"] = traced(headers.get(TRACE))
        if "user-agent" in headers:
            also["user_agent"] = headers["user-agent"]
    warnings = () if call else ("key: there is none, so that requests and answers cannot be joined",)
    return exchange(
        one, body, phase=where.phase, scope=where.scope, call=call, name=told or call.rpartition(".")[2],
        attributes={"served_by": body.model}, also=also, warnings=warnings,
    )  # fmt: skip


def _failed(one: Message, where: Place) -> Exchange:
    """An entry of the errors' topic: which pipeline and which model failed is in its headers, why is its text."""
    headers = one.headers
    model = headers.get("seldon-pipeline-errors", "")
    pipeline = headers.get("pipeline", "")
    key = one.key.decode("utf-8", "replace")
    told = headers.get("x-request-id") or ""
    call = key or told
    body = Body(RESPONSE, ({"finish_reason": "error"},), status=500)
    also = {"model": pipeline or model, "tenant": where.namespace, "trace_id": traced(headers.get(TRACE))}
    attributes = {"error": text(one.value.decode("utf-8", "replace"), 1024), "failed": model}
    scope = f"{where.namespace}/{'pipeline' if pipeline else 'model'}/{pipeline or model}"
    return exchange(
        one, body, scope=scope, call=call, name=told or call.rpartition(".")[2], attributes=attributes, also=also
    )
