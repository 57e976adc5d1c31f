"""Alerts of a scan to outlets: all at once at its end, and an account of what did not arrive."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas.alert import Alert
from streams.outlets.api import Outlet

TRIES = 4  # for each alert: somebody waits for the command to end
PATIENCE = 3  # alerts in a row that fail before the rest is not tried


class Delivered(NamedTuple):
    """What became of a scan's alerts at one outlet: how many arrived, and how many did not, with the last reason."""

    outlet: str
    arrived: int
    missing: int
    problem: str


async def deliver(outlets: Sequence[Outlet], alerts: Sequence[Alert], step: Callable[[], None]) -> list[Delivered]:
    """Push alerts to each outlet, in their order, and close the outlets; ``step`` is called after each alert.

    What an outlet does not take goes to its dead letters. One that fails several times in a row is left alone.
    """
    return [await _push(outlet, alerts, step) for outlet in outlets]


async def _push(outlet: Outlet, alerts: Sequence[Alert], step: Callable[[], None]) -> Delivered:
    arrived = row = 0
    for tried, alert in enumerate(alerts):
        if row >= PATIENCE:
            for rest in alerts[tried:]:
                outlet.offer(rest)
            break
        taken = await outlet.deliver(alert)
        arrived, row = arrived + taken, 0 if taken else row + 1
        step()
    problem = outlet.problem
    await outlet.close()
    return Delivered(outlet.name, arrived, len(alerts) - arrived, problem)
