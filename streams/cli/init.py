"""``tidegate init``: a configuration from what is in the topics."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from streams.beginning import Topic
    from streams.settings import Settings

EXAMPLE = "tidegate init --brokers b1:9092,b2:9092 --topic traffic --clickhouse chdb:///var/lib/tidegate/db"
BROKERS = "127.0.0.1:9092"


def init(
    brokers: Annotated[
        str, typer.Option(help="Bootstrap servers, host:port,host:port; asked for if not given.", show_default=False)
    ] = "",
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", help="Only this topic; may be given again. Else all.", show_default=False),
    ] = None,
    clickhouse: Annotated[
        str, typer.Option(help="Where alerts go: clickhouse://... or chdb:///DIRECTORY.", show_default=False)
    ] = "",
    snapshots: Annotated[Path | None, typer.Option(help="Directory for snapshots.", show_default=False)] = None,
    secret: Annotated[Path, typer.Option(help="File of the secret; made if it is not there.")] = Path(
        "tidegate.secret"
    ),
    out: Annotated[Path, typer.Option("--out", help="File to write; - prints it.")] = Path("tidegate.toml"),
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Look at the topics of a broker, recognise their formats, and write a commented configuration.

    How to sign in to the brokers is taken from the environment (TIDEGATE_KAFKA__SECURITY and so on), and written down
    without passwords.
    """
    from streams import beginning
    from streams.brokers import Unreachable
    from streams.cli.failures import Failed, Wrong, say
    from streams.settings import load

    printed = str(out) == "-"
    if not printed and out.exists() and not force:
        raise Wrong(f"{out} is there already: give --force to write over it, or --out another file")
    where = brokers or _asked("Kafka brokers", BROKERS)
    url = clickhouse or _asked("ClickHouse, or chdb:///DIRECTORY", "")
    settings = _settings(where, url)
    try:
        topics = beginning.look(settings, topic or [])
    except Unreachable as error:
        raise Failed(f"{error}, or --brokers here") from None
    chosen = beginning.Chosen(
        settings.kafka.brokers,
        url,
        str(secret) if printed else str(_secret(secret)),
        str(snapshots.absolute()) if snapshots else "",
        list(_kafka(settings)),
    )
    text = beginning.configuration(topics, chosen)
    if printed:
        print(text)
        return
    out.write_text(text, encoding="utf-8")
    load(out)
    for line in _told(topics):
        say(line)
    print(f"{out} written: {sum(one.readable for one in topics)} topics; tidegate doctor --config {out}")


def _asked(what: str, default: str) -> str:
    """What a person at the terminal types; the default where nobody is there."""
    if not sys.stdin.isatty():
        return default
    answer: str = typer.prompt(what, default=default, err=True)
    return answer


def _settings(brokers: str, clickhouse: str) -> "Settings":
    """The environment's settings with these brokers; a file that is there is not read."""
    import os

    from streams.settings import load

    overrides: dict[str, dict[str, object]] = {"kafka": {"brokers": brokers}}
    if clickhouse:
        overrides["clickhouse"] = {"url": clickhouse}
    return load(Path(os.devnull), **overrides)


def _secret(path: Path) -> Path:
    """The file of the secret, made for its owner alone unless it is there."""
    import os
    import secrets

    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    return path.absolute()


def _kafka(settings: "Settings") -> list[str]:
    """How to sign in, as far as that is no secret and no default."""
    import json

    known = settings.kafka.model_dump(mode="json", exclude_defaults=True)
    keys = ("group", "security", "sasl_mechanism", "username", "password_file", "ca_file", "certificate_file",
            "key_file", "version")  # fmt: skip
    lines = [f"{key} = {json.dumps(known[key])}" for key in keys if known.get(key)]
    return [*lines, "# password: in TIDEGATE_KAFKA__PASSWORD"] if settings.kafka.password else lines


def _told(topics: "list[Topic]") -> list[str]:
    made = []
    for one in topics:
        seen = one.seen
        if seen is None:
            made.append(f"topic {one.name}: {'empty' if one.partitions else 'not there'}, left commented out")
        elif not one.readable:
            made.append(f"topic {one.name}: in no format that can be read, left commented out")
        else:
            doubt = f"; {seen.doubt}" if seen.doubt else ""
            made.append(f"topic {one.name}: {seen.format}, {seen.title}{doubt}")
    return made
