"""What a ClickHouse server can do, asked once a connection and said where it is less than we would like."""

from dataclasses import dataclass
from typing import Any

from clickhouse_driver import Client

TOKEN = "insert_deduplication_token"  # noqa: S105  # a setting's name


@dataclass(frozen=True, slots=True)
class Abilities:
    """What depends on the server's version.

    Attributes
    ----------
    version : as it says itself
    deduplicates : whether it drops a repeated insert by its token (from 21.11)
    buffers : whether it can hold inserts back (``async_insert``), which we forbid
    """

    version: str
    deduplicates: bool
    buffers: bool

    @classmethod
    def of(cls, client: Client) -> "Abilities":
        """Ask the server at the other end."""
        version = client.execute("SELECT version()")[0][0]
        asked = f"SELECT name FROM system.settings WHERE name IN ('{TOKEN}', 'async_insert')"  # noqa: S608
        names = {row[0] for row in client.execute(asked)}
        return cls(str(version), TOKEN in names, "async_insert" in names)

    def settings(self, token: str) -> dict[str, Any]:
        """Settings of one insert: only such as the server knows, since it would refuse or ignore the others."""
        wanted: dict[str, Any] = {}
        if self.deduplicates:
            wanted[TOKEN] = token
        if self.buffers:
            wanted["async_insert"] = 0
        return wanted

    def remarks(self) -> list[str]:
        """What to tell the operator at start, one sentence each; nothing where all is well."""
        if self.deduplicates:
            return []
        return [
            f"ClickHouse {self.version} does not know {TOKEN}: a repeated insert leaves double rows until the "
            "ReplacingMergeTree merges them; read with FINAL, or upgrade to 21.11 or newer"
        ]
