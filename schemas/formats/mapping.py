"""Mapping: any JSON whose fields a configuration names, each by its path and type.

What a path does not lead to is missing; what is there but of another type is missing too, and a warning says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.formats.decoded import object_of
from schemas.formats.exchange import PAIR, Exchange
from schemas.formats.lenient import Refused
from schemas.formats.mapped import Mapped, Odd, Place, compiled
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "JSON with field paths in the configuration"
PRINCIPALS = ("principal", "client_ip")


def signs(_one: Message) -> float:
    """None: only the configuration knows it."""
    return 0.0


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The record, or the rows, of one object."""
    mapped = compiled(source.fields, source.features)
    if not mapped.fields and not mapped.features:
        raise Refused("the configuration says of no field where it stands: [source.fields]")
    document = object_of(one.value, limits)
    if mapped.rows is None:
        warnings: list[str] = []
        return [Exchange(_values(mapped, document, None, warnings), (), PAIR, "", document, warnings=warnings)]
    return _rows(mapped, mapped.rows, document, limits)


def _rows(mapped: Mapped, place: Place, document: Mapping[str, Any], limits: Limits) -> list[Exchange]:
    rows = _looked_up([place], document, None, [])[place.name]
    if not isinstance(rows, list):
        raise Refused("there must be a list of rows here", f"$.{place.path}")
    if len(rows) > limits.features:
        raise Refused(f"there are more than {limits.features} rows", f"$.{place.path}")
    warnings: list[str] = []
    values = [_values(mapped, document, row, warnings) for row in rows]
    if not values:
        return []
    return [Exchange(values[0], values, PAIR, "", document, warnings=list(dict.fromkeys(warnings)))]


def _values(mapped: Mapped, document: Any, row: Any, warnings: list[str]) -> dict[str, Any]:
    values = _looked_up(mapped.fields, document, row, warnings)
    if mapped.features:
        values["features"] = _looked_up(mapped.features, document, row, warnings)
    return values


def _looked_up(places: Sequence[Place], document: Any, row: Any, warnings: list[str]) -> dict[str, Any]:
    values = {}
    for name, path, get, convert in places:
        found = get(document, row)
        if convert is not None and found is not None:
            try:
                found = convert(found)
            except Odd as odd:
                warnings.append(f"$.{path}: {odd}")
                found = None
        values[name] = found
    return values
