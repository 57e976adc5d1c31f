"""Desk: what is said afterwards about one model on one partition, from records to named contributors.

::

    records ─► sample ─► fit, at 256, 512, ... 8192 records and every 8192 further ones
        └────► judged by the latest fit: contributors (labels, triggers, spectrum) ─► alerts

The first 256 records wait for the first fit. Fits are due by count, so that no cut of the stream changes anything.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import clock
from detectors.features.named import NamedSchema
from detectors.feedback import contributors, crowd
from detectors.feedback.answers import Answers
from detectors.feedback.contributors import DTYPES, Limits
from detectors.feedback.fit import Fitted, fit, packed, unpacked
from detectors.feedback.heard import BY_NAME, Heard
from detectors.feedback.joining import join
from detectors.feedback.meanings import Meanings
from detectors.feedback.poisoning_words import Named, poisoning
from detectors.feedback.rows import Labels, Rows, judged, rows_of
from detectors.feedback.sample import Sample
from detectors.feedback.voices import Voices
from detectors.fitting.sample import random
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.state import KeyTable
from schemas.alert import Alert
from schemas.batch import Batch, Doubles
from schemas.signal import Hindsight

Array = npt.NDArray[Any]

FIRST, LAST = 256, 8192  # records at the first fit; then at twice as many each time, and from LAST on every LAST
SHARE = 0.002  # days of the budget for false alerts that all honest contributors together may ever cost
LEAST = 100  # contributors that the budget is shared by at least
TESTS = 3
VERSIONS = 64  # that are told apart


class Desk:
    """Feedback about one model.

    Attributes
    ----------
    records : that were judged or wait for the first fit
    due : records at which the next fit is made
    blocks : versions and blocks of late labels that ended and were not yet fetched
    """

    def __init__(self, model: str, plan: Plan) -> None:
        self.model, self.plan = model, plan
        self.labels = Labels()
        self.table = KeyTable(dict(DTYPES), limit=plan.max_principals, evidence=["labels"])
        self.known = crowd.new()
        self.clock = clock.new()
        self.width: int | None = None
        self.schema: NamedSchema | None = None
        self.sample: Sample | None = None
        self.fitted: Fitted | None = None
        self.limits = Limits(np.full(TESTS, np.inf), 0, 1.0)
        self.waiting: Rows | None = None
        self.named: list[dict[str, object]] = []
        self.records, self.due = 0, FIRST
        self.since = -1
        self.versions: list[str] = []
        self.answers, self.voices, self.blocks = Answers(), Voices(), list[tuple[str, Hindsight]]()
        self.meanings = Meanings()

    def version(self, name: str) -> int:
        """Index of a version; those beyond the first 64 are one."""
        if name not in self.versions and len(self.versions) < VERSIONS:
            self.versions.append(name)
        return self.versions.index(name) if name in self.versions else VERSIONS - 1

    def hear(self, some: Sequence[Batch], asked: Sequence[Batch]) -> Heard | None:
        """Feedback in order, with what was answered to the requests that it is about; requests are remembered.

        Requests before the first feedback are not: where there is no feedback, there is nothing to keep.
        """
        if self.since < 0 and some:
            self.since = min(int(batch.offsets[0]) for batch in some)
        later = [batch for batch in asked if batch.offsets[-1] > self.since]
        firsts = [(int(b.offsets[np.searchsorted(b.offsets, self.since)]), b.version) for b in (*some, *later)]
        for _, name in sorted(firsts):
            self.version(name)
        heard = Heard(some, self.version) if some else None
        join(self.answers, heard, later, self.version, self.since)
        return heard

    def take(self, heard: Heard, values: Doubles) -> list[Alert]:
        """Judge usable records, in order; log evidence against their contributors into ``values`` (N,)."""
        found: list[Alert] = []
        at = 0
        while at < len(heard):
            end = min(len(heard), at + self.due - self.records)
            slots = self.table.assign(heard.names, heard.who[at:end], self.records)
            part = slice(at, at + len(slots))
            if len(slots):
                found += self._hear(heard, part, slots, values[part])
            at += len(slots)
            self.records += len(slots)
            if self.records == self.due:
                found += self._fit()
            elif at < end:
                self.table.evict()
        return found

    def usable(self, heard: Heard) -> Array:
        """Which records (N,) have a label, and an input of the form that the first one had."""
        labelled = np.array([bool(label) for label in heard.label])
        if self.width is None and (labelled & (heard.width != 0)).any():
            first = int(np.argmax(labelled & (heard.width != 0)))
            self.width = int(heard.width[first])
        return np.asarray(labelled & (heard.width == self.width))

    def _hear(self, heard: Heard, part: slice, slots: Array, values: Doubles) -> list[Alert]:
        assert self.width is not None
        rows = rows_of(heard, part, slots, self.labels, heard.inputs(part, self.width, self.schema))
        if self.fitted is None or self.sample is None:
            self.waiting = rows if self.waiting is None else self.waiting.and_then(rows)
            self.named += heard.by_name(part) if self.width == BY_NAME else []
            return []
        answer = self._keep(rows)
        return self._judge(rows, self.fitted, answer, values)

    def _keep(self, rows: Rows) -> Array:
        """Put records into the sample; codes (N,) of what the model had answered."""
        assert self.sample is not None
        answer = self.meanings.codes(rows.answer, rows.label, self.labels)
        self.sample.add(x=rows.x, label=rows.label, who=rows.slot, fold=rows.fold, answer=answer, sure=rows.sure)
        return answer

    def _judge(self, rows: Rows, fitted: Fitted, answer: Array, values: Doubles) -> list[Alert]:
        said, arrays = judged(rows, fitted, answer), tuple(self.table[name] for name in DTYPES)
        found, at = [], 0
        while at < len(rows):
            at, test = contributors.follow(said, at, self.limits, fitted.learnt, self.known, arrays, values)
            if test >= 0:
                version = self.versions[int(rows.version[at - 1])]
                found.append(poisoning(self._named(said, at - 1, test, values), self.model, version, self.plan.release))
        told = self.voices.add(said, answer, rows.version, rows.delay, len(self.table.seen))
        self.blocks += [(self.versions[one], block) for one, block in told]
        return found

    def _named(self, said: contributors.Said, row: int, test: int, values: Doubles) -> Named:
        slot = int(said.slot[row])
        return Named(
            contributor=str(self.table.keys[slot]),
            time=float(said.time[row]),
            trigger=said.ids[row].tobytes().rstrip(b"\0").decode("utf-8", "replace"),
            test=test,
            rows={name: self.table[name][slot].copy() for name in DTYPES},
            value=float(values[row]),
            limit=float(self.limits.log[test]),
            labels=self.labels,
            crowd=self.known[0].copy(),
        )

    def _fit(self) -> list[Alert]:
        """Learn anew; the records that waited for the first fit are judged by it."""
        waited, answer = self._begin() if self.sample is None else (None, np.zeros(0, np.int64))
        assert self.sample is not None
        chance = random(self.plan.secret, f"{self.model}\x1ffeedback", str(self.records))
        self.fitted = fit(self.sample, len(self.labels), self.known, chance)
        self.known = self.fitted.known
        self.meanings.learn()
        held = np.fromiter(self.table.slot_of.values(), np.int64, len(self.table))
        self.known["busiest"] = np.quantile(self.table["own"]["busiest"][held], 0.9)
        self.due = self.records * 2 if self.records < LAST else self.records + LAST
        alpha = SHARE * self.plan.alerts_per_day / max(LEAST, 2 * len(self.table)) / TESTS
        self.limits = Limits(np.full(TESTS, -log(alpha)), len(self.labels), self.fitted.far)
        return [] if waited is None else self._judge(waited, self.fitted, answer, np.zeros(len(waited)))

    def _begin(self) -> tuple[Rows, Array]:
        """Make a sample of the records that waited, named values as numbers from now on."""
        waited, self.waiting = self.waiting, None
        assert waited is not None
        if self.named:
            self.schema = NamedSchema.learn(self.named)
            waited, self.named = replace(waited, x=self.schema.encode(self.named)), []
        self.sample = Sample(waited.x.shape[1])
        return waited, self._keep(waited)

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        names = ("width", "named", "records", "due", "since", "versions")
        plain = {name: getattr(self, name) for name in names} | {"labels": self.labels.names, "far": 0.0}
        plain |= {"limit": float(self.limits.log[0]), "known": self.limits.labels}
        plain |= {"meanings": self.meanings.plain()}
        arrays = {"clock": self.clock, "crowd": self.known, "table": np.frombuffer(self.table.to_bytes(), np.uint8)}
        if self.fitted is not None:
            plain["far"], fitted = packed(self.fitted)
            arrays |= {f"fitted.{name}": array for name, array in fitted.items()}
        parts = {"sample": self.sample, "waiting": self.waiting, "answers": self.answers, "voices": self.voices}
        for name, part in parts.items():
            arrays |= {f"{name}.{k}": array for k, array in part.arrays().items()} if part is not None else {}
        if self.schema is not None:
            arrays |= {f"schema.{name}": array for name, array in self.schema.to_arrays().items()}
        return pack(plain, arrays)

    @classmethod
    def from_bytes(cls, model: str, plan: Plan, data: bytes) -> "Desk":
        """A desk that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(model, plan)
        made.labels, made.width, made.named = Labels(plain["labels"]), plain["width"], plain["named"]
        made.records, made.due, made.since = plain["records"], plain["due"], plain["since"]
        made.versions, made.meanings = plain["versions"], Meanings.of(plain["meanings"])
        made.clock, made.known = arrays["clock"], arrays["crowd"]
        made.table.load(arrays["table"].tobytes())
        names = ("fitted", "sample", "waiting", "schema", "answers", "voices")
        parts = {part: under(f"{part}.", arrays) for part in names}
        made.schema = NamedSchema.from_arrays(parts["schema"]) if parts["schema"] else None
        made.waiting = Rows(**parts["waiting"]) if parts["waiting"] else None
        made.sample = Sample.of(parts["sample"]) if parts["sample"] else None
        made.answers, made.voices = Answers.of(parts["answers"]), Voices.of(parts["voices"])
        if parts["fitted"]:
            made.fitted = unpacked(plain["far"], parts["fitted"], made.known)
            made.limits = Limits(np.full(TESTS, plain["limit"]), plain["known"], plain["far"])
        return made


def under(prefix: str, arrays: dict[str, Array]) -> dict[str, Array]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
