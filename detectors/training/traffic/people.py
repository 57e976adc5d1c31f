"""People: who asks, how much, and when. Times are s since the first midnight."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detectors.training.traffic.world import Codes, Generator

DAY, HOUR = 86_400.0, 3_600.0
Times = npt.NDArray[np.float64]
PERSONAS = {"app": 0.66, "camera": 0.12, "service": 0.10, "dev": 0.08, "batch": 0.03, "explainer": 0.01}
MACHINES = ("batch", "service", "camera", "explainer", "service", "batch")  # the heaviest customers
COMING = ("app", "dev")  # who may be new; machines are set up once
NEW = 0.15  # share of them who come later than the first day
RETRIES = 0.015
SESSION = {
    "app": (8, 25.0),
    "camera": (22, 1.5),
    "dev": (12, 15.0),
    "explainer": (150, 0.15),
}  # records, s between them


@dataclass(frozen=True, slots=True)
class Person:
    """One customer.

    Attributes
    ----------
    hour : of the day around which it is active
    mix : (5,) how common each class is among its inputs
    joins : s, when it first appears
    records : how many in all
    """

    name: str
    persona: str
    hour: float
    mix: npt.NDArray[np.float64]
    joins: float
    records: int


def crowd(chance: Generator, count: int, records: int, days: float, prior: npt.NDArray[np.float64]) -> list[Person]:
    """``count`` customers who send about ``records`` in all: few send most of it (Zipf), as everywhere."""
    shares = 1 / np.arange(4, count + 4) ** 1.05
    wanted = np.maximum(3, np.round(shares / shares.sum() * records)).astype(int)
    personas = chance.choice(list(PERSONAS), count, p=list(PERSONAS.values()))
    people = []
    for index in range(count):
        persona = MACHINES[index] if index < len(MACHINES) else str(personas[index])
        late = chance.random() < NEW and persona in COMING and days > 1
        people.append(
            Person(
                name=name(chance),
                persona=persona,
                hour=float(chance.normal(2.5, 1) if persona == "batch" else chance.normal(14, 3)) % 24,
                mix=chance.dirichlet(4 * prior + 0.05),
                joins=float(chance.uniform(1, days)) * DAY if late else 0.0,
                records=int(wanted[index]),
            )
        )
    return people


def name(chance: Generator) -> str:
    """A customer's name, as an API key's hash looks."""
    return "c-" + chance.bytes(4).hex()


def moments(chance: Generator, person: Person, days: float) -> tuple[Times, Codes]:
    """Times (n,), rising, and the session (n,) that each belongs to; n is near ``person.records``."""
    if person.persona == "batch":
        return _nights(chance, person, days)
    if person.persona == "service":
        t = np.sort(chance.uniform(person.joins, days * DAY, person.records))
        return t, np.zeros(len(t), np.int64)
    size, gap = SESSION[person.persona]
    sessions = max(1, round(person.records / size))
    starts = _starts(chance, person, sessions, days)
    lengths = np.maximum(1, chance.poisson(person.records / sessions, sessions))
    session = np.repeat(np.arange(sessions), lengths)
    steps = chance.exponential(gap, len(session)) + 0.02
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    offsets = np.cumsum(steps)
    t = starts[session] + offsets - np.repeat(offsets[first], lengths)
    order = np.argsort(t, kind="stable")
    return t[order], session[order]


def with_retries(chance: Generator, t: Times) -> Codes:
    """Which rows (n,) are sent again after a moment: clients that lost an answer."""
    return np.flatnonzero(chance.random(len(t)) < RETRIES)


def _starts(chance: Generator, person: Person, sessions: int, days: float) -> Times:
    """Starts of sessions around the customer's hour, with fewer at night, from when it joined on."""
    first = int(person.joins // DAY)
    day = chance.integers(first, max(first + 1, int(np.ceil(days))), sessions)
    hour = (person.hour + chance.normal(0, 3.0, sessions)) % 24
    return np.clip(day * DAY + hour * HOUR, person.joins, days * DAY - HOUR)


def _nights(chance: Generator, person: Person, days: float) -> tuple[Times, Codes]:
    """One run a night, as long as the last."""
    nights = max(1, int(np.ceil(days - person.hour / 24)))
    each = max(1, person.records // nights)
    starts = (np.arange(nights) + person.hour / 24) * DAY + chance.uniform(0, 600, nights)
    t = starts[:, None] + np.cumsum(chance.exponential(0.8, (nights, each)) + 0.02, axis=1)
    return t.ravel(), np.repeat(np.arange(nights), each)
