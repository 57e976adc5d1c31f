"""Provenance: where in an entry each field of a record stood, found by looking for its value."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from schemas.formats import lenient
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.record import Record

LEAVES = 4000  # values of an entry that are looked at
DEEPEST = 12
_TIMES = ("time", "date", "timestamp", "ts", "created", "start", "asctime", "nano")


def places(pairs: Iterable[tuple[Message, Record]], names: Sequence[str]) -> dict[str, str]:
    """For each field the path at which most of the entries have its value; fields that are nowhere are left out."""
    found: dict[str, Counter[str]] = {}
    for message, record in pairs:
        leaves = list(_leaves(message))
        for name in names:
            value = getattr(record, name)
            if value not in (None, "", "unknown") and (path := _place(name, value, leaves)):
                found.setdefault(name, Counter())[path] += 1
    return {name: counts.most_common(1)[0][0] for name, counts in found.items()}


def _leaves(message: Message) -> Iterator[tuple[str, Any]]:
    """Every value of an entry with its path: of its JSON, of its headers, its key, its topic."""
    try:
        document = msgspec.json.decode(message.value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        document = None
    yield from islice(_within("$", document, 0), LEAVES)
    for name, value in message.headers.items():
        yield from islice(_within(f"header {name}", value, 0), LEAVES)
    if message.key:
        yield "key", message.key.decode("utf-8", "replace")


def _within(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if value is None or depth > DEEPEST:
        return
    yield path, value
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value, path = msgspec.json.decode(value), f"{path} (JSON)"
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _within(f"{path}.{name}", inner, depth + 1)
    elif isinstance(value, list):
        for i, inner in enumerate(value[:64]):
            yield from _within(f"{path}[{i}]", inner, depth + 1)


def _place(name: str, value: Any, leaves: Sequence[tuple[str, Any]]) -> str:
    """The path of the value: that of the same name if there is one, else the shortest; nothing if that is chance."""
    same = [path for path, leaf in leaves if _same(name, value, path, leaf)]
    if not same:
        return ""
    last = [path for path in same if path.rpartition(".")[2].lower() == name]
    if last:
        return min(last, key=len)
    if isinstance(value, int | float) and name != "time" and len({path.rpartition(".")[2] for path in same}) > 1:
        return ""
    return min(same, key=len)


def _same(name: str, value: Any, path: str, leaf: Any) -> bool:
    if name == "time":
        last = path.rpartition(".")[2].lower()
        return any(word in last for word in _TIMES) and _when(leaf) == value
    if isinstance(value, bool) or isinstance(leaf, bool):
        return value is leaf
    if isinstance(value, int | float):
        return isinstance(leaf, int | float | str) and lenient.number(leaf) == value
    if isinstance(value, str) and not isinstance(leaf, str):
        return isinstance(leaf, int | float) and lenient.text(leaf) == value
    return bool(leaf == value)


def _when(leaf: Any) -> float:
    try:
        return lenient.seconds(leaf)
    except Refused:
        return -1.0
