"""Publisher: alerts, rejects and signals to their Kafka topics, confirmed by the broker before anything is acked."""

import asyncio
import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from schemas.alert import Alert
from schemas.exports import jsonl
from schemas.record import Reject
from schemas.signal import Signal, encode
from streams.pauses import Pauses

log = structlog.get_logger()

LONGEST = 10.0  # s between two tries
KEPT = 512 << 10  # bytes of a rejected record in a message, which brokers cap at 1 MiB by default
ORDERED = 0  # the one partition of the signals topic that is used: the correlator needs one order of them all
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)


class Letters(NamedTuple):
    """What is to be published together; it is in order among itself and with what was published before."""

    alerts: Sequence[Alert] = ()
    rejects: Sequence[Reject] = ()
    signals: Sequence[Signal] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to publish."""
        return not (self.alerts or self.rejects or self.signals)


class _Message(NamedTuple):
    topic: str
    key: bytes | None
    value: bytes
    shorter: bytes | None = None


class Publisher:
    """Sends messages and waits for the broker; while it is away, tries again for ever with growing pauses."""

    def __init__(self, options: dict[str, Any], *, alerts: str, rejects: str, signals: str) -> None:
        self.options, self.alerts, self.rejects, self.signals = options, alerts, rejects, signals
        self.producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises ``KafkaError`` if no broker answers."""
        self.producer = AIOKafkaProducer(
            **self.options, acks="all", linger_ms=5, max_request_size=4 << 20, max_batch_size=256 << 10
        )
        await self.producer.start()

    async def partitions(self, topic: str) -> set[int]:
        """Numbers of a topic's partitions. Raises ``KafkaError``."""
        assert self.producer is not None
        return set(await self.producer.partitions_for(topic))

    async def stop(self) -> None:
        """Send what is waiting and disconnect."""
        if self.producer is not None:
            await self.producer.stop()

    async def publish(self, letters: Letters) -> None:
        """Return once all are in Kafka. A message may be there twice after an error; alerts carry their id for that."""
        pauses = Pauses(largest=LONGEST)
        signals = [encode(signal) for signal in letters.signals]
        while signals:
            try:
                signals = await self._signal(signals)
            except KafkaError as error:
                await _wait(pauses, error)
        messages = [_Message(self.alerts, a.model.encode("utf-8", "replace"), jsonl.encode(a)) for a in letters.alerts]
        messages += [_Message(self.rejects, None, reject_line(r), reject_line(r, kept=0)) for r in letters.rejects]
        while messages:
            messages, away = await self._send(messages)
            if away is not None:
                await _wait(pauses, away)

    async def _signal(self, signals: list[bytes]) -> list[bytes]:
        """Send the first of them in one batch, so that none overtakes another; return the others."""
        assert self.producer is not None
        batch = self.producer.create_batch()
        taken = 0
        while taken < len(signals) and batch.append(key=None, value=signals[taken], timestamp=None) is not None:
            taken += 1
        await (await self.producer.send_batch(batch, self.signals, partition=ORDERED))
        return signals[taken:]

    async def _send(self, messages: Sequence[_Message]) -> tuple[list[_Message], KafkaError | None]:
        """Send all; return what is to be sent again, and the error that calls for a pause."""
        assert self.producer is not None
        sending = [self.producer.send_and_wait(m.topic, m.value, key=m.key) for m in messages]
        outcomes = await asyncio.gather(*sending, return_exceptions=True)
        again: list[_Message] = []
        away: KafkaError | None = None
        for message, outcome in zip(messages, outcomes, strict=True):
            if isinstance(outcome, TOO_LARGE):
                again += _shortened(message)
            elif isinstance(outcome, KafkaError):
                again.append(message)
                away = outcome
            elif isinstance(outcome, BaseException):
                raise outcome
        return again, away


def _shortened(message: _Message) -> list[_Message]:
    if message.shorter is not None:
        return [message._replace(value=message.shorter, shorter=None)]
    log.error("a message is larger than the broker takes and is not published", topic=message.topic,
              bytes=len(message.value), cure="raise the topic's max.message.bytes")  # fmt: skip
    return []


async def _wait(pauses: Pauses, error: KafkaError) -> None:
    seconds = pauses.next()
    log.warning("the broker does not take messages; trying again", error=repr(error), seconds=round(seconds, 1))
    await asyncio.sleep(seconds)


def reject_line(reject: Reject, *, kept: int = KEPT) -> bytes:
    """A reject as one JSON object: offset, topic, reason, path and the capped bytes in base64."""
    return msgspec.json.encode(
        {
            "offset": reject.offset,
            "topic": reject.topic,
            "partition": reject.partition,
            "reason": reject.reason,
            "path": reject.path,
            "bytes_b64": base64.b64encode(reject.value[:kept]).decode(),
        }
    )
