"""Young pool: evidence over newcomers who are each hardly odd, that as many odd ones came together.

Each newcomer's p-value p at a look (:mod:`detectors.young`) is bet against, ``e(p) = mean over b of b p^(b - 1)``, and
the looks at one newcomer share a stake: ``e = sum of w e(p)``, where a look to come counts as 1. Of the newcomers of
the last two hours, in the order in which they came, a Shiryaev-Roberts statistic is taken for each channel, ``R <- (1 +
R) e``. Honest newcomers reach A at most once in A of them, so that A is their number a day over the false alerts a day
that are affordable, times channels and looks. Who was odd since the statistic began to rise is named in one alert, and
who comes later and is as odd joins it. Those who never ask for anything twice pay by their counts
(:mod:`detectors.collectors`), at every look until their 1,024th prompt. Floods count half: an honest crowd, a class or
a fleet that is switched on, goes through its first requests in one sitting too, all in one way.

References
----------
Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532. Pollak, Average run lengths of an optimal
method of detecting a change in distribution, 1987, doi:10.1214/aos/1176350373.
"""

from dataclasses import asdict, dataclass, field
from math import exp, log

from detectors import collectors
from detectors.cohort import RECORDS, Cohort
from detectors.packing import Corrupt, pack, unpack
from detectors.statistics import TABLE
from detectors.young import CHANNELS, LOOKS, TALK, whole_odds
from detectors.young_newcomer import COLLECTING, Newcomer, together
from schemas.signal import Sketch

MEMORY = 7200.0  # s within which newcomers count together
PAUSE = 1800.0  # s without anybody who joins, after which a pool is complete
MOST = 512  # newcomers at a time
LEAST = 1000.0  # of A
ODD = 1.5  # e from which a newcomer is named
FEWEST = 4  # newcomers that are named
SHOWN = 3  # of them that an alert shows
WORTH = {CHANNELS.index("flood"): 0.5}  # of a channel's nats, where not 1
DAY = 86_400.0
SHARE = 0.005  # of all false alerts that are affordable


@dataclass(frozen=True, slots=True)
class Pooled:
    """What an alert says: the newcomers as they are now, by which channel, their records, how odd they are, the oddest.

    Attributes
    ----------
    examples : the oddest of them: name, last record and when (s), records, nats in the channel
    z : (64,) deviations of all of them as one principal; empty for callers of a language model
    """

    cohort: Cohort
    channel: str
    records: int
    odds: list[float]
    examples: list[tuple[str, str, float, int, float]] = field(default_factory=list)
    z: list[float] = field(default_factory=list)


class YoungPool:
    """What the correlator knows of the youngest callers of one model version."""

    def __init__(self) -> None:
        self.young: dict[str, Newcomer] = {}
        self.arrivals: list[float] = []
        self.found: dict[int, Cohort] = {}
        self.channels: dict[int, int] = {}
        self.count = 0

    def add(self, sketch: Sketch, budget: float) -> Pooled | None:
        """Take in a sketch; what is to be written, if it makes or grows a pool; ``budget`` is of false ones a day."""
        if sketch.known or not (whole_odds(sketch.odds) or sketch.novel):
            return None
        one = self._met(sketch)
        self.found = {number: pool for number, pool in self.found.items() if sketch.last - pool.last <= PAUSE}
        self.channels = {number: self.channels[number] for number in self.found}
        for number, pool in self.found.items():
            if sketch.principal in pool.names or one.e(self.channels[number]) >= _odd(self.channels[number]):
                return self._grow(number, [sketch.principal], sketch)
        rows = sorted((item for item in self.young.items() if not item[1].told), key=lambda r: (r[1].first, r[0]))
        nats, channel, start = max((self._risen(rows, c) for c in range(len(CHANNELS))), key=lambda made: made[0])
        needed = self._threshold(budget)
        odd = [name for name, row in rows[start:] if row.e(channel) >= _odd(channel)]
        if nats < needed or len(odd) < FEWEST:
            return None
        return self._begin(channel, odd, (nats, needed), budget, sketch)

    def _met(self, sketch: Sketch) -> Newcomer:
        now = sketch.last
        if sketch.principal not in self.young:
            self.arrivals = [t for t in self.arrivals if t > now - DAY] + [now]
        self.young = {name: row for name, row in self.young.items() if row.last > now - MEMORY}
        if len(self.young) >= MOST and sketch.principal not in self.young:
            del self.young[min(self.young, key=lambda name: self.young[name].last)]
        one = self.young.setdefault(sketch.principal, Newcomer(sketch.first, now, 0, ""))
        one.last, one.count, one.record = now, sketch.count, sketch.record
        if odds := whole_odds(sketch.odds):
            one.nats[sketch.count] = odds
        one.novel, one.z = list(sketch.novel), sketch.z if len(sketch.z) == len(TABLE) else b""
        return one

    def _risen(self, rows: list[tuple[str, Newcomer]], channel: int) -> tuple[float, int, int]:
        """log(1 + R) of a channel over newcomers in order, the channel, and where its largest product begins.

        Of collectors nothing is said where they may all have one habit, as a class has.
        """
        r, run, most, start, end = 0.0, 0.0, 0.0, 0, 0
        for k, (_, row) in enumerate(rows):
            e = row.e(channel)
            r = min((1 + r) * e, 1e300)
            run += log(e)
            if run < 0:
                run, most, start = 0.0, 0.0, k + 1
            most, end = (run, k + 1) if run > most else (most, end)
        if channel == COLLECTING and collectors.alike([row.novel for _, row in rows[start:end]]) < collectors.SHARED:
            return 0.0, channel, start
        return WORTH.get(channel, 1.0) * log(1 + r), channel, start

    def _threshold(self, budget: float) -> float:
        rate = max(len(self.arrivals), 1)
        return log(max(LEAST, rate * len(TALK) * len(LOOKS) / budget))

    def _begin(
        self, channel: int, names: list[str], reached: tuple[float, float], budget: float, sketch: Sketch
    ) -> Pooled | None:
        self.count += 1
        score, needed = reached
        self.channels[self.count] = channel
        self.found[self.count] = Cohort(
            number=self.count,
            trigger=sketch.record or f"{sketch.principal}@{sketch.count}",
            time=sketch.last,
            first=min(self.young[name].first for name in names),
            score=score,
            threshold=needed,
            paid=min(budget, budget * exp(needed - score)),
        )
        return self._grow(self.count, names, sketch)

    def _grow(self, number: int, names: list[str], sketch: Sketch) -> Pooled | None:
        """Name further newcomers; what is to be written, if enough have joined."""
        cohort, before = self.found[number], len(self.found[number].names)
        cohort.join(names)
        for name in names:
            self.young[name].told = True
        cohort.last = max(cohort.last, sketch.last) if len(cohort.names) > before else cohort.last
        cohort.records = [*cohort.records, sketch.record][-RECORDS:] if sketch.record else cohort.records
        if not cohort.grown:
            return None
        cohort.written, cohort.told = len(cohort.names), cohort.last
        mine = [self.young[name] for name in cohort.names if name in self.young]
        odds = [sum(max((n[c] for n in row.nats.values()), default=0.0) for row in mine) for c in range(len(CHANNELS))]
        return Pooled(
            Cohort(**{**asdict(cohort), "names": list(cohort.names), "records": list(cohort.records)}),
            CHANNELS[self.channels[number]],
            sum(row.count for row in mine),
            [total / max(1, len(mine)) for total in odds],
            self._oddest(cohort.names, self.channels[number]),
            together(mine),
        )

    def _oddest(self, names: list[str], channel: int) -> list[tuple[str, str, float, int, float]]:
        """Those of some newcomers whose first requests were the oddest."""
        mine = [(name, self.young[name]) for name in names if name in self.young]
        found = sorted(mine, key=lambda item: (-item[1].e(channel), item[1].first, item[0]))[:SHOWN]
        most = [max((nats[channel] for nats in row.nats.values()), default=0.0) for _, row in found]
        return [(name, row.record, row.last, row.count, nats) for (name, row), nats in zip(found, most, strict=True)]

    def to_bytes(self) -> bytes:
        """All that is known; what is restored from it goes on exactly as this would."""
        young = [[name, *row.plain()] for name, row in self.young.items()]
        found = [[self.channels[number], asdict(one)] for number, one in self.found.items()]
        return pack({"young": young, "arrivals": self.arrivals, "found": found, "count": self.count}, {})

    @classmethod
    def from_bytes(cls, data: bytes) -> "YoungPool":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        plain, _ = unpack(data)
        made = cls()
        try:
            for name, *row in plain["young"]:
                made.young[str(name)] = Newcomer.of(*row)
            made.arrivals = [float(t) for t in plain["arrivals"]]
            made.found = {int(one["number"]): Cohort(**one) for _, one in plain["found"]}
            made.channels = {int(one["number"]): int(channel) for channel, one in plain["found"]}
            made.count = int(plain["count"])
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of young callers is damaged: {error}") from error
        return made


def _odd(channel: int) -> float:
    """Evidence from which a newcomer is named."""
    return collectors.ODD if channel == COLLECTING else ODD
