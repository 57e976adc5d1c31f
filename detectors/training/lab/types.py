"""Types of the laboratory: a victim that answers, a place in its traffic, and what one principal sends there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Codes, Doubles, Integers

DAY, HOUR = 86_400.0, 3_600.0  # s
Matrix = npt.NDArray[np.float32]
Generator = np.random.Generator
Kind = Literal["tabular", "image", "embedding"]
Logged = Literal["full", "rounded", "top1"]


class Grid(NamedTuple):
    """Which values honest inputs of F features take.

    Attributes
    ----------
    low, high : (F,) smallest and largest value
    step : (F,) distance between neighbouring values, counted from ``low``; 0 where any value is possible
    groups : of each one-hot group the indices of its columns; exactly one of them is 1
    """

    low: Matrix
    high: Matrix
    step: Matrix
    groups: tuple[Integers, ...] = ()


class Answer(NamedTuple):
    """What a caller gets, and what is logged.

    Attributes
    ----------
    probabilities : (n, C), rounded as the service rounds; (n, 0) where it says the class only
    label : (n,) the likeliest class
    """

    probabilities: Doubles
    label: Codes


@dataclass(frozen=True)
class Victim:
    """A trained model with F inputs and C classes, and honest inputs for it.

    Attributes
    ----------
    shape : height and width of an image, F = height * width
    logged : whether all probabilities are logged in full, rounded to ``digits``, or the class only
    pool, pool_class : (N, F) and (N,) honest inputs that nobody trained on, 4,000 or more
    train, train_class : (M, F) and (M,) what the model was trained on
    scores : (n, F) -> (n, C) probabilities in full precision, which only the owner sees
    successor : trains the next version of the same model: other training rows, other chance
    strict : whether the service brings inputs into their types first: images have whole grey levels, counts are whole
    """

    name: str
    kind: Kind
    shape: tuple[int, int] | None
    classes: int
    logged: Logged
    digits: int
    pool: Matrix
    pool_class: Codes
    train: Matrix
    train_class: Codes
    grid: Grid
    scores: Callable[[Matrix], Doubles]
    successor: Callable[[], "Victim"] | None = None
    strict: bool = False

    @property
    def features(self) -> int:
        """Return F."""
        return int(self.pool.shape[1])

    def answer(self, x: Matrix) -> Answer:
        """Answer inputs (n, F) as the service does."""
        scores = self.scores(self.received(x))
        label = scores.argmax(axis=1).astype(np.int32)
        if self.logged == "top1":
            return Answer(np.empty((len(x), 0)), label)
        return Answer(np.round(scores, self.digits) if self.logged == "rounded" else scores, label)

    def received(self, x: Matrix) -> Matrix:
        """Return what the service makes of inputs (n, F) before the model sees and the log gets them."""
        if not self.strict or self.kind == "embedding":
            return x
        if self.kind == "image":
            return self.fitting(x)
        made = np.where(self.grid.step == 1, np.rint(x), x).astype(np.float32)
        for group in self.grid.groups:
            made[:, group] = x[:, group].argmax(axis=1)[:, None] == np.arange(len(group))
        return made

    def fitting(self, x: Matrix) -> Matrix:
        """Return the nearest inputs (n, F) on the grid: clipped, rounded, one-hot by the largest."""
        low, high, step, groups = self.grid
        fit = np.clip(np.nan_to_num(np.asarray(x, np.float64)), low, high)
        safe = np.where(step > 0, step, 1.0)
        fit = np.where(step > 0, np.clip(low + np.rint((fit - low) / safe) * safe, low, high), fit)
        for group in groups:
            chosen = group[np.asarray(x)[:, group].argmax(axis=1)]
            fit[:, group] = 0
            fit[np.arange(len(fit)), chosen] = 1
        return fit.astype(np.float32)


class Visit(NamedTuple):
    """What one principal sends.

    Attributes
    ----------
    time : (n,) s since the world's start, rising
    features : (n, F)
    """

    time: Doubles
    features: Matrix


@dataclass(frozen=True)
class Place:
    """One principal's place in the traffic of a victim.

    Attributes
    ----------
    days : length of the world
    start, end : s since the world's start, between which it may send; ``end`` 0 means until the world's end
    volume : records a day that it sends on average while it is there
    weekday : of the world's first day, 0 is Monday
    rhythm : the name of the one it has to keep, "" leaves it the choice
    """

    victim: Victim
    rng: Generator
    days: int
    start: float = 0.0
    end: float = 0.0
    volume: float = 60.0
    weekday: int = 0
    rhythm: str = ""

    def __post_init__(self) -> None:
        if not self.end:
            object.__setattr__(self, "end", self.days * DAY)

    @property
    def records(self) -> int:
        """How many records it sends in all, at least one."""
        return max(1, round(self.volume * (self.end - self.start) / DAY))


Behaviour = Callable[[Place], Visit]
