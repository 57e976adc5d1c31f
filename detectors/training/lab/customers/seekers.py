"""Seekers: honest clients that look for an input with another answer, and use the answers to find it.

What if my income were higher; what would I have to change; where does the answer turn. They climb like attackers do, on
cases of their own.
"""

from collections.abc import Callable

import numpy as np

from detectors.training.lab.customers.content import parts, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.types import Behaviour, Matrix, Place, Visit
from schemas.batch import Codes, Doubles, Integers

Explore = Callable[[Matrix, int], Matrix]  # a case, and how many questions -> the questions
HUMAN, TOOL = ("desk", "leisure", "desk"), ("script", "script", "parallel", "desk")


def what_if(place: Place) -> Visit:
    """A person turns one knob after the other, and puts some back."""
    rng, victim = place.rng, place.victim
    pieces = parts(victim, rng)
    knobs = rng.choice(len(pieces), min(len(pieces), int(rng.integers(1, 8))), replace=False)
    mates = taste(place)

    def explore(case: Matrix, length: int) -> Matrix:
        rows, now = [case], case
        for _ in range(length - 1):
            piece = pieces[rng.choice(knobs)]
            changed = (case if rng.random() < 0.3 else now).copy()
            share = rng.uniform(0.05, 1)
            changed[piece] = (1 - share) * changed[piece] + share * mates.draw(1)[0][piece]
            now = victim.fitting(changed[None])[0]
            rows.append(now)
        return np.stack(rows)

    return _sought(place, rng.uniform(4, 40), explore, HUMAN)


def recourse(place: Place) -> Visit:
    """Least change that turns the answer: tries each part towards a better case, keeps the best, goes on."""
    rng, victim = place.rng, place.victim
    pieces, goals = parts(victim, rng), taste(place)
    breadth = int(rng.integers(3, 16))

    def explore(case: Matrix, length: int) -> Matrix:
        rows, now = [case[None]], case
        was = victim.answer(case[None]).label[0]
        goal = goals.draw(1)[0]
        while sum(map(len, rows)) < length:
            tries = np.repeat(now[None], breadth, axis=0)
            for one in tries:
                piece = pieces[rng.integers(len(pieces))]
                one[piece] += rng.uniform(0.2, 1) * (goal[piece] - one[piece])
            tries = victim.fitting(tries)
            rows.append(tries)
            won = _otherwise(victim.answer(tries).probabilities, victim.answer(tries).label, was)
            now = tries[int(won.argmax())]
            if victim.answer(now[None]).label[0] != was:
                now, goal = case, goals.draw(1)[0]
        return np.concatenate(rows)

    return _sought(place, rng.uniform(30, 200), explore, TOOL)


def counterfactual(place: Place) -> Visit:
    """Halves the way to the nearest case with another answer, and shows the user the turning point."""
    rng, victim = place.rng, place.victim
    others = taste(place, narrow=0.0)
    fit = rng.random() < 0.6

    def explore(case: Matrix, length: int) -> Matrix:
        rows, was = [case], victim.answer(case[None]).label[0]
        while len(rows) < length:
            around = others.draw(40)
            unlike = around[victim.answer(around).label != was]
            if not len(unlike):
                rows.append(around[0])
                continue
            far = unlike[np.square(unlike - case).sum(axis=1).argmin()]
            near = case
            for _ in range(int(rng.integers(4, 10))):
                middle = (near + far) / 2
                middle = victim.fitting(middle[None])[0] if fit else middle
                rows.append(middle)
                near, far = (middle, far) if victim.answer(middle[None]).label[0] == was else (near, middle)
        return np.stack(rows)

    return _sought(place, rng.uniform(6, 40), explore, TOOL)


def designer(place: Place) -> Visit:
    """Optimises a product: keeps what the model likes better of one class, in small random changes, over days."""
    rng, victim = place.rng, place.victim
    wish = int(rng.integers(victim.classes))
    size = rng.uniform(0.02, 0.3)
    mates = taste(place)

    def explore(case: Matrix, length: int) -> Matrix:
        rows, now, best = [case], case, -1.0
        for _ in range(length - 1):
            mate = mates.draw(1)[0]
            few = rng.random(len(case)) < max(size, 1.5 / len(case))
            tried = victim.fitting(np.where(few, now + rng.random() * (mate - now), now)[None])
            answer = victim.answer(tried)
            liked = (
                float(answer.probabilities[0, wish]) if answer.probabilities.size else float(answer.label[0] == wish)
            )
            if liked >= best:
                now, best = tried[0], liked
            rows.append(tried[0])
        return np.stack(rows)

    return _sought(place, rng.uniform(20, 150), explore, (*HUMAN, "drip", "constant"))


def pricing(place: Place) -> Visit:
    """Asks for a grid over two parts of one case, as a price list does."""
    rng, victim = place.rng, place.victim
    pieces = parts(victim, rng)

    def explore(case: Matrix, length: int) -> Matrix:
        side = max(2, int(np.sqrt(length)))
        first, second = (pieces[i] for i in rng.choice(len(pieces), 2, replace=len(pieces) < 2))
        a, b = (part.ravel() for part in np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side)))
        rows = np.repeat(case[None], side * side, axis=0)
        for piece, share in ((first, a), (second, b)):
            low, high = victim.grid.low[piece], victim.grid.high[piece]
            rows[:, piece] = low + share[:, None] * (high - low)
        return victim.fitting(rows)

    return _sought(place, rng.uniform(25, 150), explore, (*TOOL, "cron"))


def _sought(place: Place, size: float, explore: Explore, usual: tuple[str, ...]) -> Visit:
    """Explore case after case until there are enough records."""
    rng, wanted = place.rng, place.records
    cases = taste(place)
    rows: list[Matrix] = []
    lengths: list[int] = []
    while sum(lengths) < wanted:
        length = min(wanted - sum(lengths), max(2, round(size * np.exp(rng.normal(0, 0.5)))))
        rows.append(explore(cases.draw(1)[0], length))
        lengths.append(len(rows[-1]))
    task: Integers = np.repeat(np.arange(len(lengths)), lengths)[:wanted]
    return sent(place, np.concatenate(rows)[:wanted].astype(np.float32), task, *usual)


def _otherwise(probabilities: Doubles, label: Codes, was: int) -> Doubles:
    """How much each answer (n,) speaks against the class that was."""
    if probabilities.shape[1]:
        return np.asarray(1 - probabilities[:, was])
    return np.asarray(label != was, np.float64)


KINDS: dict[str, Behaviour] = {
    "what_if": what_if,
    "recourse": recourse,
    "counterfactual": counterfactual,
    "designer": designer,
    "pricing": pricing,
}
