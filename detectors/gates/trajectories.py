"""Trajectories: the peaks that principals reached in past epochs, kept per detector in a bounded memory."""

from dataclasses import dataclass, field

import numpy as np

from detectors.gates.tail import Sample
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Doubles, Flags

WINDOW = 30  # epochs remembered
KEPT = 4096  # largest peaks kept an epoch and detector; of the others only the number


@dataclass(frozen=True, slots=True)
class Epoch:
    """Peaks of one detector in one epoch, over all partitions.

    Attributes
    ----------
    units : principals judged
    alerted : how many of them alerted
    paid : budget paid for all
    tail : (n,) the largest peaks of those that did not alert, rising
    crossed : (a,) thresholds that alerted ones exceeded, rising
    """

    epoch: int
    units: int
    alerted: int
    paid: float
    tail: Doubles
    crossed: Doubles


@dataclass(slots=True)
class Trajectories:
    """The last epochs of every detector: what a calibration is fitted from. 33 kB an epoch and detector at most."""

    window: int = WINDOW
    kept: int = KEPT
    epochs: dict[str, list[Epoch]] = field(default_factory=dict)

    def add(
        self,
        detector: str,
        *,
        epoch: int,
        peak: Doubles,
        alerted: Flags | None = None,
        threshold: Doubles | None = None,
        paid: float = 0.0,
    ) -> None:
        """Remember an epoch's peaks, one a principal; parts of one epoch, from several partitions, one by one.

        Parameters
        ----------
        peak : (n,) largest score of each principal
        alerted, threshold : (n,) whether it alerted, and above what; None in a burn-in, where nobody could
        paid : budget paid for these n
        """
        finite = np.isfinite(peak)
        hit = np.zeros(len(peak), np.bool_) if alerted is None else alerted
        crossed = threshold[hit] if threshold is not None else peak[hit]
        known = {e.epoch: e for e in self.epochs.get(detector, [])}
        before = known.get(epoch, Epoch(epoch, 0, 0, 0.0, np.zeros(0), np.zeros(0)))
        known[epoch] = Epoch(
            epoch=epoch,
            units=before.units + int(finite.sum()),
            alerted=before.alerted + int((hit & finite).sum()),
            paid=before.paid + paid,
            tail=np.sort(np.concatenate([before.tail, peak[finite & ~hit]]))[-self.kept :],
            crossed=np.sort(np.concatenate([before.crossed, crossed[np.isfinite(crossed)]]))[-self.kept :],
        )
        self.epochs[detector] = [known[e] for e in sorted(known)[-self.window :]]

    def sample(self, detector: str) -> Sample:
        """All remembered peaks of a detector as one sample.

        Of the alerted, as many as all epochs had paid for count as benign; where an epoch kept only its largest peaks,
        smaller ones of the others are left out too, so that ranks stay true.
        """
        epochs = self.epochs.get(detector, [])
        cut = max((e.tail[0] for e in epochs if len(e.tail) and len(e.tail) < e.units - e.alerted), default=-np.inf)
        values = np.sort(np.concatenate([np.zeros(0), *(e.tail for e in epochs)]))
        alerted = sum(e.alerted for e in epochs)
        exceeded = min(alerted, int(np.ceil(sum(e.paid for e in epochs))))
        return Sample(
            values=values[values >= cut],
            units=sum(e.units for e in epochs) - alerted + exceeded,
            exceeded=exceeded,
            crossed=np.concatenate([np.zeros(0), *(e.crossed for e in epochs)]),
        )

    def volume(self, detector: str) -> float:
        """Principals judged an epoch, on the average of those remembered."""
        epochs = self.epochs.get(detector, [])
        return sum(e.units for e in epochs) / max(1, len(epochs))

    def to_bytes(self) -> bytes:
        """Everything remembered, packed; the same content gives the same bytes."""
        plain = {
            n: [[e.epoch, e.units, e.alerted, e.paid, len(e.tail), len(e.crossed)] for e in epochs]
            for n, epochs in sorted(self.epochs.items())
        }
        peaks = [a for n in plain for e in self.epochs[n] for a in (e.tail, e.crossed)]
        head = {"window": self.window, "kept": self.kept, "epochs": plain}
        return pack(head, {"peaks": np.concatenate([np.zeros(0), *peaks])})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Trajectories":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` on anything else."""
        head, arrays = unpack(data)
        try:
            made, peaks, at = cls(int(head["window"]), int(head["kept"])), arrays["peaks"], 0
            for name, rows in head["epochs"].items():
                made.epochs[name] = []
                for epoch, units, alerted, paid, n, a in rows:
                    middle, end = at + n, at + n + a
                    if min(n, a) < 0 or end > len(peaks):
                        raise Corrupt(f"epoch {epoch} of {name!r} promises more peaks than there are")
                    made.epochs[name].append(
                        Epoch(epoch, units, alerted, paid, peaks[at:middle].copy(), peaks[middle:end].copy())
                    )
                    at = end
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Corrupt(f"not trajectories: {error}") from error
        return made
