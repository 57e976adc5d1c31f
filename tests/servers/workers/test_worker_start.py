"""How a worker starts, says that it is ready, and says in one line what keeps it from starting."""

import signal
import time
from collections.abc import Callable

import pytest

from tests.servers.clickhouse import Server, free_port
from tests.servers.workers.installation import Installation, Running, until

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


def reason(worker: Running) -> str:
    """The one line that says what is wrong and what would cure it, of a worker that must end by itself."""
    assert worker.ends(60) == 1
    assert "Traceback" not in worker.told
    assert "ready" not in worker.told
    lines = [line for line in worker.told.splitlines() if line.startswith("tidegate: ")]
    assert len(lines) == 1, worker.told
    return lines[0]


def lacking(said: str, *words: str) -> list[str]:
    """Words that a line should have and has not."""
    return [word for word in words if word not in said]


def test_no_broker(installed: Callable[..., Installation]):
    port = free_port()
    assert (
        lacking(
            reason(installed(bootstrap=f"127.0.0.1:{port}").start()),
            f"127.0.0.1:{port}",
            "Connection refused",
            "brokers",
        )
        == []
    )


def test_no_such_topic(installed: Callable[..., Installation]):
    worker = installed(TIDEGATE_SOURCE='[{"topic": "trafic"}]').start()
    assert lacking(reason(worker), "no topic trafic", "create it", "[[source]]") == []


def test_a_snapshot_directory_that_cannot_be_written(installed: Callable[..., Installation], tmp_path):
    (tmp_path / "file").write_text("in the way")
    worker = installed(TIDEGATE_STATE__SNAPSHOTS=str(tmp_path / "file" / "snapshots")).start()
    assert lacking(reason(worker), "file/snapshots", "Not a directory", "[state] snapshots") == []


def test_a_database_without_tables(installed: Callable[..., Installation], tmp_path):
    server = Server(tmp_path / "clickhouse").start()
    try:
        assert lacking(reason(installed(server.url).start()), "lacks 0001", "tidegate migrate") == []
    finally:
        server.kill()


def test_a_wrong_password(installed: Callable[..., Installation], tmp_path):
    server = Server(tmp_path / "clickhouse", {"writer": "right"}).start()
    try:
        url = server.url.replace("default", "writer")
        assert (
            lacking(reason(installed(url).start(TIDEGATE_CLICKHOUSE__PASSWORD="wrong")), "refuses us", "password") == []
        )
    finally:
        server.kill()


def test_an_embedded_database_that_somebody_else_has(installed: Callable[..., Installation], tmp_path):
    one = installed(f"chdb://{tmp_path}/shared")
    first = one.start().ready()
    assert lacking(reason(one.start()), "shared", f"pid {first.process.pid}") == []
    assert first.stop() == 0


def test_a_router_that_has_nothing_to_do(installed: Callable[..., Installation]):
    assert lacking(reason(installed().start("--role", "router")), "no [[source]] is routed", "routed = true") == []


def test_it_says_ready_once_and_leaves_within_seconds(installed: Callable[..., Installation]):
    worker = installed().start().ready()
    time.sleep(2)
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 25
    assert worker.told.count("\nready\n") == 1


@pytest.mark.parametrize("after", [0.3, 1.5, "starting", "partition"])
def test_a_stop_during_the_start_ends_it_without_a_fuss(installed: Callable[..., Installation], after: float | str):
    worker = installed().start()
    if isinstance(after, str):
        worker.says(f'"event": "{after}"')
    else:
        time.sleep(after)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.ends(40) in (0, -signal.SIGTERM)
    assert "Traceback" not in worker.told


def test_a_database_that_is_away_at_the_start_is_waited_for(installed: Callable[..., Installation], database: Server):
    database.stop()
    worker = installed(database.url).start().ready()
    assert "does not answer yet" in worker.told
    time.sleep(1)
    assert worker.number("partitions") == 5
    database.start()
    worker.says("takes rows again", 60) if "takes nothing" in worker.told else None
    assert worker.stop() == 0


def test_a_worker_that_stood_still_for_longer_than_its_session_says_what_it_cost_and_the_cure(
    installed: Callable[..., Installation],
):
    worker = installed().start().ready()
    worker.process.send_signal(signal.SIGSTOP)
    time.sleep(8)
    worker.process.send_signal(signal.SIGCONT)
    worker.says("raise kafka.session_timeout")
    until(lambda: worker.number("memberships_lost_total") == 1, 20, "it is counted")
    assert worker.process.poll() is None


def test_a_session_of_three_seconds_is_kept(installed: Callable[..., Installation]):
    worker = installed().start().ready()
    time.sleep(20)
    assert worker.number("memberships_lost_total") == 0
    assert "Heartbeat failed" not in worker.told
