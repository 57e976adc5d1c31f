"""Cohorts: newcomers to one model version that are one attacker behind many accounts.

Each sketch of a newcomer looks for its like among the others: who behaves as it does, or sends what it sends. Those
found are taken for one principal with all their records. If that resembles an attacker more than groups of honest
principals do (:mod:`detectors.honest_groups`), they are a cohort, and an alert names them. Whoever joins later makes
the same alert grow.
"""

from dataclasses import asdict, replace

import numpy as np

from detectors import affinity, honest_groups
from detectors.cohort import RECORDS, Cohort
from detectors.cohort_examples import Told, beside
from detectors.features.marks import NONE
from detectors.members import LINK, Members
from detectors.packing import Corrupt, pack, unpack
from detectors.statistics import TABLE
from detectors.young import TALK
from schemas.batch import Integers
from schemas.signal import Sketch

NEWCOMERS, KNOWN = 2048, 512  # principals remembered
MEMORY = 3 * 86_400.0  # s for which a newcomer is remembered, and a cohort waits for more
MOST = 64  # cohorts at a time
SLACK = 0.5  # logit by which those like a newcomer may be less suspicious than a cohort that it joins
RECRUITS = 32  # newcomers that are looked at again when a cohort grows
SHARE = 0.08  # of all false alerts that are affordable


class Cohorts:
    """What the correlator knows about newcomers to one model version."""

    def __init__(self) -> None:
        self.newcomers, self.known = Members(NEWCOMERS), Members(KNOWN)
        self.found: dict[int, Cohort] = {}
        self.count = 0
        self._usual: list[float] | None = None

    def add(self, sketch: Sketch, budget: float) -> Told | None:
        """Take in a sketch; return the cohort that it makes known, or lets grow.

        ``budget`` is how many honest groups a day may be taken for one.
        """
        if len(sketch.z) != len(TABLE):
            return None
        if sketch.known:
            self._usual = None if self.known.take(sketch) is not None else self._usual
            return None
        at = self.newcomers.take(sketch)
        if at is None:
            return None
        now = sketch.last
        self.found = {number: one for number, one in self.found.items() if one.last >= now - MEMORY}
        own = self.found.get(int(self.newcomers.rows[at]["cohort"]))
        if own is not None:
            return self._grow(own, [], sketch)
        star = self.newcomers.star(at, since=now - MEMORY)
        score = self.newcomers.suspicion(star)
        joined = self._joined(at, star)
        if joined is not None and score >= joined.threshold - SLACK:
            return self._grow(joined, [at, *self._alike(joined, star)], sketch)
        return self._begin(star, score, sketch, budget) if len(star) >= honest_groups.FEWEST else None

    # -- into a cohort that is known

    def _joined(self, at: int, star: Integers) -> Cohort | None:
        """The cohort that a newcomer belongs to: that of half its like, or the one that it is most like itself."""
        if not self.found:
            return None
        cohorts = self.newcomers.held["cohort"][star]
        counts = {number: int((cohorts == number).sum()) for number in self.found}
        most = max(counts, key=lambda number: counts[number])
        if counts[most] and 2 * counts[most] >= len(star) - 1:
            return self.found[most]
        s, n = self.newcomers.sums([at])
        return self._like(s[0], int(n[0]))

    def _like(self, s: Integers, n: int) -> Cohort | None:
        """The cohort that whoever has sum s (64,) over n records is most like, if any."""
        like = {
            number: float(affinity.likeness(*self._whole(number), s[None], np.array([n]))[0]) for number in self.found
        }
        best = max(like, key=lambda number: like[number], default=0)
        return self.found[best] if best and like[best] >= LINK else None

    def _whole(self, number: int) -> tuple[Integers, int]:
        """Sum (64,) over all records of a cohort's members that are remembered, and how many these are."""
        s, n = self.newcomers.sums(self.newcomers.held["cohort"] == number)
        return s.sum(0), max(1, int(n.sum()))

    def _alike(self, cohort: Cohort, rows: Integers) -> list[int]:
        """Those of some newcomers that are like a cohort, and in none."""
        like = affinity.likeness(*self._whole(cohort.number), *self.newcomers.sums(rows))
        free = self.newcomers.held["cohort"][rows] == 0
        found: list[int] = rows[free & (like >= LINK)].tolist()
        return found

    # -- a new one

    def _begin(self, star: Integers, score: float, sketch: Sketch, budget: float) -> Told | None:
        """Call a newcomer and its like a cohort if they are suspicious enough."""
        if score < honest_groups.FLOOR:
            return None
        rate = self._rate(sketch.last)
        threshold = honest_groups.threshold(self.usual, rate, budget)
        if score < threshold:
            return None
        s, n = self.newcomers.sums(star)
        same = self._like(s.sum(0), int(n.sum()))
        if same is not None:
            return self._grow(same, star.tolist(), sketch)
        self.count += 1
        if len(self.found) >= MOST:
            del self.found[min(self.found)]
        self.found[self.count] = Cohort(
            number=self.count,
            trigger=sketch.record or f"{sketch.principal}@{sketch.count}",
            time=sketch.last,
            first=float(self.newcomers.held["first"][star].min()),
            score=score,
            threshold=threshold,
            paid=honest_groups.expected(self.usual, rate, score),
        )
        return self._grow(self.found[self.count], star.tolist(), sketch)

    def _grow(self, cohort: Cohort, rows: list[int], sketch: Sketch) -> Told | None:
        """Add newcomers to a cohort; what is to be written, if enough have joined."""
        self._add(cohort, rows)
        cohort.last = max(cohort.last, sketch.last)
        cohort.weigh(sketch.odds if len(sketch.odds) == len(TALK) else [])
        cohort.records = [*cohort.records, sketch.record][-RECORDS:] if rows and sketch.record else cohort.records
        if not cohort.grown:
            return None
        self._add(cohort, self._recruits(cohort, sketch.last))
        cohort.written, cohort.told = len(cohort.names), cohort.last
        return self._told(cohort)

    def _add(self, cohort: Cohort, rows: list[int]) -> None:
        self.newcomers.rows["cohort"][rows] = cohort.number
        cohort.join([self.newcomers.names[at] for at in rows])

    def _recruits(self, cohort: Cohort, now: float) -> list[int]:
        """Newcomers that are like a cohort and showed themselves before it was known."""
        rows, least = self.newcomers, cohort.threshold - SLACK
        recent = np.flatnonzero(rows.held["last"] >= now - MEMORY)
        alike = self._alike(cohort, recent)[:RECRUITS]
        return [at for at in alike if rows.suspicion(rows.star(at, since=now - MEMORY)) >= least]

    def _told(self, cohort: Cohort) -> Told:
        at = np.flatnonzero(self.newcomers.held["cohort"] == cohort.number)
        mine, shown = self.newcomers.held[at], beside(self.newcomers, self.known, at)
        found, members = np.unique(mine["marks"][mine["marks"] != NONE], return_counts=True)
        linked = np.isin(mine["marks"], found[members > 1]).any(1)
        together = affinity.together(mine["z"], mine["count"])
        now = replace(cohort, names=list(cohort.names), records=list(cohort.records), odds=list(cohort.odds))
        return Told(now, together, int(mine["count"].sum()), float(linked.mean()), shown)

    # -- what is usual

    @property
    def usual(self) -> list[float]:
        """How suspicious groups of clean principals are."""
        if self._usual is None:
            self._usual = honest_groups.scores(self.known)
        return self._usual

    def _rate(self, now: float) -> float:
        """Newcomers within a day, for each clean principal that is known."""
        fresh = int((self.newcomers.held["first"] > now - 86_400.0).sum())
        return fresh / max(len(self.known), honest_groups.LEAST)

    def to_bytes(self) -> bytes:
        """All that is known; what is restored from it goes on exactly as this would."""
        plain = {
            "newcomers": self.newcomers.names,
            "known": self.known.names,
            "found": [asdict(one) for one in self.found.values()],
            "count": self.count,
        }
        return pack(plain, {"newcomers": self.newcomers.held, "known": self.known.held})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Cohorts":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        made = cls()
        try:
            made.newcomers.load(plain["newcomers"], arrays["newcomers"])
            made.known.load(plain["known"], arrays["known"])
            made.found = {int(one["number"]): Cohort(**one) for one in plain["found"]}
            made.count = int(plain["count"])
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of cohorts is damaged: {error}") from error
        return made
