"""Calls: which spans and log records are calls of a language model, and what each says of it.

Spans of agents, chains, retrievers and tools hold the same words as the calls inside them: they are passed over.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from schemas.formats import envoy_ai_gateway
from schemas.formats.bodies import errors
from schemas.formats.exchange import ASIDE, OBSERVED, PAIR, PAYLOAD, REQUEST, RESPONSE, Exchange
from schemas.formats.rules import Limits, Source
from schemas.formats.telemetry import dialects, messages
from schemas.formats.telemetry.item import Item
from schemas.record import LATEST

_KINDS = ("LLM", "EMBEDDING")
_TYPES = ("generation", "embedding")
_OTHER_OPERATIONS = (
    "create_agent",
    "invoke_agent",
    "execute_tool",
    "invoke_workflow",
    "retrieval",
    "task",
    "workflow",
    "agent",
    "tool",
)
_MODELS = (
    "gen_ai.request.model", "llm.model_name", "embedding.model_name", "langfuse.observation.model.name",
    "gen_ai.response.model",
)  # fmt: skip
_BESIDE = (  # of two for one field, the first
    ("client.address", "client_ip"), ("user_agent.original", "user_agent"), ("gen_ai.conversation.id", "session"),
    ("session.id", "session"), ("langfuse.session.id", "session"), ("tenant.id", "tenant"),
)  # fmt: skip
_LATEST = int(LATEST) * 1_000_000_000  # ns


def exchanges(items: Iterable[Item], source: Source, limits: Limits) -> list[Exchange]:
    """Calls of a batch, then one that only says what else was in it."""
    made: list[Exchange] = []
    earlier: dict[tuple[str, str], list[Item]] = {}
    others = nameless = 0
    for item in items:
        if item.log and _earlier(item):
            earlier.setdefault((item.trace, item.span), []).append(item)
        elif item.log and "response_code" in item.attributes:
            made.append(_accessed(item))
        elif not _call(item):
            others += 1
        else:
            call = _exchange(item, source, limits)
            if call.common["model"] or source.model:
                made.append(call)
            else:
                nameless += 1
    made += [_told(some, source, limits) for some in earlier.values()]
    odd = [f"{others} spans or log records are no calls of a model"] * bool(others)
    odd += [f"{nameless} calls name no model, and the source's configuration names none"] * bool(nameless)
    return [*made, Exchange({}, phase=ASIDE, warnings=odd)] if odd else made


def _accessed(item: Item) -> Exchange:
    """A line of Envoy's access log that came as a log record."""
    call = envoy_ai_gateway.access(item.attributes)
    if not call.common["model"]:
        return Exchange({}, phase=ASIDE, warnings=["requests to no model"])
    time, clock = _time(item)
    known = call.common["time"]
    return call._replace(common={**call.common, "time": known or time}, clock=PAYLOAD if known else clock)


def _earlier(item: Item) -> bool:
    """Whether a log record is one message of a call, as until 1.36."""
    name = item.name or item.attributes.get("event.name")
    return isinstance(name, str) and (name == "gen_ai.choice" or (name[:7] == "gen_ai." and name.endswith(".message")))


def _call(item: Item) -> bool:
    held = item.attributes
    kind = held.get("langfuse.observation.type")
    if kind is not None:
        return kind in _TYPES
    kind = held.get("openinference.span.kind")
    if kind is not None:
        return str(kind).upper() in _KINDS
    kind = held.get("gen_ai.operation.name") or held.get("traceloop.span.kind")
    if kind is not None:
        return kind not in _OTHER_OPERATIONS
    return any(name in held for name in _MODELS)


def _exchange(item: Item, source: Source, limits: Limits) -> Exchange:
    held = item.attributes
    get = held.get
    odd: list[str] = []
    rows = dialects.rows(item, limits, odd)
    key = _key(item) if source.words_apart and not rows[0] and not item.log else ""
    if not rows[0] and not key:
        odd.append("a call without its words: the instrumentation does not record content")
    time, clock = _time(item)
    common: dict[str, Any] = {
        "id": get("gen_ai.response.id") or item.span,
        "time": time,
        "model": get("gen_ai.request.model") or _asked_for(held),
        "tokens_in": get("gen_ai.usage.input_tokens", get("llm.token_count.prompt")),
        "tokens_out": get("gen_ai.usage.output_tokens", get("llm.token_count.completion")),
        "trace_id": item.trace,
        "status": 200,
    }
    for name, field in _BESIDE:
        if name in held and not common.get(field):
            common[field] = held[name]
    if item.ended >= item.began > 0:
        common["latency_ms"] = (item.ended - item.began) / 1e6
    if common["tokens_in"] is None:
        common["tokens_in"], common["tokens_out"] = _counted(held, limits, odd)
    ended = None
    if item.failed or "error.type" in held or get("langfuse.observation.level") == "ERROR":
        named = (get("http.response.status_code"), get("error.type"), item.message or "error")
        common["status"] = errors.status(*named)
        ended = errors.FILTERED if errors.filtered(*named[1:]) else None
    ended = ended or _ended(held)
    if ended is not None and not rows[0].get("finish_reason"):
        rows = [{**row, "finish_reason": ended} for row in rows]
    return Exchange(common, rows, REQUEST if key else PAIR, key, _attributes(item), clock, odd)


def _key(item: Item) -> str:
    """What the parts of a call share that come one by one; empty where they share nothing."""
    return f"{item.trace}/{item.span}" if item.trace and item.span else ""


class _Parameters(msgspec.Struct, gc=False):
    """Of what OpenInference writes down of a request, the model that was asked for."""

    model: str = ""


_parameters = msgspec.json.Decoder(_Parameters).decode


def _asked_for(held: Mapping[str, Any]) -> Any:
    """The model by another name than today's; the one that was asked for before the one that answered."""
    given = held.get("llm.invocation_parameters")
    if isinstance(given, str):
        try:
            model = _parameters(given).model
        except (msgspec.MsgspecError, ValueError, RecursionError):
            model = ""
        if model:
            return model
    return next((held[name] for name in _MODELS if held.get(name)), "")


def _attributes(item: Item) -> Mapping[str, Any]:
    """Where principals are looked up: what the resource says holds for all its spans."""
    return {**item.resource, **item.attributes}


def _counted(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> tuple[Any, Any]:
    """Tokens read and written, where the names of today do not say them."""
    usage = held.get("langfuse.observation.usage_details")
    if usage is None:
        return held.get("gen_ai.usage.prompt_tokens"), held.get("gen_ai.usage.completion_tokens")
    usage = messages.decoded(usage, limits, "langfuse.observation.usage_details", odd)
    return (usage.get("input"), usage.get("output")) if isinstance(usage, dict) else (None, None)


def _ended(held: Mapping[str, Any]) -> str | None:
    reasons = held.get("gen_ai.response.finish_reasons", held.get("llm.finish_reason"))
    reason = reasons[0] if isinstance(reasons, list) and reasons else reasons
    return reason if isinstance(reason, str) else None


def _time(item: Item) -> tuple[float | None, str]:
    """When a call began, s: a span's start; a log record's own time, or when it was observed; None if it is no time."""
    for nanoseconds, clock in ((item.began, PAYLOAD), (item.observed, OBSERVED)):
        if 0 < nanoseconds < _LATEST:
            return nanoseconds // 1000 / 1e6, clock  # microseconds are what a float holds
    return None, PAYLOAD


def _told(some: list[Item], source: Source, limits: Limits) -> Exchange:
    """The call, or the half of one, that log records of one span tell of message by message."""
    said = [_message(item, limits) for item in some]
    given = [one for item, one in zip(some, said, strict=True) if _name(item) != "gen_ai.choice"]
    choices = [one for item, one in zip(some, said, strict=True) if _name(item) == "gen_ai.choice"]
    row = {**(messages.asked(given) if given else {}), **(messages.answered(choices) if choices else {})}
    first = some[0]
    time, clock = _time(first)
    name = first.attributes.get("gen_ai.request.model")
    odd = []
    if not name and not source.model:
        name = first.resource.get("service.name") or "unknown"
        odd = ["events of this generation name no model: the service's name stands for it"]
    common = {
        "id": first.span,
        "time": time,
        "model": name or "",
        "trace_id": first.trace,
        "status": 200 if choices else None,
    }
    key = _key(first)
    if source.words_apart:
        key = key if given else ""  # an answer that came in another batch than its question stays by itself
        phase = RESPONSE if key else PAIR
    else:
        key = "" if given and choices else key
        phase = (REQUEST if given else RESPONSE) if key else PAIR
    return Exchange(common, [row], phase, key, _attributes(first), clock, odd)


def _name(item: Item) -> Any:
    return item.name or item.attributes.get("event.name")


def _message(item: Item, limits: Limits) -> dict[str, Any]:
    """One message: its role is in the name of its event unless the body has one."""
    odd: list[str] = []
    body = messages.decoded(item.body, limits, "body", odd)
    body = body if isinstance(body, dict) else {"content": body}
    role = str(_name(item)).split(".")[1]
    return body if role == "choice" else {"role": role, **body}
