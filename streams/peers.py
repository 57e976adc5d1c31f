"""Labelled traces through the peers: one reading of the log, then campaigns group by group as tidegate meets them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.named import NamedSchema
from detectors.peers.api import Peer, Traffic
from detectors.peers.fingerprints import prints
from detectors.peers.gate import burn_in, crossings
from detectors.peers.points import Space
from detectors.plan import Plan
from schemas.alert import Alert, Severity, Verdict, alert_id
from schemas.batch import Batch, Doubles, Floats, Integers
from schemas.formats import Format
from schemas.scanner.scanned import batches
from streams.evaluation import Evaluation, evaluate
from streams.files import read_lines
from streams.scan import recognised
from streams.trials import part, together
from streams.truth import Truth

Form = tuple[int, bool]


@dataclass(frozen=True, slots=True)
class Heard:
    """A log as peers see it: its records, and who they are from, by code."""

    traffic: Traffic
    names: list[str]


@dataclass(slots=True)
class _Reading:
    """What is known while a log is read: codes of principals and of answers, and the form and space of the inputs."""

    names: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    form: Form = (0, False)
    schema: NamedSchema | None = None
    space: Space | None = None

    def settle(self, clean: list[Batch]) -> None:
        """Choose the commonest form of the clean period, and find the space of its inputs."""
        count: dict[Form, int] = {}
        for batch in clean:
            count[_form(batch)] = count.get(_form(batch), 0) + len(batch)
        self.form = max(count, key=lambda form: count[form])
        alike = [batch for batch in clean if _form(batch) == self.form]
        if self.form[1]:
            self.schema = NamedSchema.learn([row for batch in alike for row in batch.named or []])
        self.space = Space.fit(np.concatenate([self.features(batch) for batch in alike]))

    def features(self, batch: Batch) -> Floats:
        """Inputs of a batch as numbers (n, F)."""
        return batch.features if self.schema is None or batch.named is None else self.schema.encode(batch.named)

    def traffic(self, batch: Batch) -> Traffic:
        """A batch as peers see it."""
        assert self.space is not None
        code = np.array([self.names.setdefault(name, len(self.names)) for name in batch.principals], np.int64)
        if batch.probabilities.shape[1]:
            answer = batch.probabilities.argmax(axis=1).astype(np.int64)
        else:
            answer = np.array([self.answers.setdefault(label, len(self.answers)) for label in batch.labels], np.int64)
        scaled = self.space.scaled(self.features(batch))
        return Traffic(
            batch.offsets, batch.time, code[batch.principal], answer, self.space.points(scaled), prints(scaled)
        )


def hear(log: Path, plan: Plan) -> Heard:
    """Read a log once; records whose inputs have another form than most of the clean period's are left out."""
    reading, held, made = _Reading(), list[Batch](), list[Traffic]()
    until = np.inf
    for batch in _batches(log):
        if reading.space is None:
            until = min(until, float(batch.time[0]) + plan.burn_in) if not held else until
            held.append(batch)
            if batch.time.max() < until:
                continue
            reading.settle(held)
            made += [reading.traffic(one) for one in held if _form(one) == reading.form]
            held = []
        elif _form(batch) == reading.form:
            made.append(reading.traffic(batch))
    return Heard(_joined(made), list(reading.names))


def _batches(log: Path) -> Iterator[Batch]:
    reader: Format | None = None
    for chunk in read_lines([str(log)], limit_bytes=1 << 26):
        if not chunk.lines:
            continue
        reader = reader or recognised("auto", chunk)[1]
        read = reader.read_many(chunk.lines, range(chunk.first, chunk.first + len(chunk.lines)), topic=chunk.path)
        yield from batches(read.records, read.offsets)


def _form(batch: Batch) -> Form:
    return batch.features.shape[1], batch.named is not None


def _joined(parts: list[Traffic]) -> Traffic:
    """Parts as one, in order of the log."""
    columns: dict[str, npt.NDArray[Any]] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Traffic.__slots__
    }
    order = np.argsort(columns["row"], kind="stable")
    return Traffic(**{name: column[order] for name, column in columns.items()})


def tried(heard: Heard, truth: Truth, dealt: list[Integers], peer: Peer, plan: Plan) -> Evaluation:
    """Let a peer watch the honest records and each group's campaigns, and hold its alerts against the labels."""
    rows = heard.traffic
    ids = _ids(truth)
    campaign = truth.campaign[rows.row]
    honest = np.flatnonzero(campaign < 0)
    clean = np.zeros(len(rows), np.bool_)
    clean[: burn_in(rows.time, plan)] = True
    spoilt = bool((campaign[clean] >= 0).any())
    alone = _learnt(peer, rows, honest, clean) if peer.alone and not spoilt else None
    parts = []
    for group in dealt:
        kept = np.flatnonzero((campaign < 0) | np.isin(campaign, group))
        if alone is None:
            scores = _learnt(peer, rows, kept, clean)[kept]
        else:
            touched = kept[np.isin(rows.principal[kept], rows.principal[np.isin(campaign, group)])]
            alone[touched] = peer.score(rows.part(touched))
            scores = alone[kept]
        some = rows.part(kept)
        raised = kept[crossings(some, scores, plan)]
        parts.append(evaluate([_alert(heard, ids, peer, at) for at in raised.tolist()], part(truth, group)))
        if alone is not None:
            back = touched[campaign[touched] < 0]
            alone[back] = peer.score(rows.part(back))
    return together(parts)


def _learnt(peer: Peer, rows: Traffic, kept: Integers, clean: npt.NDArray[np.bool_]) -> Doubles:
    """Scores (N,) of the kept records by a peer that learnt the clean ones among them; NaN for others."""
    peer.learn(rows.part(kept[clean[kept]]))
    made = np.full(len(rows), np.nan)
    made[kept] = peer.score(rows.part(kept))
    return made


def _ids(truth: Truth) -> dict[int, str]:
    return {place: name for name, place in truth.place.items()}


def _alert(heard: Heard, ids: dict[int, str], peer: Peer, at: int) -> Alert:
    rows = heard.traffic
    trigger, who, time = ids.get(int(rows.row[at]), ""), heard.names[rows.principal[at]], float(rows.time[at])
    return Alert(
        id=alert_id(peer.title, who, trigger),
        time=time,
        first_time=time,
        last_time=time,
        verdict=Verdict.ATTACK,
        threat="",
        severity=Severity.LOW,
        detector=peer.title,
        model="",
        principal=who,
        principals=[who],
        trigger=trigger,
    )
