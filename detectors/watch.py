"""Watch: one model version on one partition, from its first record through its burn-in to alerts."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from detectors import clock, rests, words
from detectors.arrivals import Arrivals
from detectors.collector import Collector
from detectors.findings import Findings, Judged
from detectors.heir import Bequest, Heir
from detectors.judge import Judge
from detectors.need import Answer, Need
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.reference import Reference
from detectors.rests import Told
from schemas.batch import Batch, Doubles, Integers

LAST = 253_402_300_799.0  # s, the end of the year 9999


Models = Callable[[int], int]
Left = Callable[[int], tuple[Bequest, Reference, Sequence[Told]] | None]
"""What another version of the model had left to this one by an offset."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows and what became of them, n in order.

    Attributes
    ----------
    offsets, clock : (n,) where they lie in their partition, and the partition's time, s
    scored : or only collected
    not_watched : by detector, why it did not look
    """

    offsets: Integers
    clock: Doubles
    scored: bool
    not_watched: dict[str, str]


class Watch:
    """State and phase of one model version on one partition. A pure function of the records fed to it."""

    def __init__(self, model: str, version: str, plan: Plan) -> None:
        self.model, self.version, self.plan = model, version, plan
        self.clock = clock.new()
        self.collector: Collector | None = Collector(model, version, plan.secret)
        self.judge: Judge | None = None
        self.heir: Heir | None = None
        self.left: Bequest | None = None
        self.told: list[Told] = []
        self.decided = False
        self.start = self.until = 0.0
        self.epoch = self.round = 0
        self.why, self.lacking = "burn-in has just begun", ""

    @property
    def not_watched(self) -> dict[str, str]:
        """By detector, why it does not look; ``*`` is all of them, ``principals`` are those that were forgotten."""
        if self.judge is None:
            return {"*": self.why} if self.heir is None else self.heir.not_watched
        table = self.judge.table
        return self.judge.not_watched | ({"principals": words.full(table.limit)} if table.full else {})

    def tick(self, rows: Arrivals) -> Doubles:
        """The clock at each row: (N,) s. Rows are fed in the order in which the clock ticked for them."""
        now = clock.tick(rows.time, self.clock)
        if not self.start:
            self.start = float(now[0])
            self.until = self.start + self.plan.burn_in
        return now

    def feed(
        self, rows: Arrivals, now: Doubles, found: Findings, models: Models, left: Left = lambda _: None
    ) -> Generator[Need, Answer, list[Part]]:
        """Watch rows, asking for a settlement where one is due; returns what became of them.

        ``now`` (N,) is what the clock showed, s; ``models`` says how many model versions the partition had met at an
        offset, ``left`` what may be inherited at the first one.
        """
        parts: list[Part] = []
        rows = rows.fitted(self._classes)
        if not self.decided:
            self.decided, first = True, int(rows.offsets[0])
            if (inherited := left(first)) is not None:
                bequest, reference, told = inherited
                self.heir = Heir.of(bequest, reference, self.plan, models(first))
                rests.given(told, self.heir.judge, offset=first, start=self.start)
        at = 0
        while at < len(rows):
            if self.judge is None:
                at = yield from self._burn(rows, now, at, found, models, parts)
            else:
                at = yield from self._live(rows, now, at, self.judge, found, models, parts)
        return parts

    @property
    def _classes(self) -> int | None:
        """How many classes the answers have, None if none has come yet."""
        if self.judge is not None:
            return self.judge.settled.reference.classes
        shape = self.collector.shape if self.collector and not self.collector.unanswered else None
        return shape[1] if shape else None

    def _burn(
        self, rows: Arrivals, now: Doubles, at: int, found: Findings, models: Models, parts: list[Part]
    ) -> Generator[Need, Answer, int]:
        """Collect rows until the burn-in is over, then ask for the settlement."""
        assert self.collector is not None
        end = at + int(np.searchsorted(now[at:], self.until))
        self.why = f"burn-in until {_moment(self.until)}{self.lacking}"
        for batch, places in rows.parts(slice(at, end)) if end > at else ():
            self.collector.add(batch)
            parts += self._meanwhile(batch, now[places], found)
        if end < len(rows):
            offset = int(rows.offsets[end])
            accused = self.heir.accused() if self.heir else None
            sample = replace(self.collector.burn_in(), models=models(offset), accused=accused)
            answer = yield Need(self.model, self.version, 0, sample.to_bytes(), None, self.round, offset)
            if isinstance(answer, str):
                self.lacking, self.until = f", again because {answer}", float(now[end]) + self.plan.burn_in
                self.round += 1
            else:
                self.judge, self.collector = Judge(answer, self.plan), None
                self.judge.warm(sample, found)
                share = sample.population / max(1, answer.principals)
                self.left = Bequest(offset, share, answer.calibration, answer.principals, answer.models)
                if self.heir is not None:
                    self.heir.account(self.start, found)
                    rests.taken_over(self.judge, self.heir.judge)
                    self.heir = None
                self.epoch = int(self._epochs(now[end : end + 1])[0])
        return end

    def _meanwhile(self, batch: Batch, now: Doubles, found: Findings) -> list[Part]:
        """What becomes of rows in the burn-in: judged by what was inherited, or not at all."""
        if self.heir is None:
            found.judged.append(Judged(batch, {}, {}))
            return [Part(batch.offsets, now, scored=False, not_watched=self.not_watched)]
        judged = self.heir.score(batch, self._epochs(now), self.start, found)
        why = {"*": self.why}
        return [
            Part(batch.offsets[rows], now[rows], scored=scored, not_watched=self.not_watched if scored else why)
            for rows, scored in judged
        ]

    def _live(
        self, rows: Arrivals, now: Doubles, at: int, judge: Judge, found: Findings, models: Models, parts: list[Part]
    ) -> Generator[Need, Answer, int]:
        """Score rows up to the end of the epoch; first settle the epoch before, if it has just ended."""
        epochs = self._epochs(now[at:])
        if epochs[0] > self.epoch:
            found.ledger += judge.ledger(self.epoch, self.start + (self.epoch - 1) * self.plan.epoch)
            offset = int(rows.offsets[at])
            began = self.start + (self.epoch - 1) * self.plan.epoch
            self.told = rests.written(self.told, judge, self.epoch, offset=offset, time=began)
            peaks = judge.peaks(self.epoch, models(offset))
            answer = yield Need(self.model, self.version, self.epoch, peaks, judge.settled, offset=offset)
            if not isinstance(answer, str):
                judge.take_over(answer, self.epoch)
            self.epoch = int(epochs[0])
        end = at + int(np.searchsorted(epochs, self.epoch, side="right"))
        for batch, places in rows.parts(slice(at, end)):
            table, ordinal, before = judge.table, judge.records, self.not_watched
            scored = judge.score(batch, epochs[places - at], found)
            first = max(0, table.filled - ordinal) if table.full and "principals" not in before else 0
            after = self.not_watched if scored else {"*": words.form(batch, judge.settled.reference)}
            for some, why in ((slice(first), before), (slice(first, None), after)):
                if len(batch.offsets[some]):
                    parts.append(Part(batch.offsets[some], now[places[some]], scored=scored, not_watched=why))
        return end

    def _epochs(self, now: Doubles) -> Integers:
        """Epochs from 1; the burn-in has the first ones."""
        epochs: Integers = ((now - self.start) // self.plan.epoch).astype(np.int64) + 1
        return np.maximum(epochs, self.epoch)

    def running(self) -> list[dict[str, Any]]:
        """What the epoch that is not over has promised for the time so far, and paid so far: a row a detector."""
        judge, epoch = self.judge, self.epoch
        if judge is None and self.heir is not None:
            judge, epoch = self.heir.judge, self.heir.epoch
        if judge is None or not epoch:
            return []
        began = self.start + (epoch - 1) * self.plan.epoch
        passed = min(max(float(self.clock["now"][0]) - began, 0.0), self.plan.epoch)
        share = {"seconds": passed, "kind": "running"}
        return [
            row | share | {"promised": row["promised"] * passed / self.plan.epoch} for row in judge.ledger(epoch, began)
        ]

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        plain = {k: getattr(self, k) for k in ("start", "until", "epoch", "round", "why", "lacking", "decided", "told")}
        sample = self.collector.to_bytes() if self.collector and self.collector.kept else b""
        judge = self.judge.to_bytes() if self.judge else b""
        heir = self.heir.to_bytes() if self.heir else b""
        left = self.left.to_bytes() if self.left else b""
        parts = {"sample": sample, "judge": judge, "heir": heir, "left": left}
        return pack(
            plain, {name: np.frombuffer(part, np.uint8) for name, part in parts.items()} | {"clock": self.clock}
        )

    @classmethod
    def from_bytes(cls, model: str, version: str, plan: Plan, data: bytes) -> "Watch":
        """A watch that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(model, version, plan)
        made.start, made.until, made.epoch, made.round = (plain[k] for k in ("start", "until", "epoch", "round"))
        made.why, made.lacking, made.decided = plain["why"], plain["lacking"], plain["decided"]
        made.clock, made.told = arrays["clock"], [Told(*one) for one in plain.get("told", ())]
        if len(arrays["judge"]):
            made.collector, made.judge = None, Judge.from_bytes(plan, arrays["judge"].tobytes())
        elif len(arrays["sample"]):
            made.collector = Collector.from_bytes(arrays["sample"].tobytes(), plan.secret)
        made.heir = Heir.from_bytes(plan, arrays["heir"].tobytes()) if len(arrays["heir"]) else None
        made.left = Bequest.from_bytes(arrays["left"].tobytes()) if len(arrays["left"]) else None
        return made


def _moment(time: float) -> str:
    """A record time as people write it, UTC."""
    return f"{datetime.fromtimestamp(min(max(time, 0.0), LAST), UTC):%Y-%m-%d %H:%M} UTC"
