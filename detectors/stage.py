"""A stage for detectors: a day of synthetic traffic as the burn-in, another to be judged, and all that is between.

Day one is the burn-in of ordinary customers; on day two they come again, with newcomers and whoever a scenario adds.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import answered, library, profile
from detectors.api import Columns, Detector, IntArray, Scores, StateArray
from detectors.burn_in import BurnIn
from detectors.features import numeric
from detectors.manifest import Lookup, Manifest
from detectors.reference import Reference
from detectors.scenarios import (
    DAY,
    POPULATION,
    SCENARIOS,
    Behaviour,
    answer,
    leaked,
    person,
    training_rows,
    unanswered,
    words,
)
from schemas.batch import Batch
from schemas.columns import encoded
from schemas.record import Record

MONDAY = 1767571200.0  # s since the epoch: 2026-01-05 00:00 UTC
SECRET = b"a stage"

Array = npt.NDArray[Any]
part = answered.part


@dataclass(frozen=True, slots=True)
class Traffic:
    """N records in time order; ``code`` (N,) indexes ``names``, all other columns are as in a Batch."""

    names: list[str]
    code: Array
    time: Array
    features: Array
    probabilities: Array
    latency: Array
    tokens: Array
    lone: Array

    def batch(self, rows: slice | Array = slice(None), *, trusted: bool = True) -> Batch:
        """Some rows as a batch."""
        index = np.arange(len(self.time))[rows]
        made = [
            Record(id=f"r{i}", time=float(self.time[i]), model="loan", version="1", principal=self.names[self.code[i]])
            for i in index
        ]
        return Batch(
            model="loan",
            version="1",
            offsets=index.astype(np.int64),
            time=self.time[index],
            principals=self.names,
            principal=self.code[index].astype(np.int32),
            features=self.features[index],
            named=None,
            probabilities=self.probabilities[index],
            labels=[str(k) for k in self.probabilities[index].argmax(1)],
            latency=self.latency[index],
            tokens=self.tokens[index],
            bad=np.zeros(len(index), np.uint16),
            trusted=np.full(len(index), trusted),
            worded=False,
            text=words(self.features[index]),
            ids=encoded([record.id for record in made]),
            records=made,
            lone=self.lone[index] if self.lone.any() else None,
        )

    def followed_by(self, other: "Traffic") -> "Traffic":
        """Both, one after the other; the other's principals begin with these."""
        columns = ("code", "time", "features", "probabilities", "latency", "tokens", "lone")
        return Traffic(other.names, *(np.concatenate([getattr(self, c), getattr(other, c)]) for c in columns))

    def slots(self) -> IntArray:
        """Slot of each row's principal in a table of its own: (N,)."""
        return self.code.astype(np.int64)


def day(number: int, cast: Iterable[tuple[str, Behaviour]], *, outage: bool = False) -> Traffic:
    """One day of everybody in the cast; a name always behaves in its own way."""
    names, parts = [], []
    for name, behave in cast:
        chance = np.random.default_rng([number, *name.encode()])
        names.append(name)
        parts.append(behave(chance))
    code = np.repeat(np.arange(len(parts)), [len(t) for t, _ in parts])
    time = MONDAY + DAY * number + np.concatenate([t for t, _ in parts])
    features = np.concatenate([x for _, x in parts]).astype(np.float32)
    order = np.argsort(time, kind="stable")
    chance = np.random.default_rng(number)
    n, lone = len(order), unanswered(features[order], time[order], outage=outage)
    return Traffic(
        names,
        code[order],
        time[order],
        features[order],
        np.where(lone[:, None] > 0, np.float32(np.nan), answer(features[order])),
        chance.gamma(4, 0.002, n).astype(np.float32),
        np.full((n, 2), -1, np.int32),
        lone,
    )


def customers(newcomers: int = 0) -> list[tuple[str, Behaviour]]:
    """The ordinary population, and so many new people."""
    known = [(f"{kind}-{i}", behave) for kind, (behave, count) in POPULATION.items() for i in range(count)]
    return known + [(f"newcomer-{i}", person) for i in range(newcomers)]


@cache
def burn_in() -> BurnIn:
    """Day one."""
    t = day(0, customers())
    b = t.batch()
    return BurnIn(
        model="loan", version="1", time=t.time, principals=t.names, principal=b.principal, features=t.features,
        named=None, probabilities=t.probabilities, labels=b.labels, latency=t.latency, tokens=t.tokens, bad=b.bad,
        text=b.text, lone=t.lone,
        seen=len(t.time), start=MONDAY, end=MONDAY + DAY,
    )  # fmt: skip


@cache
def reference() -> Reference:
    """Fitted on day one, every discovered detector included."""
    sample = burn_in()
    made = Reference.fit(sample, secret=SECRET)
    rows = columns(made, sample.batch(slice(None)), sample.principal.astype(np.int64))
    built = {name: kind() for name, kind in library.discover().items()}
    slots = sample.principal.astype(np.int64)
    return made.with_learnt({n: d.learn(rows, slots) for n, d in built.items() if hasattr(d, "learn")})


@cache
def training() -> Lookup:
    """The manifest of the model's training rows."""
    return Lookup(Manifest.of_numbers(training_rows(), training_rows()[:0], SECRET))


def columns(known: Reference, batch: Batch, slots: IntArray, memory: StateArray | None = None) -> Columns:
    """A batch as detectors see it; ``memory`` is the profiles' state, fresh if not given."""
    if memory is None:
        memory = np.zeros(int(slots.max(initial=-1)) + 1, profile.state)
    shared = numeric.columns(known, batch) | {"member": training().of_batch(batch), "leak": leaked(batch.features)}
    statistics = profile.run(known, shared, batch.time, slots, memory)
    return Columns(batch, known, shared, statistics, profile.normalise(known, statistics))


@cache
def ordinary() -> tuple[Columns, IntArray]:
    """Day one as detectors see it, with each row's slot."""
    sample = burn_in()
    slots = sample.principal.astype(np.int64)
    return columns(reference(), sample.batch(slice(None)), slots), slots


@cache
def performance(scenario: str, look_alike: str) -> tuple[Columns, IntArray, list[str]]:
    """Days one and two with four who act a scenario and four who act its look-alike; slots, and names by slot."""
    extra = [(f"attack-{i}", SCENARIOS[scenario]) for i in range(4)]
    extra += [(f"alike-{i}", SCENARIOS[look_alike]) for i in range(4)]
    first = day(0, customers())
    second = day(1, [*customers(6), *extra], outage=look_alike == "calls_in_an_outage")
    both = first.followed_by(second)
    return columns(reference(), both.batch(), both.slots()), both.slots(), both.names


def play(
    detector: Detector, rows: Columns, slots: IntArray, *, cuts: list[int] | None = None
) -> tuple[Scores, StateArray]:
    """Scores of all rows from fresh state, cut where asked, and the state after them."""
    state = np.zeros(int(slots.max(initial=0)) + 1, detector.state)
    edges = [0, *(cuts or []), len(slots)]
    made = [detector.score(part(rows, slice(a, b)), slots[a:b], state) for a, b in pairwise(edges)]
    why = {name: np.concatenate([m.why[name] for m in made]) for name in made[0].why}
    return Scores(np.concatenate([m.value for m in made]), why), state


def same(state: StateArray, other: StateArray) -> bool:
    """Whether two states have equal bits, padding aside."""
    return all(state[name].tobytes() == other[name].tobytes() for name in state.dtype.names or ())


def peaks(detector: Detector) -> tuple[Array, list[str]]:
    """Each principal's largest score on day two of the detector's scenario, -inf if it did not come; and its name."""
    rows, slots, names = performance(detector.spec.scenario, detector.spec.look_alike)
    scores, _ = play(detector, rows, slots)
    today = np.flatnonzero((rows.batch.time >= MONDAY + DAY) & ~np.isnan(scores.value))
    peak = np.full(len(names), -np.inf)
    np.maximum.at(peak, slots[today], scores.value[today])
    return peak, names


_watching: list[set[str]] = []
_hooked: list[bool] = []


def _hear(event: str, _: Any) -> None:
    if _watching and event.startswith(("open", "socket.", "subprocess.", "os.")):
        _watching[-1].add(event)


@contextmanager
def audited() -> Iterator[set[str]]:
    """What the interpreter reports of files, sockets and processes; a hook can never be taken away, so it sleeps."""
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    _watching.append(set())
    try:
        yield _watching[-1]
    finally:
        _watching.pop()
