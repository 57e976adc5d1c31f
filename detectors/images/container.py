"""Containers: what an image file says of itself, without decoding a pixel.

PNG, JPEG, GIF and WebP are walked block by block: size, texts (PNG text chunks, EXIF, XMP, JPEG and GIF comments), and
how many bytes stand behind the end, where viewers never look. Work is bounded whatever the bytes are.

References
----------
PNG: W3C Recommendation, 2003, https://www.w3.org/TR/png/. JPEG: ITU T.81, 1992. GIF89a, 1990. WebP: RFC 9649, 2024.
"""

import re
import zlib
from typing import NamedTuple

BLOCKS = 20_000  # that are walked
TEXT = 1 << 16  # bytes of one text, and of all of them
PAYLOADS = (b"PK\x03\x04", b"%PDF", b"MZ", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"#!", b"<?php", b"<script", b"\x1f\x8b")
_PLAIN = re.compile(rb"[\x20-\x7e\t\r\n]{8,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\t\r\n]\x00){8,}")
_TAG = re.compile(r"<[^<>]{0,200}>")


class Container(NamedTuple):
    """What a file says.

    Attributes
    ----------
    kind : PNG, JPEG, GIF or WEBP; empty if none of them
    width, height : pixels, 0 if it does not say
    texts : in metadata, and behind the end
    behind : bytes behind the end
    payload : whether these begin like an archive, a document or a program
    """

    kind: str
    width: int
    height: int
    texts: tuple[str, ...]
    behind: int
    payload: bool


def opened(data: bytes) -> Container:
    """Walk a file; never raises."""
    for kind, magic, walk in _WALKS:
        if data.startswith(magic):
            try:
                width, height, texts, end = walk(data)
            except (IndexError, ValueError, zlib.error):
                return Container(kind, 0, 0, (), 0, payload=False)
            rest = data[end:]
            found = [text for text in (_clean(t) for t in texts) if len(text) >= 4]
            found += [t for t in map(_clean, _printable(rest[:TEXT])) if len(t) >= 16]
            payload = rest[:64].lstrip(b"\0\r\n ").startswith(PAYLOADS)
            return Container(kind, width, height, tuple(found[:64]), len(rest), payload)
    return Container("", 0, 0, (), 0, payload=False)


def _number(data: bytes, at: int, size: int, order: str = "big") -> int:
    if at + size > len(data):
        raise IndexError("the file ends")
    return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")


def _png(data: bytes) -> tuple[int, int, list[str], int]:
    width, height, at = _number(data, 16, 4), _number(data, 20, 4), 8
    texts: list[str] = []
    for _ in range(BLOCKS):
        if at + 12 > len(data):
            break
        size, name = _number(data, at, 4), data[at + 4 : at + 8]
        if name in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            texts += _png_text(name, data[at + 8 : at + 8 + min(size, TEXT)])
        at += 12 + size
        if name == b"IEND":
            break
    return width, height, texts, min(at, len(data))


def _png_text(name: bytes, body: bytes) -> list[str]:
    if name == b"eXIf":
        return _printable(body)
    _, _, rest = body.partition(b"\0")
    if name == b"tEXt":
        return [rest.decode("latin-1")]
    if name == b"zTXt":
        return [_inflated(rest[1:]).decode("latin-1")]
    packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
    return [(_inflated(text) if packed else text).decode("utf-8", "replace")]


def _inflated(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body, TEXT)


def _jpeg(data: bytes) -> tuple[int, int, list[str], int]:
    width = height = 0
    texts: list[str] = []
    at = 2
    for _ in range(BLOCKS * 10):
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return width, height, texts, len(data)
        mark = data[at + 1]
        if mark == 0xD9:
            return width, height, texts, at + 2
        if mark in (0x00, 0xFF, 0x01) or 0xD0 <= mark <= 0xD8:
            at += 1 if mark == 0xFF else 2
            continue
        size = _number(data, at + 2, 2)
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = _number(data, at + 5, 2), _number(data, at + 7, 2)
        elif mark == 0xFE:
            texts.append(data[at + 4 : at + 2 + size].decode("utf-8", "replace"))
        elif mark == 0xE1 and len(texts) < 64:
            texts += _printable(data[at + 4 : at + 2 + size])
        at += 2 + size
    return width, height, texts, len(data)


def _gif(data: bytes) -> tuple[int, int, list[str], int]:
    width, height, flags = _number(data, 6, 2, "little"), _number(data, 8, 2, "little"), data[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    texts: list[str] = []
    for _ in range(BLOCKS):
        if data[at] == 0x3B:
            return width, height, texts, at + 1
        comment = data[at : at + 2] == b"\x21\xfe"
        if data[at] == 0x2C:
            at += 11 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0)
        else:
            at += 2
        said, at = _gif_blocks(data, at)
        texts += [said.decode("utf-8", "replace")] if comment else []
    return width, height, texts, len(data)


def _gif_blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """Sub-blocks from ``at`` on: their beginning, and where they end."""
    said = b""
    for _ in range(BLOCKS * 10):
        size = data[at]
        if not size:
            break
        said += data[at + 1 : at + 1 + size] if len(said) < TEXT else b""
        at += 1 + size
    return said, at + 1


def _webp(data: bytes) -> tuple[int, int, list[str], int]:
    if data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    end, at = min(8 + _number(data, 4, 4, "little"), len(data)), 12
    width = height = 0
    texts: list[str] = []
    for _ in range(BLOCKS):
        if at + 8 > end:
            break
        name, size = data[at : at + 4], _number(data, at + 4, 4, "little")
        if name == b"VP8X":
            width, height = _number(data, at + 12, 3, "little") + 1, _number(data, at + 15, 3, "little") + 1
        elif name == b"VP8 " and not width:
            width, height = _number(data, at + 14, 2, "little") & 0x3FFF, _number(data, at + 16, 2, "little") & 0x3FFF
        elif name == b"VP8L" and not width:
            bits = _number(data, at + 9, 4, "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif name in (b"EXIF", b"XMP "):
            texts += _printable(data[at + 8 : at + 8 + min(size, TEXT)])
        at += 8 + size + (size & 1)
    return width, height, texts, end


def _printable(blob: bytes) -> list[str]:
    """Runs of letters in bytes, one or two bytes a letter."""
    blob = blob[:TEXT]
    wide = [run.decode("utf-16-le") for run in _WIDE.findall(blob)]
    return [run.decode("ascii") for run in _PLAIN.findall(blob)] + wide


def _clean(text: str) -> str:
    return " ".join(_TAG.sub(" ", text[:TEXT]).split())


_WALKS = (("PNG", b"\x89PNG\r\n\x1a\n", _png), ("JPEG", b"\xff\xd8\xff", _jpeg), ("GIF", b"GIF8", _gif),
          ("WEBP", b"RIFF", _webp))  # fmt: skip
