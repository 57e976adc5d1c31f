"""Changing: what is usual for one of them ends one day, or was never one thing."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from detectors.training.lab.customers.rhythms import repaced
from detectors.training.lab.types import DAY, Behaviour, Place, Visit


def changing(kinds: Mapping[str, Behaviour]) -> dict[str, Behaviour]:
    """Kinds that are made of other kinds."""
    names = sorted(kinds)

    def one(place: Place) -> Behaviour:
        return kinds[str(place.rng.choice(names))]

    def convert(place: Place) -> Visit:
        """Becomes somebody else on one day: the pilot is over, the script is written."""
        day = place.start + place.rng.uniform(0.2, 0.8) * (place.end - place.start)
        before = one(place)(replace(place, end=day))
        return _joined([before, one(place)(replace(place, start=day, volume=place.volume * _factor(place)))])

    def shared(place: Place) -> Visit:
        """One key, several kinds of use at the same time."""
        shares = place.rng.dirichlet(np.full(int(place.rng.integers(2, 6)), 1.5))
        return _joined([one(place)(replace(place, volume=place.volume * float(share))) for share in shares])

    def reseller(place: Place) -> Visit:
        """Many end users behind one key, each there for a while."""
        rng, count = place.rng, int(place.rng.integers(5, 25))
        users = []
        for start in np.sort(rng.uniform(place.start, place.end, count)):
            end = min(place.end, float(start) + rng.exponential(2.0) * DAY + 600)
            span = max(end - float(start), 1.0)
            volume = place.volume * (place.end - place.start) / span / count
            users.append(one(place)(replace(place, start=float(start), end=end, volume=volume)))
        return _joined(users)

    def growing(place: Place) -> Visit:
        """Doubles what it sends, and again, while the kind of use remains."""
        kind, cuts = one(place), np.linspace(place.start, place.end, 5)
        parts = [
            kind(replace(place, start=float(start), end=float(end), volume=place.volume * share))
            for start, end, share in zip(cuts[:-1], cuts[1:], (0.25, 0.5, 1.0, 2.25), strict=True)
        ]
        return _joined(parts)

    def absent(place: Place) -> Visit:
        """Goes away for days, and comes back as it was."""
        visit = one(place)(place)
        left = place.rng.uniform(place.start, place.end)
        back = left + place.rng.uniform(0.3, 3) * DAY
        here = (visit.time < left) | (visit.time >= back)
        return Visit(visit.time[here], visit.features[here]) if here.any() else visit

    def other_pace(place: Place) -> Visit:
        """Sends the same as ever in another rhythm, from one day on."""
        since = place.rng.uniform(place.start, place.end)
        rhythm = str(place.rng.choice(["constant", "poisson", "hourly"]))
        return repaced(one(place)(place), place.rng, rhythm, place.days, since)

    def project(place: Place) -> Visit:
        """Is hardly seen, but for a day or two works hard on something special."""
        rng = place.rng
        begin = rng.uniform(place.start, place.end)
        busy = replace(place, start=begin, end=min(place.end, begin + rng.uniform(0.3, 2) * DAY))
        busy = replace(busy, volume=place.volume * (place.end - place.start) / max(busy.end - busy.start, 600.0))
        return _joined([one(place)(replace(place, volume=0.15 * place.volume)), one(place)(busy)])

    return {
        "convert": convert,
        "shared": shared,
        "reseller": reseller,
        "growing": growing,
        "absent": absent,
        "other_pace": other_pace,
        "project": project,
    }


def _factor(place: Place) -> float:
    return float(10 ** place.rng.uniform(-0.7, 0.7))


def _joined(visits: list[Visit]) -> Visit:
    """What several send, as one."""
    time = np.concatenate([visit.time for visit in visits])
    order = np.argsort(time, kind="stable")
    return Visit(time[order], np.concatenate([visit.features for visit in visits])[order])
