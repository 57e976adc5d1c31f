"""Parameters into SQL: ``{name:Type}`` becomes a literal that cannot be anything but a value.

The native protocol's driver knows no typed parameters and the embedded engine no other way to take them, so both get
finished statements made here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import numpy as np

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*):([A-Za-z0-9_()]+)\}")
_LAST_SECOND = 2**32 - 1


class Unrenderable(ValueError):
    """A parameter that is missing, too many, of another type than the statement says, or out of its range."""


def render(statement: str, parameters: Mapping[str, object]) -> str:
    """Return ``statement`` with a literal for each ``{name:Type}``.

    Parameters
    ----------
    parameters : by name. ``String`` and ``Array(String)`` take str; ``UInt64`` a whole number; ``Float64`` any number;
        ``DateTime`` and ``DateTime64(3)`` s since the epoch or a datetime with a zone

    Raises
    ------
    Unrenderable : names what is wrong; values are not repeated in the message
    """
    places = _PLACE.findall(statement)
    names = {name for name, _ in places}
    if names != set(parameters):
        raise Unrenderable(f"the statement takes {sorted(names)} and was given {sorted(parameters)}")
    literals = {}
    for name, kind in places:
        if kind not in _LITERALS:
            raise Unrenderable(f"parameter {name} has type {kind}, which has no literal here")
        try:
            literals[name, kind] = _LITERALS[kind](parameters[name])
        except (TypeError, ValueError, OverflowError):
            raise Unrenderable(f"parameter {name} must be a {kind}") from None
    return _PLACE.sub(lambda place: literals[place[1], place[2]], statement)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    clean = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "'" + "".join(map(_escaped, clean)) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    return f"\\x{ord(character):02x}" if character < " " or character == "\x7f" else character


def _strings(value: object) -> str:
    if not isinstance(value, list | tuple):
        raise TypeError
    return "CAST([" + ", ".join(map(_string, value)) + "], 'Array(String)')"


def _whole(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value < 2**64:
        raise TypeError
    return str(int(value))


def _float(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError
    return f"toFloat64({float(value)!r})"


def _seconds(value: object) -> float:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError
        value = value.timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
        raise TypeError
    return float(value)


def _moment(value: object) -> str:
    return f"toDateTime({int(_seconds(value))}, 'UTC')"


def _fine_moment(value: object) -> str:
    moment = datetime.fromtimestamp(_seconds(value), UTC)
    return f"toDateTime64('{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}', 3, 'UTC')"


_LITERALS: dict[str, Callable[[object], str]] = {
    "String": _string,
    "Array(String)": _strings,
    "UInt64": _whole,
    "Float64": _float,
    "DateTime": _moment,
    "DateTime64(3)": _fine_moment,
}
