import gzip
import io
import json
import random
import sys
import tracemalloc
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import decompress
from streams.files import read_lines, total_bytes

PACKED = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "two members": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]) + b"\0\0",
    "zstd": zstandard.compress,
    "two frames": lambda data: zstandard.compress(data[:7]) + zstandard.compress(data[7:]),
    "skippable frame": lambda data: b"\x50\x2a\x4d\x18\x03\0\0\0abc" + zstandard.compress(data),
}


def numbered(path, **limits):
    """Every line with its number, the rejects, and the last figure of bytes consumed."""
    lines, rejects, consumed = {}, [], 0
    for chunk in read_lines([str(path)], **limits):
        assert chunk.consumed >= consumed
        consumed = chunk.consumed
        lines |= {chunk.first + index: line for index, line in enumerate(chunk.lines)}
        rejects += chunk.rejects
    return lines, rejects, consumed


def expected(data: bytes, limit: int) -> dict[int, bytes]:
    lines = [line.rstrip(b"\r") if b"\r" in data else line for line in data.split(b"\n")]
    return {number: line for number, line in enumerate(lines) if line and len(line) <= limit}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@settings(deadline=None, max_examples=150)
@given(
    lines=st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b"")), max_size=30),
    piece=st.integers(1, 40),
    at_most=st.integers(1, 7),
    form=st.sampled_from(sorted(PACKED)),
)
def test_lines_and_numbers_are_the_same_however_a_file_is_packed_and_cut(folder, lines, piece, at_most, form):
    data = b"\n".join([b"{}", *lines])
    path = folder / "x"
    path.write_bytes(PACKED[form](data))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decompress, "PIECE", piece)
        found, rejects, _ = numbered(path, at_most=at_most, limit_bytes=8)
    assert found == expected(data, 8)
    assert {reject.offset for reject in rejects} == {n for n, line in enumerate(data.split(b"\n")) if len(line) > 8}


def test_windows_line_ends_and_a_byte_order_mark_are_taken_off(folder):
    path = folder / "crlf"
    path.write_bytes(b"\xef\xbb\xbf{}\r\n\r\n[]\r\n")
    assert numbered(path)[0] == {0: b"{}", 2: b"[]"}


def test_a_huge_line_is_rejected_in_constant_memory(folder):
    path = folder / "huge.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b"first\n")
        for _ in range(200):
            out.write(b"x" * (1 << 20))
        out.write(b"\nlast\n")
    tracemalloc.start()
    lines, rejects, consumed = numbered(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == {0: b"first", 2: b"last"}
    assert [(reject.offset, len(reject.value)) for reject in rejects] == [(1, 4096)]
    assert str(200 << 20) in rejects[0].reason
    assert peak < 40 << 20
    assert consumed == path.stat().st_size


def test_a_zstandard_bomb_expands_a_little_at_a_time(folder):
    path = folder / "bomb.zst"
    path.write_bytes(zstandard.compress(b"x" * (300 << 20)))
    assert path.stat().st_size < 64 << 10
    tracemalloc.start()
    lines, rejects, _ = numbered(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not lines
    assert len(rejects) == 1
    assert peak < 128 << 20


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_file_that_ends_too_early_keeps_its_whole_lines_and_says_so(folder, pack):
    rows = b"".join(b"%d %s\n" % (n, random.Random(n).randbytes(40).hex().encode()) for n in range(2000))
    path = folder / "short"
    path.write_bytes(pack(rows)[:-20000])
    lines, rejects, _ = numbered(path)
    assert len(lines) < 2000
    assert lines == {n: line for n, line in expected(rows, 1 << 20).items() if n < len(lines)}
    (reject,) = rejects
    assert reject.offset == len(lines)
    assert "ends in the middle of its" in reject.reason


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_damaged_file_is_a_reject_and_the_next_file_is_read(folder, pack):
    packed = bytearray(pack(bytes(range(32, 127)) * 50 + b"\n"))
    packed[len(packed) // 2 :] = b"\xff" * 40
    bad, good = folder / "bad", folder / "good"
    bad.write_bytes(packed)
    good.write_bytes(b"{}\n")
    chunks = list(read_lines([str(bad), str(good)]))
    assert [chunk.lines for chunk in chunks if chunk.lines] == [[b"{}"]]
    assert any("Zstandard" in one.reason or "gzip" in one.reason for chunk in chunks for one in chunk.rejects)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"]))
def test_no_bytes_raise(folder, data, magic):
    path = folder / "any"
    path.write_bytes(magic + data)
    lines, rejects, consumed = numbered(path)
    assert consumed <= path.stat().st_size
    assert all(lines.values())
    assert all(reject.reason for reject in rejects)


def test_standard_input_is_read_and_has_no_size(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"{}\n[]"))))
    assert total_bytes(["-"]) is None
    assert [chunk.lines for chunk in read_lines(["-"])] == [[b"{}"], [b"[]"]]


def test_sizes_add_up(folder):
    for name in ("a", "b"):
        (folder / name).write_bytes(b"{}\n{}")
    paths = [str(folder / "a"), str(folder / "b")]
    assert total_bytes(paths) == 10
    assert [chunk.consumed for chunk in read_lines(paths)][-1] == 10


def test_parquet_rows_come_as_json(folder):
    path = folder / "rows.parquet"
    times = pa.array([1_767_571_245_000_000_001, None], pa.timestamp("ns"))
    table = pa.table({"id": ["a", "b"], "time": times, "features": [[1.0, float("nan")], [2.0]], "n": [None, 2]})
    pq.write_table(table, path)
    ((first, second),) = [chunk.lines for chunk in read_lines([str(path)])]
    when = datetime.fromtimestamp(1_767_571_245, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert json.loads(first) == {"id": "a", "time": when, "features": [1.0, None]}
    assert json.loads(second) == {"id": "b", "features": [2.0], "n": 2}


def test_parquet_is_cut_into_chunks_with_numbers(folder):
    path = folder / "many.parquet"
    pq.write_table(pa.table({"n": list(range(25))}), path)
    chunks = list(read_lines([str(path)], at_most=10))
    assert [chunk.first for chunk in chunks] == [0, 10, 20]
    assert chunks[-1].consumed == path.stat().st_size


def test_a_damaged_parquet_file_says_so(folder):
    path = folder / "bad.parquet"
    path.write_bytes(b"PAR1" + b"x" * 100)
    ((reject,),) = [chunk.rejects for chunk in read_lines([str(path)])]
    assert "cannot be read as Parquet" in reject.reason
