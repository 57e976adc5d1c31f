"""Where a key stands in a TOML file: the line that an error message names."""

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\-\"']+(?:\s*\.\s*[A-Za-z0-9_\-\"']+)*)\s*=")

Place = tuple[str | int, ...]


def lines(text: str) -> dict[Place, int]:
    """Line (from 1) of each key and table of a valid TOML text, by path: ``("source", 0, "topic")``.

    Keys inside inline tables and inside strings of several lines are not looked for; ``line`` falls back to what
    holds them.
    """
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _resolve(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def line(places: dict[Place, int], place: Place) -> int | None:
    """Line of ``place``, or of the nearest table around it; None if nothing of it is in the file."""
    for end in range(len(place), 0, -1):
        if place[:end] in places:
            return places[place[:end]]
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _resolve(parts: tuple[str, ...], counts: dict[Place, int]) -> Place:
    """Insert the current index behind each list of tables on the way to, but not at, the last part."""
    place: Place = ()
    for part in parts[:-1]:
        place = (*place, part)
        if place in counts:
            place = (*place, counts[place])
    return (*place, parts[-1])
