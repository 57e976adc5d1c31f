"""Meeting: halves of calls in files, joined as the files are read."""

from collections.abc import Iterable
from math import inf, nan

import numpy as np

from schemas.formats import calls, lenient
from schemas.formats.lenient import Refused
from schemas.formats.reading import Half, Reading
from schemas.formats.rules import Limits, Source
from schemas.formats.versions import Versions
from schemas.pairing import WINDOW, Call, Pairing
from schemas.record import Record, Reject

ROOM = 512 << 20  # bytes of halves that wait

Placed = list[tuple[int, Record]]


class Meeting:
    """Halves of all files of a scan.

    Files have no clock but the halves' own times. These go on only while requests and answers are seen in one file:
    where each has a file of its own, all of the first must be kept until the second is read.
    """

    def __init__(self, source: Source, limits: Limits, *, window: float = WINDOW, room: int = ROOM) -> None:
        self.source, self.limits = source, limits
        self.pairing = Pairing(window=window, room=room)
        self.path = ""
        self.phases: set[str] = set()
        self.versions = Versions()

    def join(self, reading: Reading, path: str) -> Reading:
        """A reading with the calls that its halves complete, each at the place of what completed it."""
        if not reading.halves:
            return reading
        if path != self.path:
            self.path, self.phases = path, set()
        made: Placed = list(zip(reading.offsets.tolist(), reading.records, strict=True))
        rejects = list(reading.rejects)
        for half in reading.halves:
            self._put(self._take(half), half.offset, path, made, rejects)
        return _sorted(reading, made, rejects)

    def finish(self, place: int) -> Reading:
        """What is still alone when all files are read."""
        made: Placed = []
        rejects: list[Reject] = []
        self._put(self.pairing.finish(), place, self.path, made, rejects)
        return _sorted(Reading([], np.zeros(0, np.int64), []), made, rejects)

    def _take(self, half: Half) -> Iterable[Call]:
        time = time_of(half)
        self.phases.add(half.exchange.phase)
        known = time if time == time else self.pairing.clock  # noqa: PLR0124  # NaN is not
        yield from self.pairing.take(calls.content(half._replace(time=known), self.path))
        if len(self.phases) > 1 and time < inf:
            yield from self.pairing.advance(time)

    def _put(self, found: Iterable[Call], place: int, path: str, made: Placed, rejects: list[Reject]) -> None:
        sources = {path: self.source}
        for call in found:
            body = call.request if call.request is not None else call.response or b""
            try:
                timed = call if call.time > 0 else call._replace(time=nan)  # neither half said when it was
                of_call = calls.read(timed, sources, self.limits, self.versions, self.source)
                made += [(place, record) for record in of_call]
            except Refused as refused:
                kept = body[: self.limits.kept_bytes]
                rejects.append(Reject(place, path, 0, str(refused), refused.path, kept))


def time_of(half: Half) -> float:
    """When a half was, s, by itself or by the log; NaN where neither says."""
    try:
        return lenient.seconds(half.exchange.common.get("time"))
    except Refused:
        return half.time if half.time >= 0 else nan


def _sorted(reading: Reading, made: Placed, rejects: list[Reject]) -> Reading:
    made.sort(key=lambda each: each[0])
    rejects.sort(key=lambda one: one.offset)
    offsets = np.array([place for place, _ in made], np.int64)
    return reading._replace(records=[record for _, record in made], offsets=offsets, rejects=rejects, halves=())
