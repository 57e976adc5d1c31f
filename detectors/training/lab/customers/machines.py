"""Machines: jobs, services, dashboards; steady, repeating, tireless."""

import numpy as np

from detectors.training.lab.customers.content import retaken, taste
from detectors.training.lab.customers.rhythms import arranged, sent
from detectors.training.lab.customers.tasks import ends, tasks, within
from detectors.training.lab.types import DAY, Behaviour, Place, Visit


def nightly(place: Place) -> Visit:
    """A job over the same catalogue every time, of which a little is renewed."""
    rng = place.rng
    own = taste(place)
    task = tasks(rng, place.records, max(1.0, place.volume), 0.05)
    catalogue = own.draw(max(1, int(min(place.volume, 2_000))))
    renewal = rng.uniform(0, 0.3)
    rows = []
    for length in ends(task)[1]:
        new = np.flatnonzero(rng.random(len(catalogue)) < renewal)
        catalogue[new] = own.draw(len(new))
        rows.append(catalogue[np.arange(length) % len(catalogue)])
    return sent(place, np.concatenate(rows), task, "cron", "cron", "script", "hourly")


def scorer(place: Place) -> Visit:
    """Scores whatever comes in, at a constant rate."""
    task = np.arange(place.records)
    return sent(place, taste(place).draw(len(task)), task, "constant", "constant", "poisson", "hourly")


def service(place: Place) -> Visit:
    """Another program, with health checks by one and the same input between its requests."""
    rng = place.rng
    task = np.arange(place.records)
    x = taste(place).draw(len(task))
    x[rng.random(len(x)) < rng.uniform(0.02, 0.6)] = x[0].copy()
    return sent(place, x, task, "poisson", "diurnal", "constant")


def heartbeat(place: Place) -> Visit:
    """Only asks whether the model is there: one input for ever, or two or three in turns."""
    rng = place.rng
    inputs = taste(place).draw(int(rng.integers(1, 4)))
    if rng.random() < 0.2:
        inputs[0] = place.victim.fitting(np.zeros_like(inputs[:1]))[0]
    task = np.arange(place.records)
    return sent(place, inputs[task % len(inputs)], task, "constant", "constant", "hourly")


def dashboard(place: Place) -> Visit:
    """The same rows at every refresh, whose numbers have moved a little since."""
    rng, victim = place.rng, place.victim
    rows = taste(place).some(int(rng.integers(3, 80))).draw(int(rng.integers(3, 80)))
    task = tasks(rng, place.records, len(rows), 0.0)
    moving = rng.random() < 0.6
    x = rows[within(task) % len(rows)]
    if moving:
        changed = np.flatnonzero(rng.random(len(x)) < rng.uniform(0.05, 0.5))
        x[changed] = retaken(rng, victim, x[changed], rng.uniform(0.1, 0.6))
    return sent(place, x, task, "hourly", "constant", "diurnal", "cron")


def retrier(place: Place) -> Visit:
    """Loses answers often, and sends again after a moment that doubles."""
    rng = place.rng
    lost = rng.uniform(0.1, 0.6)
    task = tasks(rng, place.records, 1 / (1 - lost), 0.6)
    first, lengths = ends(task)
    time = np.sort(rng.uniform(place.start, place.end, len(first)))
    wait = rng.uniform(0.2, 3) * (2.0 ** within(task) - 1)
    return arranged(place, np.repeat(taste(place).draw(len(first)), lengths, axis=0), np.repeat(time, lengths) + wait)


def cacher(place: Place) -> Visit:
    """Keeps answers, so nothing is ever asked twice."""
    rng, victim = place.rng, place.victim
    rows = taste(place).pick(4 * place.records)
    rows = rows[np.sort(np.unique(rows, return_index=True)[1])][: place.records]
    x = victim.pool[rows]
    return sent(place, x, np.arange(len(x)), "diurnal", "poisson", "constant", str(rng.choice(["cron", "drip"])))


def backfill(place: Place) -> Visit:
    """Scores its whole past once, as fast as it can, and then what is new."""
    rng = place.rng
    n = place.records
    bulk = int(n * rng.uniform(0.4, 0.95))
    x = taste(place, narrow=0.0).draw(n)
    begin = rng.uniform(place.start, place.start + 0.7 * (place.end - place.start))
    fast = begin + np.cumsum(10 ** rng.uniform(-1.5, 0.5) * np.exp(rng.normal(0, rng.uniform(0.05, 0.6), bulk)))
    return arranged(place, x, np.concatenate([fast, rng.uniform(begin, place.end, n - bulk)]))


def load_test(place: Place) -> Visit:
    """Now and then sends a handful of inputs as often as it can, to see what the service stands."""
    rng = place.rng
    rows = taste(place).draw(int(rng.integers(1, 50)))
    runs = int(rng.integers(1, 4))
    run = np.sort(rng.integers(0, runs, place.records))
    starts = np.sort(rng.uniform(place.start, max(place.start + 1, place.end - DAY / 4), runs))
    rank = np.arange(len(run)) - np.searchsorted(run, run)
    return arranged(place, rows[np.arange(len(run)) % len(rows)], starts[run] + rank * 10 ** rng.uniform(-2, 0.3))


def enricher(place: Place) -> Visit:
    """Adds the model's answer to every row of a large table, each once, of all classes and regions."""
    rng, victim = place.rng, place.victim
    even = np.full(victim.classes, 1 / victim.classes)
    x = taste(place, narrow=0.0, classes=even if rng.random() < 0.4 else None).draw(place.records)
    task = tasks(rng, len(x), rng.uniform(20, 400))
    return sent(place, x, task, "script", "cron", "parallel", "constant", "drip")


def replica(place: Place) -> Visit:
    """Two systems behind one key that ask the same, one a little after the other."""
    rng = place.rng
    n = max(1, place.records // 2)
    x = taste(place).draw(n)
    lead = sent(place, x, np.arange(n), "poisson", "diurnal", "constant")
    late = lead.time + rng.uniform(0.05, 600)
    return arranged(place, np.concatenate([lead.features, lead.features]), np.concatenate([lead.time, late]))


KINDS: dict[str, Behaviour] = {
    "nightly": nightly,
    "scorer": scorer,
    "service": service,
    "heartbeat": heartbeat,
    "dashboard": dashboard,
    "retrier": retrier,
    "cacher": cacher,
    "backfill": backfill,
    "load_test": load_test,
    "enricher": enricher,
    "replica": replica,
}
