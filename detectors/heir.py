"""Heir: a new model version is judged by what its predecessor settled, until its own burn-in is over."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detectors import scorer, shares
from detectors.burn_in import take
from detectors.findings import Findings, Judged
from detectors.gates import payment
from detectors.gates.calibration import Calibration
from detectors.gates.trajectories import Trajectories
from detectors.judge import Judge
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.reference import Reference
from detectors.settlement import Settlement
from schemas.batch import Batch, Integers

NEWCOMERS = 0.9  # share of principals that the heir has not met: it remembers none of its predecessor's
NOTE = "reference"  # stands for a detector's name where it is said what is not watched


@dataclass(frozen=True, slots=True)
class Bequest:
    """What a settled version leaves to the next one on the same partition: what its own burn-in decided.

    Later calibrations are left out, since which of them is in force when another version's record comes depends on
    where slices were cut.

    Attributes
    ----------
    offset : of the first record that was judged by it
    share : of its principals that were on this partition
    """

    offset: int
    share: float
    calibration: Calibration
    principals: int
    models: int

    def settlement(self, reference: Reference) -> Settlement:
        """As if it had just been settled."""
        return Settlement(reference, self.calibration, Trajectories(), self.principals, self.models)

    def to_bytes(self) -> bytes:
        """All of it, packed."""
        plain = {name: getattr(self, name) for name in ("offset", "share", "principals", "models")}
        return pack(plain, {"calibration": np.frombuffer(self.calibration.to_bytes(), np.uint8)})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Bequest":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        return cls(calibration=Calibration.from_bytes(arrays["calibration"].tobytes()), **plain)


class Heir:
    """A judge with an inherited settlement and nobody's past."""

    def __init__(self, judge: Judge, epoch: int = 0) -> None:
        self.judge, self.epoch = judge, epoch

    @classmethod
    def of(cls, left: Bequest, reference: Reference, plan: Plan, models: int) -> "Heir":
        """An heir that shares the budget with all ``models`` of its partition."""
        judge = Judge(left.settlement(reference), plan)
        share = max(left.share, shares.LEAST / max(1, left.principals))
        for name, curve in left.calibration.curves.items():
            judge.meters[name] = payment.opened(
                budget=curve.budget * share * left.models / max(models, left.models, 1),
                forecast=curve.forecast * share,
                newcomers=NEWCOMERS,
            )
        judge.not_watched[NOTE] = f"version {reference.version}'s, until this version's own burn-in is over"
        return cls(judge)

    def accused(self) -> list[str] | None:
        """Whom a score that means the same on every model told of; None if nobody could be scored."""
        if not self.judge.records:
            return None
        table = self.judge.table
        sure = [name for name, detector in self.judge.detectors.items() if detector.spec.ceiling is not None]
        told = {slot for name in sure for slot in np.flatnonzero(table[scorer.GATE + name]["told"] > 1).tolist()}
        return sorted(name for name, slot in table.slot_of.items() if slot in told)

    @property
    def not_watched(self) -> dict[str, str]:
        """By detector, why it does not look, and whose reference it is."""
        return dict(self.judge.not_watched)

    def score(self, batch: Batch, epochs: Integers, start: float, found: Findings) -> Iterator[tuple[slice, bool]]:
        """Score rows by epoch; gives the rows of each, and whether they were scored: none is in another form.

        ``epochs`` (N,) never fall, the first one began at ``start``, s. Blocks and sketches for the correlator are left
        out: they are of the version's own reference only.
        """
        reference = self.judge.settled.reference
        if not scorer.fits(reference, scorer.encode(reference, batch)):
            found.judged.append(Judged(batch, {}, {}))
            yield slice(0, len(batch)), False
            return
        at = 0
        while at < len(batch):
            end = int(np.searchsorted(epochs, epochs[at], side="right"))
            if epochs[at] > self.epoch:
                self.account(start, found)
                self.epoch = int(epochs[at])
            own = Findings()
            scored = self.judge.score(take(batch, slice(at, end)), epochs[at:end], own)
            found.alerts += own.alerts
            found.judged += own.judged
            found.failed |= own.failed
            found.exposed += own.exposed
            yield slice(at, end), scored
            at = end

    def account(self, start: float, found: Findings) -> None:
        """Enter what the epoch that ended has paid, if there was one, into the ledger."""
        if self.epoch:
            found.ledger += self.judge.ledger(self.epoch, start + (self.epoch - 1) * self.judge.plan.epoch)

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        return pack({"epoch": self.epoch}, {"judge": np.frombuffer(self.judge.to_bytes(), np.uint8)})

    @classmethod
    def from_bytes(cls, plan: Plan, data: bytes) -> "Heir":
        """An heir that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        return cls(Judge.from_bytes(plan, arrays["judge"].tobytes()), plain["epoch"])
