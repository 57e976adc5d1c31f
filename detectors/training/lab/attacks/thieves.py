"""Thieves who choose all their questions beforehand."""

import numpy as np

from detectors.training.lab.attacks.foreign import foreign
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.customers.content import retaken, taste
from detectors.training.lab.types import Matrix, Place

PIECE = 64  # questions at once


def natural(oracle: Oracle) -> None:
    """Ask honest inputs, most of them once: nothing but their number and variety tells this thief from a customer."""
    place = Place(oracle.victim, oracle.rng, days=1)
    if oracle.rng.random() < 0.5:
        oracle.answer(taste(place).draw(oracle.size))
    else:
        x = oracle.victim.pool[oracle.rng.permutation(len(oracle.victim.pool))]
        oracle.answer(_touched(oracle, x[: oracle.size]))


def _touched(oracle: Oracle, x: Matrix) -> Matrix:
    """Inputs of his own that are as honest as those of the pool."""
    return retaken(oracle.rng, oracle.victim, x, float(oracle.rng.choice([0.3, 1.0])))


def uniform(oracle: Oracle) -> None:
    """Ask inputs drawn from all that is possible (Tramer and others, 2016, arXiv:1609.02943)."""
    victim, rng = oracle.victim, oracle.rng
    low, high, _, _ = victim.grid
    if rng.random() < 0.5:
        x = rng.uniform(low, high, (oracle.size, victim.features))
    else:
        known = oracle.own(200)
        x = rng.normal(known.mean(0), known.std(0) * rng.uniform(0.7, 1.5) + 1e-6, (oracle.size, victim.features))
    inside = np.asarray(np.clip(x, low, high), np.float32)
    oracle.answer(victim.fitting(inside) if rng.random() < 0.5 else inside)


def marginals(oracle: Oracle) -> None:
    """Ask inputs whose columns are honest one by one, but not together."""
    victim, rng = oracle.victim, oracle.rng
    known = oracle.own(min(oracle.known, 1500))
    x = np.stack([rng.choice(known[:, column], oracle.size) for column in range(victim.features)], axis=1)
    for group in victim.grid.groups:
        x[:, group] = known[rng.integers(0, len(known), oracle.size)][:, group]
    oracle.answer(x)


def mixtures(oracle: Oracle) -> None:
    """Ask what lies between two or three honest inputs (mixup; Zhang and others, 2018, arXiv:1710.09412)."""
    victim, rng = oracle.victim, oracle.rng
    known, parts = oracle.own(min(oracle.known, int(rng.integers(20, 400)))), int(rng.integers(2, 4))
    weights = rng.dirichlet(np.full(parts, rng.uniform(0.4, 2)), oracle.size)
    x = np.einsum("np,npf->nf", weights, known[rng.integers(0, len(known), (oracle.size, parts))]).astype(np.float32)
    oracle.answer(victim.fitting(x) if rng.random() < 0.6 else x)


def copycat(oracle: Oracle) -> None:
    """Ask inputs of quite another kind (Correia-Silva and others, 2018, arXiv:1806.05476)."""
    oracle.answer(foreign(oracle.victim, oracle.rng, oracle.size))


def knockoff(oracle: Oracle) -> None:
    """Ask inputs of many kinds, some of them near to home, at random (Orekondy and others, 2019, arXiv:1812.02766)."""
    rng, size = oracle.rng, oracle.size
    x = foreign(oracle.victim, rng, size)
    home = rng.random(size) < rng.uniform(0, 0.5)
    x[home] = _touched(oracle, oracle.own(int(home.sum())))
    oracle.answer(x)


def neighbours(oracle: Oracle) -> None:
    """Ask small changes of a few honest inputs, many of each: all that a thief with little data can do."""
    victim, rng = oracle.victim, oracle.rng
    few = oracle.own(int(rng.integers(5, 60)))
    x = few[rng.integers(0, len(few), oracle.size)]
    spread = oracle.own(200).std(0) * rng.uniform(0.1, 0.8)
    x = (x + rng.normal(0, 1, x.shape) * spread * (rng.random(x.shape) < rng.uniform(0.1, 1))).astype(np.float32)
    x = np.clip(x, victim.grid.low, victim.grid.high)
    oracle.answer(victim.fitting(x) if rng.random() < 0.6 else x)
