"""Publisher: alerts, rejects and signals to their Kafka topics, confirmed by the broker before anything is acked."""

import asyncio
import base64
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.alert import Alert
from schemas.exports import jsonl
from schemas.record import Reject
from schemas.signal import Signal, encode

log = structlog.get_logger()

LONGEST = 10.0  # s between two tries


class Publisher:
    """Sends messages and waits for the broker; while it is away, tries again for ever with growing pauses."""

    def __init__(self, options: dict[str, Any], *, alerts: str, rejects: str, signals: str) -> None:
        self.options, self.alerts, self.rejects, self.signals = options, alerts, rejects, signals
        self.producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises ``KafkaError`` if no broker answers."""
        self.producer = AIOKafkaProducer(**self.options, acks="all", linger_ms=5, max_request_size=4 << 20)
        await self.producer.start()

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has, at least 1."""
        assert self.producer is not None
        return max(1, len(await self.producer.partitions_for(topic)))

    async def stop(self) -> None:
        """Send what is waiting and disconnect."""
        if self.producer is not None:
            await self.producer.stop()

    async def publish(
        self, alerts: Sequence[Alert] = (), rejects: Sequence[Reject] = (), signals: Sequence[Signal] = ()
    ) -> None:
        """Return once all are in Kafka. A message may be there twice after an error; alerts carry their id for that."""
        messages: list[tuple[str, bytes | None, bytes]] = []
        messages += [(self.alerts, alert.model.encode("utf-8", "replace"), jsonl.encode(alert)) for alert in alerts]
        messages += [(self.rejects, None, reject_line(reject)) for reject in rejects]
        messages += [(self.signals, s.model.encode("utf-8", "replace"), encode(s)) for s in signals]
        if messages:
            await self._send(messages)

    async def _send(self, messages: Iterable[tuple[str, bytes | None, bytes]]) -> None:
        assert self.producer is not None
        left, pause = list(messages), 0.2
        while left:
            try:
                sent = [await self.producer.send(topic, value, key=key) for topic, key, value in left]
                outcomes = await asyncio.gather(*sent, return_exceptions=True)
            except KafkaError as error:
                outcomes = [error] * len(left)
            left = [
                message for message, outcome in zip(left, outcomes, strict=True) if isinstance(outcome, BaseException)
            ]
            if left:
                log.warning("broker does not take messages; trying again", messages=len(left), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(LONGEST, 2 * pause)


def reject_line(reject: Reject) -> bytes:
    """A reject as one JSON object: offset, topic, reason, path and the capped bytes in base64."""
    return msgspec.json.encode(
        {
            "offset": reject.offset,
            "topic": reject.topic,
            "partition": reject.partition,
            "reason": reject.reason,
            "path": reject.path,
            "bytes_b64": base64.b64encode(reject.value).decode(),
        }
    )
