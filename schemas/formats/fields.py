"""Fields: a record as it was found, with names of any type, and how it becomes a Record."""

from hashlib import blake2b
from typing import Any

import msgspec

from schemas.formats import lenient
from schemas.formats.rules import Limits, Source
from schemas.record import Record, type_of_features


class Fields(msgspec.Struct, gc=False, kw_only=True):
    """The fields of a Record where writers differ from it: ids that are numbers, times as text, nulls.

    Decoding into it is the second try, nearly as fast as the first. The arrays have the types of ``Record``.
    """

    id: str | int | float | None = ""
    time: str | float | None = None
    model: str | int | float | None = ""
    version: str | int | float | None = ""
    principal: str | int | float | None = ""
    tenant: str | int | float | None = ""
    features: type_of_features = None
    probabilities: list[float | None] | dict[str, float | None] | None = None
    logits: list[float | None] | None = None
    label: str | int | float | None = None
    value: float | None = None
    prompt: str | None = None
    messages: list[dict[str, Any]] | None = None
    completion: str | None = None
    image_b64: str | None = None
    latency_ms: str | float | None = None
    tokens_in: str | float | None = None
    tokens_out: str | float | None = None
    status: str | float | None = None
    client_ip: str | int | float | None = ""
    user_agent: str | int | float | None = ""
    session: str | int | float | None = ""
    trace_id: str | int | float | None = ""
    finish_reason: str | int | float | None = ""
    phase: str | int | float | None = ""
    request_id: str | int | float | None = ""


_LENGTHS = {  # characters, as the bounds of Record
    "id": 256,
    "model": 128,
    "version": 128,
    "principal": 256,
    "tenant": 128,
    "client_ip": 256,
    "user_agent": 512,
    "session": 256,
    "trace_id": 256,
    "finish_reason": 128,
    "phase": 128,
    "request_id": 256,
}


def found(values: dict[str, Any], limits: Limits) -> Fields:
    """Return the fields of a decoded object, whatever their types.

    Raises
    ------
    schemas.formats.lenient.Refused : features, probabilities or logits are of no known form
    """
    known = {name: values[name] for name in Fields.__struct_fields__ if name in values}
    known["features"] = lenient.features(known.get("features"), limits)
    known["probabilities"] = lenient.probabilities(known.get("probabilities"), limits)
    known["logits"] = lenient.numbers(known.get("logits"), "$.logits", limits)
    known["messages"] = lenient.messages(known.get("messages"))
    if known.get("value") is not None:
        known["value"] = lenient.number(known["value"])
    for name in ("prompt", "completion", "image_b64"):
        if known.get(name) is not None:
            known[name] = lenient.text(known[name])
    for name, length in _LENGTHS.items():
        known[name] = lenient.text(known.get(name), length)
    return Fields(**known)


def record(fields: Fields, source: Source) -> Record:
    """Make a Record, with what ``source`` says of what is missing. The principal stays as it was found.

    Raises
    ------
    schemas.formats.lenient.Refused : no time, or no model and none configured
    """
    names: list[Any] = [getattr(fields, name) for name in _LENGTHS]
    if set(map(type, names)) != {str} or len(max(names, key=len)) > 128:
        names = [lenient.text(name, length) for name, length in zip(names, _LENGTHS.values(), strict=True)]
    id_, model, version, principal, tenant, client_ip, user_agent, session, trace_id, ended, phase, request_id = names
    if not (model or source.model):
        raise lenient.Refused("the model is missing, and the source's configuration names none", "$.model")
    return Record(
        id=id_,
        time=lenient.seconds(fields.time),
        model=model or source.model,
        version=version,
        principal=principal,
        tenant=tenant,
        features=fields.features,
        probabilities=fields.probabilities,
        logits=fields.logits,
        label=None if fields.label is None else lenient.label(fields.label),
        value=fields.value,
        prompt=fields.prompt,
        messages=fields.messages,
        completion=fields.completion,
        image_b64=fields.image_b64,
        latency_ms=None if fields.latency_ms is None else lenient.duration(fields.latency_ms),
        tokens_in=None if fields.tokens_in is None else lenient.count(fields.tokens_in),
        tokens_out=None if fields.tokens_out is None else lenient.count(fields.tokens_out),
        status=None if fields.status is None else lenient.count(fields.status),
        client_ip=client_ip,
        user_agent=user_agent,
        session=session,
        trace_id=trace_id,
        finish_reason=ended,
        phase=phase,
        request_id=request_id,
    )


def id_of(value: bytes) -> str:
    """Return the id of a record that has none: 32 hex digits of its bytes, so that re-reading gives the same."""
    return blake2b(value, digest_size=16, person=b"tidegate.record").hexdigest()
