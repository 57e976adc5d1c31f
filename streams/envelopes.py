"""Envelopes: messages of a topic as tools write them to a file, with key, headers and time beside the value.

``kcat -J`` writes ``{"topic", "partition", "offset", "ts", "headers": ["name", "value", ...], "key", "payload"}``;
headers may also be an object, and binary values may come as ``payload_b64``.
"""

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from schemas.formats.message import Around


class _Envelope(msgspec.Struct, gc=False):
    """One message in JSON."""

    topic: str
    offset: int
    partition: int = 0
    ts: int | float | None = None
    timestamp: int | float | None = None
    headers: list[Any] | dict[str, Any] | None = None
    key: Any = None
    payload: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    value: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    payload_b64: str | None = None


class Opened(NamedTuple):
    """The value that was in an envelope, and what stood around it."""

    value: bytes
    around: Around


_decode = msgspec.json.Decoder(_Envelope).decode
_HEAD = re.compile(rb"\A\{(?=[^\n]*\"offset\"\s*:)(?=[^\n]*\"(?:payload|value|payload_b64)\"\s*:)[^\n]*\"topic\"\s*:")


def enveloped(entry: bytes) -> bool:
    """Whether an entry is a message in an envelope."""
    return bool(_HEAD.match(entry[:65_536].replace(b"\n", b" "))) and opened(entry) is not None


def opened(entry: bytes) -> Opened | None:
    """The message of an entry; None if it is no envelope."""
    try:
        found = _decode(entry)
        value = _value(found)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if value is None:
        return None
    time = found.ts if found.ts is not None else found.timestamp
    return Opened(
        value,
        Around(
            None if time is None else int(time),
            _bytes(found.key),
            tuple(_headers(found.headers)),
            found.topic,
        ),
    )


def _value(found: _Envelope) -> bytes | None:
    if found.payload_b64 is not None:
        return b64decode(found.payload_b64)
    raw = found.payload if found.payload is not msgspec.UNSET else found.value
    if not isinstance(raw, msgspec.Raw):
        return None
    text = bytes(raw)
    if text[:1] == b'"':
        said: str = msgspec.json.decode(text)
        return said.encode("utf-8", "surrogatepass")
    return b"" if text == b"null" else text


def _bytes(value: Any) -> bytes | None:
    if value is None:
        return None
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else msgspec.json.encode(value)


def _headers(written: list[Any] | dict[str, Any] | None) -> Iterable[tuple[str, bytes | None]]:
    if isinstance(written, dict):
        yield from ((name, _bytes(value)) for name, value in written.items())
    elif written and all(isinstance(one, list | dict) for one in written):
        for one in written:  # [[name, value], ...] or [{name: value}, ...]
            pairs = one.items() if isinstance(one, dict) else [one] if len(one) == 2 else []
            yield from ((str(name), _bytes(value)) for name, value in pairs)
    elif written:
        yield from ((str(name), _bytes(value)) for name, value in zip(written[::2], written[1::2], strict=False))
