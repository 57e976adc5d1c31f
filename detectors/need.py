"""Need: where a watch cannot go on by itself, and the answer it then waits for."""

from dataclasses import dataclass

from detectors.settlement import Settlement


@dataclass(frozen=True, slots=True)
class Need:
    """What a watch cannot go on without: the settlement after an epoch, made from every partition's payload.

    Attributes
    ----------
    ended : the epoch that ended; 0 is the burn-in
    payload : what this partition adds: its burn-in sample, or its peaks
    before : the settlement so far, None for the burn-in
    round : how often the burn-in was too thin before, and went on
    offset : of the first record that must wait
    """

    model: str
    version: str
    ended: int
    payload: bytes
    before: Settlement | None
    round: int = 0
    offset: int = 0


Answer = Settlement | str
"""A settlement, or in words why there is none yet (the burn-in then goes on)."""
