"""Pipeline: the records of one partition, in order, to alerts. The page to read first.

``process`` is a generator: where a model version's settlement is due it yields a :class:`~detectors.watch.Need` and
goes on with what it is sent. Whoever drives it decides how settlements are made and shared; the pipeline itself is a
pure function of records and settlements, whatever the cuts.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.blocks import Block
from detectors.coverage import CoverageRow, CoverageTable
from detectors.judge import Findings
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.watch import Answer, Need, Watch
from schemas.batch import Batch, Integers
from schemas.columns import batches
from schemas.record import Record, Reject

LARGEST_MODELS = 1024  # model versions a partition watches; more are counted as not watched


@dataclass(slots=True)
class Outcome:
    """What came of some records of a partition.

    Attributes
    ----------
    blocks : (model, version, block) for the correlator
    ledger : what each ended epoch promised and paid, with its model and version
    coverage : rows that changed; writing one again replaces it
    """

    findings: Findings = field(default_factory=Findings)
    blocks: list[tuple[str, str, Block]] = field(default_factory=list)
    ledger: list[dict[str, object]] = field(default_factory=list)
    coverage: list[CoverageRow] = field(default_factory=list)


class Pipeline:
    """Everything that detection knows about one partition."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.watches: dict[tuple[str, str], Watch] = {}
        self.met: dict[tuple[str, str], int] = {}
        self.coverage = CoverageTable()
        self.next_offset = 0

    def process(
        self, records: Sequence[Record], offsets: Integers, rejects: Sequence[Reject] = ()
    ) -> Generator[Need, Answer, Outcome]:
        """Watch N records at their rising offsets, and count what could not be read among them."""
        out = Outcome()
        slices = batches(records, offsets)
        for batch in slices:
            self.met.setdefault((batch.model, batch.version), int(batch.offsets[0]))
        for batch in slices:
            yield from self._watch(batch, out)
        for reject in rejects:
            self.coverage.reject(reject.offset, self.now)
        ends = [int(offsets[-1])] if len(offsets) else []
        self.next_offset = max([self.next_offset, *(e + 1 for e in ends), *(r.offset + 1 for r in rejects)])
        out.coverage = self.coverage.take(self.next_offset)
        return out

    def _watch(self, batch: Batch, out: Outcome) -> Generator[Need, Answer, None]:
        key = (batch.model, batch.version)
        watch = self.watches.get(key)
        if watch is None:
            if len(self.watches) >= LARGEST_MODELS:
                self._not_watched(batch, f"more than {LARGEST_MODELS} model versions on this partition")
                return
            watch = self.watches[key] = Watch(*key, self.plan)
        found = Findings()
        parts = yield from watch.feed(batch, found, self._models)
        for part in parts:
            self.coverage.add(
                *key, batch.offsets[part.rows], part.clock, scored=part.scored, not_watched=watch.not_watched
            )
        out.findings.alerts += found.alerts
        out.findings.judged += found.judged
        out.findings.failed |= {f"{batch.model}: {k}": v for k, v in found.failed.items()}
        out.blocks += [(*key, block) for block in found.blocks]
        out.ledger += [{"model": batch.model, "version": batch.version, **row} for row in found.ledger]

    def _models(self, offset: int) -> int:
        """Model versions met up to an offset: how many share the budget, whatever the cuts."""
        return sum(first <= offset for first in self.met.values())

    def _not_watched(self, batch: Batch, reason: str) -> None:
        self.coverage.add(
            batch.model, batch.version, batch.offsets, batch.time, scored=False, not_watched={"*": reason}
        )

    @property
    def now(self) -> float:
        """Record time that the partition has reached, s; 0 before the first record."""
        return max((float(w.clock["now"][0]) for w in self.watches.values()), default=0.0)

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        watches = [
            (model, version, np.frombuffer(w.to_bytes(), np.uint8)) for (model, version), w in self.watches.items()
        ]
        plain = {
            "watches": [[m, v] for m, v, _ in watches],
            "met": [[m, v, first] for (m, v), first in self.met.items()],
            "coverage": self.coverage.plain(),
            "next": self.next_offset,
        }
        return pack(plain, {str(i): data for i, (_, _, data) in enumerate(watches)})

    @classmethod
    def from_bytes(cls, plan: Plan, data: bytes) -> "Pipeline":
        """A pipeline that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(plan)
        for i, (model, version) in enumerate(plain["watches"]):
            made.watches[model, version] = Watch.from_bytes(model, version, plan, arrays[str(i)].tobytes())
        made.met = {(m, v): first for m, v, first in plain["met"]}
        made.coverage.load(plain["coverage"])
        made.next_offset = plain["next"]
        return made
