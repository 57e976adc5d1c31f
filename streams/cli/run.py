"""``tidegate run``: the worker."""

from enum import StrEnum
from typing import Annotated

import typer

from streams.cli.failures import Failed
from streams.cli.options import Config, settings_of

EXAMPLE = "tidegate run --config tidegate.toml"


class Role(StrEnum):
    """Which part of tidegate a process is."""

    ALL = "all"
    WORKER = "worker"
    CORRELATOR = "correlator"
    ROUTER = "router"
    OUTLETS = "outlets"


def run(
    role: Annotated[Role, typer.Option(help="Which part this process is.")] = Role.ALL,
    config: Config = None,
) -> None:
    """Watch the configured topics until stopped; says "ready" on stderr once its partitions are assigned."""
    from streams.run import CannotStart
    from streams.run import run as work

    try:
        work(settings_of(config), role.value)
    except CannotStart as error:
        raise Failed(str(error)) from None
