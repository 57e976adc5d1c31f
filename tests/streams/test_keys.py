import json

from streams.files import Chunk
from streams.keys import keys
from streams.pace import paced


def line(**fields: object) -> bytes:
    return json.dumps({"time": 1.0, "model": "m"} | fields).encode()


def test_each_line_gets_its_principal_and_what_cannot_be_read_gets_none():
    chunk = Chunk("log", 10, [line(principal="u-1"), b"broken", line(), line(principal="u-é")])
    assert keys(chunk) == [b"u-1", None, None, "u-é".encode()]


def test_a_chunk_that_nobody_can_read_has_no_keys():
    assert keys(Chunk("log", 0, [b"x", b"y"])) == [None, None]


def test_a_rate_holds_chunks_back_and_no_rate_does_not():
    chunks = [Chunk("log", n, [b"x"] * 10) for n in range(4)]
    assert list(paced(chunks, 0)) == chunks
    from time import monotonic

    began = monotonic()
    assert list(paced(chunks, 200)) == chunks
    assert 0.14 < monotonic() - began < 2
