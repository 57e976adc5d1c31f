"""The page an outlet's author reads: what a destination of alerts promises."""

from typing import Protocol

from schemas.alert import Alert


class Outlet(Protocol):
    """A destination that alerts are pushed to. It never gets in the way of detection: ``offer`` does not wait.

    An alert is durable in table ``alerts`` and in topic ``tidegate.alerts`` before any outlet sees it. An outlet tries
    until its destination has it or refuses it; what was refused, or offered and not delivered before the end, goes to
    its dead letters and is said in the log.

    Attributes
    ----------
    name : as in ``--outlet``
    problem : why the destination takes nothing at the moment, else ""
    sent, failed : alerts delivered, and alerts given up
    """

    name: str
    problem: str
    sent: int
    failed: int

    def start(self) -> None:
        """Begin to deliver; call it where the event loop runs."""
        ...

    def offer(self, alert: Alert) -> bool:
        """Queue an alert for delivery; False if the queue is full and it went to the dead letters."""
        ...

    async def deliver(self, alert: Alert) -> bool:
        """Return once the destination has the alert, or False once it went to the dead letters."""
        ...

    async def drain(self, seconds: float) -> bool:
        """Wait up to ``seconds`` until everything offered is delivered or given up; return whether it is."""
        ...

    def leave(self) -> int:
        """Put what was offered and is not delivered into the dead letters, as the process ends; return how much."""
        ...

    async def close(self) -> None:
        """End, with :meth:`leave`."""
        ...
