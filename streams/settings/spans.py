"""Spans of time and shares of a stream as people write them: ``90s``, ``15m``, ``1d``, ``20%``."""

import math
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer
from pydantic_settings import NoDecode

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}

_SPAN = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(ms|[smhdw])?\s*")
_SHARE = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%\s*")


def seconds(value: object) -> float:
    """Seconds from ``90``, ``"90"``, ``"90s"``, ``"15m"``, ``"2h"``, ``"1d"`` or ``"1w"``.

    Raises
    ------
    ValueError
        if it is nothing of the kind, negative or not finite
    """
    if isinstance(value, str):
        found = _SPAN.fullmatch(value)
        if found is None:
            raise ValueError(f'{value!r} is no span of time; right would be "90s", "15m", "2h", "1d" or seconds')
        return float(found[1]) * UNITS[found[2] or "s"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f'{value!r} is no span of time; right would be "90s", "15m", "2h", "1d" or seconds')
    return float(value)


def written(span: float) -> str:
    """Return the shortest exact form of ``span`` seconds: 5400 is ``"90m"``, 86400 is ``"1d"``."""
    for unit in ("w", "d", "h", "m", "s"):
        count = span / UNITS[unit]
        if count.is_integer() and (count > 1 or unit != "w") and count >= 1:
            return f"{int(count)}{unit}"
    return f"{span:g}s"


@dataclass(frozen=True, slots=True)
class BurnInLength:
    """How long the clean period lasts: seconds of record time, or a share of the records.

    Attributes
    ----------
    seconds : s of record time from a model's first record; None if a share was asked for
    share : in (0, 1), of all records, possible only where their number is known (``scan``); None otherwise
    """

    seconds: float | None = 86400.0
    share: float | None = None

    def __str__(self) -> str:
        """Return it as one writes it in the configuration."""
        return f"{self.share * 100:g}%" if self.share is not None else written(self.seconds or 0.0)


def burn_in_length(value: object) -> BurnInLength:
    """Read ``"1d"``, ``"20%"`` or a number of seconds.

    Raises
    ------
    ValueError
        if it is none of these, or a share outside 0-100 %
    """
    if isinstance(value, BurnInLength):
        return value
    if isinstance(value, str) and (found := _SHARE.fullmatch(value)):
        share = float(found[1]) / 100
        if not 0 < share < 1:
            raise ValueError(f'{value!r} leaves nothing to watch; right would be a share such as "20%"')
        return BurnInLength(seconds=None, share=share)
    try:
        return BurnInLength(seconds=seconds(value))
    except ValueError:
        raise ValueError(f'{value!r} is no burn-in; right would be "1d", "6h", "20%" or seconds') from None


Span = Annotated[float, BeforeValidator(seconds), PlainSerializer(written, return_type=str)]
BurnIn = Annotated[BurnInLength, NoDecode, BeforeValidator(burn_in_length), PlainSerializer(str, return_type=str)]


def alerts_per_day(value: object) -> float:
    """Read a budget: ``10``, ``"10"`` or ``"10/day"``; also ``"2/week"`` and ``"1/hour"``.

    Raises
    ------
    ValueError
        if it is no positive rate
    """
    text = str(value).strip().removesuffix(" ")
    number, _, unit = text.partition("/")
    days = {"": 1.0, "day": 1.0, "d": 1.0, "week": 7.0, "w": 7.0, "hour": 1 / 24, "h": 1 / 24}.get(unit.strip())
    try:
        rate = float(number) if days is not None and not isinstance(value, bool) else math.nan
    except ValueError:
        rate = math.nan
    if days is None or not math.isfinite(rate) or rate <= 0:
        raise ValueError(f'{value!r} is no budget; right would be "10/day" or a number of alerts a day above 0')
    return rate / days


Budget = Annotated[float, BeforeValidator(alerts_per_day)]
