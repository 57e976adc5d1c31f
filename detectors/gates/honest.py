"""Honest: what the laboratory knows of a detector's honest peaks before any traffic of a model is seen.

A burn-in may have attackers in it, and nobody can tell them from loud customers by their score. Where a score means
the same on every model, as that of a network fitted on many does, its honest peaks lie alike everywhere, and what a
burn-in teaches beyond that is not believed.
"""

from dataclasses import dataclass

import numpy as np

from detectors.gates.tail import ALPHAS, LEAST_SCALE, Sample
from schemas.batch import Doubles

TRUST = 0.8  # how far below its ceiling, in the score's unit, honest peaks are held to stay: see :meth:`Honest.most`
PAST = 3.0  # times the largest peak of a clean burn-in that nobody's threshold must exceed, where one score is sure
LOUD = 0.2  # share of principals above what a tenth should exceed, from which on a whole population counts as loud


@dataclass(frozen=True, slots=True)
class Honest:
    """What is known beforehand.

    Attributes
    ----------
    tail : how heavy the tail of honest peaks is, in [0, 1); 0 is exponential
    ceiling : location and scale of an exponential tail below which they stay, in the score's unit; None if unknown
    floor : location of the exponential tail that thresholds stay above, in nats; None if there is none
    grain : least mean excess that a tail is laid with, in the score's unit
    optimism : how many times as often as a burn-in of many promises thresholds are exceeded, by the laboratory
    sure : peak that no honest principal of the laboratory came near; None if there is none
    """

    tail: float = 0.0
    ceiling: tuple[float, float] | None = None
    floor: float | None = None
    grain: float = LEAST_SCALE
    optimism: float = 1.0
    sure: float | None = None

    @property
    def usual(self) -> float | None:
        """Mean excess of honest peaks over a high one, in the score's unit; None if unknown."""
        return None if self.ceiling is None else self.ceiling[1]

    def most(self, clean: Sample) -> Doubles:
        """Thresholds (K,) of the levels of a table above which no burn-in may take them.

        The ceiling holds on nearly all models. Thresholds as high as that would be silent on most of them wherever
        attackers were in the burn-in, so the line lies lower, where the budget still holds on the average of models
        (docs/detection/laboratory.md has what other lines trade).

        Where a fifth of the burn-in's principals lie above what a tenth should exceed, this population is louder than
        those known, and all is moved by the difference: a tenth of attackers moves nothing.

        A heavy tail laid through few peaks asks for evidence at rare levels that no attack has. What no honest
        principal came near is enough at any level, unless this burn-in had peaks of that order itself.
        """
        enough = (
            np.inf if self.sure is None else max(self.sure, PAST * float(clean.values[-1]) if len(clean.values) else 0)
        )
        if self.ceiling is None:
            return np.full(len(ALPHAS), enough)
        location, scale = self.ceiling[0] - TRUST, self.ceiling[1]
        place = max(1, int(LOUD * clean.units))
        usual = float(clean.values[-place]) if place <= len(clean.values) else -np.inf
        louder = max(0.0, usual - (location - scale * float(np.log(ALPHAS[-1]))))
        made: Doubles = location + louder - scale * np.log(ALPHAS)
        return np.minimum(made, enough)

    def least(self) -> Doubles:
        """Thresholds (K,) of the levels of a table below which no burn-in may take them: floor - log(alpha).

        The e-detector R of an honest principal has expectation n after n records, so that R exceeds n / alpha with
        probability alpha at most (Shin, Ramdas, Rinaldo 2023, section 2). A burn-in in which nobody came near that says
        that its principals were tame, not that the next ones will be.
        """
        low = -np.inf if self.floor is None else self.floor
        made: Doubles = low - np.log(ALPHAS)
        return made
