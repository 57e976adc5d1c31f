"""The lenient reading: values of any type, as a hostile or careless writer leaves them, into the fields of a Record."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from schemas.arrays import Unusable, checked, packed
from schemas.formats.depth import deeper
from schemas.formats.rules import Limits
from schemas.principal import shortened
from schemas.record import LATEST

_NUMBERS = {float, type(None)}
_SCALARS = {float, str, bool, type(None)}


class Refused(ValueError):
    """A value that no record can be made of; ``path`` is where it stands, as a JSON path."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.path = path


def seconds(value: object) -> float:
    """Return seconds since the epoch from a number, a numeric string or an RFC 3339 string.

    Numbers above 1e11, 1e14 and 1e17 are ms, us and ns: no log has a time beyond the year 5138. A string without a
    zone is UTC, as is one that says so behind it, as BigQuery writes it.

    Raises
    ------
    Refused : not a time, or not between 1970 and 2100
    """
    when = _moment(value) if isinstance(value, str) else _scaled(_float(value))
    if not 0 <= when < LATEST:  # NaN is neither
        raise Refused("the time is missing, not a time, or not between 1970 and 2100", "$.time")
    return when


def _scaled(number: float) -> float:
    for power in (17, 14, 11):
        if number > 10.0**power:
            return number / 10.0 ** (power - 8)
    return number


def _moment(text: str) -> float:
    try:
        return _scaled(float(text))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return math.nan


def _float(value: object) -> float:
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.copysign(math.inf, value)
    return math.nan


def text(value: object, limit: int = 0) -> str:
    """Return any value as a string of at most ``limit`` characters: a number as it reads, a list as its JSON.

    Lone surrogates become U+FFFD, so that the string can be encoded later.
    """
    if value is None:
        return ""
    found = value if type(value) is str else _json(value)
    if not found.isascii():
        found = found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return shortened(found, limit) if limit and len(found) > limit else found


def _json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):  # msgpack knows values that JSON does not
        return type(value).__name__


def number(value: object) -> float:
    """Return a number from a number, a truth value or a numeric string; NaN, which is counted as bad, from the rest."""
    if isinstance(value, str) and len(value) < 64:
        try:
            return float(value)
        except ValueError:
            return math.nan
    return _float(value)


def count(value: object) -> int | None:
    """Return a whole number from 0 to 2**31 - 1, or None."""
    found = number(value)
    return int(found) if 0 <= found < 2**31 else None


def duration(value: object) -> float | None:
    """Return milliseconds from 0 to 1e9, or None."""
    found = number(value)
    return found if 0 <= found <= 1e9 else None


def numbers(value: object, path: str, limits: Limits) -> list[float | None] | None:
    """Return a list of numbers, row-major where lists are nested; what is no number is NaN."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise Refused("features must be a list of numbers, an array form or named values", path)
    flat: list[float | None] = value
    if not set(map(type, value)) <= _NUMBERS:
        flat = []
        _flatten(value, flat)
    if len(flat) > limits.features:
        raise Refused(f"there are more than {limits.features} numbers", path)
    return flat


def _flatten(values: list[Any], flat: list[float | None]) -> None:
    for value in values:
        if isinstance(value, list):
            _flatten(value, flat)
        else:
            flat.append(None if value is None else number(value))


def features(value: object, limits: Limits) -> list[float | None] | dict[str, Any] | None:
    """Return features as a list, as a checked array form, or as named values."""
    if not isinstance(value, dict):
        return numbers(value, "$.features", limits)
    if packed(value):
        try:
            return checked(value, limits.features)
        except Unusable as error:
            raise Refused(str(error), f"$.features{error.path}") from None
    if len(value) > limits.features:
        raise Refused(f"there are more than {limits.features} named values", "$.features")
    if _simple(value):
        return value
    if deeper(value, limits.depth - 1):
        raise Refused(f"objects and lists are nested more than {limits.depth} deep", "$.features")
    return {text(name, 256): _scalar(one) for name, one in value.items()}


def ready(values: dict[str, Any], limits: Limits) -> bool:
    """Tell whether named values, and no array form, can be taken as they are."""
    return len(values) <= limits.features and not packed(values) and _simple(values)


def _simple(values: dict[str, Any]) -> bool:
    """Tell whether nothing needs changing in named values, as is nearly always so."""
    if not _SCALARS.issuperset(map(type, values.values())):
        return False
    words = [*values, *(one for one in values.values() if type(one) is str)]
    return "".join(words).isascii() and len(max(words, key=len, default="")) <= 256


def _scalar(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    return _float(value) if isinstance(value, int | float) else text(value, 256)


def probabilities(value: object, limits: Limits) -> list[float | None] | dict[str, float | None] | None:
    """Return probabilities as a list, or by name of the class."""
    if not isinstance(value, dict):
        return numbers(value, "$.probabilities", limits)
    if len(value) > limits.features:
        raise Refused(f"there are more than {limits.features} classes", "$.probabilities")
    return {text(name, 256): None if one is None else number(one) for name, one in value.items()}


def messages(value: object) -> list[dict[str, Any]] | None:
    """Return chat messages as a list of objects; a bare string counts as one message of the user."""
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    return [_clean(item) if isinstance(item, dict) else {"role": "user", "content": text(item)} for item in items]


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {text(name): _clean(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    whole = isinstance(value, int) and -(2**63) <= value < 2**63
    return value if value is None or whole or isinstance(value, float) else text(value)


def label(value: object) -> str | int | None:
    """Return a label: a whole number as such, anything else as text."""
    if value is None or (type(value) is int and -(2**63) <= value < 2**63):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return text(value, 256)
