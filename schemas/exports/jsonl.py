"""Alerts as JSON lines: the form of files, of topic ``tidegate.alerts`` and of ``body`` in table ``alerts``."""

import math
from typing import Any

import msgspec

from schemas.alert import Alert

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Alert)
_NUMBERS = ("score", "threshold", "budget_paid", "confidence")


def encode(alert: Alert) -> bytes:
    """Return one JSON object without a line end. Every field is there, in the order of ``Alert``.

    JSON has no NaN and no infinity: they are written as null.
    """
    return _encoder.encode(alert)


def decode(line: bytes | str) -> Alert:
    """Undo :func:`encode`; fields that are not known here are left out, a number that is null is NaN.

    Raises
    ------
    msgspec.DecodeError : not an alert
    """
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:
        return msgspec.convert(_without_nulls(msgspec.json.decode(line)), Alert)


def _without_nulls(fields: Any) -> Any:
    if not isinstance(fields, dict):
        return fields
    numbers: dict[str, Any] = {name: math.nan for name in _NUMBERS if fields.get(name, 0) is None}
    whys = fields.get("why", [])
    if isinstance(whys, list):
        numbers["why"] = [_known(why) if isinstance(why, dict) else why for why in whys]
    return fields | numbers


def _known(why: dict[str, Any]) -> dict[str, Any]:
    return {name: math.nan if value is None and name in ("value", "typical") else value for name, value in why.items()}
