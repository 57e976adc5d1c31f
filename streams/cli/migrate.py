"""``tidegate migrate``: bring the ClickHouse schema up to date."""

from typing import Annotated, cast

import typer

from streams.cli.options import Config, settings_of

EXAMPLE = "tidegate migrate --dry-run"


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the statements and change nothing.")] = False,
    roles: Annotated[
        bool, typer.Option("--roles/--no-roles", help="Whether to make roles, which needs a user that may.")
    ] = True,
    config: Config = None,
) -> None:
    """Bring the ClickHouse schema up to date, and set how long rows are kept. Running it again does no harm."""
    from streams.cli.failures import Failed, Wrong
    from streams.cli.store import opened
    from streams.sinks import lifetimes, migrations

    settings = settings_of(config)
    with opened(settings) as sink:
        if not hasattr(sink, "execute"):
            raise Wrong(f"clickhouse.url: {settings.clickhouse.url.partition(':')[0]}:// has no tables to migrate")
        try:
            database = cast("migrations.Database", sink)
            steps = migrations.migrate(database, dry_run=dry_run, roles=roles)
            kept = lifetimes.keep(database, settings.clickhouse.lifetimes, dry_run=dry_run)
        except migrations.Unfit as error:
            raise Failed(str(error)) from None
    for step in steps:
        print(f"-- {step.name}" if dry_run else f"applied {step.name}")
        if dry_run:
            print(";\n".join(step.statements) + ";\n")
    if kept:
        print("-- how long rows are kept" if dry_run else "set how long rows are kept")
        if dry_run:
            print(";\n".join(kept) + ";\n")
    if not steps and not kept:
        print("the schema is up to date")
