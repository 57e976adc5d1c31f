"""``clickhouse://user@host:9000/tidegate``, ``chdb:///DIRECTORY``, ``memory://`` -> a sink."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from streams.sinks.api import Sink

PASSWORD = "TIDEGATE_CLICKHOUSE__PASSWORD"  # noqa: S105  # the variable's name
DATABASE = "tidegate"
PORT, SECURE_PORT = 9000, 9440
OPTIONS = {
    "secure": "TLS, true or false",
    "verify": "whether the server's certificate is checked",
    "ca_certs": "PEM of the authority that signed it; needed for a private one",
    "certfile": "PEM of the client's certificate",
    "keyfile": "PEM of the client's key",
    "server_hostname": "name that the certificate must carry",
    "connect_timeout": "s",
    "send_receive_timeout": "s",
    "compression": "lz4 or zstd, with the driver's extra",
    "password_file": "file with the password",
}


class WrongAddress(ValueError):
    """The URL of a sink cannot be used; the message says why and what would be right, and holds no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where ClickHouse listens and how to get in.

    Attributes
    ----------
    hosts : ``(host, port)``, tried in order when connecting
    options : keys of ``OPTIONS`` as written
    """

    hosts: tuple[tuple[str, int], ...]
    user: str = "default"
    password: str = field(default="", repr=False)
    secure: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Hosts and database, for a message."""
        return ",".join(f"{host}:{port}" for host, port in self.hosts) + f"/{DATABASE}"


def open_sink(url: str, *, password: str = "", password_file: Path | None = None, timeout: float = 30.0) -> Sink:
    """Return the sink that a URL names. Nothing is connected yet, except that ``chdb`` takes its directory.

    Parameters
    ----------
    password, password_file : win over the environment's ``TIDEGATE_CLICKHOUSE__PASSWORD``, and that over the URL's
    timeout : s that a server may take for one insert, where the URL does not say

    Raises
    ------
    WrongAddress
        what is wrong with the URL, without the password in it
    Unavailable
        the directory is held by another process
    """
    scheme = url.partition("://")[0]
    if scheme == "memory":
        from streams.sinks.memory import Memory  # noqa: PLC0415

        return Memory()
    if scheme == "chdb":
        return _embedded(directory(url))
    from streams.sinks.clickhouse import ClickHouse  # noqa: PLC0415

    return ClickHouse(parse(url, password=password or _from_file(password_file)), timeout=timeout)


def _embedded(path: Path) -> Sink:
    try:
        from streams.sinks.embedded import Embedded  # noqa: PLC0415  # loads 300 MB
    except ImportError as error:
        raise WrongAddress(f'{error}: the embedded engine comes with pip install "tidegate[embedded]"') from None
    return Embedded(path)


def directory(url: str) -> Path:
    """Return the directory of ``chdb:///DIRECTORY``.

    Raises
    ------
    WrongAddress
        if there is none
    """
    parts = urlsplit(url)
    if parts.netloc or not parts.path.strip("/") or parts.query:
        raise WrongAddress('the embedded engine needs a directory: right would be "chdb:///var/lib/tidegate"')
    return Path(unquote(parts.path))


def parse(url: str, *, password: str = "") -> Address:
    """Read ``clickhouse://user[:password]@host[:port][,host2[:port]]/tidegate?option=value``.

    ``clickhouses://`` is the same with TLS.

    Raises
    ------
    WrongAddress
        unknown scheme or option, another database, no host, or a port that is no number
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("clickhouse", "clickhouses"):
        raise WrongAddress(f"no engine is called {scheme[:20]!r}: right would be clickhouse://, chdb:/// or memory://")
    authority, _, tail = rest.partition("/")
    path, _, query = tail.partition("?")
    credentials, _, hosts = authority.rpartition("@")
    user, _, own = credentials.partition(":")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(set(options) - set(OPTIONS)):
        raise WrongAddress(f"unknown option {unknown[0]!r} in the ClickHouse URL: there are {', '.join(OPTIONS)}")
    secure = scheme == "clickhouses" or _yes(options.get("secure", "false"), "secure")
    file = options.get("password_file")
    if unquote(path) not in ("", DATABASE):
        raise WrongAddress(f"the database is always called {DATABASE}, not {unquote(path)[:64]!r}")
    secret = password or os.environ.get(PASSWORD, "") or _from_file(Path(file) if file else None) or unquote(own)
    return Address(
        hosts=tuple(_host(text, SECURE_PORT if secure else PORT) for text in hosts.split(",")),
        user=unquote(user) or "default",
        password=secret,
        secure=secure,
        options=options,
    )


def _host(text: str, port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, own = parts.hostname, parts.port
    except ValueError:
        host, own = None, None
    if not host:
        raise WrongAddress(f'{text!r} is no host: right would be "clickhouse://user@host:9000/tidegate"')
    return host, own or port


def _yes(text: str, option: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0", "yes", "no"):
        raise WrongAddress(f"{option}={text!r} in the ClickHouse URL: right would be true or false")
    return text.lower() in ("true", "1", "yes")


def _from_file(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text().strip()
    except OSError as error:
        raise WrongAddress(f"cannot read the ClickHouse password from {path}: {error.strerror}") from None
