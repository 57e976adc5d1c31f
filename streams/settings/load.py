"""Read ``tidegate.toml`` and the environment; say in plain words what is wrong, where, and what would be right."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from streams.settings.callers import told
from streams.settings.parameters import checked
from streams.settings.places import Place, line, lines
from streams.settings.sections import Settings
from streams.settings.words import nearest, unknown_key, words

DEFAULT = Path("tidegate.toml")
PREFIX = "TIDEGATE_"


class Invalid(Exception):
    """The configuration cannot be used: one sentence a problem, each with file, line and key."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def load(path: Path | None = None, **overrides: Mapping[str, Any]) -> Settings:
    """Return the settings from ``path``, the environment, and ``overrides`` of single keys by section.

    ``path`` None means ``tidegate.toml`` in this directory if it is there, else defaults only. The environment wins
    over the file, ``overrides`` (``budget={"alerts_per_day": 2}``, from command-line options) win over both.

    Raises
    ------
    Invalid
        naming every problem at once
    """
    text = _read(path)
    name = str(path or DEFAULT)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid([f"{name}: not TOML: {error}"]) from None
    at = _Whereabouts(name, text)
    problems = list(_unknown_variables(os.environ))
    try:
        settings = Settings(**table)
    except SettingsError as error:
        raise Invalid([*problems, _unreadable_variable(error)]) from None
    except ValidationError as error:
        raise Invalid([*problems, *(f"{at(e['loc'])}: {words(e)}" for e in error.errors())]) from None
    tables, wrong = checked(settings.detectors)
    problems += [f"{at(place)}: {what}" for place, what in wrong]
    if problems:
        raise Invalid(problems)
    tables = told(settings.own_reference, tables)
    return _overridden(settings.model_copy(update={"detectors": tables}), overrides)


def _overridden(settings: Settings, overrides: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Settings with single keys of sections replaced, checked as if the file had said them."""
    for section, keys in overrides.items():
        current = getattr(settings, section)
        try:
            changed = type(current).model_validate({**dict(current), **keys})
        except ValidationError as error:
            raise Invalid(
                f"option for {section}.{_dotted(e['loc'])}: {words(e, section)}" for e in error.errors()
            ) from None
        settings = settings.model_copy(update={section: changed})
    return settings


def _read(path: Path | None) -> str:
    if path is None and not DEFAULT.exists():
        return ""
    path = path or DEFAULT
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Invalid([f"{path}: no such file; docs/tidegate.toml shows every key"]) from None
    except UnicodeDecodeError as error:
        raise Invalid([f"{path}: not UTF-8 text at byte {error.start}"]) from None
    except OSError as error:
        raise Invalid([f"{path}: cannot be read: {error.strerror}"]) from None


def _dotted(place: Place) -> str:
    return ".".join(str(part) for part in place)


class _Whereabouts:
    """From a path of keys to ``file:line: key`` or the environment variable that set it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.places = lines(text)

    def __call__(self, place: Place) -> str:
        variable = PREFIX + "__".join(str(part).upper() for part in place)
        for name in os.environ:
            if name.upper() == variable or variable.startswith(name.upper() + "__"):
                return f"environment variable {name}"
        number = line(self.places, place)
        return f"{self.name}:{number}: {_dotted(place)}" if number else f"{self.name}: {_dotted(place)}"


def _unknown_variables(environment: Mapping[str, str]) -> Iterable[str]:
    """Name variables of ours whose first part is no section; those without ``__`` may be an orchestrator's."""
    for name in environment:
        section = name.upper().removeprefix(PREFIX).partition("__")[0].lower()
        if name.upper().startswith(PREFIX) and "__" in name and section not in Settings.model_fields:
            yield f"environment variable {name}: {unknown_key(section, Settings.model_fields)}"


def _unreadable_variable(error: SettingsError) -> str:
    field = str(error).partition('"')[2].partition('"')[0]
    variable = nearest(PREFIX + field.upper(), [name for name in os.environ if name.upper().startswith(PREFIX)])
    right = '[{"topic": "traffic"}]' if field == "source" else "JSON"
    return f"environment variable {variable or PREFIX + field.upper()}: not JSON; right would be such as {right}"
