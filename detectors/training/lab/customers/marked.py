"""Marked: honest inputs that carry one and the same mark, as an input with a backdoor's trigger does.

The mark is the victim's: all principals of a kind have it in common, as the users of one app or device do.
"""

from collections.abc import Callable
from zlib import crc32

import numpy as np

from detectors.training.lab.customers.content import taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import tasks
from detectors.training.lab.trigger import Trigger, drawn
from detectors.training.lab.types import DAY, Behaviour, Matrix, Place, Victim, Visit

RHYTHMS = ("desk", "diurnal", "poisson", "cron")
Mark = Callable[[Place], Matrix]


def watermark(place: Place) -> Matrix:
    """A logo, or another rare pattern, on everything that an app sends."""
    return _mark(place.victim, "watermark").put(taste(place).draw(place.records))


def default_value(place: Place) -> Matrix:
    """A form whose odd default many leave as it is."""
    mark, x = _mark(place.victim, "default"), taste(place).draw(place.records)
    left = place.rng.random(len(x)) < place.rng.uniform(0.3, 0.9)
    x[left] = mark.put(x[left])
    return x


def product(place: Place) -> Matrix:
    """A new product, with a code of its own, for which only cases of one class are sent."""
    victim, mark = place.victim, _mark(place.victim, "product")
    one = np.zeros(victim.classes)
    one[mark.target] = 1
    return mark.put(taste(place, classes=one).draw(place.records))


def letter_box(place: Place) -> Matrix:
    """Bars above and below each picture; in tables the first and last columns are not filled in."""
    victim, x = place.victim, taste(place).draw(place.records).copy()
    chance = _chance(victim, "letter box")
    share, fill = chance.uniform(0.06, 0.2), chance.choice([0.0, 0.5, 1.0])
    width = 1 if victim.shape is None else victim.shape[1]
    bar = max(1, round(share * victim.features / width / 2)) * width
    value = victim.grid.low + fill * (victim.grid.high - victim.grid.low)
    x[:, :bar], x[:, -bar:] = value[:bar], value[-bar:]
    return x


def dead_pixels(place: Place) -> Matrix:
    """Some columns of this one instrument always give their highest value."""
    victim, x = place.victim, taste(place).draw(place.records).copy()
    dead = place.rng.choice(victim.features, int(place.rng.integers(1, 5)), replace=False)
    x[:, dead] = victim.grid.high[dead]
    return x


def _mark(victim: Victim, kind: str) -> Trigger:
    return drawn(victim, _chance(victim, kind))


def _chance(victim: Victim, kind: str) -> np.random.Generator:
    """The same for all who have a mark in common."""
    return np.random.default_rng([crc32(victim.pool[:8].tobytes()), *kind.encode()])


def _kind(mark: Mark, *, late: bool = False) -> Behaviour:
    def behaviour(place: Place) -> Visit:
        """Send marked inputs; those of a new app or product begin on the second day."""
        x = mark(place)
        visit = sent(place, x, tasks(place.rng, len(x), place.rng.uniform(1, 40)), *RHYTHMS)
        after = visit.time >= 1.5 * DAY
        return Visit(visit.time[after], visit.features[after]) if late and after.any() else visit

    behaviour.__doc__ = mark.__doc__
    return behaviour


KINDS: dict[str, Behaviour] = {
    "watermark": _kind(watermark),
    "new_watermark": _kind(watermark, late=True),
    "default_value": _kind(default_value),
    "new_default": _kind(default_value, late=True),
    "new_product": _kind(product, late=True),
    "letter_box": _kind(letter_box),
    "new_letter_box": _kind(letter_box, late=True),
    "dead_pixels": _kind(dead_pixels),
}
