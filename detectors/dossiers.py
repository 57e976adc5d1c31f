"""Dossiers: what a principal does after it was told of, for a while, so that its alerts get a better name.

The first requests of an attack seldom show its aim. After an alert that may be named, 64 requests are remembered; after
8, 16, 32 and so on up to 1,024 of them the name is looked for again, and if it is another, the alert is written again
with the same id. Then the dossier is closed. Work is done only for principals that were told of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from detectors import one_story, threat_naming
from detectors.api import Columns, Scores
from detectors.features.constraints import KINDS
from detectors.packing import Corrupt, pack, unpack
from detectors.threat_naming import Likeness, likeness
from detectors.trail import KEPT, Trail, measures
from schemas.alert import Alert

Array = npt.NDArray[Any]

NAME = "dossier"
LOOKED = (8, 16, 32, 64, 128, 256, 512, 1024)  # requests after the alert
MOST = 256  # open at a time; one more closes the oldest
ALERTS = 8  # of one principal that are named together
COLUMNS = 4096  # of an input that are compared with the one before
NEEDED = frozenset(n for k in LOOKED for n in range(max(1, k - KEPT + 1), k + 1))

state = np.dtype([("open", "i4")])


@dataclass(slots=True)
class Dossier:
    """One principal since its first alert.

    Attributes
    ----------
    since : requests
    last : (F,) f4, the input of the latest
    raised, said : its alerts as they were first named, and as they were last written
    at : ``since`` of each alert
    """

    last: Array
    since: int = 0
    trail: Trail = field(default_factory=Trail.empty)
    raised: list[Alert] = field(default_factory=list)
    said: list[Alert] = field(default_factory=list)
    at: list[int] = field(default_factory=list)


class Dossiers:
    """The open dossiers of one model version on one partition, by number; a principal's row has its number."""

    def __init__(self) -> None:
        self.kept: dict[int, Dossier] = {}
        self.opened = 0

    def named(self, alert: Alert, rows: Columns, scores: Mapping[str, Scores], row: int, own: Array) -> Alert:
        """An alert that ``row`` raised under its name; opens a dossier of its principal, whose row is ``own`` (1,).

        Where another detector told of the principal within a day, that alert is written again instead.
        """
        if not (threat_naming.may_be_named(alert) or alert.detector in one_story.COST):
            return alert
        one = self.kept.get(int(own["open"][0]))
        if one is None:
            self.opened += 1
            own["open"] = self.opened
            one = self.kept[self.opened] = Dossier(_input(rows, row))
            if len(self.kept) > MOST:
                del self.kept[min(self.kept)]
        like = _like(one, rows, scores, row)
        at = next((k for k, first in enumerate(one.raised) if one_story.same(first, alert)), None)
        if at is not None:
            return self._joined(one, at, alert, like)
        made = _named(alert, like)
        if len(one.raised) < ALERTS:
            one.raised.append(alert)
            one.said.append(made)
            one.at.append(one.since)
        return made

    def _joined(self, one: Dossier, at: int, alert: Alert, like: Likeness | None) -> Alert:
        """The alert of another detector that tells the same story, written again with what this one says."""
        first, said = one_story.joined(one.raised[at], alert), one.said[at]
        one.raised[at] = first
        made = _named(first, like)
        one.said[at] = msgspec.structs.replace(
            made, last_time=max(made.last_time, said.last_time), count=max(alert.count, said.count)
        )
        return one.said[at]

    def follow(self, rows: Columns, scores: Mapping[str, Scores], part: slice, slots: Array, own: Array) -> list[Alert]:
        """Take in some of N rows in order; alerts that now have another name. ``own`` has one row a slot."""
        if not self.kept:
            return []
        numbers = own["open"][slots[part]]
        changed: list[Alert] = []
        for at in np.flatnonzero(numbers).tolist():
            row = part.start + at
            one = self.kept.get(int(own["open"][slots[row]]))
            if one is None or one.since >= LOOKED[-1]:
                self.kept.pop(int(own["open"][slots[row]]), None)
                own["open"][slots[row]] = 0
            elif rows.batch.trusted[row] and rows.shared["label"][row] >= 0:
                changed += self._next(one, rows, scores, row)
        return changed

    def _next(self, one: Dossier, rows: Columns, scores: Mapping[str, Scores], row: int) -> list[Alert]:
        one.since += 1
        if one.since not in NEEDED and one.since + 1 not in NEEDED:
            return []
        x = _input(rows, row)
        differs, one.last = float((x != one.last).mean()) if len(x) else 0.0, x
        if one.since in NEEDED:
            shared = rows.shared
            label, margin = int(shared["label"][row]), float(shared["margin"][row])
            one.trail = one.trail.then(shared["u"][row], label, margin, differs, _broken(scores, row))
        if one.since not in LOOKED:
            return []
        like, changed = _like(one, rows, scores, row), list[Alert]()
        if like is None:
            return changed
        for k, said in enumerate(one.said):
            if said.threat != like.threat:
                since, time = one.since - one.at[k], float(rows.batch.time[row])
                made = threat_naming.named_again(one.raised[k], said, like, time=time, since=since)
                if made.threat != said.threat:  # what drives up cost is not renamed to a flood
                    one.said[k] = made
                    changed.append(made)
        return changed

    def to_bytes(self) -> bytes:
        """All open dossiers; the same state gives the same bytes."""
        alerts = {
            str(n): [
                [msgspec.json.encode(some).decode() for some in (d.raised, d.said)],
                d.at,
                d.since,
            ]
            for n, d in self.kept.items()
        }
        arrays = {f"{n}.{name}": getattr(d.trail, name) for n, d in self.kept.items() for name in Trail._fields}
        return pack(
            {"opened": self.opened, "alerts": alerts}, arrays | {f"{n}.last": d.last for n, d in self.kept.items()}
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Dossiers":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls()
        try:
            made.opened = int(plain["opened"])
            for n, (alerts, at, since) in plain["alerts"].items():
                raised, said = (msgspec.json.decode(some, type=list[Alert]) for some in alerts)
                shape = Trail(*(arrays[f"{n}.{name}"] for name in Trail._fields))
                made.kept[int(n)] = Dossier(arrays[f"{n}.last"], int(since), shape, raised, said, list(at))
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of dossiers is damaged: {error}") from error
        return made


def _input(rows: Columns, row: int) -> Array:
    return np.array(rows.batch.features[row, :COLUMNS], np.float32)


def _broken(scores: Mapping[str, Scores], row: int) -> Array:
    found = scores.get("input_consistency")
    return found.why["counts"][row] > 0 if found is not None else np.zeros(len(KINDS), np.bool_)


def _named(alert: Alert, like: Likeness | None) -> Alert:
    return alert if like is None else threat_naming.named(alert, like)


def _like(one: Dossier, rows: Columns, scores: Mapping[str, Scores], row: int) -> Likeness | None:
    """What a principal's requests are like at a row: all that is known of it by then.

    None for callers of a language model: what is known are attacks on classifiers, and detectors name theirs well.
    """
    if rows.batch.worded:
        return None
    values = {name: float(scores[name].value[row]) for name in threat_naming.SCORES if name in scores}
    shape = measures(one.trail, rows.reference.classes)
    return likeness(rows.z[row], values, one.since, shape)
