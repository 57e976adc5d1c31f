"""Problems of a configuration in plain words: what is wrong and what would be right."""

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from streams.settings.sections import Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_RIGHT = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "string": 'text in quotes, such as "traffic"',
    "list": 'a list, such as ["a", "b"]',
    "dict": "a table",
    "model": "a table",
    "path": "a path in quotes",
}


def words(error: "ErrorDetails", *above: str) -> str:
    """One sentence about one of pydantic's errors; ``above`` is the section that was checked alone."""
    kind, place = error["type"], (*above, *error["loc"])
    if kind == "extra_forbidden":
        return unknown_key(str(place[-1]), _siblings(place))
    if kind == "missing":
        return "is missing, and there is no default"
    context = error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    value = repr(error["input"])
    value = value if len(value) <= 60 else value[:57] + "..."
    if kind == "literal_error":
        return f"{value} is not known; right would be {context['expected']}"
    right = _RIGHT.get(kind.partition("_")[0])
    if kind == "list_type" and isinstance(error["input"], dict):
        right = f"[[{'.'.join(map(str, place))}]], since there may be several"
    if right and kind.endswith(("_type", "_parsing", "_from_float")):
        return f"{value} is of the wrong kind; right would be {right}"
    message = error["msg"][:1].lower() + error["msg"][1:]
    return f"{value}: {message.replace('input should', 'it should')}"


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Say that ``key`` is unknown, and the nearest right name if one is near."""
    names = list(known)
    near = nearest(key, names)
    return f'unknown key; did you mean "{near}"?' if near else f"unknown key; known are {', '.join(sorted(names))}"


def nearest(key: str, names: Iterable[str]) -> str | None:
    """The name most like ``key``, None if none is much like it."""
    found = difflib.get_close_matches(key, list(names), n=1, cutoff=0.6)
    return found[0] if found else None


def _siblings(place: tuple[int | str, ...]) -> list[str]:
    """Names that would have been right where ``place`` ends."""
    model: Any = Settings
    for part in place[:-1]:
        if isinstance(part, str):
            model = _inner(model.model_fields[part].annotation)
    return list(model.model_fields)


def _inner(annotation: Any) -> Any:
    """The section model inside ``Model`` or ``list[Model]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(inner for inner in annotation.__args__ if isinstance(inner, type) and issubclass(inner, BaseModel))
