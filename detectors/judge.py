"""Judge: scores the records of one settled model version on one partition, and raises its alerts."""

from typing import Any

import numpy as np

from detectors import (
    activity,
    blocks,
    crossings,
    dossiers,
    exposure,
    manifest,
    newcomers,
    scorer,
    shares,
    suspects,
    words,
)
from detectors.acquaintance import acquaint, recognise
from detectors.api import Columns, Detector
from detectors.burn_in import BurnIn, take
from detectors.classifiers import classified
from detectors.dossiers import Dossiers
from detectors.findings import Findings, Judged, Raised
from detectors.gates import budget, changed, conformal
from detectors.moves import Moves
from detectors.packing import pack, unpack
from detectors.plan import Plan
from detectors.recentre import centre, recentred
from detectors.settlement import Settlement
from detectors.shown import Shown
from detectors.state import KeyTable, Slots
from detectors.suspicion import heat
from schemas.alert import Alert
from schemas.batch import Batch, Counts, Integers

ACTIVITY, BLOCK = "activity", "block"
MOST_FORMS = 16  # other numbers of features or classes that are told of
GATES = {"conformal": conformal.state, "budget": budget.state}


class Judge:
    """Detectors, gates and the state of all principals, for one model version on one partition."""

    def __init__(self, settled: Settlement, plan: Plan) -> None:
        self.settled, self.plan = settled, plan
        built, known = classified.built(plan, settled.reference), settled.reference
        self.training = manifest.lookup(plan.manifests, known.model, known.version, known.learnt)
        lacking = classified.unknown(plan, known) | {
            n: scorer.missing(d, known, self.training) for n, d in built.items()
        }
        self.answers = plan.reader(known) if "data_leak" in built else None
        self.copies = exposure.known(settled.reference.learnt)
        self.shown = Shown(settled.reference)
        lacking["training rows"] = manifest.unwatched(self.training, known.features)
        self.not_watched = {n: reason for n, reason in lacking.items() if reason}
        self.detectors: dict[str, Detector] = {n: d for n, d in built.items() if not lacking[n]}
        gates = {n: GATES[d.spec.gate] for n, d in self.detectors.items()}
        dtypes = scorer.state_dtypes(self.detectors, gates) | {ACTIVITY: activity.state, BLOCK: blocks.state}
        dtypes |= {newcomers.NAME: newcomers.state, dossiers.NAME: dossiers.state}
        dtypes |= {exposure.NAME: exposure.state} if self.copies else {}
        dtypes |= self.shown.states
        self.table = KeyTable(
            dtypes, limit=plan.max_principals, evidence=[scorer.GATE + n for n in gates],
            suspicion=lambda table, slots: heat(self.detectors, table, slots),
        )  # fmt: skip
        self.meters: shares.Meters = {}
        self.open_block, self.sketched = np.zeros(1, blocks.open_block), np.zeros(1, newcomers.numbered)
        self.suspected = np.zeros(1, suspects.state)
        self.centre, self.moves, self.dossiers = np.zeros(1, centre), Moves(), Dossiers()
        self.records = self.changed = 0
        self.told: list[list[int]] = []
        self.met = np.zeros(0, np.uint64)

    def warm(self, sample: BurnIn, found: Findings) -> None:
        """Let profile and detectors see this partition's own burn-in, and open the meters for its share of traffic."""
        self.sketched["met"] = 1
        self.met, self.meters = sample.met, shares.opened(self.settled, sample.population)
        batch = scorer.encode(self.settled.reference, sample.batch(slice(None)))
        if not len(batch) or not scorer.fits(self.settled.reference, batch):
            return
        slots = self.table.assign(batch.principals, batch.principal, 0)
        known = take(batch, slice(0, len(slots)))
        rows = scorer.columns(self.settled.reference, known, slots, self.table, self.training, self.answers)
        scorer.score(self.detectors, rows, slots, self.table)
        blocks.found(slots, rows.batch.time, rows.z, self.table[BLOCK], self.open_block)
        self._expose(rows, slots, found)
        acquaint(np.unique(slots), self.table, self.detectors)
        found.sketches += newcomers.acquaint(rows, slots, self.table[newcomers.NAME], self.sketched)
        found.suspects += suspects.acquaint(rows, self.suspected) if self.plan.suspects else []

    def score(self, batch: Batch, epochs: Integers, found: Findings) -> bool:
        """Score rows of one epoch, in parts where a new principal must first get room; say whether they fit."""
        batch = scorer.encode(self.settled.reference, batch)
        if not scorer.fits(self.settled.reference, batch):
            if (whole := words.whole(batch)) is not None:
                self._other_form(whole, found)
            return False
        at = 0
        while at < len(batch):
            slots = self.table.assign(batch.principals, batch.principal[at:], self.records)
            part = slice(at, at + len(slots))
            recognise(self.met, self.table, self.detectors, self.plan.secret)
            if len(slots):
                self._judge(take(batch, part), slots, epochs[part], found)
            self.records += len(slots)
            at += len(slots)
            if at < len(batch):
                self.table.evict()
        return True

    def _other_form(self, batch: Batch, found: Findings) -> None:
        """Tell once that requests have another number of features or classes than the reference: nobody scores them."""
        form = [batch.features.shape[1], batch.probabilities.shape[1]]
        found.failed["shape"] = f"{form[0]} features and {form[1]} classes"
        if form not in self.told and len(self.told) < MOST_FORMS:
            self.told.append(form)
            found.alerts.append(words.other_form(batch, self.settled.reference, self.plan.release))

    def _judge(self, batch: Batch, slots: Slots, epochs: Integers, found: Findings) -> None:
        rows = scorer.columns(self.settled.reference, batch, slots, self.table, self.training, self.answers)
        heard, names = self.table[BLOCK], self.table.keys
        rows, ended, moved = recentred(rows, slots, heard, self.open_block, self.centre, self.moves, names=names)
        found.blocks += ended
        scored = scorer.score(self.detectors, rows, slots, self.table)
        self.not_watched = classified.sampled(self.not_watched, batch)
        for name, error in scored.failed.items():
            self._switch_off(name, error, batch, found)
        level = self._expose(rows, slots, found)
        raised, changes = crossings.raised(
            self.detectors, scored, slots, epochs, self.table, self.meters, self.settled.calibration.curves, moved
        )  # fmt: skip
        done = kept = 0
        for raise_ in raised:
            found.alerts += self._note(slice(done, raise_.row + 1), scored, slots, epochs)
            self.shown.follow(rows, scored.scores, slice(kept, raise_.row), slots, epochs, self.table)
            done, kept = max(done, raise_.row + 1), max(kept, raise_.row)
            found.tell(self._alert(scored, raise_, slots, epochs, level))
        self.shown.follow(rows, scored.scores, slice(kept, len(batch)), slots, epochs, self.table)
        found.alerts += self._note(slice(done, len(batch)), scored, slots, epochs)
        found.sketches += newcomers.follow(rows, slots, self.table[newcomers.NAME], self.sketched, scored.scores)
        if self.plan.suspects and epochs[0] >= self.changed:
            found.suspects += suspects.follow(rows, slots[: np.append(changes, True).argmax()], self.suspected)
        if changes.any():
            self.changed = int(epochs[0]) + changed.LASTING
        found.judged.append(Judged(batch, rows.shared, {n: s.value for n, s in scored.scores.items()}))

    def _note(self, part: slice, scored: scorer.Scored, slots: Slots, epochs: Integers) -> list[Alert]:
        """Take in what some rows say about their principals; alerts that now have another name."""
        if part.start >= part.stop:
            return []
        rows, batch = scored.columns, scored.columns.batch
        activity.update(slots[part], batch.ids[part], batch.time[part], epochs[part], self.table[ACTIVITY])
        return self.dossiers.follow(rows, scored.scores, part, slots, self.table[dossiers.NAME])

    def _expose(self, rows: Columns, slots: Slots, found: Findings) -> Counts:
        """Count what rows' principals could copy; returns each one's level after its row, (N,)."""
        if self.copies is None:
            return np.zeros(len(slots), np.uint16)
        risen = exposure.follow(self.copies, rows.shared, slots, rows.batch.time, self.table[exposure.NAME])
        found.exposed += exposure.exposed(self.copies, self.settled.reference.id, rows.batch, risen)
        return risen.level

    def _alert(self, scored: scorer.Scored, raised: Raised, slots: Slots, epochs: Integers, level: Counts) -> Alert:
        slot, row, rows = int(slots[raised.row]), raised.row, scored.columns
        shown = self.shown.told(rows, scored.scores, row, slot, int(epochs[row]), raised.name, self.table)
        made = words.alert(
            self.detectors[raised.name], rows, scored.scores[raised.name], row, said=raised.said,
            recent=activity.recent(self.table[ACTIVITY][slot]), threshold=raised.threshold, paid=raised.paid,
            calibration=self.settled.calibration.id, release=self.plan.release,
            unwatched=[f"{n}: {why}" for n, why in self.not_watched.items()],
            exposed=exposure.why(self.copies, int(level[row])) if self.copies else None,
            shown=shown,
        )  # fmt: skip
        return self.dossiers.named(made, rows, scored.scores, row, self.table[dossiers.NAME][slot : slot + 1])

    def _switch_off(self, name: str, error: str, batch: Batch, found: Findings) -> None:
        """A detector that raised is off for this model version, and an alert says so; the rest goes on."""
        found.alerts.append(words.switched_off(self.detectors[name], batch, error, self.plan.release))
        self.not_watched[name] = f"switched off after an error: {error}"
        del self.detectors[name]
        found.failed[name] = error

    # -- at the end of an epoch

    def take_over(self, settled: Settlement, epoch: int) -> None:
        """Go on with a later settlement of the same reference; meters get this partition's share of its budget."""
        shares.reopen(self.meters, settled, shares.peaks(self.detectors, self.table, epoch))
        self.settled = settled

    def peaks(self, epoch: int, models: int) -> bytes:
        """What this partition hands over when an epoch has ended: the largest peaks of its principals, by detector."""
        ended = shares.peaks(self.detectors, self.table, epoch)
        return shares.handed_over(ended, self.meters, self.table.keys, self.plan, models)

    def ledger(self, epoch: int, start: float) -> list[dict[str, Any]]:
        """What an ended epoch promised and paid, a row a detector; ``start`` is the epoch's, s."""
        return shares.ledger(self.meters, self.settled, self.plan, epoch, start)

    # -- snapshots

    def to_bytes(self) -> bytes:
        """All state as bytes; the same state gives the same bytes."""
        arrays = {
            "settled": np.frombuffer(self.settled.to_bytes(), np.uint8),
            "table": np.frombuffer(self.table.to_bytes(), np.uint8),
            "dossiers": np.frombuffer(self.dossiers.to_bytes(), np.uint8),
            "moves": np.frombuffer(self.moves.to_bytes(), np.uint8),
        } | {name: getattr(self, name) for name in ("open_block", "sketched", "suspected", "centre", "met")}
        plain = {"records": self.records, "not_watched": self.not_watched, "told": self.told, "changed": self.changed}
        return pack(plain, arrays | {f"meter.{n}": m for n, m in self.meters.items()})

    @classmethod
    def from_bytes(cls, plan: Plan, data: bytes) -> "Judge":
        """A judge that goes on where another stopped; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls(Settlement.from_bytes(arrays["settled"].tobytes()), plan)
        made.table.load(arrays["table"].tobytes())
        made.records, made.told, made.changed = plain["records"], plain["told"], plain["changed"]
        made.not_watched = plain["not_watched"] | made.not_watched
        made.detectors = {n: d for n, d in made.detectors.items() if n not in made.not_watched}
        made.open_block, made.sketched = arrays["open_block"], arrays["sketched"]
        made.suspected, made.centre = arrays["suspected"], arrays["centre"]
        made.met = arrays.get("met", made.met)
        made.dossiers = Dossiers.from_bytes(arrays["dossiers"].tobytes())
        made.moves = Moves.from_bytes(arrays["moves"].tobytes())
        made.meters = {k[6:]: v for k, v in arrays.items() if k.startswith("meter.")}
        return made
