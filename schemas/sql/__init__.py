"""The tables: migrations in order, named queries, and how parameters enter them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from schemas.sql import literals

SERVER_ONLY = ".server.sql"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of statements, applied once.

    Attributes
    ----------
    number : files are applied in its order
    name : of the file, without ending
    statements : in order, without semicolons
    server_only : whether the embedded engine, which has no users, cannot run it
    checksum : SHA-256 of the file, 64 hex digits
    """

    number: int
    name: str
    statements: tuple[str, ...]
    server_only: bool
    checksum: str


def migrations() -> list[Migration]:
    """Return every migration, in order."""
    found = [file for file in files(__name__).joinpath("migrations").iterdir() if file.name.endswith(".sql")]
    return [_migration(file.name, file.read_text("utf-8")) for file in sorted(found, key=lambda file: file.name)]


def _migration(name: str, text: str) -> Migration:
    number, _, _ = name.partition("_")
    stem, _, _ = name.partition(".")
    checksum = sha256(text.encode()).hexdigest()
    return Migration(int(number), stem, statements(text), name.endswith(SERVER_ONLY), checksum)


def statements(text: str) -> tuple[str, ...]:
    """Split at semicolons that end a line, without comments on lines of their own."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    pieces = ("\n".join(lines) + "\n").split(";\n")
    return tuple(piece.strip() for piece in pieces if piece.strip())


def queries() -> list[str]:
    """Return the names of all queries."""
    found = files(__name__).joinpath("queries").iterdir()
    return sorted(file.name.removesuffix(".sql") for file in found if file.name.endswith(".sql"))


def query(name: str) -> str:
    """Return the text of a named query, with ``{name:Type}`` for its parameters; KeyError if there is none."""
    if name not in queries():
        raise KeyError(name)
    return files(__name__).joinpath("queries", f"{name}.sql").read_text("utf-8").strip()


def render(name: str, parameters: Mapping[str, object]) -> str:
    """Return a named query with its parameters as literals; see ``schemas.sql.literals.render``."""
    return literals.render(query(name), parameters)
