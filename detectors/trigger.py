"""Trigger: some columns' values that recur over unrelated inputs, the label that goes with them, and the evidence."""

from dataclasses import dataclass, field
from math import ceil, log
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.affinity import PER_Z
from detectors.cohort import NAMED, PAUSE, RECORDS, STEP
from detectors.statistics import TABLE
from detectors.threat_naming import MODEL, Likeness, likeness
from schemas.signal import Suspect

NEAR = 3  # units of z within which two values are one: a seventh of a spread
AGREE = 0.75  # of a trigger's columns that a record must have
SHOWN = 3  # records that an alert shows
EACH = 4  # records of one principal that count: what it has the habit of sending says little more when it recurs
BETS = (0.03, 0.15, 0.5, 0.9)  # how far from the null to certainty each goes
SWITCH = 0.02  # of the stake is dealt out anew after each bet
FEWEST = 3  # principals without whom a trigger is nobody's campaign
PURE = 0.85  # of its records' answers that must be the one
FAVOUR = 20.0  # times as likely a backdoor as its senders' profiles say, because of the pattern

Array = npt.NDArray[Any]


@dataclass(slots=True)
class Trigger:
    """A pattern that may be one.

    Attributes
    ----------
    number : from 1 in its model version
    columns, values, rarity : where (k,), z (k,), and how rare each is, in nats
    label, answer : what goes with it
    null : share of suspects with that answer that have the pattern by chance, at most
    threshold : nats that it must reach
    evidence, stakes : nats so far, and how the stake is dealt out over the bets
    asked : suspects of its label since it was found, at most a few of each principal
    counts : records with the pattern by principal, in order of appearance
    with_label, others : records with the pattern that got its label, and others
    marked : whether its records were ordinary but for the pattern when it was found; else they are odd all over
    likes, looks : how probable each threat was by its senders' profiles, added up over so many records
    shown : its first records of different senders: id, sender, time (s), z (F,) as bytes
    """

    number: int
    columns: list[int]
    values: list[int]
    rarity: list[float]
    label: int
    answer: str
    null: float
    threshold: float
    first: float
    trigger: str
    evidence: float = 0.0
    best: float = 0.0
    stakes: list[float] = field(default_factory=lambda: [1 / len(BETS)] * len(BETS))
    asked: int = 0
    found: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    with_label: int = 0
    others: int = 0
    records: list[str] = field(default_factory=list)
    time: float = 0.0
    last: float = 0.0
    written: int = 0
    told: float = 0.0
    marked: bool = True
    likes: list[float] = field(default_factory=lambda: [0.0] * len(MODEL.threats))
    looks: int = 0
    shown: list[tuple[str, str, float, bytes]] = field(default_factory=list)

    def shows(self, z: Array) -> bool:
        """Whether a record's z (F,) has the pattern."""
        if self.columns[-1] >= len(z):
            return False
        near = np.abs(z[self.columns].astype(np.int16) - np.array(self.values, np.int16)) <= NEAR
        return int(near.sum()) >= ceil(AGREE * len(self.columns))

    def take(self, suspect: Suspect, z: Array, again: bool = False) -> bool:
        """Bet on a suspect, unless its input was seen before; say whether it has the pattern."""
        shown, who = self.shows(z), suspect.principal
        if suspect.label != self.label:
            self.others += shown
            return shown
        counted = self.counts if shown else self.missed
        fresh = counted.get(who, 0) < EACH
        if who in counted or len(counted) < NAMED:
            counted[who] = counted.get(who, 0) + 1
        if shown:
            self.note(suspect)
        if fresh and not again:
            self._bet(shown)
        return shown

    def note(self, suspect: Suspect) -> None:
        """Count a record that has the pattern and its label."""
        self.with_label += 1
        self.last = max(self.last, suspect.time)
        self.records = [*self.records, suspect.record][-RECORDS:]
        if len(self.shown) < SHOWN and suspect.principal not in [who for _, who, *_ in self.shown]:
            self.shown.append((suspect.record, suspect.principal, suspect.time, suspect.z))
        if len(suspect.profile) == len(TABLE) and self.counts.get(suspect.principal, 0) <= EACH:
            share = likeness(np.frombuffer(suspect.profile, np.int8) / PER_Z, {}).share.tolist()
            self.likes = [have + more for have, more in zip(self.likes, share, strict=True)]
            self.looks += 1

    @property
    def like(self) -> Likeness | None:
        """What its senders do, by all that is known of them; None where nothing is.

        The pattern alone speaks for a backdoor, but thieves and searches send what recurs too. Where its records are
        odd all over, it is no mark on ordinary ones, and a backdoor is left out.
        """
        share = np.array(self.likes)
        share[MODEL.threats.index("backdoor")] *= FAVOUR if self.marked else 0.0
        return Likeness(MODEL.threats, share / share.sum()) if self.looks else None

    def _bet(self, shown: bool) -> None:
        p = self.null
        gains = [s * ((p + (1 - p) * b) / p if shown else 1 - b) for s, b in zip(self.stakes, BETS, strict=True)]
        whole = sum(gains)
        self.evidence = max(0.0, self.evidence + log(whole))
        self.best = max(self.best, self.evidence)
        self.stakes = [(1 - SWITCH) * gain / whole + SWITCH / len(BETS) for gain in gains]
        self.asked += 1
        self.found += shown

    @property
    def certain(self) -> bool:
        """Whether it is to be told of: evidence, several principals, one answer."""
        return (
            self.best >= self.threshold
            and len(self.counts) >= FEWEST
            and self.with_label >= PURE * (self.with_label + self.others)
        )

    @property
    def grown(self) -> bool:
        """Whether so many have joined since it was last written that it is written again."""
        joined = len(self.counts) - self.written
        return joined >= ceil((self.written + 1) / STEP) or (joined > 0 and self.last - self.told >= PAUSE)
