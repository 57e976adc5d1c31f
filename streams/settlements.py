"""How partitions and workers agree on a settlement, without a leader.

Every partition whose burn-in (or epoch) ended deposits its sample (or peaks) and waits for the others of its topic.
Then anybody may compute the settlement, because it is a pure function of the deposits: whoever does gets the same
bytes. The first one stored counts, for everybody and for every replay; so does a refusal ("the burn-in is too thin").

Who is waited for: a partition that still has records to handle which lay in the log when we asked is waited for, even
while its worker is being replaced; it will either deposit or pass them. One that has passed them has nothing to say,
unless something new comes; for that it has ``wait`` s since what made us ask was written. So a backlog gives what live
traffic gave, and a crash changes nothing. Where partitions hold each other up: see :mod:`streams.standstill`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import time
from typing import Any, NamedTuple, TypeVar

import structlog

from detectors.need import Answer, Need
from detectors.packing import MAGIC
from detectors.plan import Plan
from detectors.reference import NotEnough
from detectors.settlement import Settlement, roll, settle
from streams.deposits import PEAKS, SAMPLE, SETTLEMENT, STUCK, Deposits, Place
from streams.passage import Held
from streams.standing import Away, Patience, Standing
from streams.standstill import chosen, decode, encode, stuck

log = structlog.get_logger()

T = TypeVar("T")

PAUSE = 0.4  # s between two looks for the deposits of others
JUMP = 4 * PAUSE  # s that count as waited between two looks, at most: while nobody answers, nobody is late
QUARANTINE = 1.5  # s after which an insert of somebody else that was on its way is there or comes later


class Own(NamedTuple):
    """What the partition that asks has deposited."""

    kind: str
    partition: int
    payload: bytes


def answer(need: Need, payloads: Sequence[bytes], plan: Plan) -> Answer:
    """Compute a settlement from every partition's payload, in order of partition."""
    if need.before is not None:
        return roll(need.before, payloads, ended=need.ended)
    try:
        return settle(payloads, plan)
    except NotEnough as reason:
        return str(reason)


class Settlements:
    """Settlements of one worker's partitions.

    Parameters
    ----------
    wait : s that a partition with nothing left to handle is given to send something new
    local : the partitions of a topic that this worker has, and what holds them up
    """

    def __init__(
        self,
        deposits: Deposits,
        plan: Plan,
        *,
        wait: float,
        standing: Standing,
        local: Callable[[str], Mapping[int, Held]],
    ) -> None:
        self.deposits, self.plan, self.wait = deposits, plan, wait
        self.standing, self.local = standing, local
        self.known: dict[Place, Answer] = {}
        self._settled: set[Place] = set()
        self._declared: set[tuple[int, bytes]] = set()
        self._locks: dict[Place, asyncio.Lock] = {}
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="tidegate-settlements")

    async def ask(self, need: Need, topic: str, partition: int, written: float = 0.0) -> Answer:
        """Return the settlement that every partition of ``topic`` goes on with; waits for the others' deposits.

        ``written`` says when the records that made us ask were written to the log, s since the epoch.
        """
        place = Place(topic, need.model, need.version, need.ended, need.round)
        if (found := await self._stored(place)) is not None:
            return found
        kind = SAMPLE if need.before is None else PEAKS
        await self._away(self.deposits.put, kind, place, partition, need.payload)
        async with self._locks.setdefault(place, asyncio.Lock()):
            if (found := await self._stored(place)) is not None:
                return found
            return await self._settle(need, place, kind, partition, written)

    async def _settle(self, need: Need, place: Place, kind: str, partition: int, written: float) -> Answer:
        own = Own(kind, partition, need.payload)
        everybody = await self._gather(own, place, written)
        if (found := await self._stored(place)) is not None:
            return found
        parts = {partition: need.payload, **await self._away(self.deposits.parts, kind, place)}
        log.info("settling", model=need.model, version=need.version, epoch=need.ended, partitions=len(parts))
        last = await self._before(need, place)
        await self._away(self._make, last, [parts[p] for p in sorted(parts)], place)
        if not (everybody and set(parts) <= set(self.local(place.topic))):
            await asyncio.sleep(QUARANTINE)
        first = await self._stored(place)
        while first is None:  # a replica may not have it yet
            await asyncio.sleep(PAUSE)
            first = await self._stored(place)
        _say(first, place, len(parts))
        return first

    def _make(self, need: Need, payloads: Sequence[bytes], place: Place) -> None:
        """Compute the settlement and store it, in one go: whoever asked may lose its partition meanwhile.

        Else a worker that is so busy with computing that it is taken for dead would begin again for ever.
        """
        self.deposits.put(SETTLEMENT, place, 0, _bytes(answer(need, payloads, self.plan.of(place.topic))))

    async def _stored(self, place: Place) -> Answer | None:
        if place not in self.known and (data := await self._away(self.deposits.first, SETTLEMENT, place)):
            self.known[place] = _answer(data)
        return self.known.get(place)

    async def _before(self, need: Need, place: Place) -> Need:
        """The need with the newest settlement before it, which the asker missed if it was silent for an epoch."""
        if need.before is None:
            return need
        for epoch in range(need.ended - 1, need.before.calibration.epoch, -1):
            found = await self._stored(place._replace(ended=epoch))
            if isinstance(found, Settlement):
                return Need(need.model, need.version, need.ended, need.payload, found)
        return need

    async def _gather(self, own: Own, place: Place, written: float) -> bool:
        """Wait for the deposits of all partitions that may still come; say whether all came.

        Our own is laid down again if it is gone: the database may have been away for longer than it keeps them.
        """
        ends = await self._patient(self.standing.ends, place.topic)
        watch = Patience(ends, self.wait, already=time() - written if written else 0.0)
        clock = asyncio.get_running_loop().time
        before = clock()
        while True:
            missing = set(ends) - await self._away(self.deposits.present, own.kind, place)
            if not missing or await self._stored(place) is not None:
                return not missing
            if own.partition in missing:
                await self._away(self.deposits.put, own.kind, place, own.partition, own.payload)
            watch.look(await self._patient(self.standing.committed, place.topic), min(JUMP, clock() - before))
            before = clock()
            if not any(map(watch.hopeful, missing)) or await self._breaks(place, watch):
                log.warning("went on without partitions that have nothing to say, or cannot", topic=place.topic,
                            model=place.model, epoch=place.ended, missing=sorted(missing), of=len(ends))  # fmt: skip
                return False
            await asyncio.sleep(PAUSE)

    async def _breaks(self, place: Place, watch: Patience) -> bool:
        """Whether all stand still and this settlement is the one that must be made nevertheless."""
        ends = await self._patient(self.standing.ends, place.topic)
        spot = Place(place.topic, "", "", 0)
        for partition, held in self.local(place.topic).items():
            one = stuck(held, place.topic, ends.get(partition, 0))
            if one is not None and (partition, encode(one)) not in self._declared:
                await self._away(self.deposits.put, STUCK, spot, partition, encode(one))
                self._declared.add((partition, encode(one)))
        found = [(p, decode(blob)) for p, blob in await self._away(self.deposits.every, STUCK, spot)]
        for need in {need for _, one in found for need in one.needs} - self._settled:
            if await self._away(self.deposits.present, SETTLEMENT, need):
                self._settled.add(need)
        still = {partition: one for partition, one in found if not one.needs & self._settled}
        if any(watch.hopeful(partition) for partition in set(ends) - set(still)):
            return False
        return place in {need for one in still.values() for need in one.needs} and chosen(still.values()) == place

    async def _patient(self, look: Callable[[str], Any], topic: str) -> dict[int, int]:
        while True:
            try:
                found: dict[int, int] = await look(topic)
            except Away as error:
                log.warning("waiting for the brokers", problem=str(error))
                await asyncio.sleep(1.0)
            else:
                return found

    async def _away(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call what blocks in a thread of our own: a database that is away must not use up everybody's."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _bytes(made: Answer) -> bytes:
    return made.encode() if isinstance(made, str) else made.to_bytes()


def _answer(data: bytes) -> Answer:
    return Settlement.from_bytes(data) if data.startswith(MAGIC) else data.decode()


def _say(made: Answer, place: Place, partitions: int) -> None:
    said = {"model": place.model, "version": place.version, "epoch": place.ended, "partitions": partitions}
    if isinstance(made, str):
        log.warning("not settled", **said, reason=made)
    else:
        log.info("settled", **said, reference=made.reference.id, calibration=made.calibration.id)
