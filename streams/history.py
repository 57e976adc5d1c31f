"""History: what a correlator finds in files, where the records' own time is the only clock."""

from math import inf

import numpy as np

from detectors import clock
from detectors.correlator import Correlator
from detectors.drift_words import silence_alert
from detectors.faults import parted
from detectors.silence import Silence
from detectors.slices import Outcome
from schemas.alert import Alert
from schemas.signal import Signal

LOG = ""  # what all files together are called where a topic is meant


class History:
    """Alerts on models and on sources of a scan. Files are one partition: there is nobody to wait for.

    What is silent when the files end may only have ended there, and is not said.
    """

    def __init__(self, *, alerts_per_day: float = 10.0, release: str = "") -> None:
        self.release = release
        self.correlator = Correlator(alerts_per_day=alerts_per_day, release=release)
        self.silence = Silence()
        self.clock = clock.new()

    def take(self, outcome: Outcome) -> None:
        """Put them among the others, by time."""
        found = self._silent(outcome)
        outcome.findings.alerts, faults = parted(outcome.findings.alerts)
        for fault in faults:
            self.correlator.faults.add((LOG, 0), fault, now=0.0)
            found += self.correlator.faults.ready(lambda _: inf)
        for model, version, block in outcome.blocks:
            signal = Signal(topic=LOG, partition=0, time=block.last, block=block, model=model, version=version)
            self.correlator.add(signal, now=0.0)
        for model, version, sketch in outcome.sketches:
            signal = Signal(topic=LOG, partition=0, time=sketch.last, sketch=sketch, model=model, version=version)
            self.correlator.add(signal, now=0.0)
        for model, version, suspect in outcome.suspects:
            signal = Signal(topic=LOG, partition=0, time=suspect.time, suspect=suspect, model=model, version=version)
            self.correlator.add(signal, now=0.0)
        for model, version, late in outcome.late:
            signal = Signal(topic=LOG, partition=0, time=late.last, late=late, model=model, version=version)
            self.correlator.add(signal, now=0.0)
        found += self.correlator.finish()
        if found:
            outcome.findings.alerts = sorted([*outcome.findings.alerts, *found], key=lambda alert: alert.time)

    def _silent(self, outcome: Outcome) -> list[Alert]:
        """Alerts of sources that were silent before these records came, or while others did."""
        if not outcome.heard:
            return []
        codes = {model: code for code, model in enumerate(dict.fromkeys(model for model, _, _ in outcome.heard))}
        code = np.concatenate([np.full(len(time), codes[model], np.int32) for model, _, time in outcome.heard])
        order = np.argsort(np.concatenate([offsets for _, offsets, _ in outcome.heard]), kind="stable")
        time = clock.tick(np.concatenate([time for _, _, time in outcome.heard])[order], self.clock)
        found = self.silence.listen(LOG, time, code[order], list(codes)) + self.silence.check(float(time[-1]))
        return [silence_alert(silent, release=self.release) for silent in found]
