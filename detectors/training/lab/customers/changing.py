"""Changing: what is usual for one of them ends one day, or was never one thing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from detectors.training.lab.customers.rhythms import repaced
from detectors.training.lab.types import DAY, Behaviour, Place, Visit

Draw = Callable[[Place], Behaviour]  # any plain kind


def changing(kinds: Mapping[str, Behaviour]) -> dict[str, Behaviour]:
    """Kinds that are made of other kinds."""
    names = sorted(kinds)

    def draw(place: Place) -> Behaviour:
        return kinds[str(place.rng.choice(names))]

    return {name: partial(kind, draw) for name, kind in _CHANGES.items()}


def _convert(draw: Draw, place: Place) -> Visit:
    """Becomes somebody else on one day: the pilot is over, the script is written."""
    day = place.start + place.rng.uniform(0.2, 0.8) * (place.end - place.start)
    before = draw(place)(replace(place, end=day))
    factor = float(10 ** place.rng.uniform(-0.7, 0.7))
    return _joined([before, draw(place)(replace(place, start=day, volume=place.volume * factor))])


def _shared(draw: Draw, place: Place) -> Visit:
    """One key, several kinds of use at the same time."""
    shares = place.rng.dirichlet(np.full(int(place.rng.integers(2, 6)), 1.5))
    return _joined([draw(place)(replace(place, volume=place.volume * share)) for share in shares.tolist()])


def _reseller(draw: Draw, place: Place) -> Visit:
    """Many end users behind one key, each there for a while."""
    rng, count = place.rng, int(place.rng.integers(5, 25))
    users = []
    for start in np.sort(rng.uniform(place.start, place.end, count)).tolist():
        end = min(place.end, start + rng.exponential(2.0) * DAY + 600)
        volume = place.volume * (place.end - place.start) / max(end - start, 1.0) / count
        users.append(draw(place)(replace(place, start=start, end=end, volume=volume)))
    return _joined(users)


def _growing(draw: Draw, place: Place) -> Visit:
    """Doubles what it sends, and again, while the kind of use remains."""
    kind, cuts = draw(place), np.linspace(place.start, place.end, 5).tolist()
    parts = [
        kind(replace(place, start=start, end=end, volume=place.volume * share))
        for start, end, share in zip(cuts[:-1], cuts[1:], (0.25, 0.5, 1.0, 2.25), strict=True)
    ]
    return _joined(parts)


def _absent(draw: Draw, place: Place) -> Visit:
    """Goes away for days, and comes back as it was."""
    visit = draw(place)(place)
    left = place.rng.uniform(place.start, place.end)
    back = left + place.rng.uniform(0.3, 3) * DAY
    here = (visit.time < left) | (visit.time >= back)
    return Visit(visit.time[here], visit.features[here]) if here.any() else visit


def _other_pace(draw: Draw, place: Place) -> Visit:
    """Sends the same as ever in another rhythm, from one day on."""
    since = place.rng.uniform(place.start, place.end)
    rhythm = str(place.rng.choice(["constant", "poisson", "hourly"]))
    return repaced(draw(place)(place), place.rng, rhythm, place.days, since)


def _project(draw: Draw, place: Place) -> Visit:
    """Is hardly seen, but for a day or two works hard on something special."""
    rng, span = place.rng, place.end - place.start
    begin = rng.uniform(place.start, place.end)
    end = min(place.end, begin + rng.uniform(0.3, 2) * DAY)
    busy = replace(place, start=begin, end=end, volume=place.volume * span / max(end - begin, 600.0))
    return _joined([draw(place)(replace(place, volume=0.15 * place.volume)), draw(place)(busy)])


def _joined(visits: list[Visit]) -> Visit:
    """What several send, as one."""
    time = np.concatenate([visit.time for visit in visits])
    order = np.argsort(time, kind="stable")
    return Visit(time[order], np.concatenate([visit.features for visit in visits])[order])


_CHANGES: dict[str, Callable[[Draw, Place], Visit]] = {
    "convert": _convert,
    "shared": _shared,
    "reseller": _reseller,
    "growing": _growing,
    "absent": _absent,
    "other_pace": _other_pace,
    "project": _project,
}
