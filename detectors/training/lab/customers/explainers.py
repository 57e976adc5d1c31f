"""Explainers: honest clients that change one input again and again, to learn why it got its answer.

They ask what attackers ask, and are the hardest honest customers that there are.
"""

import numpy as np

from detectors.training.lab.customers.content import mask, parts, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import ends, tasks, within
from detectors.training.lab.types import Behaviour, Matrix, Place, Visit
from schemas.batch import Doubles, Integers

FAST = ("script", "script", "desk", "parallel", "cron")


def lime(place: Place) -> Visit:
    """LIME: parts switched off at random; in tables numbers drawn around the case (Ribeiro et al., KDD 2016)."""
    rng, victim = place.rng, place.victim
    task, case = _cases(place, rng.uniform(50, 800))
    if victim.kind != "tabular":
        pieces = parts(victim, rng)
        off = mask(victim, pieces, rng.random((len(task), len(pieces))) < 0.5)
        x = np.where(off > 0, _baseline(place, case, task), case)
    else:
        width = victim.pool.std(axis=0) * rng.choice([0.3, 1.0])
        middle = case if rng.random() < 0.7 else victim.pool.mean(axis=0)
        x = (middle + width * rng.normal(size=case.shape)).astype(np.float32)
        x = victim.fitting(x) if rng.random() < 0.5 else _kept_groups(place, x, case)
    x[within(task) == 0] = case[within(task) == 0]
    return sent(place, x, task, *FAST)


def kernel_shap(place: Place) -> Visit:
    """KernelSHAP: coalitions of parts, the rest from background rows (Lundberg and Lee, NeurIPS 2017)."""
    rng, victim = place.rng, place.victim
    task, case = _cases(place, rng.uniform(40, 1000))
    pieces = parts(victim, rng)
    background = taste(place).draw(int(rng.choice([1, 5, 20, 100])))
    sizes = np.arange(1, max(2, len(pieces)))
    weight = 1 / (sizes * np.maximum(len(pieces) - sizes, 1))
    size = rng.choice(sizes, len(task), p=weight / weight.sum())
    rank = rng.random((len(task), len(pieces))).argsort(axis=1).argsort(axis=1)
    kept = mask(victim, pieces, rank < size[:, None])
    other = background[rng.integers(0, len(background), len(task))]
    return sent(place, np.where(kept > 0, case, other), task, *FAST)


def occlusion(place: Place) -> Visit:
    """One part after the other is covered (Zeiler and Fergus, ECCV 2014), in tables put to its usual value."""
    rng, victim = place.rng, place.victim
    pieces = parts(victim, rng)
    task, case = _cases(place, len(pieces) + 1, 0.0)
    step = within(task)
    taken = (step[:, None] - 1) == np.arange(len(pieces))
    covered = mask(victim, pieces, taken)
    return sent(place, np.where(covered > 0, _baseline(place, case, task), case), task, *FAST)


def partial_dependence(place: Place) -> Visit:
    """One column set to each of a row of values, for every row of a sample (Friedman 2001)."""
    rng, victim = place.rng, place.victim
    sample = taste(place).draw(int(rng.integers(5, 60)))
    levels = int(rng.integers(5, 25))
    task = tasks(rng, place.records, len(sample) * levels, 0.0)
    step = within(task)
    x = sample[step % len(sample)]
    pieces = parts(victim, rng)
    of = rng.integers(0, len(pieces), task[-1] + 1)
    for one in np.unique(task):
        mine, piece = np.flatnonzero(task == one), pieces[of[one]]
        values = np.quantile(victim.pool[:2000][:, piece], np.linspace(0.01, 0.99, levels), axis=0)
        x[mine[:, None], piece] = values[(step[mine] // len(sample)) % levels]
    return sent(place, victim.fitting(x) if rng.random() < 0.7 else x, task, *FAST)


def sensitivity(place: Place) -> Visit:
    """Every part a little up and a little down, one at a time."""
    rng, victim = place.rng, place.victim
    pieces = parts(victim, rng)
    task, case = _cases(place, 2 * len(pieces) + 1, 0.0)
    step = within(task) - 1
    taken = (step[:, None] // 2) == np.arange(len(pieces))
    size = rng.uniform(0.02, 0.5) * victim.pool.std(axis=0)
    moved = case + mask(victim, pieces, taken) * size * np.where(step % 2 == 0, 1, -1)[:, None]
    moved = moved.astype(np.float32)
    return sent(place, victim.fitting(moved) if rng.random() < 0.6 else moved, task, *FAST)


def permutation(place: Place) -> Visit:
    """Permutation importance: a sample, again with each column shuffled (Breiman 2001)."""
    rng, victim = place.rng, place.victim
    sample = taste(place).draw(int(rng.integers(20, 150)))
    pieces = parts(victim, rng)
    task = tasks(rng, place.records, len(sample), 0.0)
    row = within(task) % len(sample)
    x = sample[row]
    for one in range(1, int(task[-1]) + 1):
        mine, piece = np.flatnonzero(task == one), pieces[(one - 1) % len(pieces)]
        x[mine[:, None], piece] = sample[rng.permutation(len(sample))[row[mine]]][:, piece]
    return sent(place, x, task, *FAST)


def path(place: Place) -> Visit:
    """The straight way from a baseline to the case, in equal steps, as for integrated gradients."""
    rng, victim = place.rng, place.victim
    steps = int(rng.integers(8, 60))
    task, case = _cases(place, steps, 0.0)
    share = (within(task)[:, None] / max(1, steps - 1)).astype(np.float32)
    x = _baseline(place, case, task) * (1 - share) + case * share
    return sent(place, victim.fitting(x) if rng.random() < 0.5 else x, task, *FAST)


def _cases(place: Place, size: float, spread: float = 0.3) -> tuple[Integers, Matrix]:
    """Tasks (n,), and the case that each record is about (n, F)."""
    task = tasks(place.rng, place.records, size, spread)
    first, lengths = ends(task)
    return task, np.repeat(taste(place).draw(len(first)), lengths, axis=0)


def _baseline(place: Place, case: Matrix, task: Integers) -> Matrix | Doubles:
    """What a part is replaced with (n, F): nothing, the usual, the case's mean, or another row."""
    rng, victim = place.rng, place.victim
    choice = int(rng.integers(4))
    if choice == 0:
        return np.broadcast_to(np.maximum(victim.grid.low, 0), case.shape)
    if choice == 1:
        return np.broadcast_to(victim.fitting(np.median(victim.pool[:4000], axis=0)[None]), case.shape)
    if choice == 2 and victim.kind == "image":
        return np.broadcast_to(case.mean(axis=1, keepdims=True), case.shape)
    return taste(place).draw(int(task[-1]) + 1)[task]


def _kept_groups(place: Place, x: Matrix, case: Matrix) -> Matrix:
    """Numbers as drawn, but categories as in the case: they are resampled in most tools, not blurred."""
    for group in place.victim.grid.groups:
        x[:, group] = case[:, group]
    return x


KINDS: dict[str, Behaviour] = {
    "lime": lime,
    "kernel_shap": kernel_shap,
    "occlusion": occlusion,
    "partial_dependence": partial_dependence,
    "sensitivity": sensitivity,
    "permutation": permutation,
    "path": path,
}
