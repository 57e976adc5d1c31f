"""What an alert says about a principal's recent requests: how many this epoch, since when, and the last ids."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import ID, Doubles, Integers
from schemas.compiled import compiled

IDS = 10  # ids kept a principal

state = np.dtype(
    [("epoch", "i8"), ("first", "f8"), ("count", "u4"), ("head", "u4"), ("ids", "u1", (IDS, ID))], align=True
)


@compiled
def update(slots: Integers, ids: npt.NDArray[np.uint8], time: Doubles, epoch: Integers, rows: Any) -> None:
    """Note records, in order, on their principals' rows. All columns have N rows; ``rows`` one a slot."""
    for i in range(len(slots)):
        row = rows[slots[i]]
        if row.epoch != epoch[i]:
            row.epoch = epoch[i]
            row.count = 0
            row.head = 0
            row.first = time[i]
        for b in range(ID):
            row.ids[row.head, b] = ids[i, b]
        row.head = (row.head + 1) % IDS
        row.count += 1


class Recent(NamedTuple):
    """What a principal did lately: time of its first record this epoch, records since, last ids, oldest first."""

    first: float
    records: int
    ids: list[str]


def recent(row: np.void) -> Recent:
    """Read a principal's row: at most ten ids."""
    count, head = int(row["count"]), int(row["head"])
    order = range(count) if count < IDS else [(head + k) % IDS for k in range(IDS)]
    ids = [row["ids"][k].tobytes().rstrip(b"\0").decode("utf-8", "replace") for k in order]
    return Recent(float(row["first"]), count, ids)
