"""GroupOffsets: what the broker holds for a consumer group, asked by public means."""

import asyncio
from collections.abc import Iterable
from typing import Any

import aiokafka
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth, server_list

from streams.batches.delivery import TopicPartition

DEFAULT_PORT = 9092
TRIES = 20
PAUSE = 0.25
"""s between two tries: a coordinator may be on its way."""


class GroupOffsets:
    """Asks the brokers of a Faust app for the committed offsets of its group.

    Parameters
    ----------
    conf : the app's settings: brokers, credentials, group
    """

    def __init__(self, conf: Any) -> None:
        self._conf = conf
        self._client: AIOKafkaAdminClient | None = None

    async def of(self, tps: Iterable[TopicPartition]) -> dict[TopicPartition, int | None]:
        """Return the committed offset of each partition, None where there is none; KafkaError if nobody answers."""
        asked = [aiokafka.TopicPartition(*tp) for tp in tps]
        if not asked:
            return {}
        for left in reversed(range(TRIES)):
            try:
                admin = await self._admin()
                held = await admin.list_consumer_group_offsets(self._conf.id, partitions=asked)
                break
            except KafkaError:
                await self.close()
                if not left:
                    raise
                await asyncio.sleep(PAUSE)
        offsets = {TopicPartition(*tp): found.offset for tp, found in held.items() if found.offset > 0}
        return {tp: offsets.get(tp) for tp in map(TopicPartition._make, asked)}

    async def _admin(self) -> AIOKafkaAdminClient:
        if self._client is None:
            conf = self._conf
            client = AIOKafkaAdminClient(
                bootstrap_servers=server_list(conf.broker_consumer, DEFAULT_PORT),
                client_id=conf.broker_client_id,
                request_timeout_ms=int(conf.broker_request_timeout * 1000),
                **credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context),
            )
            await client.start()
            self._client = client
        return self._client

    async def close(self) -> None:
        """Close the connection, if any."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()
