"""Progress: how far the partitions have come, and for which of them it is worth waiting.

A partition that has nothing more to read says nothing, and others may not wait for it for long. One that is known to
have more is only slow: its worker was killed, or reads a backlog, and what it will say belongs before what others
have said. It is waited for :data:`PATIENCE`, so that what follows from the order does not depend on who was slow.
"""

from collections.abc import Iterable
from math import inf

Place = tuple[str, int]
"""Topic and partition."""

PATIENCE = 900.0  # s; a worker that died is replaced sooner, and drift takes longer to matter


class Progress:
    """By partition, the record time that it has passed, s, and whether records wait behind that.

    Parameters
    ----------
    wait : s for which others wait for a partition that has nothing to read
    """

    def __init__(self, wait: float) -> None:
        self.wait = wait
        self.times: dict[Place, float] = {}
        self.busy: set[Place] = set()

    def expect(self, places: Iterable[Place]) -> None:
        """Learn of partitions before they are heard."""
        for place in places:
            self.times.setdefault(place, 0.0)

    def hear(self, place: Place, time: float, *, more: bool) -> None:
        """A partition has come to ``time``, and has more to read or not."""
        self.times[place] = max(self.times.get(place, 0.0), time)
        (self.busy.add if more else self.busy.discard)(place)

    def passed(self) -> float:
        """Record time that every partition has passed, s; 0 before one is known."""
        return min(self.times.values(), default=0.0)

    def due(self, arrived: float, now: float) -> float:
        """Record time up to which nobody is waited for by what arrived so long ago, s; -inf if for all."""
        if now - arrived > PATIENCE:
            return inf
        return self._reached() if now - arrived > self.wait else -inf

    def _reached(self) -> float:
        """Record time that every partition with more to read has passed, s."""
        return min((self.times[place] for place in self.busy), default=inf)

    def fields(self) -> list[tuple[str, int, float, bool]]:
        """All state."""
        return [(*place, time, place in self.busy) for place, time in self.times.items()]

    def load(self, fields: list[tuple[str, int, float, bool]]) -> None:
        """Undo :meth:`fields`; raises TypeError or ValueError."""
        whole = [((str(topic), int(partition)), float(time), bool(more)) for topic, partition, time, more in fields]
        self.times = {place: time for place, time, _ in whole}
        self.busy = {place for place, _, more in whole if more}
