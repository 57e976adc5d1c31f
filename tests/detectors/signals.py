"""Signals of three partitions, and a correlator that knows of them."""

import numpy as np

from detectors import blocks
from detectors.correlator import Correlator
from detectors.features.tails import TAILS
from schemas.alert import Alert
from schemas.signal import Signal

START = 1.75e9
DAY = 86400.0


def signals(partitions=3, days=3.0, *, move=0.0, seed=0) -> list[Signal]:
    """Signals of partitions, each with its own 20 principals, in order of time; inputs move by ``move`` at half."""
    made = []
    for partition in range(partitions):
        r = np.random.default_rng([seed, partition])
        n = int(days * 1500)
        time = START + np.sort(r.uniform(0, days * DAY, n))
        slots = r.integers(0, 20, n)
        tails = r.exponential(0.4, (n, len(TAILS)))
        tails[time > START + days * DAY / 2, 0] += move
        state, block = np.zeros(20, blocks.state), np.zeros(1, blocks.open_block)
        columns = {
            "tails": tails.astype(np.float32),
            "label": r.integers(0, 3, n).astype(np.int32),
            "confidence": r.beta(9, 1, n).astype(np.float32),
            "u": r.integers(-256, 256, (n, 32)).astype(np.int16),
        }
        names = [f"u-{partition}-{k}" for k in range(20)]
        z = np.zeros((n, blocks.WIDTH), np.float32)
        for _, found, _, _ in blocks.collect(columns, slots.astype(np.int64), time, z, state, block, names=names):
            made.append(
                Signal(topic="traffic", partition=partition, time=found.last, block=found, model="fraud", version="1")
            )
    return sorted(made, key=lambda s: s.time)


def knowing(wait=60.0) -> Correlator:
    correlator = Correlator(wait=wait)
    for partition in range(3):
        correlator.add(Signal(topic="traffic", partition=partition, time=START), 0.0)
    return correlator


def alerts_of(sent, detector="drift", *, correlator=None, every=1) -> list[Alert]:
    """Alerts of a detector, as they come from a correlator that knows of three partitions."""
    correlator = correlator or knowing()
    return [a for a in told(sent, correlator, every) + correlator.finish() if a.detector == detector]


def told(sent, correlator, every=1) -> list[Alert]:
    """All that a correlator tells of while it hears these signals, and looks after every few."""
    found: list[Alert] = []
    for k, signal in enumerate(sent):
        correlator.add(signal, 0.0)
        if k % every == 0:
            found += correlator.advance(0.0)
    return found


def by_turns(sent, seed) -> list[Signal]:
    """The same signals, each partition's in its order, while it is left to chance whose is next."""
    turns = np.random.default_rng(seed).permutation([s.partition for s in sent])
    queues = [iter([s for s in sent if s.partition == p]) for p in range(3)]
    return [next(queues[p]) for p in turns]


def twice(sent) -> list[Signal]:
    """Every signal and itself again."""
    return [s for signal in sent for s in (signal, signal)]


MOVING = signals(move=0.5)
