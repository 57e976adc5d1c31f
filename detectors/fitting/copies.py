"""What a copy of the model is worth, by the number of clean inputs that it was trained on: tried out at settlement."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import exposure
from detectors.burn_in import BurnIn
from detectors.exposure import CELLS, SIGNS, WHOLE, Known
from detectors.features import numeric
from detectors.features.inputs import UNITS_PER_SD
from detectors.fitting.sample import choose
from detectors.reference import Reference

Array = npt.NDArray[Any]

POINTS = (10, 30, 100, 300, 1000, 3000)  # clean inputs that copies are made of
FEWEST = 30  # with fewer there is nothing to measure
REPEATS = 6  # copies of few inputs, whose agreement is averaged
JUDGES = 1500  # inputs of other principals that a copy must agree on
WIDTHS = (1.0, 0.3)  # of the kernel: inverse, in usual squared distances
RIDGE = np.float32(1e-2)
STEP = np.sqrt(2)  # from the inputs of one level to those of the next


def learn(reference: Reference, sample: BurnIn, columns: Mapping[str, Array], chance: np.random.Generator) -> Any:
    """Curves of ``detectors.exposure`` as arrays by name; empty where there are no inputs, or too few.

    Parameters
    ----------
    sample : N rows, features as numbers
    columns : theirs, of ``detectors.features.numeric``
    """
    if reference.margins is None:
        return {}
    fitted, held = choose(sample, chance)
    teachers = _different(columns["hash"], fitted)
    teachers = teachers[chance.permutation(len(teachers))][: POINTS[-1]]
    judges = held[chance.permutation(len(held))][:JUDGES]
    if len(teachers) < FEWEST or not len(judges):
        return {}
    if len(np.unique(columns["label"][np.concatenate([fitted, held])])) < 2:
        return {}  # no answers are logged, or always the same one: there is nothing to copy
    clean = _different(columns["hash"], np.concatenate([fitted, held]))
    middle = np.median(columns["u"][clean][:, :SIGNS], axis=0).astype(np.int16)
    cells = np.empty(len(clean), np.uint64)
    exposure.cells_of(columns["u"][clean], columns["group"][clean], middle, cells)
    share = np.bincount(cells.astype(np.int64), minlength=CELLS) / len(clean)
    inputs = _levels(len(teachers))
    made = Known(
        middle=middle,
        mass=np.floor(share * WHOLE).astype(np.uint32),
        inputs=inputs,
        bits=np.ceil(CELLS * -np.expm1(-inputs / CELLS)).astype(np.int64),
        covered=np.array([int(WHOLE * (share @ (1 - (1 - share) ** n))) for n in inputs.tolist()], np.int64),
        agreement=np.zeros(len(inputs)),
        guess=np.array([_guess(columns["label"][judges])]),
        usual=np.zeros(1, np.int64),
    )
    made = made._replace(agreement=_agreement(reference, sample, columns["label"], teachers, judges, inputs))
    return made._replace(usual=_usual(made, sample, columns))._asdict()


def _different(hashes: Array, rows: Array) -> Array:
    """Rows whose input is new among them, in order."""
    _, first = np.unique(hashes[rows], return_index=True)
    return np.asarray(rows[np.sort(first)])


def _levels(most: int) -> Array:
    steps = int(np.floor(np.log(most / POINTS[0]) / np.log(STEP) + 1e-9))
    return np.asarray(np.floor(POINTS[0] * STEP ** np.arange(steps + 1) + 1e-9), np.int64)


def _guess(label: Array) -> float:
    return round(float(np.unique(label, return_counts=True)[1].max()) / len(label), 3)


def _usual(made: Known, sample: BurnIn, columns: Mapping[str, Array]) -> Array:
    """Level that the median clean principal reaches."""
    rows = np.zeros(len(sample.principals), exposure.state)
    exposure.follow(made, columns, sample.principal.astype(np.int64), sample.time, rows)
    return np.array([int(np.median(rows["level"]))], np.int64)


def _agreement(
    reference: Reference, sample: BurnIn, label: Array, teachers: Array, judges: Array, inputs: Array
) -> Array:
    """What copies of ``inputs`` (L,) clean inputs are worth, never less than copies of fewer."""
    codes = np.unique(label, return_inverse=True)[1]
    answers = np.eye(codes.max() + 1, dtype=np.float32)[codes[teachers]]
    if sample.probabilities.shape[1] == reference.answers.classes > 1:
        answers, codes = sample.probabilities[teachers], label
    x, judged, truth = _standard(reference, sample, teachers), _standard(reference, sample, judges), codes[judges]
    usual = float(np.median(_squares(x[:300], x[:300]))) or 1.0
    sizes = sorted({min(n, len(x)) for n in POINTS})
    worth = [_worth(x, answers, judged, truth, n, usual) for n in sizes]
    curve = np.interp(np.log(inputs), np.log(sizes), np.maximum.accumulate(worth))
    return np.floor(curve * 1000) / 1000


def _worth(x: Array, answers: Array, judged: Array, truth: Array, n: int, usual: float) -> float:
    """Agreement of the better of two kinds of copies, made of n inputs, on average over several."""
    parts = [slice(k * n, (k + 1) * n) for k in range(min(REPEATS, len(x) // n))]
    return max(
        float(np.mean([(_copy(x[p], answers[p], judged, width / usual) == truth).mean() for p in parts]))
        for width in WIDTHS
    )


def _copy(x: Array, answers: Array, judged: Array, width: float) -> Array:
    """Classes (M,) that kernel ridge regression of ``answers`` (n, C) on ``x`` (n, D) gives ``judged`` (M, D).

    Saunders, Gammerman, Vovk, Ridge regression learning algorithm in dual variables, ICML 1998.
    """
    kernel = np.exp(-np.float32(width) * _squares(x, x))
    kernel[np.diag_indices(len(x))] += RIDGE
    mean = answers.mean(0)
    made = np.exp(-np.float32(width) * _squares(judged, x)) @ np.linalg.solve(kernel, answers - mean) + mean
    return np.asarray(made.argmax(1))


def _squares(x: Array, other: Array) -> Array:
    """Squared distances (n, m) between rows."""
    products = (x * x).sum(1)[:, None] + (other * other).sum(1) - np.float32(2) * (x @ other.T)
    return np.asarray(np.maximum(products, np.float32(0)))


def _standard(reference: Reference, sample: BurnIn, rows: Array) -> Array:
    """Inputs (n, D) f4 in standard deviations."""
    assert reference.margins is not None
    z, _ = numeric.normalised(reference.margins, np.ascontiguousarray(sample.features[rows], np.float32))
    return np.asarray(z / np.float32(UNITS_PER_SD))
