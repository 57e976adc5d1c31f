"""Cohort: newcomers taken for one principal, and what an alert says of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

NAMED = 1000  # principals that an alert names
RECORDS = 10  # records that an alert names
STEP, PAUSE = 8, 600.0  # an alert is written again when one in so many has joined, or some, s after the last time


@dataclass(slots=True)
class Cohort:
    """Newcomers taken for one principal.

    Attributes
    ----------
    number : from 1 in its model version
    trigger, time, first : the record and time (s) at which it was found, and the first record (s) of those found then
    score, threshold : logit of an attack by all of them as one, and what it had to exceed, when it was found
    paid : honest groups a day that are as suspicious
    names : principals, in the order in which they joined
    records : the last ones behind which somebody joined
    written, told : how many principals the alert named when it was last written, and when that was, s
    last : when one of them was last heard of, s
    odds, looks : of callers of a language model, their odds by ``detectors.young.TALK`` added up, and over how many
        looks at one of them
    """

    number: int
    trigger: str
    time: float
    first: float
    score: float
    threshold: float
    paid: float
    names: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    written: int = 0
    told: float = 0.0
    last: float = 0.0
    odds: list[float] = field(default_factory=list)
    looks: int = 0

    @property
    def grown(self) -> bool:
        """Whether so many have joined that the alert is to be written, or written again."""
        joined = len(self.names) - self.written
        return joined >= ceil((self.written + 1) / STEP) or (joined > 0 and self.last - self.told >= PAUSE)

    def weigh(self, odds: Sequence[float]) -> None:
        """Add what a look at one caller of a language model says; of others it says nothing."""
        if odds and len(odds) == len(self.odds or odds):
            self.odds = [have + more for have, more in zip(self.odds or [0.0] * len(odds), odds, strict=True)]
            self.looks += 1

    def join(self, names: list[str]) -> None:
        """Name further principals."""
        self.names = list(dict.fromkeys([*self.names, *names]))[:NAMED]
