"""Triggers: what recurs in the suspects of one model version, over principals and over inputs that differ otherwise.

A backdoor is a pattern in a few columns that buys one answer. Among suspects (:mod:`detectors.suspects`) with one
answer, each new one is compared with those before: columns in which several of them have its very value, four times
as often as suspects with other answers and those of the clean period, are a pattern if three or more records of two
principals have it and their other columns differ. From then on it is tested on suspects that come later: how many of
those with its answer have it, against how many had in the clean period, by bets (a test on the records that suggested
it would find patterns in noise). Of the n-th pattern of a day, evidence of ``log(n (n + 1) / budget)`` nats is asked,
so that all of a day together give at most the budget.
"""

from dataclasses import asdict, fields, replace
from math import ceil, log

import numpy as np

from detectors.packing import Corrupt, pack, unpack
from detectors.suspects import PER_NAT
from detectors.trigger import AGREE, NEAR, Array, Trigger
from detectors.trigger_examples import Told, beside
from schemas.batch import Flags, Integers
from schemas.signal import Suspect

SHARE = 0.02  # of all false alerts that are affordable
LATELY, KNOWN = 512, 512  # suspects remembered, and those of the clean period
MOST = 32  # patterns that are tested at a time
MEMORY = 3 * 86_400.0  # s after which a pattern that is not seen again, or a suspect, is forgotten
RECUR, PRINCIPALS = 3, 2  # earlier records, and principals in all, that make a pattern
LIFT = 4.0  # times as often as in others
WIDEST = 64  # columns of a pattern, and at most half of all
RARE = 4.0  # nats of all of a pattern's values together, as if columns were independent: less than 2 % of records
PLAIN = 0.5  # nats: a value that is less rare is no part of a pattern
ORDINARY, FEWEST = 0.95, 20  # share of suspects of the clean period that are less rare; and how many it takes to say so
AGAIN = 0.12  # of the middle distance between suspects: nearer than that it is the same input
DIFFERENT = 2  # columns in which records with a pattern must differ otherwise, at least
LEAST = 0.02  # least null
SURE = 11.0  # nats that are always asked for: the null is an estimate


class Triggers:
    """What the correlator knows about suspects of one model version."""

    def __init__(self) -> None:
        self.z = np.zeros((0, 0), np.int8)
        self.rarity = np.zeros((0, 0), np.uint8)
        self.label, self.known = np.zeros(0, np.int32), np.zeros(0, np.bool_)
        self.time, self.who = np.zeros(0), np.zeros(0, np.int64)
        self.names: dict[str, int] = {}
        self.scale: Array | None = None
        self.found: list[Trigger] = []
        self.count, self.day, self.today = 0, 0, 0

    def add(self, suspect: Suspect, budget: float) -> Told | None:
        """Take in a suspect; return the trigger that it makes certain, or lets grow.

        ``budget`` is how many patterns a day that are none may be told of.
        """
        z, rarity = np.frombuffer(suspect.z, np.int8), np.frombuffer(suspect.rarity, np.uint8)
        if self.scale is None and suspect.scale:
            self.scale = np.frombuffer(suspect.scale, np.float32).reshape(2, -1).copy()
        if len(self.label) and self.z.shape[1] != len(z):
            return None
        if len(self.label) and bool((self.z == z).all(1).any()):
            return None
        told, again = None, self._again(z, suspect.label)
        if not suspect.known:
            self.found = [one for one in self.found if one.last >= suspect.time - MEMORY]
            shown = [one for one in self.found if one.take(suspect, z, again) and one.label == suspect.label]
            told = next((one for one in shown if one.certain and one.grown and not self._same(one)), None)
            if not shown and not again:
                self._discover(suspect, z, rarity, budget)
        if not again:
            self._remember(suspect, z, rarity)
        return None if told is None else self._told(told, suspect)

    def _again(self, z: Array, label: int) -> bool:
        """Whether one of those remembered with the same answer is this input again, a little changed."""
        if len(self.label) < FEWEST:
            return False
        apart = np.abs(self.z.astype(np.int16) - z).mean(1)
        own = apart[self.label == label]
        return len(own) > 0 and float(own.min()) <= AGAIN * float(np.median(apart))

    def _same(self, one: Trigger) -> bool:
        """Whether one of the same answer, and of half of the same principals, was told of before."""
        others = [each for each in self.found if each is not one and each.written and each.label == one.label]
        return not one.written and any(2 * len(one.counts.keys() & each.counts) >= len(one.counts) for each in others)

    def _told(self, one: Trigger, suspect: Suspect) -> Told:
        one.time = one.time or suspect.time
        one.written, one.told = len(one.counts), one.last
        now = replace(one, counts=dict(one.counts), records=list(one.records))
        return Told(now, self.scale, beside(one, self.z, self.label, self.known))

    # -- what is remembered

    def _remember(self, suspect: Suspect, z: Array, rarity: Array) -> None:
        if not len(self.label):
            self.z, self.rarity = np.zeros((0, len(z)), np.int8), np.zeros((0, len(z)), np.uint8)
        who = self.names.setdefault(suspect.principal, len(self.names))
        self.z, self.rarity = np.vstack([self.z, z[None]]), np.vstack([self.rarity, rarity[None]])
        self.label = np.append(self.label, np.int32(suspect.label))
        self.known, self.time = np.append(self.known, suspect.known), np.append(self.time, suspect.time)
        self.who = np.append(self.who, who)
        live = np.flatnonzero(~self.known)
        kept = np.ones(len(self.label), np.bool_)
        kept[live[:-LATELY]] = False
        kept[np.flatnonzero(self.known)[KNOWN:]] = False
        kept[live] &= self.time[live] >= suspect.time - MEMORY
        if not kept.all():
            self._keep(kept)

    def _keep(self, kept: Flags) -> None:
        self.z, self.rarity, self.label = self.z[kept], self.rarity[kept], self.label[kept]
        self.known, self.time, self.who = self.known[kept], self.time[kept], self.who[kept]
        names = list(self.names)
        still = np.unique(self.who)
        self.names = {names[code]: number for number, code in enumerate(still.tolist())}
        self.who = np.searchsorted(still, self.who)

    # -- a new one

    def _discover(self, suspect: Suspect, z: Array, rarity: Array, budget: float) -> None:
        """Look for values of a suspect that recur in those with its answer, and in no others."""
        same = (self.label == suspect.label) & ~self.known
        if int(same.sum()) < RECUR:
            return
        near = np.abs(self.z.astype(np.int16) - z) <= NEAR
        often, rest = near[same].mean(0), (near[~same].sum(0) + 1) / (int((~same).sum()) + 2)
        count = near[same].sum(0)
        odd = (rarity >= PLAIN * PER_NAT) & (count >= RECUR) & (often >= LIFT * rest)
        lift = np.where(odd, np.log(np.maximum(often, 1e-9) / rest), 0)
        columns = np.sort(np.argsort(-lift, kind="stable")[:WIDEST])
        columns = columns[lift[columns] > 0]
        if not len(columns):
            return
        rows = self._with(near, same, columns)
        if len(rows) >= RECUR:
            part = near[rows][:, columns].mean(0) >= AGREE
            columns = columns[part]
            rows = self._with(near, same, columns) if len(columns) else rows[:0]
        if rarity[columns].sum() >= RARE * PER_NAT and self._plausible(suspect, near, same, rows, columns):
            self._open(suspect, z, rarity, near, same, rows, columns, budget)

    def _with(self, near: Flags, same: Flags, columns: Integers) -> Integers:
        """Rows of those with the same answer that agree in a pattern's columns."""
        return np.flatnonzero(same & (near[:, columns].sum(1) >= ceil(AGREE * len(columns))))

    def _plausible(self, suspect: Suspect, near: Flags, same: Flags, rows: Integers, columns: Integers) -> bool:
        """Whether records with the pattern are enough, of several principals, and differ otherwise."""
        if len(rows) < RECUR or 2 * len(columns) > near.shape[1]:
            return False
        people = {*self.who[rows].tolist(), self.names.get(suspect.principal, -1)}
        apart = int((near[rows].mean(0) < 0.5).sum())
        share = len(rows) / max(1, int(same.sum()))
        return len(people) >= PRINCIPALS and apart >= DIFFERENT and share >= LIFT * self._by_chance(near, same, columns)

    def _ordinary(self, rows: Integers, columns: Integers) -> bool:
        """Whether records are as rare outside of a pattern as those of the clean period: a mark on ordinary inputs."""
        rest = np.setdiff1d(np.arange(self.rarity.shape[1]), columns)
        usual = self.rarity[self.known][:, rest].mean(1)
        if len(usual) < FEWEST:
            return True
        return float(np.median(self.rarity[rows][:, rest].mean(1))) <= float(np.quantile(usual, ORDINARY))

    def _by_chance(self, near: Flags, same: Flags, columns: Integers) -> float:
        """Share of suspects with other answers, and of the clean period, that have a pattern, and a little more."""
        has = near[:, columns].sum(1) >= ceil(AGREE * len(columns))
        return (int(has[~same].sum()) + 1) / (int((~same).sum()) + 2)

    def _open(
        self, suspect: Suspect, z: Array, rarity: Array, near: Flags, same: Flags, rows: Integers, columns: Integers,
        budget: float,
    ) -> None:  # fmt: skip
        own = self.known & (self.label == suspect.label)
        has = near[:, columns].sum(1) >= ceil(AGREE * len(columns))
        usual = (int(has[own].sum()) + 1.5) / (int(own.sum()) + 3)
        day = int(suspect.time // 86_400)
        self.day, self.today = (day, 1) if day != self.day else (day, self.today + 1)
        self.count += 1
        names = list(self.names)
        made = Trigger(
            number=self.count,
            columns=columns.tolist(),
            values=z[columns].astype(int).tolist(),
            rarity=(rarity[columns] / PER_NAT).tolist(),
            label=suspect.label,
            answer=suspect.answer,
            null=min(0.9, max(LEAST, usual, self._by_chance(near, same, columns))),
            threshold=max(SURE, log(self.today * (self.today + 1) / max(budget, 1e-9))),
            first=float(self.time[rows].min()),
            trigger=suspect.record or f"{suspect.principal}@{suspect.number}",
            others=int((has & ~same & ~self.known).sum()),
            marked=self._ordinary(rows, columns),
        )
        for row in rows.tolist():
            made.counts[names[self.who[row]]] = made.counts.get(names[self.who[row]], 0) + 1
            made.with_label += 1
        made.counts[suspect.principal] = made.counts.get(suspect.principal, 0) + 1
        made.note(suspect)
        if len(self.found) >= MOST:
            self.found.remove(min(self.found, key=lambda one: (one.written > 0, one.best, one.number)))
        self.found.append(made)

    # -- state

    def to_bytes(self) -> bytes:
        """All that is known; what is restored from it goes on exactly as this would."""
        plain = {
            "names": list(self.names),
            "found": [asdict(one) for one in self.found],
            "counts": [self.count, self.day, self.today],
            "width": self.z.shape[1],
        }
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        return pack(plain, arrays | ({} if self.scale is None else {"scale": self.scale}))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Triggers":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls()
        try:
            made.names = {name: number for number, name in enumerate(plain["names"])}
            made.found = [Trigger(**{f.name: one[f.name] for f in fields(Trigger)}) for one in plain["found"]]
            made.count, made.day, made.today = (int(value) for value in plain["counts"])
            for name in _ARRAYS:
                setattr(made, name, arrays[name])
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of triggers is damaged: {error}") from error
        made.scale = arrays.get("scale")
        return made


_ARRAYS = ("z", "rarity", "label", "known", "time", "who")
