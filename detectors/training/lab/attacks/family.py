"""Family: one way to attack, what it is called, and what came of it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from detectors.training.lab.attacks.oracle import Disguise, Oracle, Spent, TurnOver
from detectors.training.lab.types import Generator, Kind, Matrix, Victim
from schemas.batch import Codes, Doubles

EVERY: tuple[Kind, ...] = ("tabular", "image", "embedding")


@dataclass(frozen=True)
class Queries:
    """What an attack sends, and what it came to.

    Attributes
    ----------
    features : (n, F) in order
    turn : (n,) the target that each is about, from 0; where there are no targets each is about itself
    success : share of what it was after, in [0, 1]; None where there is no such thing
    fidelity : (answers, share) of a copy's agreement with the victim after so many answers
    gained : (n,) what of the success, or of the copy's agreement, each question brought; None where it is not measured
    """

    features: Matrix
    turn: Codes
    success: float | None = None
    fidelity: tuple[tuple[int, float], ...] = ()
    gained: Doubles | None = None


@dataclass(frozen=True)
class Gain:
    """What an attack came to: see ``Queries``. Where it is not said which question brought it, all did alike."""

    success: float | None = None
    fidelity: tuple[tuple[int, float], ...] = ()
    gained: Doubles | None = None


@dataclass(frozen=True)
class Family:
    """One way to attack.

    Attributes
    ----------
    threat : a key of ``schemas.threats.THREATS``
    attack : asks until it is done or ``Spent``
    gain : what came of it, from what was asked
    sizes : smallest and largest usual number of questions
    kinds : of victims that it makes sense for
    pacings : that it makes sense in; empty for all
    hasty : whether it is nothing if it is not fast
    """

    name: str
    threat: str
    attack: Callable[[Oracle], object]
    gain: Callable[[Oracle], Gain]
    sizes: tuple[int, int] = (400, 2500)
    kinds: tuple[Kind, ...] = EVERY
    pacings: tuple[str, ...] = ()
    hasty: bool = False

    def plan(self, victim: Victim, rng: Generator, size: int, *, disguise: Disguise | None = None) -> Queries:
        """Attack ``victim`` with at most ``size`` questions, each of which passes ``disguise``."""
        oracle = Oracle(victim, rng, size, disguise)
        with suppress(Spent, TurnOver):
            self.attack(oracle)
        gain = self.gain(oracle)
        features, _, turn = oracle.sent()
        turn = turn if oracle.targets else np.arange(len(turn), dtype=np.int32)
        gained = gain.gained
        if gained is None and gain.success is not None:
            gained = np.full(len(features), gain.success / max(len(features), 1))
        return Queries(features, turn, gain.success, gain.fidelity, gained)

    def usual(self, rng: Generator) -> int:
        """Draw a number of questions, as likely to be doubled as halved."""
        low, high = np.log(self.sizes)
        return round(float(np.exp(rng.uniform(low, high))))


def nothing(oracle: Oracle) -> Gain:
    """Attacks that are after nothing that could be measured."""
    del oracle
    return Gain()
