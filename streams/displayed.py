"""Displayed: CloudEvents as ``event-display`` prints them, which ``kubectl logs`` of it shows; as objects again.

References
----------
https://github.com/cloudevents/sdk-go/blob/main/v2/event/event.go
"""

from collections.abc import Iterator

import msgspec

BEGIN = "\N{CLOUD}".encode()  # of the line above each event
_SECTIONS = (b"Context Attributes,", b"Extensions,", b"Data,")
_DATA = b"Data,"


def displayed(begin: bytes) -> bool:
    """Whether a text begins as an event that was printed."""
    return begin.startswith(BEGIN) and b"cloudevent" in begin.partition(b"\n")[0].lower()


def events(pieces: Iterator[bytes], limit: int) -> Iterator[tuple[bytes, int]]:
    """Each event as JSON, and how long it was; of one over the limit, its beginning."""
    length = 0
    lines: list[bytes] = []
    for line in _lines(pieces, limit):
        if line.startswith(BEGIN) and lines:
            yield _object(lines) if length <= limit else lines[0], length
            lines, length = [], 0
        if length <= limit:
            lines.append(line)
        length += len(line) + 1
    if lines:
        yield _object(lines) if length <= limit else lines[0], length


def _lines(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Lines without their ends, each cut behind the limit."""
    begun = b""
    for piece in pieces:
        first, *others = piece.split(b"\n")
        begun += first[: max(0, limit + 1 - len(begun))]
        for other in others:
            yield begun.rstrip(b"\r")
            begun = other[: limit + 1]
    if begun:
        yield begun


def _object(lines: list[bytes]) -> bytes:
    """One event; a line that belongs to no section is left out."""
    event: dict[str, object] = {}
    section, data = b"", b""
    for i, line in enumerate(lines):
        if line.strip() in _SECTIONS:
            section = line.strip()
            if section == _DATA:
                data = b"\n".join(lines[i + 1 :]).strip()
                break
        elif section:
            name, _, value = line.strip().partition(b":")
            event[name.decode("utf-8", "replace")] = value.strip().decode("utf-8", "replace")
    try:
        event["data"] = msgspec.Raw(data) if msgspec.json.decode(data) is not None else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        event["data"] = data.decode("utf-8", "replace")
    return msgspec.json.encode(event)
