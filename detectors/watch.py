"""Watch: one model version on one partition, from its first record through its burn-in to alerts."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np

from detectors import clock
from detectors.burn_in import BurnIn, Collector, take
from detectors.judge import Findings, Judge, Judged
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.settlement import Settlement
from schemas.batch import Batch, Doubles, Integers


@dataclass(frozen=True, slots=True)
class Need:
    """What a watch cannot go on without: the settlement after an epoch, made from every partition's payload.

    Attributes
    ----------
    ended : the epoch that ended; 0 is the burn-in
    payload : what this partition adds: its burn-in sample, or its peaks
    before : the settlement so far, None for the burn-in
    """

    model: str
    version: str
    ended: int
    payload: bytes
    before: Settlement | None


Answer = Settlement | str
"""A settlement, or in words why there is none yet (the burn-in then goes on)."""


Models = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a batch and what became of them: scored or only collected; their clock (n,) s."""

    rows: slice
    scored: bool
    clock: Doubles


class Watch:
    """State and phase of one model version on one partition. A pure function of the records fed to it."""

    def __init__(self, model: str, version: str, plan: Plan) -> None:
        self.model, self.version, self.plan = model, version, plan
        self.clock = clock.new()
        self.collector: Collector | None = Collector(model, version)
        self.judge: Judge | None = None
        self.start = self.until = 0.0
        self.epoch = 0
        self.why, self.lacking = "burn-in has just begun", ""

    @property
    def not_watched(self) -> dict[str, str]:
        """By detector, why it does not look; ``*`` stands for all."""
        return {"*": self.why} if self.judge is None else self.judge.not_watched

    def feed(self, batch: Batch, found: Findings, models: Models) -> Generator[Need, Answer, list[Part]]:
        """Watch a batch, asking for a settlement where one is due; returns what became of its rows.

        ``models`` says how many model versions the partition had met at an offset.
        """
        now = clock.tick(batch.time, self.clock)
        if not self.start:
            self.start = float(now[0])
            self.until = self.start + self.plan.burn_in
        parts: list[Part] = []
        at = 0
        while at < len(batch):
            if self.judge is None:
                end = yield from self._burn(batch, now, at, found, models)
                scored = False
            else:
                end = yield from self._live(batch, now, at, self.judge, found, models)
                scored = "shape" not in found.failed
            if end > at:
                parts.append(Part(slice(at, end), scored, now[at:end]))
            at = end
        return parts

    def _burn(
        self, batch: Batch, now: Doubles, at: int, found: Findings, models: Models
    ) -> Generator[Need, Answer, int]:
        """Collect rows until the burn-in is over, then ask for the settlement."""
        assert self.collector is not None
        end = at + int(np.searchsorted(now[at:], self.until))
        if end > at:
            part = take(batch, slice(at, end))
            self.collector.add(part)
            found.judged.append(Judged(part, {}, {}))
            self.why = f"burn-in until {self.until:.0f}{self.lacking}"
        if end < len(batch):
            sample = replace(self.collector.burn_in(), models=models(int(batch.offsets[end])))
            answer = yield Need(self.model, self.version, 0, sample.to_bytes(), None)
            if isinstance(answer, str):
                self.lacking, self.until = f", since {answer}", float(now[end]) + self.plan.burn_in
            else:
                self.judge, self.collector = Judge(answer, self.plan), None
                self.judge.warm(sample)
                self.epoch = int(self._epochs(now[end : end + 1])[0])
        return end

    def _live(
        self, batch: Batch, now: Doubles, at: int, judge: Judge, found: Findings, models: Models
    ) -> Generator[Need, Answer, int]:
        """Score rows up to the end of the epoch; first settle the epoch before, if it has just ended."""
        epochs = self._epochs(now[at:])
        if epochs[0] > self.epoch:
            found.ledger += judge.ledger(self.epoch, self.start + (self.epoch - 1) * self.plan.epoch)
            answer = yield Need(
                self.model,
                self.version,
                self.epoch,
                judge.peaks(self.epoch, models(int(batch.offsets[at]))),
                judge.settled,
            )
            if not isinstance(answer, str):
                judge.take_over(answer)
            self.epoch = int(epochs[0])
        end = at + int(np.searchsorted(epochs, self.epoch, side="right"))
        judge.score(take(batch, slice(at, end)), epochs[: end - at], found)
        return end

    def _epochs(self, now: Doubles) -> Integers:
        """Epochs from 1; the burn-in has the first ones."""
        epochs: Integers = ((now - self.start) // self.plan.epoch).astype(np.int64) + 1
        return np.maximum(epochs, self.epoch)

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        plain = {k: getattr(self, k) for k in ("start", "until", "epoch", "why", "lacking")}
        sample = self.collector.burn_in().to_bytes() if self.collector and self.collector.kept else b""
        judge = self.judge.to_bytes() if self.judge else b""
        arrays = {"sample": np.frombuffer(sample, np.uint8), "judge": np.frombuffer(judge, np.uint8)}
        return pack(plain, arrays | {"clock": self.clock})

    @classmethod
    def from_bytes(cls, model: str, version: str, plan: Plan, data: bytes) -> "Watch":
        """A watch that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(model, version, plan)
        made.start, made.until, made.epoch = plain["start"], plain["until"], plain["epoch"]
        made.why, made.lacking = plain["why"], plain["lacking"]
        made.clock = arrays["clock"]
        if len(arrays["judge"]):
            made.collector, made.judge = None, Judge.from_bytes(plan, arrays["judge"].tobytes())
        elif len(arrays["sample"]):
            made.collector = Collector.resume(BurnIn.from_bytes(arrays["sample"].tobytes()))
        return made
