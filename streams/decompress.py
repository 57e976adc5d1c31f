"""Files as pieces of plain bytes: as they are, gzip, Zstandard; told by their first bytes, in constant memory."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

PIECE = 4 << 20  # bytes of a piece, at most; also what a compressed file may expand to between two pieces
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE = b"\x2a\x4d\x18"  # behind one byte 0x50-0x5f
_WINDOW = 128 << 20  # bytes that a Zstandard frame may ask to look back


class Broken(Exception):
    """A file ends too early or is not what it began as; what was read before is good."""


class Counted:
    """A stream that knows how far it was read.

    Attributes
    ----------
    consumed : bytes read so far
    head : the first bytes, read ahead
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.consumed = 0
        self.head = raw.read(4)
        self._ahead = self.head

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, empty only at the end."""
        if self._ahead:
            data, self._ahead = self._ahead, b""
        else:
            data = self._raw.read(size)
        self.consumed += len(data)
        return data


def pieces(stream: Counted) -> Iterator[bytes]:
    """Plain bytes of ``stream``, at most about ``PIECE`` at a time.

    Raises
    ------
    Broken
        with the reason in plain words, after everything that could be read
    """
    if stream.head.startswith(_GZIP):
        yield from _gzip(stream)
    elif stream.head == _ZSTD or stream.head[1:] == _ZSTD_SKIPPABLE:
        yield from _zstd(stream)
    else:
        while data := stream.read(PIECE):
            yield data


def _gzip(stream: Counted) -> Iterator[bytes]:
    """Members one after the other; zeros behind the last are padding, as gzip itself has it."""
    member = zlib.decompressobj(31)
    data = b""
    while data or (data := stream.read(256 << 10)):
        try:
            piece = member.decompress(data, PIECE)
        except zlib.error as error:
            raise Broken(f"its gzip data are damaged: {error}") from None
        if piece:
            yield piece
        data = member.unconsumed_tail
        if member.eof:
            data = member.unused_data.lstrip(b"\0")
            member = zlib.decompressobj(31)
            if not data and not (data := stream.read(256 << 10).lstrip(b"\0")):
                return
    raise Broken("it ends in the middle of its gzip data")


def _zstd(stream: Counted) -> Iterator[bytes]:
    """Frames one after the other, fed 1 KiB at a time: a block of 4 bytes can stand for 128 KiB."""
    context = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    frame, started, size = context.decompressobj(), False, 0
    kept: list[bytes] = []
    while data := stream.read(1 << 10):
        while data:
            try:
                piece = frame.decompress(data)
            except zstandard.ZstdError as error:
                yield b"".join(kept)
                raise Broken(f"its Zstandard data are damaged: {error}") from None
            kept.append(piece)
            size += len(piece)
            data, started = b"", True
            if frame.eof:
                data, frame, started = frame.unused_data, context.decompressobj(), False
            if size >= PIECE:
                yield b"".join(kept)
                kept, size = [], 0
    yield b"".join(kept)
    if started:
        raise Broken("it ends in the middle of its Zstandard data")
