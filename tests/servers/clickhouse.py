"""A ClickHouse server of one's own: Debian's 18.16 on a free port of 127.0.0.1, with its own configuration and data."""

import shutil
import signal
import socket
import subprocess
import time
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from clickhouse_driver import Client

from tests.servers.process import end

CONFIG = """<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>{folder}/server.log</log><errorlog>{folder}/errors.log</errorlog></logger>
  <tcp_port>{port}</tcp_port>
  {tls}
  <listen_host>127.0.0.1</listen_host>
  <max_connections>64</max_connections>
  <max_concurrent_queries>32</max_concurrent_queries>
  <mark_cache_size>67108864</mark_cache_size>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/tmp/</tmp_path>
  <users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
</yandex>
"""
TLS = """<tcp_port_secure>{port}</tcp_port_secure>
  <openSSL><server><certificateFile>{certificate}</certificateFile><privateKeyFile>{key}</privateKeyFile>
  <verificationMode>none</verificationMode><loadDefaultCAFile>false</loadDefaultCAFile></server></openSSL>"""
USERS = """<?xml version="1.0"?>
<yandex>
  <profiles><default></default><readonly><readonly>2</readonly></readonly></profiles>
  <quotas><default></default></quotas>
  <users>{users}</users>
</yandex>
"""
USER = """<{name}><password_sha256_hex>{password}</password_sha256_hex><networks><ip>127.0.0.1</ip></networks>
<profile>{profile}</profile><quota>default</quota>
<allow_databases><database>default</database><database>tidegate</database>{more}</allow_databases></{name}>
"""


class Server:
    """One server process; ``start``, ``stop``, ``kill`` and start again on the same data and the same port.

    Parameters
    ----------
    folder : empty directory for configuration, data and logs
    passwords : by user name; names that end in ``analyst`` get a profile that may only read
    certificate : PEM of a certificate and of its key, for a second port with TLS
    """

    def __init__(
        self, folder: Path, passwords: dict[str, str] | None = None, certificate: tuple[Path, Path] | None = None
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.secure_port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "data").mkdir(parents=True)
        (folder / "tmp").mkdir()
        tls = TLS.format(port=self.secure_port, certificate=certificate[0], key=certificate[1]) if certificate else ""
        (folder / "config.xml").write_text(CONFIG.format(folder=escape(str(folder)), port=self.port, tls=tls))
        users = "".join(user(name, password) for name, password in ({"default": ""} | (passwords or {})).items())
        (folder / "users.xml").write_text(USERS.format(users=users))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"clickhouse://default@{self.address}/tidegate"

    def start(self, seconds: float = 30.0) -> "Server":
        """Start it and return when it answers."""
        program = shutil.which("clickhouse-server")
        assert program, "no clickhouse-server here: apt-get install -y clickhouse-server"
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [program, f"--config-file={self.folder}/config.xml"],
                stdout=output, stderr=output, cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + seconds
        while not self.answers():
            assert self.process.poll() is None, f"the server ended:\n{(self.folder / 'output').read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"no answer within {seconds} s"
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return self.rows("SELECT 1") == [(1,)]
        except (OSError, EOFError):
            return False

    def stop(self) -> None:
        """Ask it to end, as a package upgrade would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would, as far as processes go."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it hang: connections stay open, nothing is answered."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What the server itself says, past our own code."""
        client = Client("127.0.0.1", port=self.port, connect_timeout=5, send_receive_timeout=30)
        try:
            return client.execute(statement)  # type: ignore[no-any-return]
        finally:
            client.disconnect()

    def _end(self, how: int) -> None:
        end(self.process, how)
        self.process = None


def user(name: str, password: str) -> str:
    profile = "readonly" if name.endswith("analyst") else "default"
    more = "<database>system</database>"
    return USER.format(name=name, password=sha256(password.encode()).hexdigest(), profile=profile, more=more)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
