"""A few days of traffic to two small models: customers of many kinds, and attacks that are really computed.

::

    world  ──► what honest inputs look like        victim ──► a model trained on them, that answers and is attacked
    people ──► who asks and when                   habits ──► what each kind of customer asks
    raids  ──► tools that query the victim         stream ──► all of it in order of time, as native JSON lines
"""

from detectors.training.traffic.attacks import ATTACKS
from detectors.training.traffic.scene import CLEAN, traffic
from detectors.training.traffic.stream import Campaign, Traffic

__all__ = ["ATTACKS", "CLEAN", "Campaign", "Traffic", "traffic"]
