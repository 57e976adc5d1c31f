"""A partition of halves that is killed at any moment and read again: the same calls at the same places."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.formats import calls
from schemas.formats.exchange import Exchange
from schemas.formats.reading import Half
from schemas.formats.refusals import opened
from schemas.formats.rules import LIMITS, SOURCE
from schemas.formats.versions import Versions
from schemas.pairing import Call, Pairing
from schemas.record import Reject
from streams.batches import RecordBatch, TopicPartition
from streams.origins import Origins
from streams.pairing import Table
from streams.retention import Retention
from streams.router import TICKED
from streams.routing import Row
from streams.snapshots import Snapshots

TP = TopicPartition("halves", 0)
START = 1_767_571_245.0


def message(offset: int, name: str, value: bytes, key: bytes, place: int, stamp: float) -> Any:
    """A message as a router wrote it."""
    said = place.to_bytes(8, "big") + int(stamp * 1000).to_bytes(8, "big")
    return SimpleNamespace(offset=offset, key=key, value=value, headers=[(name, said)], timestamp=1)


def messages(steps: list[tuple[Any, ...]]) -> list[Any]:
    """Halves, some of them written twice by the router, and words on progress."""
    made: list[Any] = []
    for i, (kind, number, time) in enumerate(steps):
        if kind == "word":
            word = msgspec.msgpack.encode((START + time, {"source/0": START + time}))
            made.append(message(len(made), TICKED, word, b"", i, START + time))
            continue
        row = {"features": [1.0, 2.0]} if kind == "request" else {"probabilities": [0.5, 0.5]}
        version = str(i % 3) if kind == "response" else ""  # only answers say which version it was
        exchange = Exchange({"id": f"r{number}", "model": "m", "version": version}, [row], kind, f"k{number}")
        content = calls.content(Half(exchange, i, START + time, 0, "u-1"), "source")
        for _ in range(1 + i % 2):
            made.append(
                message(len(made), "from:source/0", calls.packed(content), content.key.encode(), i, START + time)
            )
    return made


def table(folder: Path) -> Table:
    from concurrent.futures import ThreadPoolExecutor

    keep = Retention(Snapshots(folder, key=b"k"), TP, interval=1e9, thread=ThreadPoolExecutor(1))
    return Table(TP, {"source": SOURCE}, LIMITS, keep, lambda: Pairing(window=30, room=4000))


STEPS = st.lists(
    st.tuples(st.sampled_from(["request", "response", "word"]), st.integers(0, 8), st.integers(0, 200)),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.data())
def test_what_a_killed_agent_writes_again_is_what_it_wrote(tmp_path_factory: pytest.TempPathFactory, steps, data):
    sent = messages(steps)
    folder = tmp_path_factory.mktemp("snapshots")
    expected = table(folder).take(RecordBatch(TP, sent)) if sent else []
    store, written, committed = Snapshots(folder, key=b"k"), [], 0
    for _ in range(4):
        one = table(folder)
        begin = one.restore(committed or None)
        begin = committed if begin is None else begin
        end = data.draw(st.integers(committed, len(sent)))
        for first in range(begin, end, 3):
            written += one.take(RecordBatch(TP, sent[first : min(end, first + 3)]))
        committed = data.draw(st.integers(committed, max(committed, end)))
        if committed == end and end and data.draw(st.booleans()):
            store.write(*TP, end, one.state())
    one = table(folder)
    begin = one.restore(committed or None)
    rest = sent[committed if begin is None else begin :]
    written += one.take(RecordBatch(TP, rest)) if rest else []
    assert taken(written) == expected


def taken(rows: list[Row]) -> list[Row]:
    """What a worker takes of what was written."""
    origins = Origins()
    headers = [one.place.to_bytes(8, "big") + one.stamp.to_bytes(8, "big") for one in rows]
    raws = [SimpleNamespace(headers=[("from:halves/0", value)], timestamp=1) for value in headers]
    return [row for row, raw in zip(rows, raws, strict=True) if origins.fresh(raw)]


def test_bytes_that_are_no_half_are_refused_where_a_worker_counts_them(tmp_path):
    one = table(tmp_path)
    (row,) = one.take(RecordBatch(TP, [message(5, "from:source/0", b"\xff", b"k", 1, START)]))
    reject = opened(Reject(9, "records", 2, "not a record"), row.value)
    assert (reject.offset, reject.topic, reject.value) == (9, "records", b"\xff")
    assert "no" in reject.reason
    assert "offset 5 of halves/0" in reject.reason


def test_text_that_is_no_utf_8_is_refused_too(tmp_path):
    one = table(tmp_path)
    for name, value in (
        ("from:source/0", b"\x93\xa7request\xa1\xff\xc4\x00"),
        (TICKED, b"\x92\xcb" + bytes(8) + b"\x81\xa1\xff\xca" + bytes(4)),
    ):
        (row,) = one.take(RecordBatch(TP, [message(one.next_offset, name, value, b"k", one.next_offset + 1, START)]))
        assert json.loads(row.value)["tidegate"] == "reject"


def test_numbers_of_more_than_64_bits_go_on_as_what_a_message_can_hold():
    row = {"features": {"a": 10**30, "b": 1}, "messages": [{"role": "user", "content": [{"n": -(2**70)}]}]}
    exchange = Exchange({"id": "r", "model": "m", "time": START, "status": 2**64}, [row], "request", "k")
    one = calls.content(Half(exchange, 0, START, 0, "u-1"), "source")
    (made,) = calls.read(Call("request", "k", START, one.body), {"source": SOURCE}, LIMITS, Versions())
    assert made.features == {"a": 1e30, "b": 1.0}
    assert (made.principal, made.status) == ("u-1", None)


def test_words_that_are_no_times_move_no_clock(tmp_path):
    one = table(tmp_path)
    for value in (b"", b"\xc1", msgspec.msgpack.encode((float("inf"), {})), msgspec.msgpack.encode((1.0, {"a": "x"}))):
        (row,) = one.take(RecordBatch(TP, [message(one.next_offset, TICKED, value, b"", 0, START)]))
        assert json.loads(row.value)["tidegate"] == "reject"
    assert one.pairing.clock == 0.0
