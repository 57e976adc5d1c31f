import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import Watched
from detectors.outputs.canaries import Canaries
from detectors.outputs.leaks import CANARY, CERTAIN, COUNT, ITEMS, MARK, NO_ANSWER, SECRET, Reader, found
from schemas.later import Later
from schemas.record import Record

SALT = b"salt"
KEY = "AKIA" + "Q3ZR7LKW2PT5VXYJ"
READER = Reader(SALT, Watched(Canaries(["planted-token-77"])))


def record(answer, **fields):
    return Record(time=0.0, model="chat", completion=answer, **fields)


def test_different_items_are_counted_and_known_again_however_they_are_written():
    (row, again) = READER.of_records(
        [record("ada@engine.org, 91.198.174.192 and ADA@engine.org"), record("Write to Ada@Engine.org")]
    )
    assert row[COUNT] == 2
    assert again[ITEMS][0] == row[ITEMS][0] > 0
    assert row[CERTAIN] == row[MARK] == 0
    assert Reader(b"another").of_records([record("ada@engine.org")])[0, ITEMS.start] != again[ITEMS.start]


def test_what_is_certain_is_told_apart_from_items():
    secret, canary = READER.of_records([record(f"use {KEY}"), record(f"planted-token-77 and {KEY}")])
    assert secret[CERTAIN] == SECRET
    assert canary[CERTAIN] == CANARY
    assert secret[MARK] not in (0, canary[MARK])
    assert secret[COUNT] == canary[COUNT] == 0


def test_what_the_caller_wrote_itself_is_no_leak():
    parts = [{"role": "user", "content": [{"type": "text", "text": f"is {KEY} a key?"}]}]
    assert not found(record(f"{KEY} is one", prompt=f"what is {KEY}"))
    assert not found(record(f"{KEY} is one", messages=parts))
    assert not found(record(f"{KEY} is one", messages=[{"role": "user", "content": KEY}]))
    assert found(record(f"{KEY} is one", messages=[{"role": "user"}], prompt="a key, please"))


def test_records_without_an_answer_have_no_row_and_are_not_decoded():
    items = [b'{"time": 0, "model": "m", "label": "a"} no record at all', msgspec.json.encode(record("no"))]
    made = READER.of_records(Later(items, np.zeros(2)))
    assert made[0, COUNT] == NO_ANSWER
    assert (made[1] == 0).all()
    assert (READER.of_records([record(None), record("")])[:, COUNT] == NO_ANSWER).all()


@given(st.lists(st.text(max_size=80) | st.none(), max_size=6))
def test_a_row_depends_on_its_own_record_only(answers):
    records = [record(answer) for answer in answers]
    whole = READER.of_records(records)
    for one, row in zip(records, whole, strict=True):
        assert READER.of_records([one])[0].tobytes() == row.tobytes()
