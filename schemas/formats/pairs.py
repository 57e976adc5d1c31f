"""Pairs: whole calls of logs that keep the request's body and the answer's beside each other."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.formats.bodies.answered import sums_to_one
from schemas.formats.bodies.body import Body
from schemas.formats.exchange import NOTHING, PAIR, PAYLOAD, REQUEST, RESPONSE, Exchange, joined
from schemas.formats.logged import body_of, decoded
from schemas.formats.rules import Limits


def called(
    common: Mapping[str, Any],
    request: object,
    response: object,
    limits: Limits,
    *,
    attributes: Mapping[str, Any] = NOTHING,
    warnings: tuple[str, ...] = (),
) -> Exchange:
    """The call of two bodies, each as text, as bytes, decoded, as :class:`Body`, or missing.

    What ``common`` says wins over what the bodies say.
    """
    asked, answered = _half(request, REQUEST, limits), _half(response, RESPONSE, limits)
    if len(asked.rows) == 1 < len(answered.rows):
        answered = answered._replace(rows=_of_one(answered.rows))
    whole = joined(asked, answered)
    said = {name: value for name, value in common.items() if value not in (None, "")}
    both = {**attributes, **whole.attributes}
    odd = [*dict.fromkeys([*whole.warnings, *warnings])]
    return Exchange({**whole.common, **said}, whole.rows, PAIR, "", both, PAYLOAD, odd)


def _half(written: object, phase: str, limits: Limits) -> Exchange:
    if isinstance(written, Body):
        body = written
    elif isinstance(written, str | bytes) and written:
        value = written.encode("utf-8", "surrogatepass") if isinstance(written, str) else written
        body = body_of(value, limits, phase=phase)
    elif isinstance(written, dict | list) and written:
        body = decoded(written, phase, limits)
    else:
        body = Body(phase)
    common: dict[str, Any] = {"model": body.model, "version": body.version}
    common = {name: value for name, value in common.items() if value}
    attributes = {"parameters": body.parameters} if body.parameters else NOTHING
    return Exchange(common, body.rows, phase, "", attributes, PAYLOAD, body.warnings)


def _of_one(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """A bare list of numbers that sum to one, answered to one input, is its probabilities, not many inputs' values.

    So is a list of classes, each with its score.
    """
    values = [row.get("value") if set(row) == {"value"} else None for row in rows]
    if sums_to_one(values):
        return [{"probabilities": values}]
    classes = {row.get("label"): (row.get("probabilities") or ())[-1:] for row in rows}
    scores = [one for each in classes.values() for one in each]
    if len(classes) == len(rows) == len(scores) and all(isinstance(name, str) for name in classes):
        return [{"probabilities": dict(zip(classes, scores, strict=True))}] if sums_to_one(scores) else rows
    return rows
