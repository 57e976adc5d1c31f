"""Faults of a model as a whole, which every partition finds by itself: of one change, one alert.

A deploy that breaks the inputs of a model breaks them on all partitions. Each raises an alert when it has seen enough;
the earliest by record time is told, and others of the same kind on the same model version are the same change as long
as it was last heard of within :data:`SPAN`. A form of requests that does not fit is told once for good.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from detectors.packing import Corrupt
from detectors.progress import Place
from schemas.alert import Alert, Verdict

SPAN = 2 * 86_400.0  # s of record time
FORM = "form"  # the detector of forms that do not fit
MOST = 4096  # changes that are remembered

Change = tuple[str, str, str, str, str]
"""Threat, detector, model, version, and title without shares, which partitions measure each for itself."""
_SHARE = re.compile(r"\d+%")


class Waiting(NamedTuple):
    """A fault that waits for earlier ones of other partitions; ``arrived`` is when it came, s."""

    time: float
    place: Place
    id: str
    arrived: float
    alert: Alert


class State(msgspec.Struct):
    """All that is known, as it is stored."""

    waiting: list[tuple[str, int, float, Alert]]
    told: list[tuple[Change, float]]


def parted(alerts: Sequence[Alert]) -> tuple[list[Alert], list[Alert]]:
    """Alerts of a partition's own, and faults of nobody in particular, which other partitions will find too."""
    own: list[Alert] = []
    shared: list[Alert] = []
    for alert in alerts:
        (shared if alert.verdict is Verdict.FAULT and not alert.principals else own).append(alert)
    return own, shared


class Faults:
    """Faults heard of. No clock of its own."""

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []
        self.told: dict[Change, float] = {}

    def add(self, place: Place, alert: Alert, now: float) -> None:
        """Take in a fault; one that was taken in before changes nothing."""
        if all(one.id != alert.id for one in self.waiting):
            self.waiting.append(Waiting(alert.time, place, alert.id, now, alert))

    def ready(self, until: Callable[[float], float]) -> list[Alert]:
        """Alerts of faults that wait for nobody, earliest first: by arrival, up to which record time that is, s."""
        if not self.waiting:
            return []
        due = sorted(one for one in self.waiting if one.time <= until(one.arrived))
        self.waiting = [one for one in self.waiting if one.time > until(one.arrived)]
        return [one.alert for one in due if self._new(one.alert)]

    def _new(self, alert: Alert) -> bool:
        """Whether it is not a change that was told; the change was heard of in any case."""
        change = (alert.threat, alert.detector, alert.model, alert.version, _SHARE.sub("%", alert.title))
        before = self.told.pop(change, None)
        if len(self.told) >= MOST:
            del self.told[next(iter(self.told))]
        self.told[change] = max(alert.time, alert.time if before is None else before)
        return before is None or (alert.detector != FORM and alert.time - before > SPAN)

    def to_bytes(self) -> bytes:
        """All that is known."""
        waiting = [(*one.place, one.arrived, one.alert) for one in self.waiting]
        return msgspec.msgpack.encode(State(waiting, list(self.told.items())))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Faults":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        try:
            state = msgspec.msgpack.decode(data, type=State)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Corrupt(f"state of faults is damaged: {error}") from error
        made = cls()
        made.waiting = [Waiting(a.time, (topic, n), a.id, arrived, a) for topic, n, arrived, a in state.waiting]
        made.told = dict(state.told)
        return made
