import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from streams.sinks.address import open_sink
from streams.sinks.api import Coded, Refused, Unavailable
from streams.sinks.embedded import Embedded

TABLE = """CREATE TABLE tidegate.t (
    time DateTime64(6, 'UTC'), id String, model LowCardinality(String), x Float32, n UInt16, tags Array(String),
    CONSTRAINT small CHECK n < 1000
) ENGINE = MergeTree PARTITION BY toDate(time) ORDER BY id SETTINGS non_replicated_deduplication_window = 100"""
HOSTILE = ["'; DROP TABLE tidegate.t; --", "\\N", "nul\0nul", "\ud800", "{id:String}", "a\r\nb", "\x1b[31m", "😀"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    sink = Embedded(tmp_path_factory.mktemp("engine"))
    sink.execute("CREATE DATABASE tidegate")
    sink.execute(TABLE)
    yield sink
    sink.close()


@pytest.fixture
def table(engine):
    engine.execute("TRUNCATE TABLE tidegate.t")
    return engine


def block(rows, n=None):
    return {
        "time": (np.arange(rows) * 1_000_000 + 1_767_571_245_525_123).astype("datetime64[us]"),
        "id": [f"r{row}" for row in range(rows)],
        "model": Coded(["fraud"], np.zeros(rows, np.int32)),
        "x": np.linspace(0, 1, rows, dtype=np.float32),
        "n": np.arange(rows).astype(np.uint16) if n is None else np.asarray(n, np.uint16),
        "tags": [["a", "b"]] * rows,
    }


def count(sink):
    return sink.execute("SELECT count() AS n FROM tidegate.t")[0]["n"]


def test_rows_come_back_as_they_went_in(table):
    table.write("t", block(3), "one")
    rows = table.execute("SELECT * FROM tidegate.t ORDER BY id LIMIT 1")
    assert rows == [
        {"time": "2026-01-05T00:00:45.525123Z", "id": "r0", "model": "fraud", "x": 0, "n": 0, "tags": ["a", "b"]}
    ]


def test_the_same_token_again_changes_nothing(table):
    for _ in range(3):
        table.write("t", block(5), "again")
    assert count(table) == 5


def test_hostile_text_is_data(table):
    rows = len(HOSTILE)
    table.write("t", block(rows) | {"id": HOSTILE, "tags": [[text] for text in HOSTILE]}, "hostile")
    came = {row["id"]: row["tags"] for row in table.execute("SELECT id, tags FROM tidegate.t")}
    assert came == {text.replace("\ud800", "\\ud800"): [text.replace("\ud800", "\\ud800")] for text in HOSTILE}


def test_an_empty_write_is_nothing(table):
    table.write("t", block(0), "empty")
    assert count(table) == 0


def test_a_row_that_breaks_a_constraint_is_refused_and_worth_halving(table):
    with pytest.raises(Refused) as refused:
        table.write("t", block(2, n=[1, 2000]), "bad")
    assert (refused.value.code, refused.value.divisible) == (469, True)
    assert count(table) == 0


def test_rows_of_too_many_days_are_worth_halving(table):
    days = (np.arange(150) * 86_400_000_000).astype("datetime64[us]")
    with pytest.raises(Refused) as refused:
        table.write("t", block(150) | {"time": days}, "days")
    assert refused.value.divisible


def test_an_unknown_table_is_refused_whole(engine):
    with pytest.raises(Refused) as refused:
        engine.write("nowhere", {"a": [1]}, "x")
    assert not refused.value.divisible


@pytest.mark.parametrize(("name", "column", "token"), [("t; --", "a", "x"), ("t", "a) --", "x"), ("t", "a", "'")])
def test_names_and_tokens_are_ours_or_refused(engine, name, column, token):
    with pytest.raises(Refused, match="of ours"):
        engine.write(name, {column: [1]}, token)


def test_a_wrong_statement_is_refused_with_its_number(engine):
    with pytest.raises(Refused, match="nope") as refused:
        engine.execute("SELECT nope")
    assert refused.value.code == 47


def test_a_number_that_is_not_finite_comes_back_as_none(engine):
    assert engine.execute("SELECT nan AS a, inf AS b, toUInt64(18446744073709551615) AS c") == [
        {"a": None, "b": None, "c": 2**64 - 1}
    ]


def test_another_thread_goes_on_during_a_slow_query(engine):
    beats = []
    slow = threading.Thread(target=engine.execute, args=["SELECT sleep(0.5)"])
    slow.start()
    while slow.is_alive():
        beats.append(time.monotonic())
        time.sleep(0.01)
    assert max(np.diff(beats)) < 0.2


def test_signals_to_end_stay_with_python(engine):
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN)  # a shell's background job


def test_one_process_knows_one_directory(engine, tmp_path):
    with pytest.raises(Unavailable, match="cannot open"):
        Embedded(tmp_path)
    held_no_more = tmp_path / "lock"
    assert held_no_more.exists()


HOLD = """
import sys
from pathlib import Path
import numpy as np
from streams.sinks.embedded import Embedded
sink = Embedded(Path(sys.argv[1]))
sink.execute("CREATE DATABASE tidegate")
sink.execute("CREATE TABLE tidegate.t (a UInt64) ENGINE = MergeTree ORDER BY a "
             "SETTINGS non_replicated_deduplication_window = 100")
sink.write("t", {"a": np.arange(1000)}, "x")
print("ready", flush=True)
sys.stdin.read()
"""


COUNT = """
import sys
from pathlib import Path
import numpy as np
from streams.sinks.embedded import Embedded
sink = Embedded(Path(sys.argv[1]))
sink.write("t", {"a": np.arange(1000)}, "x")
print(sink.execute("SELECT count() AS n FROM tidegate.t"))
"""


def test_a_directory_in_use_names_who_has_it_and_keeps_rows_and_tokens_when_that_is_killed(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(Unavailable, match=rf"another process \(pid {process.pid}\)"):
            open_sink(f"chdb://{tmp_path}")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    counted = subprocess.run([sys.executable, "-c", COUNT, str(tmp_path)], capture_output=True, text=True, check=False)
    assert counted.stdout == "[{'n': 1000}]\n", counted.stderr
    assert (counted.returncode, counted.stderr) == (0, "")


def test_the_same_process_is_told_so(engine):
    with pytest.raises(Unavailable, match="open in this process"):
        Embedded(engine.directory)
