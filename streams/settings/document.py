"""The configuration in writing: the commented default file, and the table of ``docs/configuration.md``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from streams.settings.connections import Outlet, Source
from streams.settings.load import PREFIX
from streams.settings.models import UserModel
from streams.settings.parameters import names, parameters
from streams.settings.sections import Manifest, Protect, Settings
from streams.settings.spans import BurnInLength, seconds, written

BEGIN, END = "<!-- generated from streams/settings: make fix -->", "<!-- end -->"

_EXAMPLES = {  # of keys that have no default
    "name": '"soc"', "url": '"https://soc.example/alerts"', "model": '"fraud"', "file": '"fraud.manifest"',
    "path": '"fraud.onnx"',
}  # fmt: skip


def default_file() -> str:
    """Return ``tidegate.toml`` with every key, what it means, and its default commented out."""
    out = ["# tidegate.toml: every key at its default. Remove the # in front of what you change.",
           f"# The environment wins: {PREFIX}KAFKA__BROKERS='[\"b1:9092\"]'.", ""]  # fmt: skip
    for name, field in Settings.model_fields.items():
        out.append(f"# {field.description}")
        if name == "detectors":
            out += [line for detector in names() for line in _detector_lines(detector)]
        else:
            out += list(_section_lines(name, field.default))
        out.append("")
    return "\n".join(out)


def reference_table() -> str:
    """Return the Markdown table of all keys: key, default, meaning."""
    rows = ["| key | default | meaning |", "| --- | --- | --- |"]
    for key, field, default in _keys():
        rows.append(f"| `{key}` | {_code(field, default)} | {_escaped(field.description or '')} |")
    for name in names():
        rows.append(f"| `detectors.{name}.enabled` | `true` | whether it watches |")
        for key, one in parameters(name).items():
            rows.append(f"| `detectors.{name}.{key}` | `{json.dumps(one.default)}` | {_escaped(one.meaning)} |")
    return "\n".join(rows)


def refreshed(page: str) -> str:
    """Return ``page`` with a fresh table between its two marks.

    Raises
    ------
    ValueError
        if a mark is missing
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN!r} ... {END!r}")
    return f"{before}{BEGIN}\n{reference_table()}\n{END}{after}"


def _keys() -> Iterator[tuple[str, FieldInfo, Any]]:
    for name, field in Settings.model_fields.items():
        if name == "detectors":
            continue
        for path, inner in _fields(_model(name, field.default)):
            yield f"{name}.{path}", inner, inner.default


def _model(name: str, default: Any) -> type[BaseModel]:
    """The model of a section; lists of tables are told by their name."""
    lists: dict[str, type[BaseModel]] = {
        "source": Source, "outlet": Outlet, "manifest": Manifest, "protect": Protect, "classifier": UserModel,
    }  # fmt: skip
    return lists[name] if name in lists else type(default)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for key, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield from ((f"{key}.{path}", inner) for path, inner in _fields(type(field.default)))
        else:
            yield key, field


def _section_lines(name: str, default: Any) -> Iterator[str]:
    many = isinstance(default, list)
    yield f"{'# ' if many else ''}{'[[' if many else '['}{name}{']]' if many else ']'}"
    for path, field in _fields(_model(name, default)):
        yield f"# {path} = {_toml(path, field)}    # {field.description}"


def _detector_lines(name: str) -> Iterator[str]:
    yield f"# [detectors.{name}]"
    yield "# enabled = true"
    for key, one in parameters(name).items():
        yield f"# {key} = {json.dumps(one.default)}    # {one.meaning}"


def _toml(path: str, field: FieldInfo) -> str:
    if field.is_required():
        return _EXAMPLES[path]
    return '""' if field.default is None else json.dumps(_plain(field, field.default))


def _plain(field: FieldInfo, value: Any) -> Any:
    """A default as one writes it."""
    if isinstance(value, BurnInLength):
        return str(value)
    if BeforeValidator(seconds) in field.metadata:
        return written(value)
    return str(value) if isinstance(value, Path) else value


def _code(field: FieldInfo, default: Any) -> str:
    if field.is_required():
        return "required"
    return "none" if default is None else f"`{json.dumps(_plain(field, default))}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
