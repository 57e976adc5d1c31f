"""Cohort: newcomers taken for one principal, and what an alert says of them."""

from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from schemas.batch import Floats

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

    @property
    def grown(self) -> bool:
        """Whether so many have joined that the alert is to be written, or written again."""
        joined = len(self.names) - self.written
        return joined >= ceil((self.written + 1) / STEP) or (joined > 0 and self.last - self.told >= PAUSE)

    def join(self, names: list[str]) -> None:
        """Name further principals."""
        self.names = list(dict.fromkeys([*self.names, *names]))[:NAMED]


class Told(NamedTuple):
    """What an alert says of a cohort.

    Attributes
    ----------
    z : (64,) deviations of all as one principal
    records : of its members
    linked : share of members that sent what other members sent, or nearly
    """

    cohort: Cohort
    z: Floats
    records: int
    linked: float
