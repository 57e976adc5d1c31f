"""Trajectories: the peaks that principals reached in past epochs, kept per detector in a bounded memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles

WINDOW = 30  # epochs remembered
KEPT = 4096  # largest peaks kept an epoch and detector; of the others only the number


@dataclass(frozen=True, slots=True)
class Epoch:
    """Peaks of one detector in one epoch.

    Attributes
    ----------
    epoch : its number
    units : principals judged
    tail : (n,) the largest peaks of those that did not alert, rising
    crossed : (a,) thresholds that the alerted ones exceeded
    paid : budget paid for all units
    """

    epoch: int
    units: int
    tail: Doubles
    crossed: Doubles
    paid: float


@dataclass(slots=True)
class Trajectories:
    """The last epochs of every detector, what a calibration is fitted from."""

    window: int = WINDOW
    kept: int = KEPT
    epochs: dict[str, list[Epoch]] = field(default_factory=dict)

    def add(
        self,
        detector: str,
        *,
        epoch: int,
        peak: Doubles,
        alerted: npt.NDArray[np.bool_] | None = None,
        threshold: Doubles | None = None,
        paid: float = 0.0,
    ) -> None:
        """Remember an epoch's peaks, one a principal; of a burn-in, without ``alerted`` and ``threshold``.

        Parts of one epoch, from several partitions, are added one by one.
        """
        quiet = np.ones(len(peak), np.bool_) if alerted is None else ~alerted
        crossed = np.zeros(0) if threshold is None else threshold[~quiet]
        known = self.epochs.setdefault(detector, [])
        same = next((i for i, e in enumerate(known) if e.epoch == epoch), None)
        before = known.pop(same) if same is not None else Epoch(epoch, 0, np.zeros(0), np.zeros(0), 0.0)
        known.append(
            Epoch(
                epoch=epoch,
                units=before.units + len(peak),
                tail=np.sort(np.concatenate([before.tail, peak[quiet]]))[-self.kept :],
                crossed=np.sort(np.concatenate([before.crossed, crossed])),
                paid=before.paid + paid,
            )
        )
        known.sort(key=lambda e: e.epoch)
        del known[: -self.window]

    def merged(self, parts: "Mapping[str, list[Epoch]]") -> None:
        """Add epochs that another partition or worker remembers."""
        for detector, epochs in parts.items():
            for e in epochs:
                self._join(detector, e)

    def _join(self, detector: str, other: Epoch) -> None:
        self.add(detector, epoch=other.epoch, peak=other.tail, paid=other.paid)
        known = self.epochs[detector]
        at = next(i for i, e in enumerate(known) if e.epoch == other.epoch)
        held = known[at]
        known[at] = Epoch(
            held.epoch,
            held.units + other.units - len(other.tail),
            held.tail,
            np.sort(np.concatenate([held.crossed, other.crossed])),
            held.paid,
        )
