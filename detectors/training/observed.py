"""Observed: what the profile says after each record of a laboratory's world, as it would in production."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import library, scorer, settlement, surprise
from detectors.collector import Collector
from detectors.plan import DAY, Plan
from detectors.settlement import Settlement
from detectors.state import KeyTable
from detectors.training.lab.world import World
from schemas.arrays import tame, tame_probabilities
from schemas.batch import Batch, Floats, Integers
from schemas.columns import nothing_read
from schemas.record import Record

CHUNK = 20_000  # rows at once


@dataclass(frozen=True)
class Observed:
    """The records of a world, as a rule those after its burn-in.

    Attributes
    ----------
    row : (N,) of the world's rows
    z : (N, 64) deviations of the profile
    scores : by detector (N,)
    settled : what the burn-in decided
    """

    row: Integers
    z: Floats
    scores: dict[str, npt.NDArray[np.float64]]
    settled: Settlement

    @property
    def peaks(self) -> surprise.Peaks:
        """Tails of what clean principals' days reach."""
        learnt: dict[str, Any] = dict(self.settled.reference.learnt["unusual_profile"])
        return surprise.Peaks(**learnt)


def observed(
    drawn: World[Any], *, burn_in: float = DAY, secret: bytes = b"laboratory", whole: bool = False
) -> Observed:
    """Settle on the first days of a world and watch the rest, without gates. Raises ``NotEnough``.

    With ``whole``, the rows of the first days are among what is returned.
    """
    plan = Plan(burn_in=burn_in, secret=secret)
    cut = int(np.searchsorted(drawn.time, burn_in))
    collector = Collector(drawn.victim.name, "1")
    for start in range(0, cut, CHUNK):
        collector.add(rows_of(drawn, np.arange(start, min(cut, start + CHUNK))))
    sample = collector.burn_in()
    settled = settlement.settle([sample.to_bytes()], plan)
    detectors = {
        name: one for name, one in library.build(plan.detectors).items() if not scorer.missing(one, settled.reference)
    }
    table = KeyTable(scorer.state_dtypes(detectors, {}), limit=len(drawn.names) + 1)
    found: list[tuple[Floats, dict[str, Any]]] = []
    for start in range(0, len(drawn.time), CHUNK):
        batch = rows_of(drawn, np.arange(start, min(len(drawn.time), start + CHUNK)))
        slots = table.assign(batch.principals, batch.principal, start)
        rows = scorer.columns(settled.reference, batch, slots, table)
        made = scorer.score(detectors, rows, slots, table)
        found.append((rows.z, {name: one.value for name, one in made.scores.items()}))
    kept = slice(0 if whole else cut, None)
    z = np.concatenate([one for one, _ in found])[kept]
    scores = {name: np.concatenate([one[name] for _, one in found])[kept] for name in found[0][1]}
    return Observed(np.arange(len(drawn.time))[kept], z, scores, settled)


def rows_of(drawn: World[Any], index: Integers) -> Batch:
    """Rows of a world as a batch; the principals are all of the world's."""
    n = len(index)
    features, bad = tame(drawn.features[index].astype(np.float64))
    probabilities, outside = tame_probabilities(np.ascontiguousarray(drawn.probabilities[index], np.float64))
    bare = Record(time=0.0, model=drawn.victim.name)
    return Batch(
        model=drawn.victim.name,
        version="1",
        offsets=index,
        time=drawn.start + drawn.time[index],
        principals=drawn.names,
        principal=drawn.principal[index],
        features=features,
        named=None,
        probabilities=probabilities,
        labels=[str(label) for label in drawn.label[index].tolist()],
        latency=np.full(n, np.nan, np.float32),
        tokens=np.full((n, 2), -1, np.int32),
        bad=bad + outside,
        trusted=np.ones(n, np.bool_),
        worded=False,
        text=nothing_read(n),
        ids=np.zeros((n, 40), np.uint8),
        records=[bare] * n,
    )
