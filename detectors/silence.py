"""Silence: sources that used to deliver, and stopped.

A source is a topic, or a model on a topic. Its longest gaps are remembered by the hour of the week in which they
began, so that a night or a weekend is no alarm once it has been seen. A source is silent when nothing was heard for
:data:`TIMES` its usual gap, or a day beyond it if that is less, and at least :data:`LEAST`. Usual is the longest gap
that began about this hour of the week, or about this hour on all days but one, or the median over hours, whichever is
longest.

What has not been seen yet cannot be usual. Until a week has been watched, the longest gap about this hour on any day
counts, :data:`EARLY` times or three days beyond it; and a source in its first day, or that has paused about this hour
for as long as nights make one pause (:data:`PAUSE`), is not silent before :data:`WEEKEND`.

A model is silent only while its topic delivers. When the topic comes back from a silence, its models are given their
time anew. Both clocks must say so, that of the records and that of their arrival: while a backlog is read, one topic
may be days of record time ahead of another, and neither is silent.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Codes, Doubles

HOUR, DAY = 3600.0, 86400.0
WEEK = 168  # hours
LEAST = 300.0  # s of silence before anything is said
TIMES, EARLY = 4.0, 10.0  # once a week has been watched, and before
PAUSE = 3600.0  # s; where a source paused so long, it may pause for a weekend too
ABOUT = 3  # hours of the day on either side that are like an hour
WEEKEND = 3 * DAY  # s that are granted before a weekend can have been seen
MOST = 4096  # sources that are remembered

pace = np.dtype(
    [
        ("first", "f8"), ("last", "f8"), ("back", "f8"), ("heard", "f8"), ("records", "i8"), ("said", "?"),
        ("gaps", "f4", WEEK),
    ]
)  # fmt: skip
"""One source: record times of its first and last record and of its return from a silence that was said, when the last
record arrived, whether its silence was said, and its longest gap by hour (s)."""


class Silent(NamedTuple):
    """A source that stopped: topic, model ("" is the whole topic), and s since the epoch.

    ``last`` is when it was last heard or its topic came back, ``usual`` the longest gap that is usual at that hour (s),
    ``time`` when its silence became too long; ``watched`` is how long it had been heard (s), ``young`` whether that was
    less than a week.
    """

    topic: str
    model: str
    last: float
    usual: float
    time: float
    watched: float
    young: bool


class Patience(NamedTuple):
    """The longest gap that is usual (s), the silence that is too long (s), and whether less than a week was watched."""

    usual: float
    limit: float
    young: bool


class Silence:
    """What is known about every source's gaps. Its clock is record time, moved on by the caller."""

    def __init__(self) -> None:
        self.sources: dict[tuple[str, str], int] = {}
        self.paces = np.zeros(0, pace)

    def hear(self, topic: str, model: str, time: float, records: int = 1, *, now: float | None = None) -> None:
        """A source delivered ``records`` up to ``time`` (s since the epoch); time may step back.

        ``now`` is when they arrived; the same as ``time`` where history is read from files.
        """
        row = self._row(topic, model, time)
        if row is not None:
            self._follow(row, np.array([time]), now=now, records=records)

    def listen(self, topic: str, time: Doubles, code: Codes, models: list[str]) -> list[Silent]:
        """Hear N records of history in order, and return the silences that they ended; cuts change nothing.

        Parameters
        ----------
        time : (N,) s since the epoch, never stepping back
        code : (N,) index of each record's model in ``models``
        """
        if not len(time):
            return []
        found: list[Silent] = []
        whole = self._row(topic, "", float(time[0]))
        before = np.concatenate([time[:1] if whole is None else self.paces[whole : whole + 1]["last"], time[:-1]])
        for rows, paused in _parts(time - before > LEAST):
            found += self.check(float(time[rows.start])) if paused else []
            if whole is not None:
                self._follow(whole, time[rows])
            found += self._hear_models(topic, time[rows], before[rows], code[rows], models)
        return found

    def _hear_models(self, topic: str, time: Doubles, before: Doubles, code: Codes, models: list[str]) -> list[Silent]:
        """Hear n records, between which the topic never paused; ``before`` (n,) is when it had last been heard."""
        found: list[Silent] = []
        for k in np.unique(code).tolist():
            own, alive = time[code == k], before[code == k]
            row = self._row(topic, models[k], float(own[0]))
            if row is None:
                continue
            for rows, paused in _parts(np.diff(own, prepend=self.paces[row]["last"]) > LEAST):
                silent = self._model(topic, models[k], row, float(alive[rows.start])) if paused else None
                found += [silent] if silent else []
                self._follow(row, own[rows])
        return found

    def check(self, time: float, now: float | None = None) -> list[Silent]:
        """Sources whose silence has become too long by record time ``time`` and by ``now``; each is said once."""
        found = []
        for (topic, model), row in self.sources.items():
            own = self.paces[row]
            waited = (time if now is None else now) - float(own["heard"])
            if waited <= LEAST or waited <= patience(own).limit:
                continue
            if model:
                whole = self.sources.get((topic, ""))
                silent = self._model(topic, model, row, time if whole is None else float(self.paces[whole]["last"]))
            else:
                silent = _silent(topic, model, own, float(own["last"]), time)
            found += [silent] if silent else []
        return found

    def _model(self, topic: str, model: str, row: int, alive: float) -> Silent | None:
        """The silence of a model that was too long when its topic was last heard, at ``alive`` (s)."""
        whole, own = self.sources.get((topic, "")), self.paces[row]
        back = float(self.paces[whole]["back"]) if whole is not None else 0.0
        return _silent(topic, model, own, max(float(own["last"]), back), alive)

    def _row(self, topic: str, model: str, time: float) -> int | None:
        """The row of a source, a new one for a new source; None if there are too many."""
        key = (topic, model)
        row = self.sources.get(key)
        if row is None and len(self.sources) < MOST:
            row = self.sources[key] = len(self.sources)
            if row >= len(self.paces):
                self.paces = np.append(self.paces, np.zeros(max(16, row), pace))
            self.paces[row]["first"] = self.paces[row]["last"] = time
        return row

    def _follow(self, row: int, time: Doubles, *, now: float | None = None, records: int | None = None) -> None:
        """Learn the gaps before and between record times (n,) of one source; those that step back are none."""
        own = self.paces[row]
        own["records"] += len(time) if records is None else records
        own["heard"] = max(float(own["heard"]), float(time[-1]) if now is None else now)
        path = np.maximum.accumulate(np.concatenate([[own["last"]], time]))
        gaps = np.diff(path)
        moved = np.flatnonzero(gaps > 0)
        if len(moved):
            np.maximum.at(own["gaps"], _hour(path[moved]), gaps[moved].astype(np.float32))
            own["back"] = path[moved[0] + 1] if own["said"] else own["back"]
            own["last"], own["said"] = path[-1], False

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


def patience(own: npt.NDArray[np.void]) -> Patience:
    """How long a source may be silent that was last heard when it was."""
    watched = float(own["last"] - own["first"])
    about = int(_hour(own["last"])) + np.arange(-ABOUT, ABOUT + 1)
    gaps = own["gaps"]
    days = gaps[(about + 24 * np.arange(7)[:, None]) % WEEK].max(1)
    middle = float(np.median(gaps[gaps > 0])) if gaps.any() else 0.0
    if watched >= WEEK * HOUR:
        usual = max(float(days[0]), float(np.sort(days)[-2]), middle)
        return Patience(usual, max(LEAST, min(TIMES * usual, usual + DAY)), young=False)
    usual = max(float(days.max()), middle)
    grace = WEEKEND if usual >= PAUSE or watched < DAY else LEAST
    return Patience(usual, max(grace, min(EARLY * usual, usual + WEEKEND)), young=True)


def _silent(topic: str, model: str, own: npt.NDArray[np.void], since: float, until: float) -> Silent | None:
    """The silence of a source from ``since`` on, if it was too long by ``until`` (s) and was not said; then it is."""
    usual, limit, young = patience(own)
    if own["said"] or until - since <= limit:
        return None
    own["said"] = True
    return Silent(topic, model, since, usual, since + limit, float(own["last"] - own["first"]), young)


def _hour(time: Doubles) -> npt.NDArray[np.int64]:
    """Hours of the week, 0..167; which weekday 0 is does not matter."""
    return np.asarray(time // HOUR, np.int64) % WEEK


def _parts(paused: npt.NDArray[np.bool_]) -> Iterator[tuple[slice, bool]]:
    """Rows from each pause to the next, and whether they begin with one."""
    starts = np.union1d([0], np.flatnonzero(paused))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(paused)], strict=True):
        yield slice(start, end), bool(paused[start])
