"""Customers: what honest principals send. Much of it looks odd at first sight.

::

    content ──► which inputs are whose      tasks ──► what is done in one go      rhythms ──► when
    people, machines, sensors, specialists, explainers, seekers, testers, faulty ──► kinds made of these
    changing ──► kinds made of kinds        gatherings ──► many accounts that come together
    owners, marked ──► kinds that no population draws: guests, whom a world is asked to have
"""

from detectors.training.lab.customers import (
    explainers,
    faulty,
    machines,
    marked,
    owners,
    people,
    seekers,
    sensors,
    specialists,
    testers,
)
from detectors.training.lab.customers.changing import changing
from detectors.training.lab.customers.gatherings import GATHERINGS
from detectors.training.lab.types import Behaviour

__all__ = ["GATHERINGS", "GROUPS", "GUESTS", "KINDS"]

_PLAIN = {
    "people": people.KINDS,
    "machines": machines.KINDS,
    "sensors": sensors.KINDS,
    "specialists": specialists.KINDS,
    "explainers": explainers.KINDS,
    "seekers": seekers.KINDS,
    "testers": testers.KINDS,
    "faulty": faulty.KINDS,
}
_CHANGING = changing({name: kind for kinds in _PLAIN.values() for name, kind in kinds.items()})
GROUPS: dict[str, tuple[str, ...]] = {group: tuple(kinds) for group, kinds in _PLAIN.items()} | {
    "changing": tuple(_CHANGING)
}
KINDS: dict[str, Behaviour] = {name: kind for kinds in _PLAIN.values() for name, kind in kinds.items()} | _CHANGING
GUESTS: dict[str, Behaviour] = owners.KINDS | marked.KINDS
"""Kinds that are drawn only where a world is asked for them; all others stay as they are without."""
