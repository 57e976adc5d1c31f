"""Origins: where a re-keyed message came from, and whether it came before.

A router that dies sends again what it had not committed. What it writes to one partition from one partition of a source
is in order, so one number a source says what is there already: no list of ids, and nothing to forget.
"""

from collections.abc import Mapping, Sequence

from streams.batches import RawRecord

FROM = "from:"  # what the name of the header begins with; the origin follows
STEPS = 20  # bits of a position that number what came of one message
_WHOLE = 8  # bytes of a position


def header(topic: str, partition: int) -> str:
    """The name of the header of all that comes from a partition."""
    return f"{FROM}{topic}/{partition}"


class Origins:
    """How far each origin has come in one partition.

    Attributes
    ----------
    reached : by origin, the highest position, and the newest timestamp, ms
    repeated : messages that had come before
    """

    def __init__(self, reached: Mapping[str, Sequence[int]] | None = None) -> None:
        self.reached = {name: (int(place), int(stamp)) for name, (place, stamp) in (reached or {}).items()}
        self.repeated = 0

    def fresh(self, raw: RawRecord) -> bool:
        """Whether a message has not come before. What says nothing of where it is from has not.

        A position that was passed may be in a topic that was deleted and made again: its messages are newer.
        """
        for name, value in raw.headers:
            if name.startswith(FROM) and value is not None and len(value) == _WHOLE:
                place, stamp = int.from_bytes(value, "big"), raw.timestamp or 0
                highest, newest = self.reached.get(name, (-1, -1))
                if place <= highest and stamp <= newest:
                    self.repeated += 1
                    return False
                self.reached[name] = place, max(stamp, newest)
                return True
        return True

    def plain(self) -> dict[str, list[int]]:
        """As plain data, for a snapshot."""
        return {name: list(both) for name, both in self.reached.items()}
