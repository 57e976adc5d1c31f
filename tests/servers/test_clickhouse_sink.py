"""The driver path against a real server, with a table that an old one understands."""

import threading
import time
from itertools import count

import numpy as np
import pytest

from streams.sinks.address import open_sink, parse
from streams.sinks.api import Coded, Refused, Unavailable
from streams.sinks.clickhouse import ClickHouse
from tests.servers.clickhouse import Server

pytestmark = pytest.mark.servers

TABLE = """CREATE TABLE tidegate.t (time DateTime, id String, model String, x Float32, n UInt16, tags Array(String))
ENGINE = ReplacingMergeTree PARTITION BY toDate(time) ORDER BY id"""
HOSTILE = ["'; DROP TABLE tidegate.t; --", "\\N", "nul\0nul", "\ud800", "%(x)s", "a\r\nb", "😀"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    one = Server(
        tmp_path_factory.mktemp("clickhouse"), {"tidegate_writer": "right", "tidegate_analyst": "look"}
    ).start()
    one.rows("CREATE DATABASE tidegate")
    yield one
    one.kill()


@pytest.fixture
def table(server):
    if server.process is None:
        server.start()
    server.rows("DROP TABLE IF EXISTS tidegate.t")
    server.rows(TABLE)
    return server


@pytest.fixture
def sink(table):
    opened = open_sink(table.url, timeout=20)
    yield opened
    opened.close()


def block(rows, start=0):
    return {
        "time": np.full(rows, 1_767_571_245_525_123).astype("datetime64[us]"),
        "id": [f"r{row}" for row in range(start, start + rows)],
        "model": Coded(["fraud"], np.zeros(rows, np.int32)),
        "x": np.linspace(0, 1, rows, dtype=np.float32),
        "n": np.zeros(rows, np.uint16),
        "tags": [["a", "b"]] * rows,
    }


def test_rows_come_back_as_they_went_in(sink):
    sink.write("t", block(2), "one")
    assert sink.execute("SELECT * FROM tidegate.t ORDER BY id LIMIT 1") == [
        {"time": "2026-01-05T00:00:45Z", "id": "r0", "model": "fraud", "x": 0.0, "n": 0, "tags": ["a", "b"]}
    ]


def test_hostile_text_is_data(sink):
    rows = len(HOSTILE)
    sink.write("t", block(rows) | {"id": HOSTILE, "tags": [[text] for text in HOSTILE]}, "hostile")
    came = {row["id"]: row["tags"] for row in sink.execute("SELECT id, tags FROM tidegate.t")}
    assert came == {text.replace("\ud800", "\\ud800"): [text.replace("\ud800", "\\ud800")] for text in HOSTILE}


@pytest.mark.parametrize("wrong", [{"n": [1, 70_000]}, {"n": [1, "x"]}, {"x": [0.0, None]}, {"tags": [["a"], 3]}])
def test_a_value_of_a_wrong_type_is_refused_and_the_next_write_goes_through(sink, wrong):
    with pytest.raises(Refused) as refused:
        sink.write("t", block(2) | wrong, "wrong")
    assert refused.value.divisible
    sink.write("t", block(2), "right")
    assert sink.execute("SELECT count() AS n FROM tidegate.t") == [{"n": 2}]


@pytest.mark.parametrize(("table_name", "column"), [("nowhere", "id"), ("t", "nothing"), ("t; DROP TABLE t", "id")])
def test_an_unknown_table_or_column_is_refused(sink, table_name, column):
    with pytest.raises(Refused):
        sink.write(table_name, {column: ["x"]}, "x")


def test_an_old_server_is_said_to_be_one(sink):
    abilities = sink.abilities()
    assert abilities.version.startswith("18.")
    assert abilities.settings("token") == {}
    assert "does not know insert_deduplication_token" in abilities.remarks()[0]


def test_threads_do_not_share_a_connection(sink):
    failures = []

    def work(start):
        try:
            for step in range(10):
                sink.write("t", block(50, start + 50 * step), f"t{start}{step}")
                sink.execute("SELECT count() FROM tidegate.t")
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=[10_000 * each]) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sink.execute("SELECT count() AS n FROM tidegate.t FINAL") == [{"n": 2000}]


@pytest.mark.parametrize("user", ["tidegate_writer", "nobody"])
def test_a_wrong_password_is_said_without_repeating_it(table, user):
    sink = ClickHouse(parse(f"clickhouse://{user}:guessed@{table.address}/tidegate"))
    with pytest.raises(Unavailable, match=rf"{table.address}/tidegate does not let us in: .*{user}") as caught:
        sink.write("t", block(1), "x")
    assert "guessed" not in str(caught.value)


def test_an_analyst_may_look_and_not_touch(table):
    table.rows("INSERT INTO tidegate.t (id) SELECT 'a'")
    analyst = ClickHouse(parse(f"clickhouse://tidegate_analyst:look@{table.address}/tidegate"))
    assert analyst.execute("SELECT id FROM tidegate.t") == [{"id": "a"}]
    with pytest.raises(Unavailable, match=r"does not let us in: .*readonly"):
        analyst.write("t", block(1), "x")
    for statement in ("DROP TABLE tidegate.t", "INSERT INTO tidegate.t (id) SELECT 'b'", "CREATE DATABASE other"):
        with pytest.raises((Refused, Unavailable)):
            analyst.execute(statement)
    assert table.rows("SELECT count() FROM tidegate.t") == [(1,)]


def test_no_row_is_lost_or_double_when_the_server_dies_again_and_again(table):
    """Every write is repeated until it returns; the server is killed five times meanwhile."""
    sink = open_sink(table.url, timeout=20)
    done = threading.Event()
    written = []

    def work():
        for step in count():
            if done.is_set() and step % 10 == 0:
                return
            until_written(sink, block(500, 500 * step), f"step{step}")
            written.append(step)

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(5):
        time.sleep(0.15)
        table.kill()
        table.start()
    done.set()
    thread.join(60)
    sink.close()
    assert not thread.is_alive()
    assert len(written) >= 10
    assert table.rows("SELECT count(), uniqExact(id) FROM tidegate.t FINAL") == [(500 * len(written),) * 2]


def until_written(sink, columns, token):
    while True:
        try:
            return sink.write("t", columns, token)
        except Unavailable:
            time.sleep(0.02)


def test_a_server_that_hangs_is_given_up_after_the_timeout(table):
    sink = open_sink(f"{table.url}?connect_timeout=1", timeout=1.0)
    sink.write("t", block(1), "before")
    table.freeze()
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="does not answer"):
            sink.write("t", block(1), "during")
        assert time.monotonic() - began < 15
    finally:
        table.thaw()
    until_written(sink, block(1), "during")
    sink.close()


def test_the_next_host_takes_over(table, tmp_path):
    other = Server(tmp_path).start()
    try:
        other.rows("CREATE DATABASE tidegate")
        other.rows(TABLE)
        sink = open_sink(f"clickhouse://default@{table.address},{other.address}/tidegate", timeout=5)
        sink.write("t", block(3), "first")
        table.kill()
        until_written(sink, block(4), "second")
        assert other.rows("SELECT count() FROM tidegate.t") == [(4,)]
        sink.close()
    finally:
        other.kill()
        table.start()
    assert table.rows("SELECT count() FROM tidegate.t") == [(3,)]


def test_nothing_goes_through_a_closed_sink(table):
    sink = open_sink(table.url)
    sink.write("t", block(1), "x")
    sink.close()
    with pytest.raises(Unavailable, match="was closed"):
        sink.write("t", block(1), "y")
