"""``tidegate run --role outlets`` as a process: from the alerts topic to a receiver, at least once."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from confluent_kafka import Producer

from schemas.exports import jsonl
from streams.embedded import EmbeddedBroker
from tests.streams.outlets.receiver import alert

ROOT = Path(__file__).parents[2]
PROGRAM = (
    sys.executable,
    "-c",
    "import sys; from streams.cli import main; sys.exit(main())",
    "run",
    "--role",
    "outlets",
)


class Inbox:
    """A receiver in a thread; while ``closed`` it answers that it is overloaded."""

    def __init__(self) -> None:
        inbox = self
        self.ids: list[str] = []
        self.closed = Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if not inbox.closed.is_set():
                    inbox.ids.append(json.loads(body)["id"])
                self.send_response(503 if inbox.closed.is_set() else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def inbox():
    made = Inbox()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def broker():
    with EmbeddedBroker(topics={"traffic": 1, "tidegate.alerts": 1, "tidegate.signals": 1}) as made:
        yield made


def publish(broker: EmbeddedBroker, first: int, last: int) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    for number in range(first, last):
        producer.produce("tidegate.alerts", jsonl.encode(alert(number)))
    assert producer.flush(20) == 0


@contextmanager
def running(broker: EmbeddedBroker, folder: Path, url: str):
    """The process, once it is ready; it is killed at the end if it still runs."""
    (folder / "tidegate.toml").write_text(
        f'[kafka]\nbrokers = ["{broker.bootstrap}"]\nversion = "2.0"\nsession_timeout = "3s"\n'
        f'[[outlet]]\nname = "soc"\nurl = "{url}"\n[metrics]\nlisten = ""\n[state]\nsnapshots = "{folder}/kept"\n'
    )
    own = {name: value for name, value in os.environ.items() if not name.startswith("TIDEGATE_")}
    with (folder / "log").open("a") as errors:
        process = subprocess.Popen(
            [*PROGRAM, "--config", str(folder / "tidegate.toml")], cwd=ROOT, env=own, stderr=errors
        )
    try:
        until(lambda: "\nready\n" in (folder / "log").read_text() or process.poll() is not None)
        assert process.poll() is None, (folder / "log").read_text()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(20)
        (folder / "log").write_text("")


def until(true, seconds: float = 60.0) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, f"not within {seconds} s"
        sleep(0.02)


def stop(process: subprocess.Popen) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(40)


def names(first: int, last: int) -> list[str]:
    return [alert(number).id for number in range(first, last)]


def test_alerts_are_pushed_once_over_an_orderly_stop(broker, inbox, tmp_path):
    publish(broker, 0, 30)
    with running(broker, tmp_path, inbox.url) as process:
        until(lambda: len(inbox.ids) == 30)
        assert stop(process) == 0
    publish(broker, 30, 40)
    with running(broker, tmp_path, inbox.url) as process:
        until(lambda: len(inbox.ids) == 40)
        assert stop(process) == 0
    assert inbox.ids == names(0, 40)


def test_no_alert_is_lost_when_the_process_is_killed_while_the_receiver_is_away(broker, inbox, tmp_path):
    inbox.closed.set()
    publish(broker, 0, 30)
    with running(broker, tmp_path, inbox.url) as process:
        sleep(1)
        process.kill()
        process.wait(20)
    inbox.closed.clear()
    with running(broker, tmp_path, inbox.url) as process:
        until(lambda: set(inbox.ids) == set(names(0, 30)))
        assert stop(process) == 0
    assert not (tmp_path / "kept" / "outlet-soc.jsonl").exists()


def test_without_an_outlet_it_says_so_and_ends(tidegate_run):
    code, err = tidegate_run("outlets")
    assert code == 1
    assert "no [[outlet]] is configured" in err


@pytest.fixture
def tidegate_run(tmp_path):
    def run(role: str) -> tuple[int, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("TIDEGATE_")}
        done = subprocess.run(
            [*PROGRAM[:-1], role], cwd=tmp_path, env=own | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        return done.returncode, done.stderr

    return run
