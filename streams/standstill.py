"""Standstill: partitions that hold each other up, and which settlement goes first then.

A partition that waits for the settlement of one model version reads on for a while, but not for ever. So one may wait
for what another would deposit behind a model version for which that one waits. When every partition of a topic stands
still or has nothing left to handle, one settlement is made without those who cannot come: the one that loses least.
How far partitions read on depends on offsets only, so who stands still where is a function of the log, and so is the
choice, whoever makes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from streams.deposits import Place
from streams.passage import Held


@dataclass(frozen=True, slots=True)
class Stuck:
    """A partition that can do nothing before one of some settlements is there.

    Attributes
    ----------
    needs : what it has deposited for, all of it unsettled
    met : model versions that it has seen
    """

    needs: frozenset[Place]
    met: frozenset[tuple[str, str]]


def stuck(held: Held, topic: str, end: int) -> Stuck | None:
    """Whether a partition of ``topic``, which ends at offset ``end``, stands still."""
    if not held.needs or not (held.full or held.entered >= end - 1):  # the last offset may be a transaction's mark
        return None
    return Stuck(
        frozenset(Place(topic, need.model, need.version, need.ended, need.round) for need in held.needs),
        frozenset(held.met),
    )


def chosen(partitions: Iterable[Stuck]) -> Place:
    """The settlement that is made without the partitions that have not deposited: fewest of them know its model."""
    known = list(partitions)

    def loss(place: Place) -> int:
        return sum(place not in one.needs and (place.model, place.version) in one.met for one in known)

    return min({place for one in known for place in one.needs}, key=lambda place: (loss(place), place))


def encode(one: Stuck) -> bytes:
    """As bytes, equal for equals."""
    return msgspec.msgpack.encode([sorted(one.needs), sorted(one.met)])


def decode(data: bytes) -> Stuck:
    """Undo :func:`encode`."""
    needs, met = msgspec.msgpack.decode(data, type=tuple[list[Place], list[tuple[str, str]]])
    return Stuck(frozenset(needs), frozenset(met))
