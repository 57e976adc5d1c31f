"""MLServer's Kafka server: V2 bodies as JSON, asked on one topic and answered on another.

The model is the header ``mlserver-model`` of what is asked and ``model_name`` in the answer; the key is the id. A call
without headers makes the server fail, and never gets an answer.

References
----------
https://mlserver.readthedocs.io/en/latest/examples/kafka/README.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.bodies import v2
from schemas.formats.exchange import RESPONSE, Exchange
from schemas.formats.logged import CALLERS, TRACE, exchange, traced
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "MLServer Kafka topics"
PRINCIPALS = (*CALLERS, "parameters.headers.x-user-id", "parameters.user")


def signs(one: Message) -> float:
    """Its headers; else its topics' names around a V2 body."""
    if "mlserver-model" in one.headers or "mlserver-method" in one.headers:
        return 1.0
    body = b'"inputs"' in one.value or b'"outputs"' in one.value
    return 0.9 if body and one.topic.startswith("mlserver-") else 0.0


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that an entry is."""
    headers = one.headers
    body = v2.of(v2.document(one.value, limits), limits)
    model = headers.get("mlserver-model") or body.model or source.model
    version = headers.get("mlserver-version") or body.version
    call = one.key.decode("utf-8", "replace") or body.id
    carried = _carried(body.parameters)
    if carried:
        body = body._replace(parameters={**body.parameters, "headers": carried})
    also = {
        "model": model, "version": version, "tenant": _last(carried, "namespace"),
        "trace_id": traced(headers.get(TRACE)) or traced(carried.get(TRACE)),
    }  # fmt: skip
    warnings = [] if call else ["$.id: there is none, nor a key, so that requests and answers cannot be joined"]
    if not headers and body.phase != RESPONSE:
        warnings.append("headers: there are none, the server refuses such a call and will not answer")
    return (exchange(one, body, scope=model, call=call, also=also, warnings=tuple(warnings)),)


def _carried(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Headers that came over HTTP, which the server passes on inside the body."""
    found = parameters.get("headers")
    return {str(name).lower(): value for name, value in found.items()} if isinstance(found, dict) else {}


def _last(carried: Mapping[str, Any], name: str) -> str:
    found = carried.get(f"ce-{name}")
    return found if isinstance(found, str) else ""
