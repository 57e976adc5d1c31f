"""Callers whose work is hard subjects: one section that every detector of prompts is told of."""

from collections.abc import Mapping
from typing import Any

from streams.settings.parameters import names, parameters
from streams.settings.sections import OwnReference

WHO, HOW_LONG = "own_reference", "own_days"  # parameters of those detectors that know such callers


def told(own: OwnReference, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Tables of detectors with these callers in each that knows such; what a table says itself stays."""
    made = {name: dict(table) for name, table in tables.items()}
    for name in names() if own.principals else ():
        said = {WHO: own.principals, HOW_LONG: own.days}
        known = parameters(name).keys() & said.keys()
        if known:
            made[name] = {key: said[key] for key in sorted(known)} | made.get(name, {})
    return made
