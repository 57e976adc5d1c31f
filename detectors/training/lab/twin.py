"""Twin: an attacker's own tidegate, with a key of his own, that tells him when to blend in.

Whoever knows the detector, but not the installation's secret, can fit one on honest traffic of his own and ask it
before he sends. He is given more than he could have: the answer to a question that he has not asked yet.
"""

from collections.abc import Mapping

import numpy as np

from detectors import profile, surprise
from detectors.burn_in import BurnIn
from detectors.features import numeric
from detectors.library.unusual_profile import COUNTED, UnusualProfile
from detectors.reference import Reference
from detectors.surprise import Array
from detectors.training.lab.customers.content import taste
from detectors.training.lab.population import population
from detectors.training.lab.types import DAY, Generator, Matrix, Place, Victim
from schemas.batch import Doubles, Flags, Floats, Integers

PRINCIPALS, MEAN = 60, 40.0  # of the traffic that it is fitted on, and their records a day
BUSY = 20  # records of a principal whose day says something
CHOICE = 4  # inputs of which he sends the best
GAP = 30.0  # s between two records; how fast he is, it does not judge


class Twin:
    """A reference and the tails of clean principals' days, for one attacker.

    Attributes
    ----------
    limit : the score, in nats, that he does not want to pass
    patience : how many honest inputs he sends at most before a question that would pass it
    """

    def __init__(self, victim: Victim, rng: Generator) -> None:
        self.victim, self.rng = victim, rng
        members = population(victim, rng, 1, PRINCIPALS, mean=MEAN)
        who = np.repeat(np.arange(len(members)), [len(one.visit.time) for one in members])
        time = np.concatenate([one.visit.time for one in members])
        order = np.argsort(time, kind="stable")
        x = victim.received(np.concatenate([one.visit.features for one in members]))[order]
        clean = self._log(x, time[order], who[order])
        self.reference = Reference.fit(clean, secret=rng.bytes(32))
        statistics = profile.run(
            self.reference, self._columns(clean), clean.time, who[order], np.zeros(len(members), profile.state)
        )
        z = profile.normalise(self.reference, statistics)
        self.peaks = surprise.fit(z, who[order], clean.time)
        score = self._scores(z)
        days = [score[who[order] == one].max() for one in np.flatnonzero(np.bincount(who) >= BUSY)]
        self.limit = float(np.quantile(days or score, rng.uniform(0.7, 0.98)))
        self.patience = int(rng.integers(2, 9))

    def blended(self, x: Matrix) -> tuple[Matrix, Flags]:
        """Put honest inputs between questions (n, F) wherever the score would pass the limit.

        Returns
        -------
        features : (m, F) what he sends, in order
        own : (m,) whether it is a question
        """
        n = len(x)
        honest = taste(Place(self.victim, self.rng, days=1)).draw(n * self.patience + CHOICE)
        every = self.victim.received(np.concatenate([x, honest]))
        columns = self._columns(self._log(every, np.zeros(len(every)), np.zeros(len(every), np.int64)))
        state, order, following = np.zeros(1, profile.state), list[int](), n
        for question in range(n):
            for attempt in range(self.patience + 1):
                rows = np.append(question, np.arange(following, following + CHOICE - 1))
                tried = np.repeat(state, CHOICE)
                score = self._scores(self._z(columns, rows, np.full(CHOICE, GAP * len(order)), tried))
                asks = score[0] <= self.limit or attempt == self.patience
                best = 0 if asks else 1 + int(score[1:].argmin())
                order.append(int(rows[best]))
                state = tried[best : best + 1]
                if asks:
                    break
                following += 1
        sent = np.array(order, np.int64)
        return np.concatenate([x, honest])[sent], sent < n

    def _columns(self, log: BurnIn) -> Mapping[str, Array]:
        return numeric.columns(self.reference, log.batch(slice(None)))

    def _z(self, columns: Mapping[str, Array], rows: Integers, time: Doubles, state: Array) -> Floats:
        """Deviations (k, 64) after each of k rows, each of another principal, whose states (k,) move on."""
        part = {name: column[rows] for name, column in columns.items()}
        statistics = profile.run(self.reference, part, time, np.arange(len(rows)), state)
        return profile.normalise(self.reference, statistics)

    def _scores(self, z: Floats) -> Doubles:
        value = np.empty(len(z))
        largest = np.empty(UnusualProfile().largest, np.float32)
        surprise.mean_of_largest(z, COUNTED, self.peaks, largest, value)
        return value

    def _log(self, x: Matrix, time: Doubles, who: Integers) -> BurnIn:
        answer, n = self.victim.answer(x), len(x)
        return BurnIn(
            model="twin",
            version="1",
            time=time,
            principals=[f"{one}" for one in range(int(who.max()) + 1)],
            principal=who.astype(np.int32),
            features=x,
            named=None,
            probabilities=answer.probabilities.astype(np.float32),
            labels=[str(label) for label in answer.label] if self.victim.logged == "top1" else [""] * n,
            latency=np.full(n, np.nan, np.float32),
            tokens=np.full((n, 2), -1, np.int32),
            bad=np.zeros(n, np.uint16),
            text=np.zeros((n, 0), np.float32),
            lone=np.zeros(n, np.uint8),
            seen=n,
            start=0.0,
            end=DAY,
        )
