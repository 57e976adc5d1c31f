"""Drifts: the world moves, and nobody attacks. For all customers, or for a few of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from detectors.training.lab.customers.content import along, parts
from detectors.training.lab.types import Generator, Matrix, Victim, Visit
from schemas.batch import Doubles

Change = Callable[[Matrix, Doubles], Matrix]  # inputs (n, F), how far the change has come (n,) in [0, 1] -> inputs
MODEL = "model"


class Drift(NamedTuple):
    """A change of the world.

    Attributes
    ----------
    kind : of ``KINDS``
    start : s since the world's start
    ramp : s from nothing to all of it; 0 is at once
    share : of the principals for whom the world moves
    change : what it does to inputs
    """

    kind: str
    start: float
    ramp: float
    share: float
    change: Change

    def moved(self, rng: Generator, visit: Visit) -> Visit:
        """What a principal sends in a world that moves; the few that are spared send what they would have sent."""
        if rng.random() >= self.share:
            return visit
        late = visit.time >= self.start
        if not late.any():
            return visit
        amount = np.clip((visit.time[late] - self.start) / self.ramp, 0, 1) if self.ramp else np.ones(int(late.sum()))
        features = visit.features.copy()
        features[late] = self.change(features[late], amount)
        return Visit(visit.time, features)


def drift(
    victim: Victim, rng: Generator, kind: str, start: float, *, ramp: float = 0.0, share: float = 1.0, size: float = 1.0
) -> Drift:
    """Draw a drift of a kind; ``size`` 1 is one that people would notice.

    Raises
    ------
    KeyError
        for a kind that is none
    """
    return Drift(kind, start, ramp, share, KINDS[kind](victim, rng, size))


def _scale(victim: Victim, rng: Generator, size: float) -> Change:
    """Some columns grow or shrink; of images the contrast."""
    some = np.ones(victim.features) if victim.shape else rng.random(victim.features) < 0.5
    factor = np.exp(size * rng.choice([-0.5, 0.5]) * some)
    middle = np.median(victim.pool[:4_000], axis=0) * bool(victim.shape)
    return lambda x, amount: victim.fitting(_mixed(x, middle + (x - middle) * factor, amount))


def _offset(victim: Victim, rng: Generator, size: float) -> Change:
    """Everything lies higher or lower, by up to a standard deviation; images are darker or brighter."""
    width = victim.pool[:4_000].std(axis=0)
    way = rng.choice([-1.0, 1.0]) if victim.shape else rng.normal(size=victim.features)
    step = size * (width.mean() if victim.shape else width) * way
    return lambda x, amount: victim.fitting(_mixed(x, x + step, amount))


def _grain(victim: Victim, rng: Generator, size: float) -> Change:
    """Instruments get worse: noise."""
    width = 0.5 * size * victim.pool[:4_000].std(axis=0)
    return lambda x, amount: victim.fitting(_mixed(x, x + width * rng.normal(size=x.shape), amount))


def _coarse(victim: Victim, rng: Generator, size: float) -> Change:
    """What is sent is rounded more coarsely."""
    levels = max(2, round(float(rng.uniform(4, 9)) / size))
    low, span = victim.grid.low, np.maximum(victim.grid.high - victim.grid.low, 1e-9)
    return lambda x, amount: victim.fitting(_mixed(x, low + np.rint((x - low) / span * levels) / levels * span, amount))


def _prior(victim: Victim, rng: Generator, size: float) -> Change:
    """Another class becomes common."""
    favoured = int(rng.integers(victim.classes))
    rows = np.flatnonzero(victim.pool_class == favoured)
    return _replaced(victim, rng, rows, min(0.9, 0.5 * size))


def _segment(victim: Victim, rng: Generator, size: float) -> Change:
    """The service is offered in another country: inputs from one corner become common."""
    rows = np.argsort(along(rng, victim.pool))[-len(victim.pool) // 10 :]
    return _replaced(victim, rng, rows, min(0.9, 0.5 * size))


def _upstream(victim: Victim, rng: Generator, size: float) -> Change:
    """Parts of the input are no longer delivered, and have the usual value."""
    pieces = parts(victim, rng)
    lost = rng.choice(len(pieces), max(1, round(0.08 * size * len(pieces))), replace=False)
    columns = np.concatenate([pieces[index] for index in lost])
    usual = victim.fitting(np.median(victim.pool[:4_000], axis=0)[None].astype(np.float32))[0]

    def change(x: Matrix, amount: Doubles) -> Matrix:
        x = x.copy()
        rows = np.flatnonzero(rng.random(len(x)) < amount)
        x[rows[:, None], columns] = usual[columns]
        return x

    return change


def _model(victim: Victim, rng: Generator, size: float) -> Change:
    """Inputs stay; the model is replaced under the same name."""
    return lambda x, amount: x


def _replaced(victim: Victim, rng: Generator, rows: np.ndarray, share: float) -> Change:
    def change(x: Matrix, amount: Doubles) -> Matrix:
        new = victim.pool[rng.choice(rows, len(x))]
        return np.where((rng.random(len(x)) < share * amount)[:, None], new, x)

    return change


def _mixed(x: Matrix, other: Matrix | Doubles, amount: Doubles) -> Matrix:
    share = amount[:, None]
    return np.asarray(x * (1 - share) + other * share, np.float32)


KINDS: dict[str, Callable[[Victim, Generator, float], Change]] = {
    "scale": _scale,
    "offset": _offset,
    "grain": _grain,
    "coarse": _coarse,
    "prior": _prior,
    "segment": _segment,
    "upstream": _upstream,
    MODEL: _model,
}
