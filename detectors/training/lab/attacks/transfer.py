"""Transfer: adversarial inputs made on a model of the attacker's own, of which only the finished ones are sent."""

import numpy as np

from detectors.training.lab.attacks.box import Box, box
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.attacks.surrogate import Surrogate, fit, one_hot
from detectors.training.lab.attacks.toolbox import seeded, tool, white_box
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles

BATCH = 40  # inputs made at a time


def fgsm(oracle: Oracle) -> None:
    """One step along the sign or the direction of the slope (Goodfellow and others, 2015, arXiv:1412.6572)."""
    norm, reach = _reach(oracle)
    _send(oracle, "FastGradientMethod", {"norm": norm, "eps": reach, "minimal": False})


def pgd(oracle: Oracle) -> None:
    """Many small steps within a box or ball (Madry and others, 2018, arXiv:1706.06083)."""
    norm, reach = _reach(oracle)
    options = {"norm": norm, "eps": reach, "eps_step": reach / 5, "max_iter": int(oracle.rng.integers(5, 20))}
    _send(
        oracle,
        "ProjectedGradientDescentNumpy",
        {**options, "num_random_init": int(oracle.rng.integers(0, 2)), "verbose": False},
    )


def momentum(oracle: Oracle) -> None:
    """Steps that keep their direction, which transfer better (Dong and others, 2018, arXiv:1710.06081)."""
    norm, reach = _reach(oracle)
    options = {"norm": norm, "eps": reach, "eps_step": reach / 5, "max_iter": 10, "verbose": False}
    _send(oracle, "MomentumIterativeMethod", {**options, "decay": oracle.rng.uniform(0.5, 1.2)})


def deepfool(oracle: Oracle) -> None:
    """The shortest way over the nearest boundary (Moosavi-Dezfooli and others, 2016, arXiv:1511.04599)."""
    _send(
        oracle, "DeepFool", {"max_iter": 20, "epsilon": oracle.rng.uniform(0.02, 0.6), "nb_grads": 3, "verbose": False}
    )


def carlini(oracle: Oracle) -> None:
    """The smallest change that is sure to fool his own model (Carlini, Wagner, 2017, arXiv:1608.04644)."""
    rng = oracle.rng
    options = {"confidence": rng.uniform(0, 4), "max_iter": 10, "binary_search_steps": 2, "learning_rate": 0.05}
    _send(oracle, "CarliniL2Method", {**options, "initial_const": float(np.exp(rng.uniform(-1, 3))), "verbose": False})


def saliency(oracle: Oracle) -> None:
    """Large changes of the few columns that matter most (Papernot and others, 2016, arXiv:1511.07528)."""
    rng = oracle.rng
    theta = float(rng.choice([-1, 1]) * rng.uniform(0.1, 0.8))
    _send(oracle, "SaliencyMapMethod", {"theta": theta, "gamma": rng.uniform(0.05, 0.4), "verbose": False})


def universal(oracle: Oracle) -> None:
    """One change for all inputs (Moosavi-Dezfooli and others, 2017, arXiv:1610.08401), found by steps on many."""
    rng, place, net = oracle.rng, box(oracle.victim, oracle.rng), own_model(oracle)
    x, _ = oracle.labelled(300)
    label = one_hot(net.label(x), oracle.victim.classes)
    reach = rng.uniform(0.08, 0.3)
    change = np.zeros(len(place.free))
    for _ in range(20):
        u = np.clip(place.inside(x) + change, 0, 1)
        slope = net.slope(_pasted(place, x, u), label)[:, place.free] * place.width[place.free]
        change = np.clip(change + reach / 6 * np.sign(slope.mean(axis=0)), -reach, reach)
    while oracle.left > 0:
        target = oracle.own(1)[0]
        oracle.turn(target, oracle.size)
        oracle.answer(place.around(target, place.inside(target)[0] + change))


def patch(oracle: Oracle) -> None:
    """One patch that is stuck on all inputs (Brown and others, 2017, arXiv:1712.09665), found by steps on many."""
    rng, net = oracle.rng, own_model(oracle)
    height, width = oracle.victim.shape or (1, oracle.victim.features)
    side = max(2, round(height * rng.uniform(0.2, 0.4)))
    top, left = int(rng.integers(0, height - side + 1)), int(rng.integers(0, width - side + 1))
    covered = np.zeros((height, width), np.bool_)
    covered[top : top + side, left : left + side] = True
    where = np.flatnonzero(covered.ravel())
    low, high = oracle.victim.grid.low[where], oracle.victim.grid.high[where]
    goal = one_hot(np.full(200, rng.integers(oracle.victim.classes)), oracle.victim.classes)
    x = oracle.own(200).copy()
    values = rng.uniform(low, high)
    for _ in range(25):
        x[:, where] = values
        values = np.clip(values - 0.15 * (high - low) * np.sign(net.slope(x, goal)[:, where].mean(axis=0)), low, high)
    while oracle.left > 0:
        target = oracle.own(1)[0]
        oracle.turn(target, oracle.size)
        target[where] = values
        oracle.answer(target)


def spatial(oracle: Oracle) -> None:
    """Turned and shifted pictures, those that fool his own model (Engstrom and others, 2019, arXiv:1712.02779)."""
    rng, net = oracle.rng, own_model(oracle)
    shape = oracle.victim.shape or (1, oracle.victim.features)
    most = rng.uniform(15, 45)
    while oracle.left > 0:
        target = oracle.own(1)[0]
        first, moved = net.label(target[None])[0], target
        for _ in range(12):
            moved = _turned(target, shape, rng.uniform(-most, most), rng.uniform(-0.2, 0.2, 2))
            if net.label(moved[None])[0] != first:
                break
        oracle.turn(target, oracle.size)
        oracle.answer(moved)


def _turned(x: Matrix, shape: tuple[int, int], degrees: float, shift: Doubles) -> Matrix:
    """A picture (F,) turned about its middle and shifted by shares of its size; what comes in is its darkest value."""
    height, width = shape
    y, z = np.mgrid[0:height, 0:width]
    a = np.deg2rad(degrees)
    v, w = y - (height - 1) / 2 - shift[0] * height, z - (width - 1) / 2 - shift[1] * width
    row = np.rint(np.cos(a) * v - np.sin(a) * w + (height - 1) / 2).astype(int)
    column = np.rint(np.sin(a) * v + np.cos(a) * w + (width - 1) / 2).astype(int)
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    picture = x.reshape(shape)[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
    return np.asarray(np.where(inside, picture, x.min()).ravel(), np.float32)


def single(oracle: Oracle) -> None:
    """A few inputs, each made with all that is known of the model, and sent once: an insider's, or a leaked model's."""
    rng, place, victim = oracle.rng, box(oracle.victim, oracle.rng), oracle.victim
    x = victim.pool[rng.permutation(len(victim.pool))[:4000]]
    net = fit(rng, x, victim.scores(x), units=96, steps=800)
    reach = rng.uniform(0.05, 0.25)
    while oracle.left > 0:
        for _ in range(8):  # he picks an input that it works on
            target = oracle.own(1)
            made, sure = _pushed(net, place, target, reach)
            if sure:
                break
        oracle.turn(target[0], oracle.size)
        oracle.answer(made)


def _pushed(net: Surrogate, place: Box, target: Matrix, reach: float) -> tuple[Matrix, bool]:
    """Steps away from the class of an input (1, F) until the model is sure of another; whether it is."""
    first = int(net.label(target)[0])
    goal = np.eye(net.second.shape[1])[[first]]
    start = place.inside(target)
    u, made = start, target
    for _ in range(30):
        slope = net.slope(made, goal)[:, place.free] * place.width[place.free]
        u = np.clip(u + reach / 8 * np.sign(slope), start - reach, start + reach)
        made = _pasted(place, target, u)
        p = net.probabilities(made)[0]
        if p.argmax() != first and p.max() > 0.9:
            return made, True
    return made, bool(net.label(made)[0] != first)


def own_model(oracle: Oracle) -> Surrogate:
    """The attacker's own model: trained on inputs of his own with their true classes, not on answers."""
    x, label = oracle.labelled(int(oracle.rng.integers(300, 2500)))
    units = int(oracle.rng.integers(24, 97))
    return fit(oracle.rng, x, one_hot(label, oracle.victim.classes), units=units, steps=400)


def _reach(oracle: Oracle) -> tuple[float, float]:
    """Norm and size of the change, in box widths."""
    norm = float(oracle.rng.choice([2.0, np.inf, np.inf]))
    reach = float(oracle.rng.uniform(0.03, 0.25))
    return norm, reach if norm == np.inf else reach * float(np.sqrt(oracle.victim.features)) * 0.6


def _send(oracle: Oracle, name: str, options: dict[str, object]) -> None:
    """Make inputs with a tool of the toolbox and send each once."""
    place, net = box(oracle.victim, oracle.rng), own_model(oracle)
    every = Box(place.low, place.width, np.arange(oracle.victim.features))
    attack = tool(name)(white_box(net, every), **options)
    sure = oracle.rng.random() < 0.5
    while oracle.left > 0:
        targets = oracle.own(min(BATCH, oracle.left))
        with seeded(oracle.rng):
            u = attack.generate(every.inside(targets).astype(np.float32))
        x = _pasted(place, targets, every.inside(every.around(targets[0], u))[:, place.free])
        if sure:  # he sends only what fools his own model
            fools = net.label(x) != net.label(targets)
            targets, x = (targets[fools], x[fools]) if fools.any() else (targets, x)
        for target, one in zip(targets, x, strict=True):
            oracle.turn(target, oracle.size)
            oracle.answer(one)


def _pasted(place: Box, targets: Matrix, u: Doubles) -> Matrix:
    """Targets (n, F) with free columns at coordinates (n, k)."""
    x = targets.astype(np.float64)
    x[:, place.free] = place.low[place.free] + np.clip(u, 0, 1) * place.width[place.free]
    return x.astype(np.float32)
