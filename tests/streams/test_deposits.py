"""What is laid down is found again, byte by byte, in every store."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import deposits
from streams.deposits import PEAKS, SAMPLE, SETTLEMENT, MemoryDeposits, Place, SinkDeposits, packed, patiently, unpacked
from streams.sinks.api import Refused, Unavailable
from streams.sinks.embedded import Embedded
from streams.sinks.migrations import migrate

PLACE = Place("traffic", "fraud", "3", 0)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    sink = Embedded(tmp_path_factory.mktemp("deposits") / "db")
    migrate(sink)
    yield sink
    sink.close()


@pytest.fixture(params=["memory", "sink"])
def store(request, engine):
    if request.param == "memory":
        return MemoryDeposits()
    engine.execute("TRUNCATE TABLE tidegate.calibrations")
    return SinkDeposits(engine)


def test_parts_are_the_newest_of_each_partition(store):
    for partition, blob in ((1, b"one"), (0, b"old"), (0, b"\0\xff{'\\"), (1, b"one")):
        store.put(SAMPLE, PLACE, partition, blob)
    assert store.parts(SAMPLE, PLACE) == {0: b"\0\xff{'\\", 1: b"one"}
    assert store.present(SAMPLE, PLACE) == {0, 1}


def test_the_first_settlement_stays_the_first(store):
    assert store.first(SETTLEMENT, PLACE) is None
    store.put(SETTLEMENT, PLACE, 0, b"zzz")
    store.put(SETTLEMENT, PLACE, 0, b"aaa")
    assert store.first(SETTLEMENT, PLACE) == b"zzz"


@pytest.mark.parametrize(
    "other",
    [
        PLACE._replace(topic="other"), PLACE._replace(model="o'hara"), PLACE._replace(version="4"),
        PLACE._replace(ended=1), PLACE._replace(round=1),
    ],
)  # fmt: skip
def test_places_do_not_mix(store, other):
    store.put(SAMPLE, PLACE, 0, b"here")
    store.put(SAMPLE, other, 1, b"there")
    store.put(PEAKS, PLACE, 2, b"peaks")
    assert store.parts(SAMPLE, PLACE) == {0: b"here"}
    assert store.parts(SAMPLE, other) == {1: b"there"}
    assert store.present(SAMPLE, other) == {1}


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_bytes_survive_as_text(data):
    assert unpacked(packed(data)) == data


def test_a_database_that_is_away_is_waited_for_and_one_that_refuses_is_not(monkeypatch):
    monkeypatch.setattr(deposits, "sleep", lambda seconds: None)
    answers = [Unavailable("away"), Unavailable("away"), 7]

    def attempt():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert patiently(attempt) == 7
    answers[:] = [Refused("never")]
    with pytest.raises(Refused):
        patiently(attempt)
