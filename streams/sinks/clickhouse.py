"""ClickHouse by its native protocol: columnar blocks, one connection a thread, errors sorted into later and never."""

import logging
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock, local
from typing import Any

from clickhouse_driver import Client, errors

from streams.sinks.address import DATABASE, Address, WrongAddress
from streams.sinks.api import Columns, Refused, SinkError, Unavailable, rows_of
from streams.sinks.codes import first_line, verdict
from streams.sinks.native import described, plain_row, valid_text, values
from streams.sinks.questions import statement_of
from streams.sinks.server import Abilities

logging.getLogger("clickhouse_driver").setLevel(logging.CRITICAL)  # it logs what it raises, with the traceback

_NUMBERS = ("connect_timeout", "send_receive_timeout")
_FILES = ("ca_certs", "certfile", "keyfile", "server_hostname", "compression")
_NOT_OURS = (TypeError, ValueError, AttributeError, OverflowError, struct.error)  # the driver on a wrong type


class ClickHouse:
    """A sink on one server, or on the first of several that answers.

    Parameters
    ----------
    timeout : s that a server may be silent during one insert, where the URL does not say

    Raises
    ------
    WrongAddress
        an option that the driver cannot honour as installed
    """

    embedded = False

    def __init__(self, address: Address, *, timeout: float = 30.0) -> None:
        self.address = address
        self._arguments = _arguments(address, timeout)
        self._thread = local()
        self._clients: list[Client] = []
        self._lock = Lock()
        self._types: dict[str, dict[str, str]] = {}
        self._closed = False
        try:
            Client(**self._arguments)
        except (RuntimeError, ValueError, errors.Error) as error:
            raise WrongAddress(f"ClickHouse at {address.where}: {error}") from None

    def write(self, table: str, columns: Columns, token: str) -> None:
        """Insert one block of rows; see ``streams.sinks.api.Sink``."""
        if not rows_of(columns):
            return
        with self._sorted_errors(writing=True) as client:
            abilities = self._abilities(client)
            name = f"{DATABASE}.{table}"
            types = self._columns_of(client, name)
            if missing := sorted(set(columns) - set(types)):
                raise Refused(f"table {name} has no column {missing[0]}: run tidegate migrate", code=16)
            data = [values(column, types[each]) for each, column in columns.items()]
            statement = f"INSERT INTO {name} ({','.join(columns)}) VALUES"  # names are the table's own
            try:
                client.execute(statement, data, columnar=True, settings=abilities.settings(token))
            except UnicodeEncodeError:
                client.disconnect()
                data = [valid_text(column) for column in data]
                client.execute(statement, data, columnar=True, settings=abilities.settings(token))

    def query(self, name: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        """Run a named query; times come as RFC 3339 text, a number that is not finite as None."""
        return self.execute(statement_of(name, parameters))

    def execute(self, statement: str) -> list[dict[str, Any]]:
        """Run one SQL statement and return its rows."""
        with self._sorted_errors(writing=False) as client:
            answer = client.execute(statement, with_column_types=True)
            if not isinstance(answer, tuple):
                return []
            rows, types = answer
            names = [name for name, _ in types]
            return [plain_row(names, row) for row in rows]

    def abilities(self) -> Abilities:
        """What the server can do.

        Raises
        ------
        Unavailable
            if it does not answer
        """
        with self._sorted_errors(writing=False) as client:
            return self._abilities(client)

    def close(self) -> None:
        """Drop the connections of all threads."""
        with self._lock:
            self._closed = True
            for client in self._clients:
                client.disconnect()
            self._clients.clear()

    @contextmanager
    def _sorted_errors(self, *, writing: bool) -> Iterator[Client]:
        """Lend this thread's client; whatever it raises leaves as a SinkError."""
        client = self._client()
        where = f"ClickHouse at {self.address.where}"
        try:
            yield client
        except SinkError:
            raise
        except (errors.NetworkError, errors.SocketTimeoutError, EOFError, OSError) as error:
            self._forget(client)
            why = first_line(str(error)) or type(error).__name__
            raise Unavailable(f"{where} does not answer: {why}; check [clickhouse] url") from None
        except errors.TypeMismatchError as error:
            raise Refused(first_line(str(error)), code=53, divisible=True) from None
        except errors.ServerException as error:
            self._types.clear()
            said = verdict(error.code, str(error.message), where=where)
            if writing or isinstance(said, Refused) or error.code in RETRIED_READS:
                raise said from None
            raise Refused(first_line(str(error.message)), code=error.code) from None
        except errors.Error as error:
            self._forget(client)
            raise Unavailable(f"{where}: {first_line(str(error))}") from None
        except _NOT_OURS as error:
            self._forget(client)
            if self._closed:
                raise Unavailable(f"{where} was closed") from None
            raise Refused(f"not a value for this column: {error}", divisible=True) from None

    def _client(self) -> Client:
        if self._closed:
            raise Unavailable(f"ClickHouse at {self.address.where} was closed")
        client = getattr(self._thread, "client", None)
        if client is None:
            client = self._thread.client = Client(**self._arguments)
            with self._lock:
                self._clients.append(client)
        return client

    def _forget(self, client: Client) -> None:
        """Start the next call on a new connection, which may reach another server with other abilities."""
        client.disconnect()
        self._types.clear()
        self._thread.abilities = None

    def _abilities(self, client: Client) -> Abilities:
        known = getattr(self._thread, "abilities", None)
        if not isinstance(known, Abilities):
            known = self._thread.abilities = Abilities.of(client)
        return known

    def _columns_of(self, client: Client, table: str) -> dict[str, str]:
        if table not in self._types:
            self._types[table] = described(client, table)
        return self._types[table]


RETRIED_READS = frozenset({159, 160, 202, 209, 210, 241, 242, 319, 999})


def _arguments(address: Address, timeout: float) -> dict[str, Any]:
    """What the driver's Client is made with; the password goes nowhere else."""
    (host, port), *others = address.hosts
    written = address.options
    arguments: dict[str, Any] = {
        "host": host, "port": port, "database": "default", "user": address.user, "password": address.password,
        "secure": address.secure, "settings_is_important": True, "client_name": "tidegate",
        "connect_timeout": 5.0, "send_receive_timeout": timeout, "sync_request_timeout": 5.0,
    }  # fmt: skip
    if others:
        arguments["alt_hosts"] = ",".join(f"[{h}]:{p}" if ":" in h else f"{h}:{p}" for h, p in others)
    try:
        arguments |= {name: float(written[name]) for name in _NUMBERS if name in written}
    except ValueError:
        raise WrongAddress(f"{' and '.join(_NUMBERS)} in the ClickHouse URL are seconds") from None
    if address.secure:
        arguments["verify"] = written.get("verify", "true").lower() not in ("false", "0", "no")
    return arguments | {name: written[name] for name in _FILES if name in written}
