"""Seldon Core 1's request logger: headers tell what the body is, in Kafka by short names, over HTTP as a CloudEvent.

Written to Kafka it has neither a time nor a key; the id of a call is a header, or ``meta.puid`` in the body.

References
----------
https://docs.seldon.ai/seldon-core-1/configuration/integrations/logging
"""

from collections.abc import Iterable, Mapping

from schemas.formats.exchange import REQUEST, RESPONSE, Exchange
from schemas.formats.lenient import Refused, text
from schemas.formats.logged import CALLERS, TRACE, body_of, exchange, traced, when
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "Seldon Core 1 request logger"
PRINCIPALS = CALLERS
_TYPE = "io.seldon.serving."
_FEEDBACK = ("feedback", "reward")


def signs(one: Message) -> float:
    """The type of its events; the names of its headers where the type has another one."""
    kind = _header(one.headers, "type")
    if kind.startswith(_TYPE):
        return 1.0
    return 0.5 if "modelid" in one.headers and "requestid" in one.headers else 0.0


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that an entry is; feedback and what detectors beside the model say are not calls."""
    headers = one.headers
    kind = _header(headers, "type")
    phase = kind.rpartition(".")[2]
    if phase in _FEEDBACK:
        raise Refused("this is feedback, which has its own topic here", "headers.type")
    if phase not in (REQUEST, RESPONSE):
        raise Refused(f"an event of the type {kind[:64]!r} is neither a request nor an answer", "headers.type")
    body = body_of(one.value, limits, phase=phase, headers=headers)
    graph, node = _header(headers, "inferenceservicename"), _header(headers, "modelid")
    namespace, predictor = _header(headers, "namespace"), _header(headers, "endpoint")
    call = _header(headers, "requestid") or headers.get("ce-id", "") or body.id
    also = {"tenant": namespace, "trace_id": traced(headers.get(TRACE))}
    if graph or node:
        also["model"] = graph or node
    warnings = () if call else ("requestid: there is none, so that requests and answers cannot be joined",)
    return (
        exchange(
            one, body, phase=phase, scope=f"{namespace}/{graph}/{predictor}/{node}", call=text(call, 256),
            time=when(headers.get("ce-time")), also=also, warnings=warnings,
            attributes={"node": node, "endpoint": predictor},
        ),
    )  # fmt: skip


def _header(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in Kafka, else by the one in HTTP; JSON quotes of version 0.2 are cut off."""
    value = headers.get(name) or headers.get(f"ce-{name}") or ""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
