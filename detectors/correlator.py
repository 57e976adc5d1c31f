"""Correlator: signals of all partitions, put in order by content, to alerts on models, sources and newcomers.

Signals arrive in any order. Blocks and sketches wait in windows of record time until every partition has passed the
window, or until they have waited too long (``detectors.progress``); then the window's are taken by topic, partition and
number. Faults wait until every partition has passed them. So alerts are a function of content, not of who was faster.
"""

from collections.abc import Callable, Iterable
from math import inf
from typing import TypeVar

from detectors.cohort_words import cohort_alert
from detectors.cohorts import SHARE, Cohorts
from detectors.drift import ModelDrift
from detectors.drift_words import drift_alert, silence_alert
from detectors.faults import Faults
from detectors.incidents import Incidents
from detectors.late_labels import LateLabels
from detectors.late_words import late_alert
from detectors.packing import Corrupt, pack, unpack
from detectors.progress import Place, Progress
from detectors.silence import Silence
from detectors.trigger_words import trigger_alert
from detectors.triggers import SHARE as TRIGGERS_SHARE
from detectors.triggers import Triggers
from detectors.young_pool import SHARE as YOUNG_SHARE
from detectors.young_pool import YoungPool
from detectors.young_words import young_alert
from schemas.alert import Alert
from schemas.signal import Block, Hindsight, Signal, Sketch, decode, encode

Version = tuple[str, str]
Latest = dict[tuple[Place, Version], tuple[int, float]]
"""Number and time of the latest block of each partition and model version."""
Known = TypeVar("Known")

WINDOW = 600.0  # s of record time
HELD = 16_384  # signals that wait, some 100 MB; beyond that the oldest window waits for nobody
MODELS = 1024  # model versions watched; where there are more, the one heard of longest ago is forgotten


class Correlator:
    """Evidence on models and sources. No clock of its own: ``now`` is the caller's, in s, and only goes forward.

    Where ``now`` is when a signal was written to its log, a replay of the log gives the same alerts.

    Parameters
    ----------
    wait : s after which a window is closed without the partitions that have nothing to read and have not passed it
    alerts_per_day : false alerts a day that are affordable, of which cohorts have a share
    release : version of tidegate, for alerts

    Attributes
    ----------
    held : signals that may wait
    """

    def __init__(self, *, wait: float = 60.0, alerts_per_day: float = 10.0, release: str = "") -> None:
        self.budget, self.release = alerts_per_day * SHARE, release
        self.trigger_budget, self.young_budget = alerts_per_day * TRIGGERS_SHARE, alerts_per_day * YOUNG_SHARE
        self.progress, self.held = Progress(wait), HELD
        self.waiting: dict[int, list[Signal]] = {}
        self.arrived: dict[int, float] = {}
        self.closed = -1
        self.last: dict[tuple[Place, Version], tuple[int, float]] = {}
        self.models: dict[Version, ModelDrift] = {}
        self.cohorts: dict[Version, Cohorts] = {}
        self.triggers: dict[Version, Triggers] = {}
        self.young: dict[Version, YoungPool] = {}
        self.incidents: dict[Version, Incidents] = {}
        self.late: dict[Version, LateLabels] = {}
        self.heard: dict[tuple[Place, Version], tuple[int, float]] = {}
        self.silence = Silence()
        self.faults = Faults()
        self.clock = 0.0
        self.moved_at: float | None = None

    def expect(self, topic: str, partitions: Iterable[int]) -> None:
        """Learn of partitions before they are heard: windows wait for them too."""
        self.progress.expect((topic, partition) for partition in partitions)

    def add(self, signal: Signal, now: float) -> None:
        """Take in a signal; one that was taken in before changes nothing."""
        place = (signal.topic, signal.partition)
        self.progress.hear(place, signal.time, more=signal.more)
        if signal.time > self.clock or self.moved_at is None:
            self.clock, self.moved_at = max(signal.time, self.clock), now
        self.silence.hear(signal.topic, "", signal.time, now=now)
        for model, records in signal.counts.items():
            self.silence.hear(signal.topic, model, signal.time, records, now=now)
        if signal.fault is not None:
            self.faults.add(place, signal.fault, now)
        if signal.sketch is not None:
            self._wait(signal, min(signal.sketch.last, signal.time), now)
        if signal.suspect is not None:
            self._wait(signal, min(signal.suspect.time, signal.time), now)
        said: list[tuple[Block | Hindsight | None, Latest]] = [(signal.block, self.last), (signal.late, self.heard)]
        for block, last in said:
            if block is not None and _new(block, last, (place, (signal.model, signal.version))):
                self._wait(signal, min(block.last, signal.time), now)

    def _wait(self, signal: Signal, time: float, now: float) -> None:
        """Let a signal wait for others of its window."""
        window = max(int(time // WINDOW), self.closed + 1)
        self.waiting.setdefault(window, []).append(signal)
        self.arrived.setdefault(window, now)

    def advance(self, now: float) -> list[Alert]:
        """Alerts of the windows that can be closed by ``now``, and of sources that have gone silent."""
        passed = self.progress.passed()
        late = [w for w, arrived in self.arrived.items() if (w + 1) * WINDOW <= self.progress.due(arrived, now)]
        full = [min(self.waiting)] if sum(map(len, self.waiting.values())) > self.held else []
        until = max([int(passed // WINDOW) - 1, *late, *full])
        alerts = self._close(until) + self.faults.ready(lambda at: max(passed, self.progress.due(at, now)))
        if self.moved_at is not None:
            alerts += [silence_alert(s, release=self.release) for s in self.silence.check(self._record_time(now), now)]
        return alerts

    def finish(self) -> list[Alert]:
        """Alerts of all that waits: there is no more to come."""
        return self._close(max(self.waiting, default=self.closed)) + self.faults.ready(lambda _: inf)

    def _record_time(self, now: float) -> float:
        """Record time by now: the latest heard of, and what has gone by since it last moved."""
        assert self.moved_at is not None
        return self.clock + max(0.0, now - self.moved_at)

    def _close(self, until: int) -> list[Alert]:
        alerts = []
        for window in sorted(w for w in self.waiting if w <= until):
            for signal in sorted(self.waiting.pop(window), key=_order):
                alerts += self._judge(signal)
            del self.arrived[window]
        self.closed = max(self.closed, until)
        return alerts

    def _newcomer(self, sketch: Sketch, key: Version) -> list[Alert]:
        """What a newcomer's sketch makes known of many: a cohort, a pool of odd ones, or both as one incident."""
        told = _latest(self.cohorts, key, Cohorts).add(sketch, self.budget / max(1, len(self.cohorts)))
        made = [] if told is None else [cohort_alert(told, model=key[0], version=key[1], release=self.release)]
        pool = _latest(self.young, key, YoungPool).add(sketch, self.young_budget / max(1, len(self.young)))
        made += [] if pool is None else [young_alert(pool, model=key[0], version=key[1], release=self.release)]
        return [_latest(self.incidents, key, Incidents).join(alert) for alert in made]

    def _judge(self, signal: Signal) -> list[Alert]:
        block, key = signal.block, (signal.model, signal.version)
        if signal.sketch is not None:
            return self._newcomer(signal.sketch, key)
        if signal.suspect is not None:
            one = _latest(self.triggers, key, Triggers)
            shown = one.add(signal.suspect, self.trigger_budget / max(1, len(self.triggers)))
            return [] if shown is None else [trigger_alert(shown, model=key[0], version=key[1], release=self.release)]
        if signal.late is not None:
            trigger = f"{signal.topic}/{signal.partition}/{signal.late.number}"
            found = _latest(self.late, key, LateLabels).add(signal.late)
            return [late_alert(o, model=key[0], version=key[1], trigger=trigger, release=self.release) for o in found]
        assert block is not None
        drift = _latest(self.models, key, ModelDrift).add(block)
        if drift is None:
            return []
        trigger = f"{signal.topic}/{signal.partition}/{block.number}"
        return [drift_alert(drift, model=key[0], version=key[1], trigger=trigger, release=self.release)]

    def to_bytes(self) -> bytes:
        """All state as one block."""
        return pack(
            {
                "progress": self.progress.fields(),
                "waiting": [
                    [window, self.arrived[window], [encode(s) for s in signals]]
                    for window, signals in self.waiting.items()
                ],
                "closed": self.closed,
                "late": [[*key, late.to_bytes()] for key, late in self.late.items()],
                "heard": [[*place, *version, *value] for (place, version), value in self.heard.items()],
                "last": [[*place, *version, *value] for (place, version), value in self.last.items()],
                "models": [[*key, model.to_bytes()] for key, model in self.models.items()],
                "cohorts": [[*key, cohorts.to_bytes()] for key, cohorts in self.cohorts.items()],
                "triggers": [[*key, triggers.to_bytes()] for key, triggers in self.triggers.items()],
                "young": [[*key, young.to_bytes()] for key, young in self.young.items()],
                "incidents": [[*key, incidents.plain()] for key, incidents in self.incidents.items()],
                "silence": self.silence.to_bytes(),
                "faults": self.faults.to_bytes(),
                "clock": self.clock,
                "moved_at": self.moved_at,
            },
            {},
        )

    def load(self, data: bytes) -> None:
        """Replace all state by a block of :meth:`to_bytes`; raises ``Corrupt``."""
        fields, _ = unpack(data)
        try:
            progress = Progress(self.progress.wait)
            progress.load(fields["progress"])
            waiting = {int(w): [_whole(s) for s in signals] for w, _, signals in fields["waiting"]}
            arrived = {int(w): float(at) for w, at, _ in fields["waiting"]}
            last = {((t, p), (m, v)): (int(n), float(at)) for t, p, m, v, n, at in fields["last"]}
            heard = {((t, p), (m, v)): (int(n), float(at)) for t, p, m, v, n, at in fields["heard"]}
            late = {(str(m), str(v)): LateLabels.from_bytes(state) for m, v, state in fields["late"]}
            models = {(str(m), str(v)): ModelDrift.from_bytes(state) for m, v, state in fields["models"]}
            cohorts = {(str(m), str(v)): Cohorts.from_bytes(state) for m, v, state in fields["cohorts"]}
            triggers = {(str(m), str(v)): Triggers.from_bytes(state) for m, v, state in fields["triggers"]}
            young = {(str(m), str(v)): YoungPool.from_bytes(state) for m, v, state in fields["young"]}
            incidents = {(str(m), str(v)): Incidents(known) for m, v, known in fields["incidents"]}
            silence, faults = Silence.from_bytes(fields["silence"]), Faults.from_bytes(fields["faults"])
            closed, clock = int(fields["closed"]), float(fields["clock"])
            moved_at = None if fields["moved_at"] is None else float(fields["moved_at"])
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of the correlator is damaged: {error}") from error
        self.progress, self.waiting, self.last, self.models = progress, waiting, last, models
        self.late, self.heard = late, heard
        self.cohorts, self.silence, self.closed, self.clock = cohorts, silence, closed, clock
        self.triggers, self.young, self.incidents = triggers, young, incidents
        self.arrived, self.moved_at, self.faults = arrived, moved_at, faults


def _new(block: Block | Hindsight, last: Latest, key: tuple[Place, Version]) -> bool:
    """Whether a block was not taken in before; it is remembered that it was."""
    number, before = last.get(key, (0, 0.0))
    if block.number <= number and block.last <= before:
        return False
    last[key] = (block.number, block.last)
    return True


def _latest(known: dict[Version, Known], key: Version, make: Callable[[], Known]) -> Known:
    """What is known of a model version; it becomes the one heard of last, and the first makes room for a new one."""
    found = known.pop(key, None) or make()
    if len(known) >= MODELS:
        del known[next(iter(known))]
    known[key] = found
    return found


def _order(signal: Signal) -> tuple[str, int, str, str, int, int]:
    content = signal.sketch or signal.suspect or signal.block or signal.late
    assert content is not None
    kind = 0 if signal.block is not None else 1 if signal.sketch is not None else 2 if signal.suspect is not None else 3
    return signal.topic, signal.partition, signal.model, signal.version, kind, content.number


def _whole(data: bytes) -> Signal:
    signal = decode(data)
    if signal is None or (signal.sketch or signal.suspect or signal.block or signal.late) is None:
        raise Corrupt("a waiting signal is damaged")
    return signal
