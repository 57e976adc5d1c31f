"""Parts: bytes of the images in a record, in whatever form chat interfaces put them."""

import binascii
import re
from collections.abc import Iterator, Sequence
from typing import Any

from schemas.record import Record

MOST = 4  # images of one record that are looked at, the last ones
LARGEST = 8 << 20  # bytes of one
MOST_MESSAGES = 256
_DATA = re.compile(r"data:image/[\w.+-]{1,40}(;[\w=.+-]{1,40}){0,4},", re.ASCII)


def parts(record: Record) -> list[bytes]:
    """The images of a record as bytes, at most four; never raises. Addresses are not followed."""
    found = [made for text in _sent(record) if (made := _bytes(text))]
    return found[-MOST:]


def pictured(record: Record) -> bool:
    """Whether a record may hold an image at all."""
    return bool(record.image_b64) or any(isinstance(m.get("content"), list) for m in record.messages or ())


def any_pictured(records: Sequence[Record]) -> bool:
    """Whether some of a slice's records may hold images; those that are still bytes do not."""
    items = getattr(records, "items", records)
    return set(map(type, items)) != {bytes} and any(isinstance(one, Record) and pictured(one) for one in items)


def _sent(record: Record) -> Iterator[str]:
    """Texts that hold images, of what was sent since the model last answered; the last ones first come last."""
    if record.image_b64:
        yield record.image_b64
    since: list[list[str]] = []
    for message in reversed((record.messages or [])[-MOST_MESSAGES:]):
        if message.get("role") == "assistant" and since:
            break
        content = message.get("content")
        if isinstance(content, list):
            since.append([text for part in content[-MOST_MESSAGES:] if (text := _text(part))])
    for some in reversed(since):
        yield from some


def _text(part: Any) -> str:
    """The text that holds an image in one part of a message: of OpenAI's, Anthropic's or Google's form."""
    if not isinstance(part, dict):
        return ""
    place = part.get("image_url") or part.get("source") or part.get("inline_data") or part.get("inlineData")
    if isinstance(place, dict):
        place = place.get("url") or place.get("data")
    return place if isinstance(place, str) and part.get("type") != "text" else ""


def _bytes(text: str) -> bytes:
    """Decode base64, bare or behind ``data:image/...``; nothing where it is an address, too large, or neither."""
    start = 0
    if text[:5].lower() == "data:":
        head = _DATA.match(text[:256])
        if head is None or ";base64" not in head.group().lower():
            return b""
        start = head.end()
    elif "://" in text[:16]:
        return b""
    if len(text) - start > LARGEST * 4 // 3 + 8:
        return b""
    try:
        return binascii.a2b_base64(text[start:].encode("ascii", "ignore"), strict_mode=False)
    except (binascii.Error, ValueError):
        return b""
