"""Intake: the feedback of one partition, model by model."""

from collections.abc import Mapping, Sequence

import numpy as np

from detectors import clock
from detectors.coverage import CoverageTable
from detectors.feedback.desk import Desk
from detectors.feedback.heard import Heard
from detectors.findings import Findings, Judged
from detectors.packing import pack, unpack
from detectors.plan import Plan
from schemas.batch import Batch, Doubles, Integers
from schemas.columns import batches
from schemas.record import Record
from schemas.signal import Hindsight

MODELS = 256  # models whose feedback a partition judges; more are counted as not watched
NO_ROOM = {"*": f"feedback on more than {MODELS} models on this partition"}
UNUSABLE = {"feedback": "no label, or an input of another form than the first of this model"}


class Intake:
    """Feedback by model: each has a desk of its own."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.desks: dict[str, Desk] = {}

    @property
    def now(self) -> float:
        """Record time that feedback has reached, s; 0 before the first."""
        return max((float(desk.clock["now"][0]) for desk in self.desks.values()), default=0.0)

    def take(
        self,
        records: Sequence[Record],
        offsets: Integers,
        asked: Mapping[tuple[str, str], Sequence[Batch]],
        found: Findings,
        coverage: CoverageTable,
    ) -> tuple[list[tuple[Integers, Doubles]], list[tuple[str, str, Hindsight]]]:
        """Judge N records at their (N,) offsets; what they give rise to goes into ``found`` and ``coverage``.

        ``asked`` are the requests of the same slice, by model and version. Returns by model where its feedback lies
        and what its clock showed there, s; and (model, version, block of late labels) for the correlator.
        """
        forms: dict[str, list[Batch]] = {}
        clocks, late = [], []
        for batch in batches(records, offsets):
            forms.setdefault(batch.model, []).append(batch)
        for model, desk in self.desks.items():
            if model not in forms and (requests := _of(model, asked)):
                desk.hear((), requests)
        for model, some in forms.items():
            if model not in self.desks and len(self.desks) >= MODELS:
                for batch in some:
                    coverage.add(model, batch.version, batch.offsets, batch.time, scored=False, not_watched=NO_ROOM)
                continue
            desk = self.desks.setdefault(model, Desk(model, self.plan))
            heard = desk.hear(some, _of(model, asked))
            assert heard is not None
            now = clock.tick(heard.time, desk.clock)
            clocks.append((heard.offsets, now))
            self._judge(desk, heard, now, found, coverage)
            late += [(model, version, block) for version, block in desk.blocks]
            desk.blocks.clear()
        return clocks, late

    def _judge(self, desk: Desk, heard: Heard, now: Doubles, found: Findings, coverage: CoverageTable) -> None:
        usable = desk.usable(heard)
        values = np.full(len(heard), np.nan)
        judged = np.full(int(usable.sum()), np.nan)
        if len(judged):
            found.alerts += desk.take(heard.only(usable), judged)
        values[usable] = judged
        for index in dict.fromkeys(heard.version.tolist()):
            version, mine = desk.versions[index], heard.version == index
            for rows, scored, why in ((mine & usable, True, {}), (mine & ~usable, False, UNUSABLE)):
                coverage.add(desk.model, version, heard.offsets[rows], now[rows], scored=scored, not_watched=why)
        place = dict(zip(heard.offsets.tolist(), values.tolist(), strict=True))
        for batch in heard.some:
            own = np.array([place[at] for at in batch.offsets.tolist()])
            found.judged.append(Judged(batch, {}, {"feedback": own}))

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        desks = [np.frombuffer(desk.to_bytes(), np.uint8) for desk in self.desks.values()]
        return pack({"models": list(self.desks)}, {str(i): data for i, data in enumerate(desks)})

    @classmethod
    def from_bytes(cls, plan: Plan, data: bytes) -> "Intake":
        """An intake that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(plan)
        for i, model in enumerate(plain["models"]):
            made.desks[model] = Desk.from_bytes(model, plan, arrays[str(i)].tobytes())
        return made


def _of(model: str, asked: Mapping[tuple[str, str], Sequence[Batch]]) -> list[Batch]:
    """Requests of one model, whatever the version."""
    return [batch for (name, _), some in asked.items() if name == model for batch in some]
