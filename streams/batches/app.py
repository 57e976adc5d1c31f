"""BatchApp: a Faust app whose agents get whole slices of a partition and say when they are durable."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import faust

from streams.batches import private_names
from streams.batches.agents import Handler, Poison, one_by_one, whole_stream
from streams.batches.delivery import RecordBatch, TopicPartition
from streams.batches.hooks import Hooks
from streams.batches.membership import Membership
from streams.batches.mode import ExactDelivery
from streams.batches.public import PublicDelivery
from streams.batches.slices import BatchSchema, BatchStream, scheduler

SETTINGS: dict[str, Any] = {
    "topic_allow_declare": False,
    "topic_disable_leader": True,
    "table_standby_replicas": 0,
    "consumer_auto_offset_reset": "earliest",
    "stream_wait_empty": True,
    "broker_commit_interval": 1.0,
    "broker_session_timeout": 30.0,
    "broker_rebalance_timeout": 60.0,
    "broker_max_poll_interval": 3600.0,
    "consumer_max_fetch_size": 4 * 2**20,
    "producer_acks": -1,
    "web_enabled": False,
    "worker_redirect_stdouts": False,
}
"""Faust settings that differ from its defaults; each can be given to `BatchApp` otherwise.

No topics are created, no tables and no leader topic are used; a step may take an hour before the group thinks the
worker dead (heartbeats come from a thread of their own).
"""
BEATS = 10
"""Heartbeats in a session: the first of them comes one interval after joining, and one late must not be the last."""
REQUEST = 40.0
"""s that a request may take; longer where the session is, which Faust asks for."""


def beating(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with heartbeats and requests as the session timeout wants them, unless they are given."""
    session: float = settings["broker_session_timeout"]
    return {"broker_heartbeat_interval": session / BEATS, "broker_request_timeout": max(REQUEST, session), **settings}


class BatchApp(faust.App):
    """A Faust app that delivers whole batches of raw records, at least once.

    An offset is committed only after every batch before it on its partition was acknowledged. Exceptions,
    cancellation, rebalances and crashes never acknowledge. A fatal error of the consumer group ends the
    process (exit status 1) instead of leaving it running without partitions.

    Parameters
    ----------
    id : the consumer group
    batch_topics : topics delivered as batches; all others go Faust's way
    max_batch : records in a batch, at most
    batch_drain_timeout : s that a rebalance or a stop waits for batches in hand
    hooks : what the application is told about its partitions
    settings : Faust's own, over `SETTINGS`

    Attributes
    ----------
    missing_names : private names that the installed libraries lack; if any, delivery is by `PublicDelivery`
    held : partitions that are paused
    drained : the app stops, and everything that can be finished and committed is
    membership : how often the group took this process for dead

    Examples
    --------
    >>> app = BatchApp("detector", broker="kafka://127.0.0.1:9092", batch_topics={"traffic"})
    >>> @app.batch_agent(app.batch_topic("traffic"))
    ... async def detect(batch): ...
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - Faust's name
        *,
        batch_topics: Iterable[str],
        max_batch: int = 2000,
        batch_drain_timeout: float = 30.0,
        hooks: Hooks | None = None,
        **settings: Any,
    ) -> None:
        self.batch_topics = frozenset(batch_topics)
        self.max_batch, self.batch_drain_timeout = max_batch, batch_drain_timeout
        self.hooks = hooks or Hooks()
        self.held: set[TopicPartition] = set()
        self.drained = False
        self.membership = Membership()
        self.missing_names = private_names.missing()
        self.delivery = PublicDelivery(self) if self.missing_names else ExactDelivery(self)
        settings = beating(
            {
                "ConsumerScheduler": scheduler(self),
                "Stream": BatchStream,
                "broker_max_poll_records": max_batch,
                "datadir": Path(gettempdir()) / f"faust-{id}",
                **SETTINGS,
                **settings,
                **self.delivery.settings,
            }
        )
        super().__init__(id, **settings)
        self.delivery.install()

    def _new_transport(self) -> Any:
        return self.delivery.transport(super()._new_transport())

    async def on_first_start(self) -> None:
        """Say how batches are delivered if not exactly."""
        if self.missing_names:
            self.log.warning(
                "delivery by public API only, this Faust or aiokafka lacks: %s", ", ".join(self.missing_names)
            )
        await super().on_first_start()

    async def on_stop(self) -> None:
        """Stop, and close the books."""
        await super().on_stop()
        await self.delivery.leave()

    def batch_topic(self, *topics: str, queued_batches: int = 64, **settings: Any) -> Any:
        """Return a channel over batch topics; fetching stops while `queued_batches` wait for the agent."""
        unknown = set(topics) - self.batch_topics
        if unknown:
            raise ValueError(f"not in batch_topics: {', '.join(sorted(unknown))}")
        return self.topic(*topics, schema=BatchSchema(), maxsize=queued_batches, **settings)

    def batch_agent(
        self,
        topic: Any,
        *,
        retries: int = 5,
        backoff: float = 0.5,
        on_poison: Poison | None = None,
        **settings: Any,
    ) -> Callable[[Handler], Any]:
        """Make an agent of a function of one batch; see `streams.batches.agents.one_by_one`."""

        def decorate(handler: Handler) -> Any:
            run = one_by_one(self, handler, retries=retries, backoff=backoff, on_poison=on_poison)
            return self._named_agent(topic, handler, run, settings)

        return decorate

    def stream_agent(
        self, topic: Any, **settings: Any
    ) -> Callable[[Callable[[AsyncIterator[RecordBatch]], Awaitable[None]]], Any]:
        """Make an agent of a function of the stream, which acknowledges batches itself; an error ends the app."""

        def decorate(body: Callable[[AsyncIterator[RecordBatch]], Awaitable[None]]) -> Any:
            return self._named_agent(topic, body, whole_stream(self, body), settings)

        return decorate

    def _named_agent(self, topic: Any, written: Any, run: Any, settings: dict[str, Any]) -> Any:
        for attribute in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(run, attribute, getattr(written, attribute))
        return self.agent(topic, name=f"{written.__module__}.{written.__qualname__}", **settings)(run)

    def pause(self, tps: Iterable[TopicPartition]) -> None:
        """Stop fetching single partitions; from the event loop.

        Batches delivered before stay valid, and those already fetched still arrive; both can be acknowledged.
        The pause ends with `resume`, or when the partition is revoked.
        """
        self.delivery.pause(tps)

    def resume(self, tps: Iterable[TopicPartition]) -> None:
        """Fetch these partitions again, without losing or repeating a record; from the event loop."""
        self.delivery.resume(tps)

    def committed(self, tp: TopicPartition) -> int | None:
        """Return the committed offset of a partition that is ours, as far as known; None if none."""
        return self.delivery.ledger.committed(tp)

    def log_end(self, tp: TopicPartition) -> int | None:
        """Return the offset behind the last record of a partition of ours, as of the last fetch; None if unknown."""
        with suppress(Exception):  # the consumer may be starting, or losing the partition, under us
            return int(self.consumer.highwater(tp))
        return None

    def behind(self, tp: TopicPartition) -> int | None:
        """Return how many offsets lie beyond what is committed on a partition that is ours; None if not known yet."""
        end = self.log_end(tp)
        return None if end is None else max(0, end - (self.committed(tp) or 0))

    @property
    def in_flight(self) -> int:
        """Number of batches delivered and not acknowledged."""
        return self.delivery.ledger.in_flight

    @property
    def oldest_unacked_age(self) -> float:
        """Age in s of the oldest batch not acknowledged, paused partitions left out; 0 if none."""
        return self.delivery.ledger.oldest_unacked_age(without=self.held)
