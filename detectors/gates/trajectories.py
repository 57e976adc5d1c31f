"""Trajectories: the peaks that principals reached in past epochs, kept per detector in a bounded memory."""

from dataclasses import dataclass, field

import numpy as np

from detectors.gates.conformal import REST, WEEK
from detectors.gates.tail import Sample
from detectors.gates.weeks import Ids, stretches
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Doubles, Flags

WINDOW = 30  # epochs remembered
USUAL = 0.2  # share of principals above the usual peak
FEW = 30  # principals an epoch, below which the usual peak is too uncertain
KEPT = 4096  # largest peaks kept an epoch and detector; of the others only the number


@dataclass(frozen=True, slots=True)
class Epoch:
    """Peaks of one detector in one epoch, over all partitions.

    Learnt from are principals that have been there since the burn-in, or for a week: an attacker who comes with new
    accounts teaches nothing.

    Attributes
    ----------
    units : principals judged
    known : how many of them are learnt from
    alerted : how many of those alerted
    paid : budget paid for all
    clean : whether it belongs to the burn-in, where nobody could alert
    tail, who : (n,) the largest peaks of those that did not alert, rising, and whose they are
    crossed, crossed_by : (a,) thresholds that alerted ones exceeded, rising, and who did
    """

    epoch: int
    units: int
    known: int
    alerted: int
    paid: float
    clean: bool
    tail: Doubles
    who: Ids
    crossed: Doubles
    crossed_by: Ids


@dataclass(slots=True)
class Trajectories:
    """The burn-in and the last epochs of every detector: what a calibration is fitted from.

    66 kB an epoch and detector, twice as much where thousands alert.
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
        known: Flags | None = None,
        who: Ids | None = None,
        units: tuple[int, int, int] | None = None,
    ) -> None:
        """Remember an epoch's peaks, one a principal; parts of one epoch, from several partitions, one by one.

        Parameters
        ----------
        peak : (n,) largest score of each principal
        alerted, threshold : (n,) whether it alerted, and above what; None in a burn-in, where nobody could
        paid : budget paid for these n
        known : (n,) whether it is learnt from; None for all
        who : (n,) the principal's number; 0, or None for all, is nobody's
        units : how many were judged, are known, and are known and alerted, where only the largest are given
        """
        finite = np.isfinite(peak)
        taken = finite if known is None else finite & known
        hit = np.zeros(len(peak), np.bool_) if alerted is None else alerted & taken
        crossed = peak if threshold is None else threshold
        names = np.zeros(len(peak), np.uint64) if who is None else who
        held = {e.epoch: e for e in self.epochs.get(detector, [])}
        none, nobody = np.zeros(0), np.zeros(0, np.uint64)
        before = held.get(epoch, Epoch(epoch, 0, 0, 0, 0.0, alerted is None, none, nobody, none, nobody))
        counted = (int(finite.sum()), int(taken.sum()), int(hit.sum())) if units is None else units
        tail = self._sorted(before.tail, before.who, peak, names, taken & ~hit)
        over = self._sorted(before.crossed, before.crossed_by, crossed, names, hit & np.isfinite(crossed))
        held[epoch] = Epoch(
            epoch=epoch,
            units=before.units + counted[0],
            known=before.known + counted[1],
            alerted=before.alerted + counted[2],
            paid=before.paid + paid,
            clean=before.clean and alerted is None,
            tail=tail[0],
            who=tail[1],
            crossed=over[0],
            crossed_by=over[1],
        )
        young = set(sorted(e for e in held if not held[e].clean)[-self.window :])
        self.epochs[detector] = [held[e] for e in sorted(held) if held[e].clean or e in young]

    def _sorted(self, values: Doubles, who: Ids, more: Doubles, names: Ids, chosen: Flags) -> tuple[Doubles, Ids]:
        """The largest values of two sets together, rising, and whose they are."""
        every, owner = np.concatenate([values, more[chosen]]), np.concatenate([who, names[chosen]])
        order = np.lexsort((owner, every))[-self.kept :]
        return every[order], owner[order]

    def sample(self, detector: str, *, clean: bool = False) -> Sample:
        """All remembered peaks of a detector, or those of the burn-in only, as one sample.

        Peaks are moved by as much as the usual peak has moved since (:func:`moves`); of each principal the largest of
        a stretch of days counts (:mod:`detectors.gates.weeks`), in the burn-in of each day. Of the alerted, as many
        as all epochs had paid for count as benign. Where an epoch kept only its largest peaks, smaller ones of the
        others are left out too, so that ranks stay true.
        """
        held = self.epochs.get(detector, [])
        parts = [(e, m) for e, m in zip(held, moves(held), strict=True) if e.clean or not clean]
        length = 1 if clean else min(REST, 1 + sum(not e.clean for e, _ in parts))
        cut = max((e.tail[0] + m for e, m in parts if 0 < len(e.tail) < e.known - e.alerted), default=-np.inf)
        found = stretches(parts, length)
        exceeded = min(len(found.crossed), int(np.ceil(sum(e.paid for e, _ in parts))))
        return Sample(
            values=np.sort(found.peaks[found.peaks >= cut]),
            units=sum(e.known - e.alerted for e, _ in parts) + exceeded,
            exceeded=exceeded,
            crossed=found.crossed,
        )

    def fallen(self, detector: str) -> float:
        """How far the usual peak of those who are learnt from lies below that of the burn-in, 0 where it does not.

        In the burn-in everybody was new to us: this is what long histories take off a peak, and newcomers have none.
        """
        held = self.epochs.get(detector, [])
        return max([0.0, *(-m for e, m in zip(held, moves(held), strict=True) if e.clean)])

    def volume(self, detector: str) -> float:
        """Principals judged an epoch, on the average of those remembered."""
        epochs = self.epochs.get(detector, [])
        return sum(e.units for e in epochs) / max(1, len(epochs))

    def to_bytes(self) -> bytes:
        """Everything remembered, packed; the same content gives the same bytes."""
        plain = {
            n: [[e.epoch, e.units, e.known, e.alerted, e.paid, e.clean, len(e.tail), len(e.crossed)] for e in epochs]
            for n, epochs in sorted(self.epochs.items())
        }
        peaks = [a for n in plain for e in self.epochs[n] for a in (e.tail, e.crossed)]
        who = [a for n in plain for e in self.epochs[n] for a in (e.who, e.crossed_by)]
        head = {"window": self.window, "kept": self.kept, "epochs": plain}
        arrays = {
            "peaks": np.concatenate([np.zeros(0), *peaks]),
            "who": np.concatenate([np.zeros(0, np.uint64), *who]),
        }
        return pack(head, arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Trajectories":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` on anything else."""
        head, arrays = unpack(data)
        try:
            made, at = cls(int(head["window"]), int(head["kept"])), 0
            peaks, who = arrays["peaks"], arrays["who"]
            for name, rows in head["epochs"].items():
                made.epochs[name] = []
                for *plain, n, a in rows:
                    middle, end = at + n, at + n + a
                    if min(n, a) < 0 or end > min(len(peaks), len(who)):
                        raise Corrupt(f"an epoch of {name!r} promises more peaks than there are")
                    parts = (array[part].copy() for part in (slice(at, middle), slice(middle, end))
                             for array in (peaks, who))  # fmt: skip
                    made.epochs[name].append(Epoch(*plain, *parts))
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
    if not epochs or min(e.known for e in epochs) == 0 or sum(e.known for e in epochs) < FEW * len(epochs):
        return [0.0] * len(epochs)
    share = min([USUAL, *((len(e.tail) + e.alerted) / e.known for e in epochs)])
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
    place = max(1, int(share * epoch.known) - epoch.alerted)
    return float(epoch.tail[-min(place, len(epoch.tail))]) if len(epoch.tail) else float(epoch.crossed[0])
