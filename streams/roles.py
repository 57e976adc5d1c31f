"""Roles: several agents in one process, each with topics of its own."""

from collections.abc import Iterable, Mapping

from streams.batches import Hooks, TopicPartition


class ByTopic(Hooks):
    """Tells each agent about the partitions of its topics, and all of them when the app drains or stops."""

    def __init__(self, agents: Mapping[str, Hooks]) -> None:
        self.agents = agents
        self.all = list({id(agent): agent for agent in agents.values()}.values())

    def _split(self, tps: Iterable[TopicPartition]) -> list[tuple[Hooks, set[TopicPartition]]]:
        parts = [(agent, {tp for tp in tps if self.agents.get(tp.topic) is agent}) for agent in self.all]
        return [(agent, part) for agent, part in parts if part]

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """As the topic's agent says."""
        return self.agents[tp.topic].resume_offset(tp, committed)

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Tell each agent about its own."""
        for agent, part in self._split(tps):
            await agent.on_assigned(part)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Tell each agent about its own."""
        for agent, part in self._split(offsets):
            agent.on_committed({tp: offsets[tp] for tp in part})

    def on_drain(self) -> None:
        """Tell all."""
        for agent in self.all:
            agent.on_drain()

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Tell each agent about its own."""
        for agent, part in self._split(tps):
            await agent.on_revoked(part)

    def on_stopped(self) -> None:
        """Tell all."""
        for agent in self.all:
            agent.on_stopped()
