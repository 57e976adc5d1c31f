"""Seconds that a command spends on compiling, which explains why its first run on a machine is slow."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from numba.core.event import Event, Listener, install_listener

WORTH = 1.0  # s of compiling that a user notices


class Compiling(Listener):
    """Adds up what is spent while row loops are compiled; code that is kept on disk from earlier counts nothing.

    Attributes
    ----------
    seconds : of wall time
    """

    def __init__(self, begun: Callable[[], None]) -> None:
        self.seconds = 0.0
        self._begun = begun
        self._since: list[float] = []  # when each of the loops that are being compiled, one inside another, began

    def on_start(self, event: Event) -> None:
        """Note the time of a loop, and say so if it is the first of all."""
        if not self._since and not self.seconds:
            self._begun()
        self._since.append(perf_counter())

    def on_end(self, event: Event) -> None:
        """Add what the outermost loop took."""
        since = self._since.pop()
        if not self._since:
            self.seconds += perf_counter() - since

    @property
    def words(self) -> str:
        """A sentence for the last screen; empty where nothing was compiled that anybody would notice."""
        if self.seconds < WORTH:
            return ""
        return f"of which {self.seconds:.1f} s compiled the detectors for this machine: the next run has them ready"


@contextmanager
def compiling(begun: Callable[[], None] = lambda: None) -> Iterator[Compiling]:
    """Watch for compiling; ``begun`` is called when the first loop is about to be compiled."""
    with install_listener("numba:compile", Compiling(begun)) as spent:
        yield spent
