"""Gatherings: many accounts that appear together and do alike, for an honest reason.

Here ``Place.start`` is when the first of them appears, and ``Place.volume`` how many records each sends in all.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from detectors.training.lab.customers.content import retaken, taste
from detectors.training.lab.customers.explainers import KINDS as EXPLAINERS
from detectors.training.lab.customers.people import exercise
from detectors.training.lab.customers.rhythms import RHYTHMS, arranged, sent
from detectors.training.lab.customers.seekers import KINDS as SEEKERS
from detectors.training.lab.customers.tasks import tasks
from detectors.training.lab.types import DAY, HOUR, Behaviour, Place, Visit

Gathering = Callable[[Place, int], list[Visit]]  # accounts -> what each sends


def classroom(place: Place, accounts: int) -> list[Visit]:
    """A class works on one exercise in one lesson, each student under a new account."""
    lesson = int(place.rng.integers(2**31))
    return [
        exercise(replace(own, rhythm=str(own.rng.choice(["desk", "script"]))), np.random.default_rng(lesson))
        for own in _apart(place, accounts, HOUR / 6, place.rng.uniform(0.5, 2) * HOUR)
    ]


def workshop(place: Place, accounts: int) -> list[Visit]:
    """A course on explaining models: all run the same notebook, on cases of their own."""
    kinds: list[Behaviour] = [*EXPLAINERS.values(), *SEEKERS.values()]
    kind = kinds[int(place.rng.integers(len(kinds)))]
    return [kind(replace(own, rhythm="script")) for own in _apart(place, accounts, HOUR / 3, 3 * HOUR)]


def launch(place: Place, accounts: int) -> list[Visit]:
    """A mention in the press: newcomers with a few questions each, many of them with the example of the page."""
    rng = place.rng
    examples = taste(place).draw(int(rng.integers(1, 6)))
    visits = []
    for own in _apart(place, accounts, rng.uniform(0.2, 1.5) * DAY, DAY):
        n = int(own.rng.integers(1, 15))
        x = taste(own).draw(n)
        shown = own.rng.random(n) < 0.5
        x[shown] = examples[own.rng.integers(0, len(examples), int(shown.sum()))]
        visits.append(sent(own, x, np.zeros(n, np.int64), "leisure", "desk", "script"))
    return visits


def rollout(place: Place, accounts: int) -> list[Visit]:
    """A company gets access: colleagues with the same interest, who stay."""
    rng = place.rng
    interest = taste(place, narrow=float(rng.uniform(1, 3)))
    visits = []
    for own in _apart(place, accounts, rng.uniform(0.1, 1) * DAY, place.days * DAY):
        task = tasks(own.rng, own.records, own.rng.uniform(3, 30))
        visits.append(sent(own, interest.draw(len(task)), task, "desk", "diurnal", "offline"))
    return visits


def fleet(place: Place, accounts: int) -> list[Visit]:
    """One job, split over service accounts that are made for it: workers that finish a long list together."""
    rng = place.rng
    places = _apart(place, accounts, 600.0, place.rng.uniform(0.1, 2) * DAY)
    own = taste(place, narrow=0.0 if rng.random() < 0.6 else None)
    x = own.draw(sum(one.records for one in places))
    cuts = np.cumsum([one.records for one in places])[:-1]
    rhythm = str(rng.choice(["constant", "poisson", "script"]))
    return [
        arranged(one, part, RHYTHMS[rhythm](one, np.arange(len(part))))
        for one, part in zip(places, np.split(x, cuts), strict=True)
    ]


def devices(place: Place, accounts: int) -> list[Visit]:
    """Sensors of one make are switched on: each sees its own place, nearly the same all the time."""
    rng = place.rng
    scenes = taste(place, narrow=float(rng.uniform(0, 3)))
    wobble = rng.uniform(0.05, 0.5)
    visits = []
    for own in _apart(place, accounts, rng.uniform(0.05, 1) * DAY, place.days * DAY):
        x = np.repeat(scenes.draw(1), own.records, axis=0)
        x = retaken(own.rng, own.victim, x, wobble)
        visits.append(sent(own, x, np.arange(len(x)), "constant", "hourly", "diurnal"))
    return visits


def rotation(place: Place, accounts: int) -> list[Visit]:
    """A service that changes its key every few hours, as it was told to."""
    cuts = np.linspace(place.start, place.end, accounts + 1)
    own = taste(place)
    visits = []
    for start, end in pairwise(cuts.tolist()):
        part = replace(place, start=start, end=end, volume=place.volume * DAY / (end - start))
        task = np.arange(part.records)
        visits.append(arranged(part, own.draw(len(task)), RHYTHMS["poisson"](part, task)))
    return visits


def _apart(place: Place, accounts: int, arrival: float, stay: float) -> list[Place]:
    """A place for each account: it arrives within ``arrival`` s of the first, and may stay so long."""
    rng = place.rng
    starts = place.start + np.sort(rng.uniform(0, arrival, accounts)).clip(0, max(place.end - place.start - 600, 0))
    places = []
    for start in starts.tolist():
        end = max(start + 1, min(place.end, start + max(stay * rng.uniform(0.5, 1.2), 600.0)))
        records = max(1.0, place.volume * rng.lognormal(-0.3, 0.8))
        own = np.random.default_rng(rng.integers(2**63, size=2))
        places.append(replace(place, rng=own, start=start, end=end, volume=records * DAY / (end - start)))
    return places


GATHERINGS: dict[str, Gathering] = {
    "classroom": classroom,
    "workshop": workshop,
    "launch": launch,
    "rollout": rollout,
    "fleet": fleet,
    "devices": devices,
    "rotation": rotation,
}
