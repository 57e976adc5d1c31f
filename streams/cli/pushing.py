"""``--outlet``: which outlets are meant, and what became of the alerts that were pushed to them."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from schemas.alert import Alert
from streams.cli.failures import Failed, Wrong
from streams.cli.progress import bar
from streams.outlets.api import Outlet
from streams.outlets.configured import configured
from streams.outlets.history import TRIES, Delivered, deliver
from streams.outlets.webhook import WrongOutlet

if TYPE_CHECKING:
    from streams.settings import Outlet as Chosen
    from streams.settings import Settings


def meant(settings: "Settings", names: Sequence[str]) -> list[Outlet]:
    """The outlets that names of ``[[outlet]]`` tables or URLs stand for.

    Raises
    ------
    Wrong
        none has that name, it cannot be used, or one is named twice
    """
    try:
        chosen = [_one(settings, name) for name in names]
        return configured(chosen, directory=settings.state.snapshots, tries=TRIES)
    except WrongOutlet as error:
        raise Wrong(f"--outlet: {error}") from None


def _one(settings: "Settings", name: str) -> "Chosen":
    """The table of that name; a URL is a webhook of its own, unsigned and named for its host."""
    from streams.settings import Outlet as Chosen
    from streams.settings.words import nearest

    known = {outlet.name: outlet for outlet in settings.outlet}
    if name in known:
        return known[name]
    if name.startswith(("http://", "https://")):
        try:
            return Chosen(name=urlsplit(name).hostname or "url", url=name)
        except ValueError:
            raise WrongOutlet("the URL cannot be read: right would be https://host/path") from None
    near = nearest(name, known)
    cure = f"did you mean {near}?" if near else f"known are {', '.join(known)}" if known else "none is configured"
    raise WrongOutlet(f"no [[outlet]] is called {name}: {cure}; or give a URL")


def push(outlets: Sequence[Outlet], alerts: Sequence[Alert]) -> None:
    """Push alerts, and say what arrived where.

    Raises
    ------
    Failed
        some did not arrive; says how many, where and why
    """
    with bar("pushed", len(outlets) * len(alerts)) as drawn:
        done = asyncio.run(deliver(outlets, alerts, lambda: drawn.to(drawn.records + 1, 1)))
    for one in done:
        if not one.missing:
            print(f"{one.arrived} alerts pushed to {one.outlet}")
    if failed := [_said(one) for one in done if one.missing]:
        raise Failed("; ".join(failed))


def _said(one: Delivered) -> str:
    return f"outlet {one.outlet}: {one.missing} of {one.arrived + one.missing} alerts did not arrive ({one.problem})"
