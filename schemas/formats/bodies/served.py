"""Bodies of model servers, told apart by the names in them: a content type is the client's word and often wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.formats.bodies import mlflow, seldon, spoken, v1, v2
from schemas.formats.bodies.body import REQUEST, RESPONSE, Body, name_of
from schemas.formats.decoded import json_of
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

HEAD = "inference-header-content-length"


def read(value: bytes, limits: Limits, *, phase: str = "", headers: Mapping[str, str] | None = None) -> Body:
    """Read a body in the protocol that its names are of.

    Parameters
    ----------
    phase : ``request`` or ``response``, where that is known
    headers : of HTTP, as far as they were kept: the length of the JSON before binary tensors

    Raises
    ------
    Refused : no body of a known protocol, with the byte or the field
    """
    head = head_of(headers) if headers and HEAD in headers else -1
    if head >= 0 or v2.binary(value):
        return v2.read(value, limits, head=head, phase=phase)
    known = v2.repeated(value, limits, phase=phase)
    if known:
        return known
    if spoken.stream(value):
        return spoken.of(value.decode("utf-8", "replace"), limits, phase)
    try:
        found: Any = v2.document(value, limits)
    except Refused:
        found = json_of(value, limits)  # says where it ends to be JSON
    if isinstance(found, dict) and v2.mine(found):
        return v2.of(found, limits, phase=phase, whole=value)
    return of(found, limits, phase)


def of(found: Any, limits: Limits, phase: str = "") -> Body:
    """Return the body of a decoded document.

    Raises
    ------
    Refused : no known protocol has such names
    """
    if not isinstance(found, dict):
        if isinstance(found, list) and phase == RESPONSE:
            return spoken.of(found, limits, phase) if spoken.pieces(found) else mlflow.of(found, limits)
        raise Refused("a body must be an object with named fields", "$")
    if v2.mine(found):
        return v2.of(found, limits, phase=phase)
    for mine, read_as in _KINDS:
        if mine(found):
            return read_as(found, limits, phase)
    names = ", ".join(sorted(str(name)[:32] for name in list(found)[:4]))
    raise Refused(f"no known protocol has a body with these names: {names or 'none'}", "$")


def _generated(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("text_input", found.get("text_output")), str)


def _generate(found: Mapping[str, Any]) -> Body:
    """A body of V2's extension for text, ``/generate``."""
    id_, model, version = (name_of(found.get(name)) for name in ("id", "model_name", "model_version"))
    if "text_input" in found:
        return Body(REQUEST, ({"prompt": found["text_input"]},), id_, model, version)
    return Body(RESPONSE, ({"completion": found["text_output"]},), id_, model, version)


def _failed(found: Mapping[str, Any]) -> bool:
    return "error" in found


_KINDS: tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any], Limits, str], Body]], ...] = (
    (mlflow.mine, lambda found, limits, phase: mlflow.of(found, limits)),
    (spoken.mine, spoken.of),
    (seldon.mine, lambda found, limits, phase: seldon.of(found, limits, phase or REQUEST)),
    (v1.mine, lambda found, limits, phase: v1.of(found, limits)),
    (_generated, lambda found, limits, phase: _generate(found)),
    (_failed, lambda found, limits, phase: Body(RESPONSE, ({},), status=500)),
)


def head_of(headers: Mapping[str, str]) -> int:
    """Return how much JSON is before binary tensors, -1 where the headers do not say it."""
    said = headers.get(HEAD, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1
