"""Model change: the same input gets another answer than before, from the same version or from the next one."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.answer_memory import DIFFERS, AnswerMemory, Asked, Certain
from detectors.features import outputs
from detectors.features.inputs import fingerprint
from detectors.fitting.sample import random
from schemas.alert import Alert, Severity, Why, alert_id
from schemas.batch import Batch
from schemas.compiled import compiled
from schemas.record import Record
from schemas.threats import THREATS, frameworks, runbook

Array = npt.NDArray[Any]

THREAT = "model_change"
UNEQUAL = 0.005  # mean difference in probability that is told although all labels are equal
SERIOUS, NOTABLE = 0.1, 0.02  # share of other labels
_json = msgspec.json.Encoder(order="deterministic").encode


class Changes:
    """What one model answered, on one partition, and what changed in it."""

    def __init__(self, model: str, secret: bytes, memory: AnswerMemory | None = None) -> None:
        self.model, self.secret = model, secret
        self.memory = memory or AnswerMemory()
        self.weights: dict[int, Array] = {}

    def follow(self, forms: Sequence[Batch], release: str) -> list[Alert]:
        """Compare the answers of a slice with those before, in order of arrival; ``forms`` are all of this model."""
        forms = sorted(forms, key=lambda batch: int(batch.offsets[0]))
        rows = [self._asked(batch) for batch in forms]
        columns: list[Array] = [np.concatenate(column) for column in zip(*rows, strict=True)]
        offsets = np.concatenate([batch.offsets for batch in forms])
        if len(forms) > 1:
            order = np.argsort(offsets, kind="stable")
            columns, offsets = [column[order] for column in columns], offsets[order]
        asked = Asked(*columns)
        made = []
        for one in self.memory.follow(asked):
            batch = next(b for b in forms if offsets[one.row] in b.offsets)
            record = batch.records[int(np.searchsorted(batch.offsets, offsets[one.row]))]
            said = self._difference(one) if one.kind == DIFFERS else self._swap(one)
            if said is not None:
                made.append(self._alert(record, float(asked.time[one.row]), said, release))
        return made

    def _asked(self, batch: Batch) -> tuple[Array, ...]:
        n = len(batch)
        version = np.full(n, self.memory.version(batch.version), np.int16)
        label, sure = _answers(batch)
        bit = np.array([1 << (crc32(name.encode("utf-8", "replace")) % 64) for name in batch.principals], np.uint64)
        kept = batch.bad == 0  # tamed numbers make different inputs equal
        if batch.lone is not None:
            kept = kept & (batch.lone == 0)
        whole = np.where(kept, self._hashes(batch), np.uint64(0))
        return whole, version, label, sure, bit[batch.principal], batch.time

    def _hashes(self, batch: Batch) -> Array:
        if batch.named is not None:
            return np.array([_named(row) for row in batch.named], np.uint64)
        width = batch.features.shape[1]
        if not width:
            return np.zeros(len(batch), np.uint64)
        if width not in self.weights:
            chance = random(self.secret, f"{self.model}\x1f{THREAT}", str(width))
            self.weights[width] = chance.integers(0, 2**63, width, np.uint64) << np.uint64(1) | np.uint64(1)
        made = np.empty(len(batch), np.uint64)
        fingerprints(np.ascontiguousarray(batch.features).view(np.uint32), self.weights[width], made)
        return made

    def _difference(self, one: Certain) -> "Said | None":
        """What a version answers otherwise than the one before it; None where nothing differs."""
        t, version = one.tally, self.memory.versions[one.version]
        n, differ = int(t["compared"]), int(t["differ"])
        moved, surer, share = float(t["moved"]) / n, float(t["surer"]) / n, differ / n
        if not differ and moved < UNEQUAL:
            return None
        before = self.memory.versions[int(t["other"])]
        why = [_why("other_labels", share, 0.0, f"share of {n} inputs that got another label from {_version(before)}")]
        title, moves = f"answers {share:.0%} of the same inputs otherwise than {_version(before)}", ""
        if moved:
            why.append(_why("probability_moved", moved, 0.0, "mean difference of the answer's probability"))
            change = "higher" if surer >= 0 else "lower"
            moves = (
                f" The answer's probability moved by {moved:.3f} on average, and is {abs(surer):.3f} {change} "
                f"with {_version(version)}."
            )
        if not differ:
            title = f"is differently sure of the same inputs than {_version(before)}, with the same labels"
        return Said(
            version=version,
            title=f"{self._called(version)} {title}",
            message=f"{n} inputs were asked of {_version(before)} and of {_version(version)}. {differ} of them "
            f"({share:.0%}) got another label.{moves}",
            why=why,
            severity=Severity.HIGH if share >= SERIOUS else Severity.MEDIUM if share >= NOTABLE else Severity.LOW,
            inputs=n,
        )

    def _swap(self, one: Certain) -> "Said":
        """A version that answers otherwise than it did itself."""
        t, version = one.tally, self.memory.versions[one.version]
        n, changed, other = int(t["lately"]), int(t["changed"]), int(t["relabelled"])
        seen, before = int(t["repeats"]), int(t["changes"])
        return Said(
            version=version,
            title=f"{self._called(version)} no longer gives the answers that it gave",
            message=f"Of the last {n} inputs that were asked again, {changed} got another answer than before, {other} "
            f"of them another label. Of {seen} earlier ones it was {before}. The model seems to have been "
            "exchanged under the same version, or gets more than is logged.",
            why=[
                _why(
                    "changed_answers", changed / n, before / max(seen, 1), "share of repeated inputs answered otherwise"
                ),
                _why("other_labels", other / n, 0.0, "share of repeated inputs that got another label"),
            ],
            severity=Severity.HIGH,
            inputs=n,
            since=float(t["since"]),
        )

    def _called(self, version: str) -> str:
        return f"Version {version} of model {self.model}" if version else f"Model {self.model}"

    def _alert(self, record: Record, time: float, said: "Said", release: str) -> Alert:
        threat, key = THREATS[THREAT], "\x1f".join((self.model, said.version))
        return Alert(
            id=alert_id(THREAT, key, record.id),
            time=time,
            first_time=min(said.since or time, time),
            last_time=time,
            verdict=threat.verdict,
            threat=THREAT,
            severity=said.severity,
            detector=THREAT,
            model=self.model,
            version=said.version,
            trigger=record.id,
            record_ids=[record.id],
            count=said.inputs,
            title=said.title,
            message=said.message,
            confidence=1.0,
            why=said.why,
            frameworks=frameworks(THREAT),
            recommendation=threat.recommendation,
            runbook=runbook(THREAT),
            incident=alert_id("incident", key, THREAT),
            release=release,
        )


class Said(NamedTuple):
    """What an alert says; ``since`` is when it began, s, 0 if that is its record's time."""

    version: str
    title: str
    message: str
    why: list[Why]
    severity: Severity
    inputs: int
    since: float = 0.0


def _version(name: str) -> str:
    return f"version {name}" if name else "the one without a version"


def _why(name: str, value: float, typical: float, text: str) -> Why:
    return Why(name=name, value=value, typical=typical, text=text)


def _answers(batch: Batch) -> tuple[Array, Array]:
    """Label (N,) i4 and its probability (N,) f4."""
    n = len(batch)
    label, sure, margin = np.zeros(n, np.int32), np.full(n, np.nan, np.float32), np.empty(n, np.float32)
    if batch.probabilities.shape[1]:
        outputs.top_two(np.ascontiguousarray(batch.probabilities, np.float32), label, margin, sure)
    if batch.probabilities.shape[1] < 2 and any(batch.labels):
        label[:] = [crc32(name.encode("utf-8", "replace")) & 0x7FFFFFFF for name in batch.labels]
    return label, sure


def _named(row: dict[str, object]) -> int:
    """Hash of named values: equal where they are, whatever their order; 0 where there are none."""
    return (crc32(text := _json(row)) << 32 | crc32(text[::-1])) | 1 if row else 0


@compiled
def fingerprints(bits: Array, weights: Array, made: Array) -> None:
    """Keyed hashes (N,) u8 of rows (N, F), equal where the inputs are."""
    for i in range(len(bits)):
        made[i] = fingerprint(bits[i], weights)
