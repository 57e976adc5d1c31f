"""Progress: how far several logs have come together, by what those who read them say now and then."""

from collections.abc import Mapping, Sequence

SILENT = 30.0  # s after which a log that nobody speaks of any more holds nothing up


class Progress:
    """Time that all logs have reached, so that what is still missing then will not come.

    Attributes
    ----------
    reached : by log, how far it was, and when that was said, both s
    """

    def __init__(self, reached: Mapping[str, Sequence[float]] | None = None) -> None:
        self.reached = {name: (float(time), float(said)) for name, (time, said) in (reached or {}).items()}

    def hear(self, now: float, times: Mapping[str, float]) -> float:
        """Hear at ``now`` how far some logs are; return how far all are, s."""
        for name, time in times.items():
            self.reached[name] = time, now
        self.reached = {name: one for name, one in self.reached.items() if one[1] > now - SILENT}
        return min((time for time, _ in self.reached.values()), default=now)

    def plain(self) -> dict[str, list[float]]:
        """As plain data, for a snapshot."""
        return {name: list(both) for name, both in self.reached.items()}
