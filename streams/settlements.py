"""How partitions and workers agree on a settlement: through rows of the table ``calibrations``, without a leader.

Every partition whose burn-in (or epoch) ended deposits its sample (or peaks) and waits for the others of its topic,
at most a stated time. Then anybody may compute the settlement, because it is a pure function of the deposits: whoever
does gets the same bytes. The first one stored counts, for everybody and for every replay.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import blake2b
from time import sleep, time
from typing import Any, Protocol, TypeVar

import numpy as np
import structlog
import zstandard

from detectors.plan import Plan
from detectors.reference import NotEnough
from detectors.settlement import Settlement, roll, settle
from detectors.watch import Answer, Need
from streams.sinks.api import Sink, Unavailable
from streams.sinks.blocks import token
from streams.sinks.rows import moments

log = structlog.get_logger()

T = TypeVar("T")

PAUSE = 0.25  # s between two looks for the deposits of others
LARGEST = 1 << 31  # bytes of a deposit when unpacked


class Deposits(Protocol):
    """The store that all workers of a group share; calls block."""

    def put(self, kind: str, need: Need, topic: str, partition: int, blob: str) -> None:
        """Keep a row; a row of the same place is replaced."""
        ...

    def parts(self, kind: str, need: Need, topic: str) -> Mapping[int, str]:
        """Blobs of a kind by partition."""
        ...

    def first(self, need: Need, topic: str) -> str | None:
        """The settlement stored first."""
        ...


def answer(need: Need, payloads: Sequence[bytes], plan: Plan) -> Answer:
    """Compute a settlement from every partition's payload, in order of partition."""
    if need.before is not None:
        return roll(need.before, payloads, ended=need.ended)
    try:
        return settle(payloads, plan)
    except NotEnough as reason:
        return str(reason)


class Settlements:
    """Settlements of one worker's partitions."""

    def __init__(
        self,
        deposits: Deposits,
        plan: Plan,
        *,
        wait: float,
        partitions: Callable[[str], Awaitable[int]],
    ) -> None:
        self.deposits, self.plan, self.wait, self.partitions = deposits, plan, wait, partitions
        self.locks: dict[tuple[str, str, str, int], asyncio.Lock] = {}
        self.known: dict[tuple[str, str, str, int], Settlement] = {}

    async def ask(self, need: Need, topic: str, partition: int) -> Answer:
        """Return the settlement that every partition of ``topic`` goes on with; waits for the others' deposits."""
        key = (topic, need.model, need.version, need.ended)
        if found := await self._stored(key, need, topic):
            return found
        kind = "peaks" if need.before else "sample"
        await asyncio.to_thread(self.deposits.put, kind, need, topic, partition, packed(need.payload))
        parts = await self._gather(kind, need, topic)
        async with self.locks.setdefault(key, asyncio.Lock()):
            if found := await self._stored(key, need, topic):
                return found
            payloads = [unpacked(parts[p]) for p in sorted(parts)]
            made = await asyncio.to_thread(answer, need, payloads, self.plan)
            if isinstance(made, str):
                return made
            await asyncio.to_thread(self.deposits.put, "settlement", need, topic, 0, packed(made.to_bytes()))
            log.info(
                "settled",
                model=need.model,
                version=need.version,
                epoch=need.ended,
                partitions=len(parts),
                reference=made.reference.id,
                calibration=made.calibration.id,
            )
            return await self._stored(key, need, topic) or made

    async def _stored(self, key: tuple[str, str, str, int], need: Need, topic: str) -> Settlement | None:
        if key not in self.known and (blob := await asyncio.to_thread(self.deposits.first, need, topic)):
            self.known[key] = Settlement.from_bytes(unpacked(blob))
        return self.known.get(key)

    async def _gather(self, kind: str, need: Need, topic: str) -> Mapping[int, str]:
        """Deposits of all partitions, or of those that came in time."""
        clock = asyncio.get_running_loop().time
        until = clock() + self.wait
        expected = await self.partitions(topic)
        while True:
            parts = await asyncio.to_thread(self.deposits.parts, kind, need, topic)
            if len(parts) >= expected:
                return parts
            if clock() > until:
                log.warning(
                    "partitions did not reach the end of the epoch in time; going on without them",
                    model=need.model,
                    epoch=need.ended,
                    have=len(parts),
                    of=expected,
                )
                return parts
            await asyncio.sleep(PAUSE)


def packed(data: bytes) -> str:
    """Bytes as text that every engine stores unchanged."""
    return base64.b64encode(zstandard.compress(data, 1)).decode()


def unpacked(text: str) -> bytes:
    """Undo :func:`packed`."""
    return zstandard.ZstdDecompressor().decompress(base64.b64decode(text), max_output_size=LARGEST)


class MemoryDeposits:
    """Deposits of one process, for tests and for runs without a database."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str, str, int, int], str] = {}

    def put(self, kind: str, need: Need, topic: str, partition: int, blob: str) -> None:
        """Keep a row; the first settlement stays."""
        key = (kind, topic, need.model, need.version, need.ended, partition)
        if kind != "settlement" or key not in self.rows:
            self.rows[key] = blob

    def parts(self, kind: str, need: Need, topic: str) -> dict[int, str]:
        """Blobs of a kind by partition."""
        place = (kind, topic, need.model, need.version, need.ended)
        return {k[5]: v for k, v in self.rows.items() if k[:5] == place}

    def first(self, need: Need, topic: str) -> str | None:
        """The settlement stored first."""
        return self.rows.get(("settlement", topic, need.model, need.version, need.ended, 0))


class SinkDeposits:
    """Deposits in the table ``calibrations``."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def put(self, kind: str, need: Need, topic: str, partition: int, blob: str) -> None:
        """Insert a row, durable on return; tries again while the database is away."""
        digest = blake2b(blob.encode(), digest_size=12).hexdigest()
        columns: dict[str, Any] = {
            "model": [need.model],
            "version": [need.version],
            "epoch": np.array([need.ended], np.uint32),
            "kind": [kind],
            "topic": [topic],
            "partition": np.array([partition], np.int32),
            "id": [digest],
            "created": moments([time()]),
            "blob": [blob],
        }
        patiently(lambda: self.sink.write("calibrations", columns, token("calibrations", columns)))

    def parts(self, kind: str, need: Need, topic: str) -> dict[int, str]:
        """Newest blob of each partition."""
        return {int(row["partition"]): _content(row) for row in self._rows(kind, need, topic)}

    def first(self, need: Need, topic: str) -> str | None:
        """The settlement stored first."""
        rows = self._rows("settlement", need, topic)
        return _content(rows[0]) if rows else None

    def _rows(self, kind: str, need: Need, topic: str) -> list[dict[str, Any]]:
        """Rows of one topic, oldest first."""
        parameters = {"kind": kind, "model": need.model, "version": need.version, "epoch": need.ended}
        rows = patiently(lambda: self.sink.query("calibration_parts", parameters))
        return sorted((r for r in rows if r["topic"] == topic), key=lambda r: (str(r["created"]), r["id"]))


def _content(row: Mapping[str, Any]) -> str:
    return bytes.fromhex(row["content"]).decode()


def patiently(attempt: Callable[[], T]) -> T:
    """Try until the database answers, with pauses up to ten seconds; runs in a thread."""
    pause = 0.2
    while True:
        try:
            return attempt()
        except Unavailable as error:
            log.warning("waiting for the database", problem=str(error))
            sleep(pause)
            pause = min(10.0, 2 * pause)
