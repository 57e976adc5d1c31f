"""Hooks: what an application is told about its partitions, all in the event loop."""

from collections.abc import Mapping

from streams.batches.delivery import TopicPartition


class Hooks:
    """Does nothing; override what you need. All run in the event loop of the app.

    The life of a partition: `resume_offset`, `on_assigned`, any number of `on_committed`, `on_drain`,
    `on_revoked`. Each assignment ends with exactly one `on_revoked`, also at shutdown.
    An error in any of them stops the process.
    """

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """Return the offset to read from if it is before `committed`, to rebuild state; None for `committed`.

        Called once per assignment, before the first record. `committed` is None if the group has none.
        A snapshot that is ahead of `committed` must be ignored: it may hold for records that come again.
        """

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Learn that these partitions are ours; records follow."""

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Learn that the broker holds these offsets: records below them never come again by themselves."""

    def on_lost(self, times: int) -> None:
        """Learn that the group heard nothing for a session, and gave the partitions away; for the how manieth time."""

    def on_drain(self) -> None:
        """Learn that the partitions go or the app stops: finish what is in hand or `release` it, soon."""

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Learn that these partitions are no longer ours, after the drain and the last commit.

        `BatchApp.committed` still answers for them. Acknowledgements from now on return False.
        """

    def on_stopped(self) -> None:
        """Learn that the app has stopped and the process ends now: close what you opened.

        Only under `run`, and not after a crash that leaves something hanging.
        """
