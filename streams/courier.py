"""Courier: the Faust agent that reads alerts from their topic and pushes them to the outlets.

Each outlet of each partition has a line of its own, so that one that is slow or away holds up no other. A slice is
acknowledged once every outlet has its alerts or has given them up to its dead letters: at least once, so a receiver
drops what it has seen by its id.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec
import structlog

from schemas.alert import Alert
from schemas.exports import jsonl
from streams.batches import RecordBatch, TopicPartition
from streams.outlets.api import Outlet
from streams.part import Part

log = structlog.get_logger()

SLICE = 100  # alerts in a slice: what may be pushed again after a crash
AHEAD = 8  # slices that may wait for one outlet before no more are read
FAREWELL = 5.0  # s that slices in hand may take when the partition goes


class Parcel:
    """A slice's alerts, on their way to several outlets."""

    def __init__(self, batch: RecordBatch, alerts: Sequence[Alert], outlets: int) -> None:
        self.batch, self.alerts, self.missing = batch, alerts, outlets

    def arrived(self) -> None:
        """One more outlet is done with it; after the last it is acknowledged."""
        self.missing -= 1
        if self.missing == 0:
            self.batch.ack()


class Round:
    """One partition's parcels, to all outlets.

    Attributes
    ----------
    ended : nothing is pushed any more
    """

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self.lines: list[asyncio.Queue[Parcel]] = [asyncio.Queue(AHEAD) for _ in outlets]
        self.tasks = [asyncio.create_task(_push(o, line)) for o, line in zip(outlets, self.lines, strict=True)]
        self.open: list[Parcel] = []
        self.ended = False

    async def take(self, parcel: Parcel) -> None:
        """Queue a parcel for every outlet; waits for the slowest."""
        self.open = [one for one in self.open if one.missing]
        self.open.append(parcel)
        for line in self.lines:
            await line.put(parcel)
        if self.ended:
            parcel.batch.release()

    def give_back(self) -> None:
        """Push no more; what is not acknowledged will be delivered again, here or elsewhere."""
        if self.ended:
            return
        self.ended = True
        for task in self.tasks:
            task.cancel()
        waiting = [parcel for parcel in self.open if parcel.missing]
        for parcel in waiting:
            parcel.batch.release()
        if waiting:
            log.warning("alerts are left for the next start", alerts=sum(len(parcel.alerts) for parcel in waiting))
        for line in self.lines:
            while not line.empty():
                line.get_nowait()  # whoever waits to put can go on


class Courier(Part):
    """All partitions of the alerts topic that this process has.

    Attributes
    ----------
    unread : messages that were no alerts
    """

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self.outlets = outlets
        self.rounds: dict[TopicPartition, Round] = {}
        self.unread = 0

    @property
    def waits(self) -> bool:
        """Whether a receiver takes nothing at the moment."""
        return any(outlet.problem for outlet in self.outlets)

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Push each slice's alerts in their order."""
        async for batch in stream:
            walk = self.rounds.get(batch.tp)
            if walk is None or walk.ended:
                batch.release()
            else:
                await walk.take(Parcel(batch, self._alerts(batch), len(self.outlets)))

    def _alerts(self, batch: RecordBatch) -> list[Alert]:
        found = []
        for value in batch.values():
            try:
                found.append(jsonl.decode(value or b""))
            except msgspec.DecodeError as error:
                self.unread += 1
                log.warning("a message that is no alert", topic=batch.tp.topic, slice=repr(batch), error=str(error))
        return found

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Begin a round for each partition."""
        for tp in tps:
            walk = self.rounds[tp] = Round(self.outlets)
            for task in walk.tasks:
                task.add_done_callback(self.ended)

    def on_drain(self) -> None:
        """Let what is in hand arrive, but not for long."""
        for walk in self.rounds.values():
            asyncio.get_running_loop().call_later(FAREWELL, walk.give_back)

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """End the rounds of these partitions."""
        for tp in tps:
            walk = self.rounds.pop(tp, None)
            if walk is not None:
                walk.give_back()


async def _push(outlet: Outlet, line: asyncio.Queue[Parcel]) -> None:
    """Deliver one parcel after the other."""
    while True:
        parcel = await line.get()
        for alert in parcel.alerts:
            await outlet.deliver(alert)
        parcel.arrived()
