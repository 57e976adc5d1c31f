"""Bytes of Protocol Buffers: what was written is found in order, and what is broken is named with its byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats.lenient import Refused
from schemas.formats.protobuf import FIXED32, FIXED64, LEAF, LENGTH, VARINT, Grammar, walk
from tests.schemas.formats.telemetry.otlp import varint

TREE = Grammar({"node": {1: LEAF, 2: LEAF, 3: "node", 4: LEAF, 5: "quiet"}, "quiet": {1: LEAF}}, {"quiet"})


def field(number: int, value: int | bytes, kind: int = LENGTH) -> bytes:
    tag = varint(number << 3 | kind)
    if isinstance(value, bytes):
        return tag + (varint(len(value)) if kind == LENGTH else b"") + value
    return tag + varint(value)


def test_rows_say_what_stands_where() -> None:
    inner = field(1, b"deep")
    data = field(1, b"name") + field(9, b"ignored") + field(3, inner) + field(2, -1, VARINT)
    code = TREE.code
    assert walk(data, TREE, "node") == [
        (code("node", 1), 2, 6),
        (code("node", 3), 17, 23),
        (code("node", 1), 19, 23),
        (code("node", 2, VARINT), -1, len(data)),
    ]
    assert data[19:23] == b"deep"


def test_a_quiet_message_has_no_row_of_its_own() -> None:
    assert walk(field(5, field(1, b"x")), TREE, "node") == [(TREE.code("quiet", 1), 4, 5)]


def test_fixed_numbers_are_ranges_of_bytes() -> None:
    data = field(4, b"12345678", FIXED64) + field(4, b"1234", FIXED32)
    assert walk(data, TREE, "node") == [(TREE.code("node", 4, FIXED64), 1, 9), (TREE.code("node", 4, FIXED32), 10, 14)]


def test_a_field_of_another_kind_has_another_code() -> None:
    assert walk(field(1, 7, VARINT), TREE, "node")[0][0] != TREE.code("node", 1)
    assert walk(field(3, 7, VARINT), TREE, "node") == [(TREE.code("node", 3, VARINT), 7, 2)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x0a\x05abc", "a field runs over the end of its message at byte 0"),
        (b"\x0a\x01a\x80", "a number runs over the end at byte 3"),
        (b"\xff" * 11, "a number runs over the end at byte 0"),
        (b"\x0b", "there is no such field or type at byte 0"),
        (b"\x02\x00", "there is no such field or type at byte 0"),
        (field(3, b"\x0a\x09a"), "a field runs over the end of its message at byte 2"),
        (b"\x21123", "a field runs over the end of its message at byte 0"),
        (b"\x0a" + b"\xff" * 9 + b"\x01", "a field runs over the end of its message at byte 0"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_with_its_byte(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        walk(data, TREE, "node")


def test_a_tower_of_messages_is_refused() -> None:
    data = b""
    for _ in range(40):
        data = field(3, data)
    with pytest.raises(Refused, match="nested too deep"):
        walk(data, TREE, "node", depth=32)
    assert len(walk(data, TREE, "node", depth=40)) == 40


def test_more_fields_than_there_is_memory_for_are_refused() -> None:
    with pytest.raises(Refused, match="more than 262144 fields"):
        walk(field(2, 0, VARINT) * 262_145, TREE, "node")
    assert len(walk(field(2, 0, VARINT) * 262_144, TREE, "node")) == 262_144


@given(st.lists(st.one_of(st.integers(-(2**63), 2**63 - 1), st.binary(max_size=40)), max_size=20))
def test_everything_written_is_found_in_order(values: list[int | bytes]) -> None:
    data = b"".join(field(1, v) if isinstance(v, bytes) else field(2, v, VARINT) for v in values)
    found = walk(data, TREE, "node")
    assert [data[a:b] if code == TREE.code("node", 1) else a for code, a, b in found] == values


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_rows_within_them(data: bytes) -> None:
    try:
        found = walk(data, TREE, "node")
    except Refused:
        return
    assert all(0 <= b <= len(data) for _, _, b in found)
