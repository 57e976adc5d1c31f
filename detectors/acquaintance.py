"""Acquaintance: who has been there since the burn-in, in its sample or not, and so is no newcomer."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from detectors import newcomers, scorer
from detectors.api import Detector
from detectors.gates import conformal
from detectors.identities import identities
from detectors.state import KeyTable, Slots


def acquaint(slots: Slots, table: KeyTable, detectors: Mapping[str, Detector]) -> None:
    """Mark principals in some slots as known to every gate that tells them from newcomers."""
    for name, detector in detectors.items():
        if detector.spec.gate == "conformal":
            conformal.acquaint(table[scorer.GATE + name], slots)


def recognise(met: npt.NDArray[np.uint64], table: KeyTable, detectors: Mapping[str, Detector], secret: bytes) -> None:
    """Know those again who were met in the burn-in, when they get a slot. ``met`` are their numbers."""
    if len(met) and table.opened:
        opened = np.array(table.opened, np.int64)
        slots = opened[np.isin(identities(table.keys, opened, secret), met)]
        acquaint(slots, table, detectors)
        table[newcomers.NAME]["known"][slots] = 1
