import json
from threading import Timer

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dead_letters import DeadLetters
from streams.inserter import SEARCHES, Inserter, Stopped
from streams.pauses import Pauses
from streams.sinks.api import Refused, Unavailable
from streams.sinks.memory import Memory


class Moody(Memory):
    """Takes rows, but first has its moods: each an exception to raise, or None; refuses rows named bad."""

    def __init__(self, moods=(), *, divisible=True):
        super().__init__()
        self.moods = list(moods)
        self.calls = []
        self.divisible = divisible

    def write(self, table, columns, token):
        self.calls.append((table, len(columns["a"]), token))
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None:
            raise mood
        if "bad" in columns["a"]:
            raise Refused("a bad row", code=469, divisible=self.divisible)
        super().write(table, columns, token)


def inserter(sink, letters=None):
    return Inserter(sink, letters or DeadLetters(None), pauses=Pauses(first=0.0005, largest=0.001))


def rows(*values):
    return {"a": list(values), "n": np.arange(len(values))}


def test_sets_go_in_one_insert_a_table():
    sink = Moody()
    inserter(sink).write([{"t": rows("x"), "u": rows("y")}, {"t": rows("z")}, {}])
    assert [call[:2] for call in sink.calls] == [("t", 2), ("u", 1)]
    assert [row["a"] for row in sink.tables["t"]] == ["x", "z"]


def test_empty_columns_are_not_written():
    sink = Moody()
    inserter(sink).write([{"t": rows()}])
    assert sink.calls == []


def test_a_sink_that_is_away_gets_the_same_token_again():
    sink = Moody([Unavailable("away"), Unavailable("away"), None])
    one = inserter(sink)
    one.write([{"t": rows("x")}])
    assert len({token for *_, token in sink.calls}) == 1
    assert len(sink.calls) == 3
    assert (one.problem, one.written) == ("", {"t": 1})


def test_a_stop_ends_the_wait_and_says_so():
    sink = Moody([Unavailable("ClickHouse is away")] * 100_000)
    one = inserter(sink)
    timer = Timer(0.05, one.stop)
    timer.start()
    with pytest.raises(Stopped):
        one.write([{"t": rows("x")}])
    assert one.problem == "ClickHouse is away"
    assert one.written == {}


@given(st.lists(st.sampled_from(["good", "bad"]), min_size=1, max_size=60))
def test_bad_rows_do_not_take_good_ones_with_them(values):
    sink = Moody()
    letters = DeadLetters(None)
    one = inserter(sink, letters)
    named = [f"{value}{place}" if value == "good" else value for place, value in enumerate(values)]
    one.write([{"t": rows(*named)}])
    assert [row["a"] for row in sink.tables.get("t", [])] == [value for value in named if value != "bad"]
    assert one.refused["t"] == letters.dropped == named.count("bad")
    assert one.refused["t"] + one.written["t"] == len(named)


def test_the_search_for_bad_rows_ends():
    sink = Moody()
    one = inserter(sink)
    one.write([{"t": rows(*["bad"] * 5000)}])
    assert len(sink.calls) <= SEARCHES + 1
    assert one.refused["t"] == 5000


def test_what_no_half_can_help_goes_whole_to_the_dead_letters(tmp_path):
    sink = Moody(divisible=False)
    one = inserter(sink, DeadLetters(tmp_path / "dead.jsonl"))
    one.write([{"t": rows("good", "bad")}, {"u": rows("good")}])
    assert len(sink.calls) == 2
    entries = [json.loads(line) for line in (tmp_path / "dead.jsonl").read_text().splitlines()]
    assert entries[1] == {"table": "t", "reason": "a bad row", "code": 469, "row": {"a": "bad", "n": 1}}
    assert (one.refused, one.written) == ({"t": 2}, {"u": 1})


def test_sets_with_other_columns_are_inserted_apart():
    sink = Moody()
    inserter(sink).write([{"t": rows("x")}, {"t": {"a": ["y"]}}])
    assert [len(each) for each in sink.tables["t"]] == [2, 1]
