"""Sensors: one input follows from the last. Nearly the same, many times, and nobody searches for anything."""

import numpy as np

from detectors.training.lab.customers.content import retaken, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import ends, tasks, within
from detectors.training.lab.types import Behaviour, Matrix, Place, Visit


def walker(place: Place) -> Visit:
    """Walks slowly from one usual input to the next, a few per cent of the way at a time."""
    rng, victim = place.rng, place.victim
    n = place.records
    leg = int(10 ** rng.uniform(0.8, 2.3))
    posts = taste(place, narrow=rng.uniform(0, 3)).draw(n // leg + 2)
    at, share = np.divmod(np.arange(n), leg)
    share = (share / leg).astype(np.float32)[:, None]
    x = posts[at] * (1 - share) + posts[at + 1] * share
    noise = rng.uniform(0, 0.05) * victim.pool.std(axis=0) * rng.normal(size=x.shape)
    return sent(place, victim.fitting((x + noise).astype(np.float32)), at, "constant", "constant", "hourly", "diurnal")


def camera(place: Place) -> Visit:
    """Something moves, and a burst of nearly the same is taken; at night the same empty scene."""
    rng = place.rng
    task, x = _scenes(place, rng.uniform(4, 60))
    empty = taste(place).draw(1)
    idle = (rng.random(int(task[-1]) + 1) < rng.uniform(0, 0.4))[task]
    x[idle] = empty
    return sent(
        place, retaken(rng, place.victim, x, rng.uniform(0.05, 0.6)), task, "offline", "diurnal", "script", "desk"
    )


def film(place: Place) -> Visit:
    """Frames of a film: what is seen glides, until the next cut."""
    rng, victim = place.rng, place.victim
    task, x = _scenes(place, rng.uniform(20, 400))
    other = taste(place).draw(int(task[-1]) + 1)[task]
    share = np.minimum(rng.uniform(0.001, 0.02) * within(task), 0.5).astype(np.float32)[:, None]
    moved = retaken(rng, victim, victim.fitting(x * (1 - share) + other * share), rng.uniform(0, 0.3))
    return sent(place, moved, task, "script", "constant", "parallel", "hourly")


def stuck(place: Place) -> Visit:
    """An instrument that stands still for a while: exactly the same value, then life again."""
    rng = place.rng
    task, x = _scenes(place, rng.uniform(3, 30))
    live = (rng.random(int(task[-1]) + 1) < rng.uniform(0.2, 0.9))[task]
    x[live] = taste(place).draw(int(live.sum()))
    return sent(place, x, task, "constant", "hourly", "diurnal")


def seasonal(place: Place) -> Visit:
    """Follows the sun: between a day's and a night's input, with weather."""
    rng, victim = place.rng, place.victim
    own = taste(place).draw(2)
    lead = sent(place, np.repeat(own[:1], place.records, axis=0), np.arange(place.records), "constant", "hourly")
    phase = 2 * np.pi * lead.time / 86_400 + rng.uniform(0, 6)
    share = np.clip(0.5 + 0.5 * np.sin(phase) + rng.normal(0, 0.08, len(phase)), 0, 1).astype(np.float32)[:, None]
    x = victim.fitting(own[0] * (1 - share) + own[1] * share)
    return Visit(lead.time, retaken(rng, victim, x, rng.uniform(0.05, 0.5)))


def augmenter(place: Place) -> Visit:
    """Asks for each case in several versions, always the same ones, and takes the mean (test-time augmentation)."""
    rng, victim = place.rng, place.victim
    versions = int(rng.integers(3, 13))
    task, x = _scenes(place, versions, 0.0)
    turn = within(task) % versions
    shift = rng.normal(0, rng.uniform(0.02, 0.3), (versions, 1)) * victim.pool.std(axis=0)
    shift[0] = 0
    if victim.shape is None:
        return sent(place, victim.fitting((x + shift[turn]).astype(np.float32)), task, "diurnal", "cron", "poisson")
    height, width = victim.shape
    images = x.reshape(-1, height, width)
    moves = rng.integers(-2, 3, (versions, 2))
    for one in range(1, versions):
        mine = turn == one
        flipped = images[mine, :, ::-1] if one == 1 else np.roll(images[mine], moves[one], axis=(1, 2))
        images[mine] = flipped
    return sent(place, images.reshape(len(x), -1), task, "diurnal", "cron", "poisson")


def window(place: Place) -> Visit:
    """Slides a window over something larger, so that each input has most of the last one in it, moved."""
    rng, victim = place.rng, place.victim
    task, x = _scenes(place, rng.uniform(10, 80))
    other = taste(place).draw(int(task[-1]) + 1)[task]
    step = within(task)
    if victim.shape is None:
        cut = (step * max(1, victim.features // 24)) % victim.features
        fresh = np.arange(victim.features)[None] < cut[:, None]
        return sent(place, victim.fitting(np.where(fresh, other, x)), task, "script", "cron", "constant")
    height, width = victim.shape
    stride = int(rng.integers(1, max(2, width // 6)))
    both = np.concatenate([x.reshape(-1, height, width), other.reshape(-1, height, width)], axis=2)
    left = (step * stride) % (width + 1)
    seen = np.take_along_axis(both, (left[:, None, None] + np.arange(width)[None, None]).repeat(height, axis=1), axis=2)
    return sent(place, np.ascontiguousarray(seen.reshape(len(x), -1)), task, "script", "cron", "constant")


def _scenes(place: Place, size: float, spread: float = 0.6) -> tuple[np.ndarray, Matrix]:
    """Tasks (n,), and for every row what its task is about (n, F)."""
    task = tasks(place.rng, place.records, size, spread)
    first, lengths = ends(task)
    return task, np.repeat(taste(place).draw(len(first)), lengths, axis=0)


KINDS: dict[str, Behaviour] = {
    "walker": walker,
    "camera": camera,
    "film": film,
    "stuck": stuck,
    "seasonal": seasonal,
    "augmenter": augmenter,
    "window": window,
}
