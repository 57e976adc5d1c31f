"""Documents: JSON values one behind the other, on as many lines as they like, or within one list; cut by brackets."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

OUTSIDE, INSIDE, JUNK = 0, 1, 2
_STATE, _DEPTH, _QUOTED, _ESCAPED, _FLOOR = range(5)
MOST = 4096  # values cut at a time

State = npt.NDArray[np.int64]


def fresh(*, array: bool = False) -> State:
    """State before the first byte; of an ``array`` the elements are the values."""
    state = np.zeros(5, np.int64)
    state[_FLOOR] = int(array)
    return state


def first_end(data: bytes) -> int | None:
    """Where the first value ends; None if it does not."""
    spans = np.zeros((1, 2), np.int64)
    found, _ = _cut(np.frombuffer(data, np.uint8), 0, fresh(), spans)
    return int(spans[0, 1]) if found else None


class Cutter:
    """Cuts pieces of bytes into values; what is not yet whole is kept, up to a limit.

    Attributes
    ----------
    begun : what there is of the value that is not yet whole, cut behind the limit
    length : bytes there are of it
    """

    def __init__(self, limit: int, *, array: bool = False) -> None:
        self.limit = limit
        self.state = fresh(array=array)
        self.began = not array
        self.begun, self.length = b"", 0

    def cut(self, piece: bytes) -> Iterator[tuple[bytes, int]]:
        """Values that end in a piece: at most limit + 1 bytes of each, and how long it is."""
        if not self.began:
            stripped = piece.lstrip()
            if not stripped:
                return
            piece, self.began = stripped[1:], True
        data, at = np.frombuffer(piece, np.uint8), 0
        spans = np.zeros((MOST, 2), np.int64)
        while at < len(piece):
            spans[0, 0] = at
            found, stopped = _cut(data, at, self.state, spans)
            for start, end in spans[:found].tolist():
                yield self._whole(piece[start : min(end, start + self.limit + 1)], end - start)
            if self.state[_STATE] != OUTSIDE and stopped == len(piece):
                start = int(spans[found, 0]) if found < MOST else at
                self.begun += piece[start : start + max(0, self.limit + 1 - len(self.begun))]
                self.length += len(piece) - start
            at = stopped

    def _whole(self, value: bytes, length: int) -> tuple[bytes, int]:
        made = (self.begun + value)[: self.limit + 1], self.length + length
        self.begun, self.length = b"", 0
        return made

    def rest(self) -> tuple[bytes, int]:
        """What was begun and never ended."""
        return self._whole(b"", 0)


@compiled
def _cut(data: npt.NDArray[np.uint8], at: int, state: State, spans: npt.NDArray[np.int64]) -> tuple[int, int]:
    """Fill ``spans`` with starts and ends of values; how many ended, and where it stopped.

    The row behind the last holds the start of the value that has not ended. A value that began in an earlier piece
    starts at ``at``.
    """
    found = 0
    spans[0, 0] = at
    for i in range(at, len(data)):
        byte = data[i]
        if state[_STATE] == OUTSIDE:
            if byte not in (0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x00) and not (state[_FLOOR] and byte == 0x5D):
                spans[found, 0] = i
                state[_STATE] = INSIDE if byte in (0x7B, 0x5B) else JUNK
                state[_DEPTH] = 1
        elif _ends(byte, state):
            spans[found, 1] = i + state[_STATE] % JUNK  # junk ends before its line's end, a value with its bracket
            state[_STATE] = OUTSIDE
            found += 1
            if found == len(spans):
                return found, i + 1
    return found, len(data)


@compiled
def _ends(byte: int, state: State) -> bool:
    """Take one byte of a value; whether it ends there."""
    if state[_STATE] == JUNK:
        return byte == 0x0A
    if state[_QUOTED]:
        if state[_ESCAPED]:
            state[_ESCAPED] = 0
        elif byte == 0x5C:
            state[_ESCAPED] = 1
        elif byte == 0x22:
            state[_QUOTED] = 0
    elif byte == 0x22:
        state[_QUOTED] = 1
    elif byte in (0x7B, 0x5B):
        state[_DEPTH] += 1
    elif byte in (0x7D, 0x5D):
        state[_DEPTH] -= 1
        return bool(state[_DEPTH] == 0)
    return False
