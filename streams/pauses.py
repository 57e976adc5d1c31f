"""Growing pauses between tries, spread so that many clients do not come back at the same moment."""

from secrets import SystemRandom

_CHANCE = SystemRandom()


class Pauses:
    """The lengths of pauses: ``first``, then twice as long each time up to ``largest``, each shortened by up to half.

    Parameters
    ----------
    first, largest : s
    """

    def __init__(self, *, first: float = 0.1, largest: float = 15.0) -> None:
        self.first = first
        self.largest = largest
        self.tries = 0

    def next(self) -> float:
        """Return how long to wait now, s."""
        length = min(self.largest, self.first * 2.0 ** min(self.tries, 60))
        self.tries += 1
        return length * _CHANCE.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Start again from ``first``, after a success."""
        self.tries = 0
