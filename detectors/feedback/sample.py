"""Sample: the latest feedback records from which is learnt what labels to expect, no contributor's more than a few."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

NUMBERS = 2 << 20  # of all inputs together: 8 MiB
ROWS = 8192
FEWEST = 128  # rows that must fit
EACH = 64  # latest records of one contributor
COLUMNS = ("x", "label", "who", "fold", "answer", "sure")


class Sample:
    """The latest records with inputs of F numbers, in order; as many as fit.

    Attributes
    ----------
    x : (n, F) f4
    label, who, fold : (n,) codes of labels, slots of contributors, and which half they are in
    answer, sure : (n,) codes of what the model had answered, -1 where unknown, and how sure it was
    """

    def __init__(self, features: int) -> None:
        self.limit = min(ROWS, NUMBERS // max(features, 1))
        self.x = np.zeros((0, features), np.float32)
        self.label, self.who, self.fold, self.answer = (np.zeros(0, np.int64) for _ in range(4))
        self.sure = np.zeros(0, np.float32)

    @property
    def usable(self) -> bool:
        """Whether enough inputs of this width fit."""
        return self.limit >= FEWEST

    def __len__(self) -> int:
        """Return n."""
        return len(self.x)

    def arrays(self) -> dict[str, Array]:
        """Columns by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    @classmethod
    def of(cls, arrays: dict[str, Array]) -> "Sample":
        """Undo :meth:`arrays`."""
        made = cls(arrays["x"].shape[1])
        for name in COLUMNS:
            setattr(made, name, arrays[name])
        return made

    def add(self, **more: Array) -> None:
        """Take in records, in order, each column by its name; older ones make room."""
        for name in COLUMNS:
            setattr(self, name, np.concatenate([getattr(self, name), more[name]])[-self.limit :])

    def chosen(self) -> Array:
        """Rows to learn from: of each contributor the latest few."""
        order = np.argsort(self.who[::-1], kind="stable")
        who = self.who[::-1][order]
        starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
        rank = np.arange(len(who)) - np.repeat(starts, np.diff(np.r_[starts, len(who)]))
        return np.sort(len(who) - 1 - order[rank < EACH])
