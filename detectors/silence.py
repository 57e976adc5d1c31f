"""Silence: sources that used to deliver, and stopped.

A source is a topic, or a model on a topic. Its longest gaps are remembered by the hour of the week in which they
began, so that a night or a weekend is no alarm once it has been seen. A source is silent when nothing was heard for
:data:`TIMES` its longest gap that began about this hour of the week (of the day, in its first week), and at least
:data:`LEAST`; before a day has been watched, for :data:`EARLY` times its longest gap of all.

Both clocks must say so, that of the records and that of their arrival: while a backlog is read, one topic may be days
of record time ahead of another, and neither is silent.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.packing import Corrupt, pack, unpack

HOUR = 3600.0
WEEK = 168  # hours
LEAST = 300.0  # s of silence before anything is said
TIMES = 3.0
EARLY = 10.0
WATCHED = 86400.0  # s after which the hours of a source mean something
MOST = 4096  # sources that are remembered

pace = np.dtype(
    [("first", "f8"), ("last", "f8"), ("heard", "f8"), ("records", "i8"), ("said", "?"), ("gaps", "f4", WEEK)]
)
"""One source: record times of its first and last record, when the last arrived, whether its silence was said, and its
longest gap by hour (s)."""


class Silent(NamedTuple):
    """A source that stopped: topic, model ("" is the whole topic), and s since the epoch.

    ``last`` is when it was last heard, ``usual`` the longest gap that was usual at that hour (s), ``time`` when its
    silence became too long.
    """

    topic: str
    model: str
    last: float
    usual: float
    time: float


class Silence:
    """What is known about every source's gaps. Its clock is record time, moved on by the caller."""

    def __init__(self) -> None:
        self.sources: dict[tuple[str, str], int] = {}
        self.paces = np.zeros(0, pace)

    def hear(self, topic: str, model: str, time: float, records: int = 1, *, now: float | None = None) -> None:
        """A source delivered ``records`` up to ``time`` (s since the epoch); time may step back.

        ``now`` is when they arrived; the same as ``time`` where history is read from files.
        """
        key = (topic, model)
        row = self.sources.get(key)
        if row is None:
            if len(self.sources) >= MOST:
                return
            row = self.sources[key] = len(self.sources)
            if row >= len(self.paces):
                self.paces = np.append(self.paces, np.zeros(max(16, row), pace))
            self.paces[row]["first"] = self.paces[row]["last"] = time
        own = self.paces[row]
        own["records"] += records
        own["heard"] = max(float(own["heard"]), time if now is None else now)
        if time > own["last"]:
            hour = _hour(float(own["last"]))
            own["gaps"][hour] = max(float(own["gaps"][hour]), time - float(own["last"]))
            own["last"] = time
            own["said"] = False

    def check(self, time: float, now: float | None = None) -> list[Silent]:
        """Sources whose silence has become too long by record time ``time`` and by ``now``; each is said once."""
        found = []
        for (topic, model), row in self.sources.items():
            own = self.paces[row]
            last = float(own["last"])
            usual, limit = _patience(own)
            waited = min(time - last, (time if now is None else now) - float(own["heard"]))
            if not own["said"] and waited > limit:
                own["said"] = True
                found.append(Silent(topic, model, last, usual, last + limit))
        whole = {s.topic for s in found if not s.model}
        return [s for s in found if not s.model or s.topic not in whole]

    def to_bytes(self) -> bytes:
        """All that is known."""
        return pack({"sources": [list(key) for key in self.sources]}, {"paces": self.paces[: len(self.sources)]})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Silence":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        fields, arrays = unpack(data)
        made = cls()
        try:
            made.sources = {(str(topic), str(model)): i for i, (topic, model) in enumerate(fields["sources"])}
            made.paces = arrays["paces"]
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of sources is damaged: {error}") from error
        if made.paces.dtype != pace or len(made.paces) != len(made.sources):
            raise Corrupt("state of sources has another layout")
        return made


def _hour(time: float) -> int:
    """Hour of the week, 0..167; which weekday 0 is does not matter."""
    return int(time // HOUR) % WEEK


def _patience(own: npt.NDArray[np.void]) -> tuple[float, float]:
    """The longest gap that is usual about the hour a source was last heard, and the silence that is too long (s)."""
    gaps = own["gaps"]
    if own["last"] - own["first"] < WATCHED:
        usual = float(gaps.max())
        return usual, max(LEAST, EARLY * usual)
    hours = _hour(float(own["last"])) + np.arange(-1, 2)
    young = own["last"] - own["first"] < WEEK * HOUR
    near = gaps.reshape(7, 24)[:, hours % 24] if young else gaps[hours % WEEK]
    usual = float(near.max())
    return usual, max(LEAST, TIMES * usual)
