"""LiteLLM's StandardLoggingPayload: one JSON object a call, a list of them, or a line each, as its callbacks write.

Rows of its table of spend (``LiteLLM_SpendLogs``) are read too, and arguments of callbacks that hold a payload.

Times are seconds, ``id`` is the provider's and ``litellm_call_id`` the proxy's own; a failed call has an empty
``response`` and its error beside it. Who asked is better known here than in any other log: the hash of the key.
Two thirds of an entry (prices of the model, hidden parameters) are stepped over without being decoded.

References
----------
https://docs.litellm.ai/docs/proxy/logging_spec
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from schemas.formats.bodies import errors, openai, words
from schemas.formats.bodies.openai import Answer, Question
from schemas.formats.decoded import json_of
from schemas.formats.exchange import Exchange, distinct
from schemas.formats.lenient import Refused, seconds, text
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS, Limits, Source

TITLE = "LiteLLM StandardLoggingPayload"
PRINCIPALS = (
    "metadata.user_api_key_hash", "api_key", "metadata.user_api_key_user_id", "end_user",
    "metadata.user_api_key_end_user_id", "user", "client_ip",
)  # fmt: skip
REDACTED = "redacted-by-litellm"
_INTERVENED = "guardrail_intervened"


class Call(msgspec.Struct, gc=False):
    """What matters of an entry."""

    id: Any = None
    litellm_call_id: Any = None
    trace_id: Any = None
    session_id: Any = None
    call_type: Any = None
    status: Any = None
    status_fields: Any = None
    startTime: Any = None  # noqa: N815  # LiteLLM's own name
    endTime: Any = None  # noqa: N815
    model: Any = None
    model_group: Any = None
    metadata: Any = None
    prompt_tokens: Any = None
    completion_tokens: Any = None
    request_tags: Any = None
    end_user: Any = None
    requester_ip_address: Any = None
    user_agent: Any = None
    messages: Any = None
    response: Answer | None = None
    error_information: Any = None
    error_str: Any = None
    request_id: Any = None
    api_key: Any = None
    team_id: Any = None
    user: Any = None
    proxy_server_request: Any = None
    standard_logging_object: "Call | None" = None


_call = msgspec.json.Decoder(Call).decode
_calls = msgspec.json.Decoder(list[Call]).decode


def signs(one: Message) -> float:
    """The names that only LiteLLM has."""
    spent = b'"spend"' in one.value and b'"api_key"' in one.value
    return (spent or b'"litellm_call_id"' in one.value) * 0.6 + (b'"call_type"' in one.value) * 0.4


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """Calls of one object, of a list of them, or of a line each."""
    value = one.value.strip()
    try:
        calls = [_call(value)] if value.startswith(b"{") else _calls(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return distinct(list(_patient(value, limits)), value)
    if not calls:
        raise Refused("a list without a call in it", "$")
    return distinct([_exchange(_told(call, f"$[{i}]"), [], limits) for i, call in enumerate(calls)], value)


def _told(call: Call, place: str) -> Call:
    """The same call, if there is anything of one in it; the one in a callback's arguments."""
    call = call.standard_logging_object or call
    if call.litellm_call_id is None and call.startTime is None and call.model is None:
        raise Refused("no call: it has neither an id nor a time nor a model", place)
    return call


def _patient(value: bytes, limits: Limits) -> Iterable[Exchange]:
    """Entries among which one is odd: of another type, cut, or several lines."""
    lines = value.splitlines()
    several = len(lines) > 1 and lines[0].rstrip().endswith(b"}") and lines[1].lstrip().startswith(b"{")
    for i, part in enumerate(lines if several else [value]):
        place = f"$[{i}]" if several else "$"
        found = json_of(part, limits, place) if part.strip() else []
        for j, call in enumerate(found if isinstance(found, list) else [found]):
            inner = f"{place}[{j}]" if isinstance(found, list) else place
            if not isinstance(call, dict):
                raise Refused("a call must be an object with named fields", inner)
            yield _odd(call, limits, inner)


def _odd(call: dict[str, Any], limits: Limits, place: str) -> Exchange:
    """A call whose response may be of any type."""
    inner = call.get("standard_logging_object")
    call = inner if isinstance(inner, dict) else call
    held = {name: call.get(name) for name in Call.__struct_fields__ if name != "standard_logging_object"}
    warnings: list[str] = []
    if held["response"] is not None:
        held["response"], warnings = openai.answer(held["response"], limits, f"{place}.response")
    return _exchange(_told(Call(**held), place), warnings, limits)


def _exchange(call: Call, warnings: list[str], limits: Limits) -> Exchange:
    metadata = call.metadata if isinstance(call.metadata, dict) else _of_text(call.metadata, limits)
    failed = call.status == "failure"
    row, said = _rows(call, warnings, limits)
    if failed:
        error = call.error_information if isinstance(call.error_information, dict) else {}
        named = (error.get("error_code"), error.get("error_class"), error.get("error_message"), call.error_str)
        if errors.filtered(*named):
            row[0]["finish_reason"] = errors.FILTERED
        status = errors.status(*named[:2], "error")
    else:
        status = 200
    fields = call.status_fields
    if isinstance(fields, dict) and fields.get("guardrail_status") == _INTERVENED:
        row[0]["finish_reason"] = _INTERVENED
    common = {
        "id": call.litellm_call_id or call.request_id or call.id,
        "time": call.startTime,
        "model": call.model_group or call.model,
        "tenant": metadata.get("user_api_key_team_id") or call.team_id or "",
        "latency_ms": _between(call.startTime, call.endTime),
        "tokens_in": _known(call.prompt_tokens, failed) or said.get("tokens_in"),
        "tokens_out": _known(call.completion_tokens, failed) or said.get("tokens_out"),
        "status": status,
        "client_ip": call.requester_ip_address or metadata.get("requester_ip_address") or "",
        "user_agent": call.user_agent or metadata.get("user_agent") or "",
        "session": call.session_id or "",
        "trace_id": call.trace_id or "",
    }
    attributes = {
        "metadata": metadata,
        "end_user": call.end_user,
        "api_key": None if text(call.api_key).startswith("sk-") else call.api_key,  # a key itself is nobody's name
        "user": call.user,
        "tags": call.request_tags,
        "served": said.get("served"),
    }
    return Exchange(common, row, attributes=attributes, warnings=warnings)


def _rows(call: Call, warnings: list[str], limits: Limits) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What was asked and answered, a row for each input, and what the answer says of the whole call."""
    asked = openai.asked(_question(call), limits)
    rows: list[dict[str, Any]] = asked.rows or [{}]
    if _hidden(rows[0]):
        rows = [{}]
        warnings.append("$.messages: message logging is off (turn_off_message_logging), no words can be watched")
    elif not asked.rows:
        warnings.append("$.messages: no words")
    answer = call.response
    if answer is None or not openai.answering(answer):
        if call.status != "failure":
            warnings.append("$.response: no words, logging may be off")
        return rows, {}
    answered = openai.answered(answer, len(rows))
    each = answered.rows
    if each and each[0].get("completion") == REDACTED:
        warnings.append("$.response: message logging is off")
        each = [{**one, "completion": None} for one in each]
    if len(each) == 1:
        each = each * len(rows)
    return [{**(each[i] if i < len(each) else {}), **row} for i, row in enumerate(rows)], answered.common


def _question(call: Call) -> Question:
    """What was asked, which stands under ``messages`` whatever the endpoint."""
    value, kind = call.messages, str(call.call_type)
    if not value and isinstance(call.proxy_server_request, dict):
        return openai.question(call.proxy_server_request)
    if isinstance(value, str) and value.startswith("[{"):
        value = _listed(value)
    if isinstance(value, dict) and "messages" in value:
        value = value["messages"]
    if "embedding" in kind or "moderation" in kind or "response" in kind:
        return Question(input=value)
    if isinstance(value, str) or (isinstance(value, list) and value and isinstance(value[0], str)):
        return Question(prompt=value)
    return Question(messages=value or None)


def _listed(written: str) -> Any:
    """Messages that a table has as JSON; any other text, JSON of the caller's own too, is a prompt."""
    try:
        found = json_of(written, LIMITS)
    except Refused:
        return written
    return found if all(isinstance(one, dict) and "role" in one for one in found) else written


def _hidden(row: dict[str, Any]) -> bool:
    """Whether LiteLLM put its own word in place of what was asked."""
    messages = row.get("messages")
    content = messages[0].get("content") if messages else row.get("prompt")
    return content == REDACTED or (isinstance(content, list) and words.said(content) == REDACTED)


def _known(count: Any, failed: bool) -> Any:
    """A count of tokens; 0 of a failed call means that nobody counted."""
    return None if failed and not count else count


def _between(began: Any, ended: Any) -> float | None:
    if type(began) is not float or type(ended) is not float:
        try:
            began, ended = seconds(began), seconds(ended)
        except Refused:
            return None
    return max(0.0, float(ended - began) * 1000.0)


def _of_text(value: Any, limits: Limits) -> dict[str, Any]:
    """An object that stands in a column as its JSON; an empty one if it is anything else."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            found = json_of(value, limits)
        except Refused:
            return {}
        return found if isinstance(found, dict) else {}
    return {}
