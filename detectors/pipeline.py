"""Pipeline: the records of one partition, in order, to alerts. The page to read first.

A slice of records enters and becomes one step for each model version in it. A step is a generator: where its model
version's settlement is due it yields a :class:`~detectors.need.Need` and goes on with what it is sent. Model versions
do not wait for each other; steps of one are taken in order. Whoever drives them decides how settlements are made and
shared; the pipeline itself is a pure function of records and settlements, whatever the cuts.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from detectors.answer_memory import AnswerMemory
from detectors.arrivals import Arrivals
from detectors.coverage import CoverageTable
from detectors.feedback.intake import Intake
from detectors.findings import Findings
from detectors.heir import Bequest
from detectors.model_change import Changes
from detectors.need import Answer, Need
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.reference import Reference
from detectors.request_ids import RequestIds
from detectors.rests import Told
from detectors.slices import Outcome, Slice, Step, Version
from detectors.text.reading import Words
from detectors.watch import Watch
from schemas.alert import Alert
from schemas.batch import Batch, Doubles, Integers
from schemas.feedback import parted
from schemas.lone import lone
from schemas.record import Record, Reject
from schemas.scanner.scanned import batches

LARGEST_MODELS = 1024  # model versions a partition watches; more are counted as not watched


class Pipeline:
    """Everything that detection knows about one partition."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.watches: dict[Version, Watch] = {}
        self.met: dict[Version, int] = {}
        self.changes: dict[str, Changes] = {}
        self.feedback, self.ids = Intake(plan), RequestIds()
        self.words = Words(plan.secret, plan.watched, plan.letters)
        self.coverage = CoverageTable()
        self.next_offset = 0

    def process(
        self, records: Sequence[Record], offsets: Integers, rejects: Sequence[Reject] = ()
    ) -> Generator[Need, Answer, Outcome]:
        """Watch N records at their rising offsets, and count what could not be read among them."""
        entered = self.enter(records, offsets, rejects)
        for _, step in entered.steps:
            yield from step
        return self.leave(entered)

    def read(self, records: Sequence[Record], offsets: Integers) -> list[Batch]:
        """Columns of N records, and of their words, before classifiers look at them."""
        return list(map(self.words.read, batches(*parted(records, offsets)[:2])))

    def enter(
        self,
        records: Sequence[Record],
        offsets: Integers,
        rejects: Sequence[Reject] = (),
        some: Sequence[Batch] | None = None,
    ) -> Slice:
        """Sort N records at their rising offsets into steps, none of which is taken yet.

        ``some`` are the records' columns where they were read before.
        """
        ends = [int(offsets[-1]) if len(offsets) else -1, *(reject.offset for reject in rejects)]
        made = Slice(max(self.next_offset, max(ends) + 1))
        records, offsets, said, places = parted(records, offsets)
        halves = lone(records)
        if some is None:
            some = self.plan.classifiers.read_many(list(map(self.words.read, batches(records, offsets))))
        forms: dict[Version, list[Batch]] = {}
        for batch in some:
            forms.setdefault((batch.model, batch.version), []).append(batch)
        for key, of in forms.items():
            self.met.setdefault(key, int(of[0].offsets[0]))
        before, clocks = self.now, []
        for key, of in forms.items():
            made.outcome.heard += [(key[0], batch.offsets, batch.time) for batch in of]
            watch = self._watch(key)
            if watch is None:
                self._not_watched(of)
                continue
            rows = Arrivals(of)
            now = watch.tick(rows)
            clocks.append((rows.offsets, now))
            made.steps.append((key, self._step(key, watch, rows, now, made.outcome)))
            self.coverage.unpair(*key, rows.offsets, now, offsets[halves])
            self.coverage.unname(*key, of, rows.offsets, now)
        made.steps.sort(key=lambda step: not self.watches[step[0]].decided)  # who may inherit comes after who leaves
        made.outcome.findings.alerts += self._compare(forms)
        made.outcome.findings.alerts += self.ids.follow([records[i] for i in halves], self.plan.release)
        told, made.outcome.late = self.feedback.take(said, places, forms, made.outcome.findings, self.coverage)
        clocks += told
        self.coverage.refuse(rejects, before, clocks)
        made.outcome.now = self.now
        return made

    def leave(self, done: Slice) -> Outcome:
        """What came of a slice whose steps have all been taken. Slices leave in the order in which they entered."""
        self.next_offset = done.next_offset
        done.outcome.coverage = self.coverage.take(self.next_offset)
        return done.outcome

    def _watch(self, key: Version) -> Watch | None:
        watch = self.watches.get(key)
        if watch is None and len(self.watches) < LARGEST_MODELS:
            watch = self.watches[key] = Watch(*key, self.plan)
        return watch

    def _step(self, key: Version, watch: Watch, rows: Arrivals, now: Doubles, out: Outcome) -> Step:
        found = Findings()
        parts = yield from watch.feed(rows, now, found, self._models, partial(self._left, key))
        for part in parts:
            self.coverage.add(*key, part.offsets, part.clock, scored=part.scored, not_watched=part.not_watched)
        out.findings.alerts += found.alerts
        out.findings.judged += found.judged
        out.findings.failed |= {f"{key[0]}: {k}": v for k, v in found.failed.items()}
        out.blocks += [(*key, block) for block in found.blocks]
        out.sketches += [(*key, sketch) for sketch in found.sketches]
        out.suspects += [(*key, suspect) for suspect in found.suspects]
        out.exposed += [(*key, one) for one in found.exposed]
        out.ledger += [{"model": key[0], "version": key[1], **row} for row in found.ledger]

    def _compare(self, forms: Mapping[Version, Sequence[Batch]]) -> list[Alert]:
        """Compare answers with earlier ones to the same inputs, of all versions of a model in order of arrival."""
        found: list[Alert] = []
        for model in dict.fromkeys(name for name, version in forms if (name, version) in self.watches):
            if model not in self.changes:
                self.changes[model] = Changes(model, self.plan.secret)
            rows = [batch for key, some in forms.items() if key[0] == model and key in self.watches for batch in some]
            found += self.changes[model].follow(rows, self.plan.release)
        return found

    def _models(self, offset: int) -> int:
        """Model versions met up to an offset: how many share the budget, whatever the cuts."""
        return sum(first <= offset for first in self.met.values())

    def _left(self, key: Version, offset: int) -> tuple[Bequest, Reference, Sequence[Told]] | None:
        """What the latest other version of a model that was settled by an offset leaves; None if there is none."""
        found, latest = None, -1
        for other, watch in self.watches.items():
            if other[0] != key[0] or other == key or watch.left is None or watch.judge is None:
                continue
            if watch.left.offset <= offset and self.met[other] > latest:
                found, latest = (watch.left, watch.judge.settled.reference, watch.told), self.met[other]
        return found

    def waits(self, key: Version, held: Iterable[Version]) -> bool:
        """Whether a version has yet to learn what it inherits from one that is ``held`` up."""
        watch = self.watches.get(key)
        if watch is None or watch.decided:
            return False
        return any(k[0] == key[0] and self.met[k] < self.met[key] for k in held)

    def _not_watched(self, some: Sequence[Batch]) -> None:
        why = {"*": f"more than {LARGEST_MODELS} model versions on this partition"}
        for b in some:
            self.coverage.add(b.model, b.version, b.offsets, b.time, scored=False, not_watched=why)

    def running(self) -> list[dict[str, object]]:
        """Ledger rows of the epochs that are not over yet."""
        return [{"model": m, "version": v, **row} for (m, v), watch in self.watches.items() for row in watch.running()]

    @property
    def now(self) -> float:
        """Record time that the partition has reached, s; 0 before the first record."""
        return max((self.feedback.now, *(float(w.clock["now"][0]) for w in self.watches.values())))

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        watches = [
            (model, version, np.frombuffer(w.to_bytes(), np.uint8)) for (model, version), w in self.watches.items()
        ]
        changes = {
            f"changes.{i}.{name}": array
            for i, one in enumerate(self.changes.values())
            for name, array in one.memory.arrays().items()
        }
        plain = {
            "watches": [[m, v] for m, v, _ in watches],
            "changes": [[model, one.memory.versions] for model, one in self.changes.items()],
            "met": [[m, v, first] for (m, v), first in self.met.items()],
            "coverage": self.coverage.plain(),
            "next": self.next_offset,
            "ids": list(self.ids.told.items()),
        }
        feedback = {"feedback": np.frombuffer(self.feedback.to_bytes(), np.uint8)}
        return pack(plain, {str(i): data for i, (_, _, data) in enumerate(watches)} | changes | feedback)

    @classmethod
    def from_bytes(cls, plan: Plan, data: bytes) -> "Pipeline":
        """A pipeline that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(plan)
        for i, (model, version) in enumerate(plain["watches"]):
            made.watches[model, version] = Watch.from_bytes(model, version, plan, arrays[str(i)].tobytes())
        for i, (model, versions) in enumerate(plain["changes"]):
            memory = AnswerMemory.of(versions, {name: arrays[f"changes.{i}.{name}"] for name in AnswerMemory.PARTS})
            made.changes[model] = Changes(model, plan.secret, memory)
        made.feedback = Intake.from_bytes(plan, arrays["feedback"].tobytes())
        made.met = {(m, v): first for m, v, first in plain["met"]}
        made.coverage.load(plain["coverage"])
        made.next_offset, made.ids = plain["next"], RequestIds(plain.get("ids", ()))
        return made
