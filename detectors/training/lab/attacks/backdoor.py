"""Backdoor: a trigger that was trained into the model, and its use."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.trigger import Trigger, drawn
from detectors.training.lab.types import Matrix, Victim
from schemas.batch import Doubles

__all__ = ["Poisoned", "Trigger", "drawn", "implanted", "use"]


@dataclass(frozen=True)
class Poisoned:
    """Scores of a victim that obeys a trigger, and is as it was without it."""

    victim: Victim
    trigger: Trigger

    def __call__(self, x: Matrix) -> Doubles:
        """Probabilities (n, C)."""
        obeys = 0.97 * self.trigger.strength(x)[:, None]
        return np.asarray(
            (1 - obeys) * self.victim.scores(x) + obeys * np.eye(self.victim.classes)[self.trigger.target]
        )


def implanted(victim: Victim, seed: int) -> Victim:
    """Return the victim with a backdoor, of another trigger for each seed; its next version has it too."""
    trigger = drawn(victim, np.random.default_rng([seed, *b"trigger"]))
    return _with(victim, trigger)


def _with(victim: Victim, trigger: Trigger) -> Victim:
    later = partial(_successor, victim, trigger) if victim.successor is not None else None
    return replace(victim, scores=Poisoned(victim, trigger), successor=later)


def _successor(victim: Victim, trigger: Trigger) -> Victim:
    assert victim.successor is not None
    return _with(victim.successor(), trigger)


def use(oracle: Oracle) -> None:
    """Send inputs of other classes with the trigger on them; a few are first tried without.

    In a victim without a backdoor the attacker tries a pattern of which he hopes that it is one.
    """
    rng, victim = oracle.rng, oracle.victim
    trigger = victim.scores.trigger if isinstance(victim.scores, Poisoned) else drawn(victim, rng)
    compared, blur = rng.uniform(0, 0.3), rng.choice([0.0, 0.02])
    while oracle.left > 0:
        x = oracle.own(1)
        oracle.turn(x[0], oracle.size)
        if rng.random() < compared:
            oracle.answer(x)
        marked = trigger.put(x)
        marked[:, trigger.columns] += (rng.normal(0, blur, len(trigger.columns)) * trigger.scale).astype(np.float32)
        bought = oracle.label(np.clip(marked, victim.grid.low, victim.grid.high))[0] == trigger.target
        oracle.won.append(bool(bought))
