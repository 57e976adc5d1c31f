"""Alignment: partitions with a backlog go on together in record time, whichever is furthest behind first.

What Flink calls watermark alignment and Kafka Streams the choice of the partition with the lowest time. Without it a
slice of one partition, which may span days, goes on before the first hour of another.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from schemas.batch import Doubles
from streams.batches import TopicPartition

SLACK = 300.0  # s that a partition may be ahead of another with a backlog
WITNESSES = 31  # next messages of which more than half must have come to a time for it to hold anything up

T = TypeVar("T")


def smooth(times: Doubles, witnesses: int = WITNESSES) -> Doubles:
    """N times that never go back, from N times in order of arrival: the highest so far of those that count.

    A time counts unless more than half of the next messages are from before it: who is far ahead, and may have meant
    it, does not hold up what follows, and who is far behind does not let it pass. The last ones, behind which there are
    fewer witnesses, all count.

    Parameters
    ----------
    times : (N,) s; NaN where nobody knows, where the neighbours' counts; -inf until one counts
    """
    known = np.flatnonzero(~np.isnan(times))
    if not len(known):
        return np.full(len(times), -inf)
    whole = np.interp(np.arange(len(times)), known, times[known])
    if len(whole) > witnesses:
        agreed = np.median(np.lib.stride_tricks.sliding_window_view(whole[1:], witnesses), axis=1)
        whole[: len(agreed)][whole[: len(agreed)] > agreed] = -inf
    steady: Doubles = np.maximum.accumulate(whole)
    return steady


@dataclass(slots=True, eq=False)
class _Held(Generic[T]):
    """A slice that waits, with (n,) times, and (n,) that never go back; the first ``begun`` messages have gone on."""

    item: T
    told: Doubles
    times: Doubles
    begun: int = 0


@dataclass(slots=True)
class _Line(Generic[T]):
    """One partition: what waits, and how far what went on has come, s."""

    queue: deque[_Held[T]] = field(default_factory=deque)
    reached: float = -inf

    @property
    def head(self) -> float:
        """When the next message is from, or at least the last one was, s."""
        return float(self.queue[0].times[self.queue[0].begun]) if self.queue else self.reached

    def enter(self, item: T, told: Doubles, witnesses: int) -> None:
        """Add a slice; what waits before it is seen anew with what came behind it."""
        self.queue.append(_Held(item, told, told))
        made = smooth(np.concatenate([held.told for held in self.queue]), witnesses)
        for held in self.queue:
            held.times, made = np.split(made, [len(held.told)])


class Portion(NamedTuple, Generic[T]):
    """Messages ``start`` up to ``stop`` of a slice; ``last`` if nothing of it is left."""

    tp: TopicPartition
    item: T
    start: int
    stop: int
    last: bool


class Alignment(Generic[T]):
    """Slices of some partitions, given out in portions: in order within each, and across all of them within ``slack``.

    Parameters
    ----------
    waited : whether a partition of which nothing is here may have more that is old
    slack : s
    witnesses : next messages of which more than half must have come to a time for it to hold anything up
    """

    def __init__(
        self, waited: Callable[[TopicPartition], bool], slack: float = SLACK, witnesses: int = WITNESSES
    ) -> None:
        self.waited, self.slack, self.witnesses = waited, slack, witnesses
        self.lines: dict[TopicPartition, _Line[T]] = {}

    def begin(self, tps: Iterable[TopicPartition]) -> None:
        """Begin afresh with these partitions."""
        self.lines |= {tp: _Line() for tp in tps}

    def end(self, tps: Iterable[TopicPartition]) -> list[T]:
        """Forget these partitions; return the slices of which not all went on."""
        lines = [self.lines.pop(tp) for tp in tps if tp in self.lines]
        return [held.item for line in lines for held in line.queue]

    def clear(self) -> list[T]:
        """Give up all slices of which not all went on, and return them."""
        left = [held.item for line in self.lines.values() for held in line.queue]
        for line in self.lines.values():
            line.queue.clear()
        return left

    def waiting(self, tp: TopicPartition) -> list[tuple[T, int]]:
        """The slices of a partition of which not all went on, and how many messages of each did."""
        return [(held.item, held.begun) for held in self.lines[tp].queue] if tp in self.lines else []

    def enter(self, tp: TopicPartition, item: T, times: Doubles, *, live: bool = False) -> None:
        """Take the next slice of a partition, of n messages from (n,) ``times``, s, NaN where nobody knows.

        Parameters
        ----------
        live : it waits for nobody, unless what came before it does
        """
        known = times[~np.isnan(times)]
        line = self.lines[tp]
        if len(known) and not line.queue and (live or self._alone(tp, float(known.max()))):
            line.reached = float(np.median(known[-self.witnesses :]))
            line.queue.append(_Held(item, times, np.full(len(times), -inf)))
        else:
            line.enter(item, times, self.witnesses)

    def _alone(self, tp: TopicPartition, newest: float) -> bool:
        """Whether nothing waits, and all of a slice can go on."""
        return not any(one.queue for one in self.lines.values()) and newest <= self._limit(tp)

    def next(self) -> Portion[T] | None:
        """What goes on next; None while the partition that is furthest behind has nothing here."""
        here = [(line.head, tp) for tp, line in self.lines.items() if line.queue]
        if not here:
            return None
        head, tp = min(here)
        limit = self._limit(tp)
        if head > limit:
            return None
        line = self.lines[tp]
        held = line.queue[0]
        start, stop = held.begun, int(np.searchsorted(held.times, limit, side="right"))
        if held.times[stop - 1] > -inf:
            line.reached = float(held.times[stop - 1])
        held.begun, last = stop, stop == len(held.times)
        if last:
            line.queue.popleft()
        return Portion(tp, held.item, start, stop, last)

    def _limit(self, tp: TopicPartition) -> float:
        """Up to when messages of a partition may go on, s."""
        others = (one.head for name, one in self.lines.items() if name != tp and (one.queue or self.waited(name)))
        return min(others, default=inf) + self.slack
