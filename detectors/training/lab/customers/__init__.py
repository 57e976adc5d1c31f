"""Customers: what honest principals send. Much of it looks odd at first sight.

::

    content ──► which inputs are whose      tasks ──► what is done in one go      rhythms ──► when
    people, machines, sensors, explainers, seekers, testers, specialists, faulty ──► kinds made of these
"""

from detectors.training.lab.customers import explainers, machines, people
from detectors.training.lab.types import Behaviour

__all__ = ["KINDS"]

KINDS: dict[str, Behaviour] = {**people.KINDS, **machines.KINDS, **explainers.KINDS}
