"""The demo's worker: ``tidegate run`` as a process of its own, on the embedded broker and the embedded database."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOPICS = {"fraud": 8, "credit": 4}  # a topic for each model, with so many partitions
ALERTS = "tidegate.alerts"
GROUP = "tidegate-demo"
BUDGET = 2.0  # false alerts a day
COMMAND = (sys.executable, "-c", "import sys; from streams.cli import main; sys.exit(main())")
PATIENCE = 45.0  # s for an orderly stop


class Died(Exception):
    """The worker ended before its work; the message is what it said last."""


class Worker:
    """A running worker.

    Attributes
    ----------
    config : its configuration file
    """

    def __init__(self, directory: Path, bootstrap: str) -> None:
        self.config = directory / "tidegate.toml"
        self.config.write_text(configuration(directory, bootstrap))
        self._errors = (directory / "worker.log").open("w+b")
        quiet = {name: value for name, value in os.environ.items() if not name.upper().startswith("TIDEGATE_")}
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*COMMAND, "run", "--config", str(self.config)],
            env=quiet,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def check(self) -> None:
        """Raise :class:`Died` if it is not running any more."""
        if not self.alive:
            last = [line for line in self.said().splitlines() if line.strip()][-1:] or ["nothing"]
            raise Died(f"the worker ended with status {self._process.returncode}; its last word: {last[0]}")

    @property
    def ready(self) -> bool:
        """Whether its partitions are assigned."""
        return b"ready" in self.said().encode().splitlines()

    def said(self) -> str:
        """The end of what it wrote on stderr."""
        data = Path(self._errors.name).read_bytes()[-4000:]
        return data.decode("utf-8", "replace")

    def stop(self) -> None:
        """Let it finish what it has in hand, and end; kill it if it does not."""
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._errors.close()


@contextmanager
def worker(directory: Path, bootstrap: str) -> Iterator[Worker]:
    """Start a worker; it is stopped in any case."""
    running = Worker(directory, bootstrap)
    try:
        yield running
    finally:
        running.stop()


def database(directory: Path) -> str:
    """URL of the embedded database."""
    return f"chdb://{directory / 'db'}"


def configuration(directory: Path, bootstrap: str) -> str:
    """The ``tidegate.toml`` of the demo, which also serves the commands that look afterwards."""
    sources = "\n".join(f'[[source]]\ntopic = "{topic}"' for topic in TOPICS)
    return f"""# Made by tidegate demo.
[kafka]
brokers = {json.dumps(bootstrap.split(","))}
group = "{GROUP}"
[clickhouse]
url = {json.dumps(database(directory))}
{sources}
[budget]
alerts_per_day = {BUDGET}
[calibration]
burn_in = "1d"
wait = "20s"
[state]
snapshots = {json.dumps(str(directory / "snapshots"))}
[metrics]
listen = ""
"""
