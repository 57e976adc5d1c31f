"""Envoy AI Gateway's access log: one JSON object a request, without its words.

The fields are those that the ``EnvoyProxy`` resource names; what is documented is read. Absent values are ``null`` or
``-``. Calls of tools through its MCP gateway name no model: the provider of the tools stands for it.

References
----------
https://aigateway.envoyproxy.io/docs/capabilities/observability/accesslogs
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats import shipped
from schemas.formats.decoded import json_of, object_of
from schemas.formats.exchange import ACCESS, ASIDE, Exchange
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS, Limits, Source

TITLE = "Envoy AI Gateway access log"
PRINCIPALS = (
    "principal", "user.id", "x-user-id", "x-api-key-hash", "x-forwarded-for", "downstream_remote_address",
)  # fmt: skip
_ABSENT = (None, "", "-")
_EARLIER = {  # names in the documentation's first formats
    "gen_ai.request.model": "genai_model_name", "gen_ai.response.model": "genai_model_name_override",
    "gen_ai.provider.name": "genai_backend_name", "gen_ai.usage.input_tokens": "genai_tokens_input",
    "gen_ai.usage.output_tokens": "genai_tokens_output",
}  # fmt: skip
_SIGNS = ("response_code", "start_time", "x-request-id", "upstream_host", "duration", "response_flags")


def signs(one: Message) -> float:
    """The names that Envoy has, and those that only its AI gateway has."""
    found = json_of(one.value, LIMITS)
    name = shipped.under(found)
    if name and isinstance(found, dict) and "response_code" not in found:
        found = json_of(found[name], LIMITS)
    if not isinstance(found, dict) or not sum(field in found for field in _SIGNS) >= 3:
        return 0.0
    return 0.97 if any(field.startswith(("gen_ai.", "genai_", "mcp.")) for field in found) else 0.6


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The request that a line tells of."""
    found = object_of(one.value, limits)
    name = shipped.under(found)
    if name and "response_code" not in found:
        found = object_of(found[name], limits, f"$.{name}")
    call = access(found)
    if call.common["model"] or source.model:
        return [call]
    return [Exchange({}, phase=ASIDE, warnings=["$: a request to no model: gen_ai.request.model is empty"])]


def access(found: Mapping[str, Any]) -> Exchange:
    """The request that the fields of a line tell of; log records of OpenTelemetry have the same."""
    held = {name: value for name, value in found.items() if value not in _ABSENT}
    held.update({name: held[old] for name, old in _EARLIER.items() if old in held and name not in held})
    get = held.get
    tools = get("mcp.provider.name") or ("unknown" if "mcp.method.name" in held else None)
    model = get("gen_ai.request.model") or get("gen_ai.response.model") or (f"mcp/{tools}" if tools else "")
    common = {
        "id": get("x-request-id") or "",
        "time": get("start_time"),
        "model": model,
        "latency_ms": get("duration"),
        "tokens_in": get("gen_ai.usage.input_tokens"),
        "tokens_out": get("gen_ai.usage.output_tokens"),
        "status": get("response_code") or None,  # 0 where the caller went away
        "client_ip": get("x-forwarded-for") or get("downstream_remote_address") or "",
        "user_agent": get("user-agent") or "",
        "session": get("session.id") or get("mcp.session.id") or "",
        "trace_id": get("trace_id") or "",
    }
    counted = "gen_ai.usage.output_tokens" in held or tools
    odd = () if counted else ("gen_ai.usage.*_tokens: not in the line, llmRequestCosts may be missing",)
    return Exchange(common, (), ACCESS, "", held, warnings=odd)
