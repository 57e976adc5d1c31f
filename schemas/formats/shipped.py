"""Lines as log shippers wrap them: Fluent Bit puts a container's line under ``log``, Vector under ``message``."""

from typing import Any

from schemas.formats.decoded import json_of
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

_UNDER = ("log", "message", "MESSAGE", "body", "line")


def unwrapped(value: bytes, limits: Limits) -> str:
    """The line itself, without what a shipper put around it."""
    if value.lstrip()[:1] == b"{":
        try:
            found = json_of(value, limits)
        except Refused:
            return value.decode("utf-8", "replace")
        name = under(found)
        if name:
            line: str = found[name]
            return line
    return value.decode("utf-8", "replace")


def under(found: Any) -> str:
    """The name under which a shipper put a line, empty if this is no such object."""
    if not isinstance(found, dict):
        return ""
    return next((name for name in _UNDER if isinstance(found.get(name), str)), "")
