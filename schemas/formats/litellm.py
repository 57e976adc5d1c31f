"""LiteLLM's StandardLoggingPayload: one JSON object a call, or a list of them, as its callbacks and HTTP logger write.

Times are seconds, ``id`` is the provider's and ``litellm_call_id`` the proxy's own; a failed call has an empty
``response`` and its error beside it. Who asked is better known here than in any other log: the hash of the key.

References
----------
https://docs.litellm.ai/docs/proxy/logging_spec
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.bodies import chat
from schemas.formats.decoded import json_of
from schemas.formats.exchange import Exchange
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "LiteLLM StandardLoggingPayload"
PRINCIPALS = (
    "metadata.user_api_key_hash", "metadata.user_api_key_user_id", "end_user", "metadata.user_api_key_end_user_id",
    "client_ip",
)  # fmt: skip


def signs(one: Message) -> float:
    """The names that only LiteLLM has."""
    return (b'"litellm_call_id"' in one.value) * 0.6 + (b'"call_type"' in one.value) * 0.4


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """Calls of one object or of a list of them."""
    found = json_of(one.value, limits)
    for i, call in enumerate(found if isinstance(found, list) else [found]):
        if not isinstance(call, dict):
            raise Refused("a call must be an object with named fields", f"$[{i}]")
        yield _exchange(call)


def _exchange(call: Mapping[str, Any]) -> Exchange:
    metadata = call.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    response = call.get("response")
    answer = chat.answered(response) if isinstance(response, dict) else {}
    warnings = () if answer or call.get("status") == "failure" else ("$.response: no words, logging may be off",)
    common = {
        "id": call.get("litellm_call_id") or call.get("id"),
        "time": call.get("startTime"),
        "model": call.get("model_group") or call.get("model"),
        "version": response.get("model") if isinstance(response, dict) else None,
        "tenant": metadata.get("user_api_key_team_id"),
        "latency_ms": _between(call.get("startTime"), call.get("endTime")),
        "tokens_in": call.get("prompt_tokens"),
        "tokens_out": call.get("completion_tokens"),
        "status": _status(call),
        "client_ip": call.get("requester_ip_address") or metadata.get("requester_ip_address"),
        "user_agent": call.get("user_agent") or metadata.get("user_agent"),
        "session": call.get("session_id"),
        "trace_id": call.get("trace_id"),
    }
    words = {**chat.asked(call), **answer}
    for name in ("tokens_in", "tokens_out"):
        words.pop(name, None)
    attributes = {"metadata": metadata, "end_user": call.get("end_user"), "tags": call.get("request_tags")}
    return Exchange(common, [words], attributes=attributes, warnings=warnings)


def _between(began: object, ended: object) -> float | None:
    both = isinstance(began, int | float) and isinstance(ended, int | float)
    return max(0.0, (ended - began) * 1000.0) if both else None  # type: ignore[operator]  # numbers, as was seen


def _status(call: Mapping[str, Any]) -> object:
    error = call.get("error_information")
    code = error.get("error_code") if isinstance(error, dict) else None
    return code or (500 if call.get("status") == "failure" else 200)
