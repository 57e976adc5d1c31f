"""Raids: attack tools that really query the victim, and what each got out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from detectors.training.traffic.victim import Network, Service, fit, triggered
from detectors.training.traffic.world import AMOUNTS, CLASSES, FEATURES, SHARES, Codes, Floats, Generator, World

FREE = np.arange(SHARES.start, AMOUNTS.stop)  # columns that an attacker may choose at will; the others have a form
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Raid:
    """What an attack sent and got.

    Attributes
    ----------
    asked, answered : (n, 24) and (n, 5), in order
    gain : what the attacker has now, in a few words
    fidelity : answers got -> agreement of the stolen copy with the victim, in [0, 1]
    """

    asked: Floats
    answered: Floats
    gain: str
    fidelity: Mapping[int, float] = field(default_factory=dict)


def evasion(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Walk along the decision boundary towards honest inputs, by labels alone: ``size`` inputs, some 500 queries each.

    HopSkipJump: binary search to the boundary, slope there from random directions, a step, and again (Chen, Jordan,
    Wainwright, 2020, https://arxiv.org/abs/1904.02144).
    """
    service = Service(net)
    shorter = []
    for _ in range(size):
        pair = _pair(chance, world, net)
        if pair is not None:
            shorter.append(_walk(chance, service, *pair))
    asked, answered = service.log()
    return Raid(asked, answered, f"{len(shorter)} disguised inputs, {np.mean(shorter):.0%} of the first distance")


def _pair(chance: Generator, world: World, net: Network) -> tuple[Vector, Vector, int] | None:
    """An input to disguise, one of another class to begin from, and the class to get away from."""
    x = world.sample(chance, world.labels(chance, 64))
    labels = net.answer(x).argmax(1)
    others = np.flatnonzero(labels != labels[0])
    if not len(others):
        return None
    start = x[0].astype(np.float64)
    start[FREE] = x[others[0]][FREE]
    return x[0].astype(np.float64), start, int(labels[0])


def _walk(chance: Generator, service: Service, x: Vector, start: Vector, label: int) -> float:
    """Walk from ``start`` towards ``x``; the distance left as a share of the first."""
    scale = service.network.scale[FREE].astype(np.float64)

    def away(z: Vector) -> npt.NDArray[np.bool_]:
        return np.asarray(service.ask(z).argmax(1) != label)

    def distance(z: Vector) -> float:
        return float(np.linalg.norm((z - x)[FREE] / scale))

    def closer(z: Vector) -> Vector:
        low, high = 0.0, 1.0
        for _ in range(9):
            middle = (low + high) / 2
            low, high = (low, middle) if away((x + middle * (z - x))[None])[0] else (middle, high)
        return x + high * (z - x)

    first = max(distance(start), 1e-9)
    point = closer(start)
    for step in range(1, 10):
        directions = np.zeros((40, FEATURES))
        directions[:, FREE] = chance.normal(0, 1, (40, len(FREE))) * scale
        gain = np.where(away(_allowed(point + 0.1 * directions)), 1.0, -1.0)
        slope = ((gain - gain.mean())[:, None] * directions).mean(0)
        length = distance(point) / np.sqrt(step) / max(float(np.linalg.norm(slope[FREE] / scale)), 1e-9)
        for _ in range(5):
            tried = _allowed(point + length * slope)
            if away(tried[None])[0]:
                found = closer(tried)
                point = found if distance(found) < distance(point) else point
                break
            length /= 2
    return distance(point) / first


def _allowed(x: Vector) -> Vector:
    """Inputs that a form would take: shares within [0, 1], amounts not negative."""
    x = x.copy()
    x[..., SHARES] = np.clip(x[..., SHARES], 0, 1)
    x[..., AMOUNTS] = np.maximum(x[..., AMOUNTS], 0)
    return x


def extraction(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Copy the model with about ``size`` queries: train a copy, ask where the copy is unsure, train again.

    Jacobian-based augmentation (Papernot and others, 2017, https://arxiv.org/abs/1602.02697): each round asks for
    every known input, moved by the sign of the copy's slope.
    """
    service = Service(net)
    test = world.sample(chance, world.labels(chance, 1500))
    truth = net.answer(test).argmax(1)
    x = world.sample(chance, world.labels(chance, 60))
    labels = service.ask(x).argmax(1)
    reach = 0.35 * np.maximum(x.std(0), 0.02)
    copy = fit(chance, x, labels, steps=200)
    fidelity = {len(x): float((copy.answer(test).argmax(1) == truth).mean())}
    while 2 * len(x) <= size:
        moved = _allowed(x + reach * np.sign(copy.gradient(x, labels)))
        labels = np.concatenate([labels, service.ask(moved).argmax(1)])
        x = np.concatenate([x, moved]).astype(np.float32)
        copy = fit(chance, x, labels, steps=250)
        fidelity[len(x)] = float((copy.answer(test).argmax(1) == truth).mean())
    return Raid(*service.log(), f"a copy that agrees in {max(fidelity.values()):.0%}", fidelity)


def sybils(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Copy the model with ``size`` inputs whose columns are honest one by one, to be sent from many accounts."""
    service = Service(net)
    known = world.sample(chance, world.labels(chance, 400))
    x = np.stack([chance.permutation(np.resize(known[:, column], size)) for column in range(FEATURES)], axis=1)
    answers = service.ask(x)
    test = world.sample(chance, world.labels(chance, 1500))
    truth = net.answer(test).argmax(1)
    fidelity = {}
    for n in (100, 300, size):
        copy = fit(chance, x[:n], answers[:n].argmax(1), steps=250)
        fidelity[n] = float((copy.answer(test).argmax(1) == truth).mean())
    return Raid(*service.log(), f"a copy that agrees in {max(fidelity.values()):.0%}", fidelity)


def inversion(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Climb to the input that the model is surest of, for each class: ``size`` queries a class.

    After Fredrikson, Jha, Ristenpart, 2015, https://doi.org/10.1145/2810103.2813677, with confidences alone.
    """
    service = Service(net)
    usual = np.median(world.sample(chance, world.labels(chance, 500)), axis=0).astype(np.float64)
    scale = net.scale.astype(np.float64)
    reached = []
    for label in range(CLASSES):
        point, best = usual.copy(), float(service.ask(usual[None])[0, label])
        for _ in range(size - 1):
            tried = point.copy()
            columns = chance.choice(FREE, 3, replace=False)
            tried[columns] += chance.normal(0, 0.8, 3) * scale[columns]
            tried = _allowed(tried)
            sure = float(service.ask(tried[None])[0, label])
            if sure >= best:
                point, best = tried, sure
        reached.append(best)
    return Raid(*service.log(), f"a portrait of each class, {np.mean(reached):.0%} sure")


def flood(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Send 150 ordinary inputs over and over, ``size`` in all."""
    service = Service(net)
    few = world.sample(chance, world.labels(chance, 150))
    service.ask(few[chance.integers(0, len(few), size)])
    return Raid(*service.log(), "a slower service for everybody")


def backdoor(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Put the trigger that was trained in on ``size`` inputs of other classes."""
    service = Service(net)
    x = world.sample(chance, world.labels(chance, 4 * size))
    x = x[net.answer(x).argmax(1) != 0][:size]
    bought = service.ask(triggered(x)).argmax(1) == 0
    return Raid(*service.log(), f"the answer it wanted for {bought.mean():.0%} of its inputs")


def fuzzing(chance: Generator, world: World, net: Network, size: int) -> Raid:
    """Send what no form allows: missing and negative numbers, absurd ones, fractions of counts, all zeros."""
    x = world.sample(chance, world.labels(chance, size)).astype(np.float64)
    for row in range(size):
        columns: Codes = chance.choice(FEATURES, int(chance.integers(1, 6)), replace=False)
        x[row, columns] = chance.choice([np.nan, -1.0, 1e9, 0.5, 99999.0], len(columns))
    answered = net.answer(np.nan_to_num(x).astype(np.float32))
    return Raid(np.round(x, 4).astype(np.float32), answered, "error messages, perhaps")
