"""What is laid down is found again, byte by byte, in every store."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import deposits
from streams.deposits import (
    PEAKS,
    SAMPLE,
    SETTLEMENT,
    STUCK,
    MemoryDeposits,
    Place,
    SinkDeposits,
    packed,
    patiently,
    unpacked,
)
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


def test_what_holds_traffic_is_forgotten_after_a_week_and_what_was_settled_is_not(engine):
    engine.execute("TRUNCATE TABLE tidegate.calibrations")
    for kind in (SAMPLE, f"{SAMPLE}.2", PEAKS, STUCK, SETTLEMENT, f"{SETTLEMENT}.2"):
        for days in (6, 8):
            engine.execute(
                "INSERT INTO tidegate.calibrations (model, kind, id, created) "
                f"SELECT 'fraud', '{kind}', '{days}', now64(3) - INTERVAL {days} DAY"
            )
    engine.execute("OPTIMIZE TABLE tidegate.calibrations FINAL")
    left = {(row["kind"], row["id"]) for row in engine.execute("SELECT kind, id FROM tidegate.calibrations")}
    settled = {(kind, days) for kind in (SETTLEMENT, f"{SETTLEMENT}.2") for days in ("6", "8")}
    assert left == settled | {(kind, "6") for kind in (SAMPLE, f"{SAMPLE}.2", PEAKS, STUCK)}


@pytest.mark.parametrize(("kind", "rows"), [(SAMPLE, 2), (SETTLEMENT, 1)])
def test_what_the_table_may_have_forgotten_can_be_laid_down_again(engine, monkeypatch, kind, rows):
    """Within a day a repeated insert is dropped, as it should be; a settlement is dropped on any day."""
    engine.execute("TRUNCATE TABLE tidegate.calibrations")
    place, count = Place("traffic", "fraud", f"again-{kind}", 0), "SELECT count() AS n FROM tidegate.calibrations"
    store = SinkDeposits(engine)
    for now in (1e9, 1e9 + 10.0, 1e9 + 8 * 86_400.0):
        monkeypatch.setattr(deposits, "time", lambda now=now: now)
        store.put(kind, place, 0, b"blob")
    assert int(engine.execute(count)[0]["n"]) == rows
    assert store.parts(kind, place) == {0: b"blob"}


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
