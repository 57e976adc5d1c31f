"""Trajectories: the peaks that principals reached in past epochs, kept per detector in a bounded memory."""

from dataclasses import dataclass, field

import numpy as np

from detectors.gates.tail import Sample
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Doubles, Flags

WINDOW = 30  # epochs remembered
USUAL = 0.2  # share of principals above the usual peak
WEEK = 7  # epochs
FEW = 30  # principals an epoch, below which the usual peak is too uncertain
KEPT = 4096  # largest peaks kept an epoch and detector; of the others only the number


@dataclass(frozen=True, slots=True)
class Epoch:
    """Peaks of one detector in one epoch, over all partitions.

    Attributes
    ----------
    units : principals judged
    alerted : how many of them alerted
    paid : budget paid for all
    clean : whether it belongs to the burn-in, where nobody could alert
    tail : (n,) the largest peaks of those that did not alert, rising
    crossed : (a,) thresholds that alerted ones exceeded, rising
    """

    epoch: int
    units: int
    alerted: int
    paid: float
    clean: bool
    tail: Doubles
    crossed: Doubles


@dataclass(slots=True)
class Trajectories:
    """The burn-in and the last epochs of every detector: what a calibration is fitted from.

    33 kB an epoch and detector at most.
    """

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
        before = known.get(epoch, Epoch(epoch, 0, 0, 0.0, alerted is None, np.zeros(0), np.zeros(0)))
        known[epoch] = Epoch(
            epoch=epoch,
            units=before.units + int(finite.sum()),
            alerted=before.alerted + int((hit & finite).sum()),
            paid=before.paid + paid,
            clean=before.clean and alerted is None,
            tail=np.sort(np.concatenate([before.tail, peak[finite & ~hit]]))[-self.kept :],
            crossed=np.sort(np.concatenate([before.crossed, crossed[np.isfinite(crossed)]]))[-self.kept :],
        )
        young = set(sorted(e for e in known if not known[e].clean)[-self.window :])
        self.epochs[detector] = [known[e] for e in sorted(known) if known[e].clean or e in young]

    def sample(self, detector: str, *, clean: bool = False) -> Sample:
        """All remembered peaks of a detector, or those of the burn-in only, as one sample.

        Peaks are moved by as much as the usual peak has moved since (:func:`moves`). Of the alerted, as many as all
        epochs had paid for count as benign. Where an epoch kept only its largest peaks, smaller ones of the others
        are left out too, so that ranks stay true.
        """
        held = self.epochs.get(detector, [])
        parts = [(e, m) for e, m in zip(held, moves(held), strict=True) if e.clean or not clean]
        cut = max((e.tail[0] + m for e, m in parts if len(e.tail) < e.units - e.alerted), default=-np.inf)
        values = np.sort(np.concatenate([np.zeros(0), *(e.tail + m for e, m in parts)]))
        alerted = sum(e.alerted for e, _ in parts)
        exceeded = min(alerted, int(np.ceil(sum(e.paid for e, _ in parts))))
        return Sample(
            values=values[values >= cut],
            units=sum(e.units for e, _ in parts) - alerted + exceeded,
            exceeded=exceeded,
            crossed=np.concatenate([np.zeros(0), *(e.crossed + m for e, m in parts)]),
        )

    def volume(self, detector: str) -> float:
        """Principals judged an epoch, on the average of those remembered."""
        epochs = self.epochs.get(detector, [])
        return sum(e.units for e in epochs) / max(1, len(epochs))

    def to_bytes(self) -> bytes:
        """Everything remembered, packed; the same content gives the same bytes."""
        plain = {
            n: [[e.epoch, e.units, e.alerted, e.paid, e.clean, len(e.tail), len(e.crossed)] for e in epochs]
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
                for epoch, units, alerted, paid, clean, n, a in rows:
                    middle, end = at + n, at + n + a
                    if min(n, a) < 0 or end > len(peaks):
                        raise Corrupt(f"epoch {epoch} of {name!r} promises more peaks than there are")
                    made.epochs[name].append(
                        Epoch(epoch, units, alerted, paid, clean, peaks[at:middle].copy(), peaks[middle:end].copy())
                    )
                    at = end
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Corrupt(f"not trajectories: {error}") from error
        return made


def moves(epochs: list[Epoch]) -> list[float]:
    """How far benign peaks have risen since each epoch, so that its peaks can be compared with today's.

    What moves is the usual peak, which a fifth of an epoch's principals exceed: few attackers cannot move it far. The
    mean over a week is taken, over the burn-in for its own epochs, so that a single odd day stays odd. Epochs of few
    principals are not moved.
    """
    if sum(e.units for e in epochs) < FEW * len(epochs) or not epochs:
        return [0.0] * len(epochs)
    share = min([USUAL, *((len(e.tail) + e.alerted) / e.units for e in epochs)])
    usual = np.array([_exceeded_by(e, share) for e in epochs])
    burn_in = float(np.mean([u for e, u in zip(epochs, usual, strict=True) if e.clean] or usual[:1]))
    total = np.concatenate([[0.0], np.cumsum(usual)])
    last = np.arange(1, len(usual) + 1)
    first = np.maximum(0, last - WEEK)
    week = (total[last] - total[first]) / (last - first)
    trend = [burn_in if e.clean else w for e, w in zip(epochs, week.tolist(), strict=True)]
    return [trend[-1] - t for t in trend]


def _exceeded_by(epoch: Epoch, share: float) -> float:
    """The peak that a share of an epoch's principals exceed, the alerted among them."""
    place = max(1, int(share * epoch.units) - epoch.alerted)
    return float(epoch.tail[-min(place, len(epoch.tail))]) if len(epoch.tail) else float(epoch.crossed[0])
