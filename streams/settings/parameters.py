"""Check the ``[detectors.NAME]`` tables against the detectors' own dataclasses."""

import dataclasses
import inspect
import pkgutil
import re
import typing
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pydantic import TypeAdapter, ValidationError

from streams.settings.places import Place
from streams.settings.words import unknown_key, words

_DESCRIBED = re.compile(r"^(\w+) : (.*(?:\n    .*)*)$", re.MULTILINE)

Tables = Mapping[str, Mapping[str, Any]]


def names() -> list[str]:
    """Names of all detectors, found as files, without importing them."""
    spec = find_spec("detectors.library")
    folders = spec.submodule_search_locations if spec else None
    return sorted(found.name for found in pkgutil.iter_modules(folders))


def checked(tables: Tables) -> tuple[dict[str, dict[str, Any]], list[tuple[Place, str]]]:
    """Return the tables with every value of its parameter's type, and what is wrong with them, each with its path."""
    made: dict[str, dict[str, Any]] = {}
    problems: list[tuple[Place, str]] = []
    known = names()
    for name, table in tables.items():
        if name not in known:
            problems.append((("detectors", name), unknown_key(name, known).replace("unknown key", "unknown detector")))
            continue
        made[name] = {}
        for key, value in table.items():
            try:
                made[name][key] = _converted(name, key, value)
            except ValidationError as error:
                problems.append((("detectors", name, key), words(error.errors()[0])))
            except KeyError:
                right = ["enabled", *parameters(name)]
                problems.append((("detectors", name, key), unknown_key(key, right)))
    return made, problems


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a detector: its type, its default, and what its docstring says of it."""

    kind: Any
    default: Any
    meaning: str


def parameters(name: str) -> dict[str, Parameter]:
    """Return the parameters of detector ``name``, in the order of its dataclass."""
    kind = import_module(f"detectors.library.{name}").DETECTOR
    hints = typing.get_type_hints(kind)
    said = dict(_DESCRIBED.findall(inspect.getdoc(kind) or ""))
    return {
        field.name: Parameter(hints[field.name], field.default, " ".join(said.get(field.name, "").split()))
        for field in dataclasses.fields(kind)
        if field.init
    }


def _converted(name: str, key: str, value: object) -> Any:
    kind = bool if key == "enabled" else parameters(name)[key].kind
    return TypeAdapter(kind).validate_python(value)
