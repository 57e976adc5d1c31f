"""Suspicion: how near keys are to an alert, so that a full table forgets those first who are least so."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from detectors import scorer
from detectors.api import Detector
from detectors.state import KeyTable, Slots


def heat(detectors: Mapping[str, Detector], table: KeyTable, slots: Slots) -> npt.NDArray[np.float32]:
    """How near each key is to an alert this epoch, in [0, 1]: (n,)."""
    made = np.zeros(len(slots), np.float32)
    for name, detector in detectors.items():
        rows = table[scorer.GATE + name][slots]
        if detector.spec.gate == "budget":
            made = np.maximum(made, np.minimum(rows["evidence"], 1.0).astype(np.float32))
        else:
            near = (rows["peak"] > 0.8 * rows["threshold"]) & (rows["epoch"] > 0)
            made = np.maximum(made, near.astype(np.float32))
    return made
