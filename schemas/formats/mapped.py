"""Mapped: where each field of a record stands in somebody's JSON, as a configuration says it, ready to be looked up.

``"body.user.id"`` is a path; a name that has dots itself is found as well, a number picks from a list, and a text that
holds JSON is looked into. ``" as TYPE"`` behind it says what is there, ``"const:fraud"`` stands for itself, and for
``features``, ``probabilities`` and ``logits`` several paths between commas make a list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from schemas.formats import lenient
from schemas.record import Record

ROWS = "rows"  # of a mapping: a list each of whose elements is a record; "row.x" looks into the element
SCALES = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
LISTS = frozenset({"features", "probabilities", "logits"})

Get = Callable[[Any, Any], Any]
Convert = Callable[[Any], Any]


class Odd(ValueError):
    """A value that is not of the type that the configuration says."""


class Place(NamedTuple):
    """Where one value stands and what it is: ``get(document, row)``, then ``convert``, which may raise ``Odd``."""

    name: str
    path: str
    get: Get
    convert: Convert | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """Places of a record's fields, of its named features, and of the rows, if an entry holds several."""

    fields: tuple[Place, ...]
    features: tuple[Place, ...]
    rows: Place | None


@lru_cache(64)
def compiled(fields: tuple[tuple[str, str], ...], features: tuple[tuple[str, str], ...]) -> Mapped:
    """Places of a configuration.

    Raises
    ------
    ValueError : a name that no record has, an unknown type, an empty path; in words, with what would be right
    """
    known = {*Record.__struct_fields__, ROWS}
    for name, _ in fields:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise ValueError(f"a record has no field {name!r}{f', but {near[0]!r}' if near else ''}")
    made = {name: _place(name, written) for name, written in fields}
    if features and "features" in made:
        raise ValueError("features stand either in [source.fields] or by name in [source.features], not in both")
    rows = made.pop(ROWS, None)
    return Mapped(tuple(made.values()), tuple(_place(name, written) for name, written in features), rows)


def _place(name: str, written: str) -> Place:
    path, _, kind = written.partition(" as ")
    path, kind = path.strip(), kind.strip()
    if not path:
        raise ValueError(f"{name} has no path")
    kinds = TIMES if name == "time" else TYPES
    if kind and kind not in kinds:
        raise ValueError(f"{written!r}: {kind!r} is no type here; there are {', '.join(kinds)}")
    convert = kinds[kind] if kind else None
    if path.startswith("const:"):
        value = path.removeprefix("const:")
        return Place(name, path, lambda _document, _row: value, convert)
    if "," in path and name in LISTS:
        parts = [_getter(part.strip()) for part in path.split(",")]
        return Place(name, path, lambda document, row: [get(document, row) for get in parts], convert)
    return Place(name, path, _getter(path), convert)


def _getter(path: str) -> Get:
    row = path.startswith("row.")
    path = path.removeprefix("row.")
    parts = path.split(".")
    if len(parts) == 1 and not row:
        return lambda document, _row: document.get(path)
    first, second = parts[0], parts[-1]

    def short(document: Any, element: Any) -> Any:
        inner = document.get(first)
        found = inner.get(second) if type(inner) is dict else None
        return get(document, element) if found is None else found

    def get(document: Any, element: Any) -> Any:
        start = found = element if row else document
        for part in parts:
            if type(found) is dict:
                found = found.get(part)
            elif found is None:
                break
            else:
                found = _inside(found, part)
        if found is None and type(start) is dict:
            return start.get(path)
        return found

    return short if len(parts) == 2 and not row else get


def _inside(found: Any, part: str) -> Any:
    """An element of a list, or a field of JSON that came as text."""
    if isinstance(found, str) and found[:1] in ("{", "["):
        try:
            found = msgspec.json.decode(found)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        if isinstance(found, dict):
            return found.get(part)
    if isinstance(found, list) and part.lstrip("-").isdecimal() and len(part) < 8:
        at = int(part)
        return found[at] if -len(found) <= at < len(found) else None
    return None


def _number(value: Any) -> float:
    if type(value) is float and value - value == 0.0:  # finite
        return value
    number = lenient.number(value)
    if number != number:  # noqa: PLR0124  # NaN
        raise Odd(f"{_kind(value)} is no number")
    return number


def _whole(value: Any) -> int:
    number = _number(value)
    if not number.is_integer():
        raise Odd("is no whole number")
    return int(number)


def _truth(value: Any) -> float:
    if isinstance(value, bool):
        return float(value)
    word = lenient.text(value).lower()
    if word in ("true", "yes", "1", "t", "y"):
        return 1.0
    if word in ("false", "no", "0", "f", "n"):
        return 0.0
    raise Odd(f"{_kind(value)} is neither true nor false")


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Odd("text is no JSON") from None


def _category(value: Any) -> str:
    return lenient.text(value, 256)


def _numbers(value: Any) -> Any:
    """A list out of text between commas, spaces or semicolons, as CSV bodies have it."""
    if not isinstance(value, str):
        return value
    return [lenient.number(part) for part in value.replace(",", " ").replace(";", " ").split()]


def _scaled(scale: float) -> Convert:
    return lambda value: _number(value) / scale


def _kind(value: Any) -> str:
    words = {str: "text", dict: "an object", list: "a list", bool: "a truth value", type(None): "nothing"}
    return words.get(type(value), "a value")


TYPES: Mapping[str, Convert] = {
    "number": _number, "whole": _whole, "text": lenient.text, "category": _category, "truth": _truth, "json": _json,
    "numbers": _numbers,
}  # fmt: skip
TIMES: Mapping[str, Convert] = {
    **{unit: _scaled(scale) for unit, scale in SCALES.items()}, "text": lenient.text, "auto": lambda value: value,
}  # fmt: skip
