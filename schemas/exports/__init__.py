"""Alerts out: one module for each encoding that other systems read. One line in ``EXPORTS`` adds one."""

from collections.abc import Callable
from importlib import import_module

from schemas.alert import Alert

EXPORTS = {
    "jsonl": "schemas.exports.jsonl",
    "ocsf": "schemas.exports.ocsf",
}


def encoder(name: str) -> Callable[[Alert], bytes]:
    """Return the function that encodes one alert; KeyError if there is no such encoding."""
    encode: Callable[[Alert], bytes] = import_module(EXPORTS[name]).encode
    return encode
