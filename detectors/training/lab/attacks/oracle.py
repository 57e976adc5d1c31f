"""What an attacker has: a victim that answers, a budget of questions, some inputs of his own, and chance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from detectors.training.lab.customers.content import retaken
from detectors.training.lab.types import Answer, Generator, Matrix, Victim
from schemas.batch import Codes, Doubles

Disguise = Callable[[Matrix], Matrix]


class Spent(Exception):
    """All questions are asked."""


class TurnOver(Exception):
    """All questions that one target is worth are asked."""


@dataclass
class Oracle:
    """Answers questions, counts them, and writes down each as it was sent.

    Attributes
    ----------
    size : how many questions may be asked in all
    disguise : what is done to an input (n, F) before it is sent, with the same shape; None for nothing
    known : how many rows of the victim's pool the attacker has inputs like
    targets : of each turn the input (F,) that it was about
    truths : of each turn what the attacker wants to find out, a class or 0 and 1, where there is such a thing
    won : of each turn in which he made a guess, whether it was right
    """

    victim: Victim
    rng: Generator
    size: int
    disguise: Disguise | None = None
    known: int = 0
    targets: list[Matrix] = field(default_factory=list)
    truths: list[int] = field(default_factory=list)
    won: list[bool] = field(default_factory=list)
    _sent: list[Matrix] = field(default_factory=list)
    _answers: list[Answer] = field(default_factory=list)
    _turns: list[int] = field(default_factory=list)
    _asked: int = 0
    _limit: int = 0

    def __post_init__(self) -> None:
        rows = len(self.victim.pool)
        self.known = self.known or int(min(rows, np.exp(self.rng.uniform(np.log(150), np.log(3000)))))
        self._rows = self.rng.permutation(rows)[: self.known]
        self._limit = self.size
        # Whoever has no probabilities looks at the answers around an input instead.
        self._around, self._reach = int(self.rng.integers(4, 9)), float(self.rng.uniform(0.02, 0.08))

    @property
    def left(self) -> int:
        """How many questions may still be asked."""
        return self.size - self._asked

    def turn(self, target: Matrix, limit: int) -> None:
        """Begin with another target (F,), which may take ``limit`` questions."""
        self.targets.append(np.array(target, np.float32))
        self._limit = min(self.size, self._asked + max(limit, 1))

    def turns(self, count: int) -> Iterator[Matrix]:
        """Pick inputs of his own as targets, each worth a ``count``-th of the questions, until all are asked."""
        for row in self.own(4 * count + 40):
            if self.left <= 0:
                return
            self.turn(row, -(-self.size // count))
            yield row

    def answer(self, x: Matrix) -> Answer:
        """Ask inputs (n, F) in order.

        Raises
        ------
        Spent, TurnOver
            the questions were too many; those that were not were asked
        """
        x = np.atleast_2d(np.asarray(x, np.float32))
        room = self._limit - self._asked
        sent = x[: max(room, 0)]
        if len(sent):
            sent = self.disguise(sent) if self.disguise is not None else sent
            self._sent.append(sent)
            self._answers.append(self.victim.answer(sent))
            self._turns.append(max(len(self.targets) - 1, 0))
            self._asked += len(sent)
        if len(x) > room:
            raise Spent if self._limit >= self.size else TurnOver
        return self._answers[-1]

    def label(self, x: Matrix) -> Codes:
        """Classes (n,) that inputs (n, F) are taken for."""
        return self.answer(x).label

    def probabilities(self, x: Matrix) -> Doubles:
        """Probabilities (n, C) that add up to 1; with classes only, of how many inputs around it are taken for each.

        The stand-in is that of Ilyas, Engstrom, Athalye, Lin, 2018, section 3 (https://arxiv.org/abs/1804.08598).
        """
        if self.victim.logged != "top1":
            p = np.clip(self.answer(x).probabilities, 1e-9, None)
            return np.asarray(p / p.sum(1, keepdims=True))
        low, high, _, _ = self.victim.grid
        x = np.atleast_2d(x)
        around = np.repeat(x, self._around, axis=0)
        noise = self.rng.normal(0, self._reach, around.shape) * (high - low)
        noise[:: self._around] = 0
        label = self.label(np.clip(around + noise, low, high).astype(np.float32))
        votes = np.eye(self.victim.classes)[label].reshape(len(x), self._around, -1)
        return np.asarray(votes.mean(axis=1))

    def own(self, count: int) -> Matrix:
        """Draw ``count`` (count, F) of the attacker's own inputs, without repetition while there are enough.

        Images are taken anew, as those of customers are: no two photographs are the same.
        """
        x = self.victim.pool[self.rng.choice(self._rows, count, replace=count > len(self._rows))]
        return retaken(self.rng, self.victim, x, 0.3) if self.victim.kind == "image" else x

    def labelled(self, count: int) -> tuple[Matrix, Codes]:
        """Draw inputs of his own with the true class, for a model of his own."""
        rows = self.rng.choice(self._rows, min(count, len(self._rows)), replace=False)
        return self.victim.pool[rows], self.victim.pool_class[rows]

    def sent(self) -> tuple[Matrix, Answer, Codes]:
        """Return what was sent (n, F), what was answered, and the turn (n,) that each was part of."""
        if not self._sent:
            empty = np.empty((0, self.victim.features), np.float32)
            return empty, self.victim.answer(self.victim.pool[:0]), np.empty(0, np.int32)
        answers = Answer(
            np.concatenate([one.probabilities for one in self._answers]),
            np.concatenate([one.label for one in self._answers]),
        )
        turn = np.repeat(np.array(self._turns, np.int32), [len(one) for one in self._sent])
        return np.concatenate(self._sent), answers, turn
