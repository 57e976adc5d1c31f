"""Tables: synthetic columns of the kinds that business data has, all driven by the same few hidden causes.

A row belongs to a segment, which moves its hidden causes; every column is a monotone function of a mixture of causes
(a Gaussian copula), and a few columns are exact sums or rates of others, as in real tables. The class depends on the
causes, not linearly, so that every model has something to learn and something to get wrong.
"""

from dataclasses import dataclass, replace

import numpy as np

from detectors.training.lab.types import Generator
from detectors.training.lab.victims.data import Data, Size, split
from schemas.batch import Codes, Doubles, Integers

COLUMNS = ("amounts", "shares", "counts", "whole", "ordinal", "flags", "readings")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many columns of each kind a table has.

    Attributes
    ----------
    amounts : money and durations, two decimals, skewed, some of them mostly zero
    shares : in [0, 1], three decimals
    counts, whole, ordinal, flags : integers: events, ages, answers from 1 to 5, yes or no
    readings : of instruments, any value
    groups : sizes of the one-hot groups
    derived : columns that follow from two others exactly
    scaled : whether every column was brought into [0, 1] before it reached the model
    """

    amounts: int = 0
    shares: int = 0
    counts: int = 0
    whole: int = 0
    ordinal: int = 0
    flags: int = 0
    readings: int = 0
    groups: tuple[int, ...] = ()
    derived: int = 0
    classes: int = 2
    causes: int = 6
    segments: int = 8
    scaled: bool = False


def table(rng: Generator, plan: Plan, size: Size) -> Data:
    """Draw a table after a plan; its loadings, segments and classes are another with every seed."""
    n, plan = size.train + size.pool, _varied(rng, plan)
    z = _causes(rng, plan, n)
    columns: list[Doubles] = []
    steps: list[float] = []
    for kind in COLUMNS:
        for _ in range(getattr(plan, kind)):
            column, step = _column(rng, kind, _mixture(rng, z))
            columns.append(column)
            steps.append(step)
    for _ in range(plan.derived):
        first, second = rng.choice(plan.amounts + plan.shares, 2, replace=False)
        columns.append(np.round(columns[first] + columns[second], 3))
        steps.append(0.0)
    groups = _one_hot(rng, z, plan.groups, columns, steps)
    x = np.column_stack(columns)
    every = np.array(steps, np.float64)
    if plan.scaled:
        low, span = x.min(axis=0), np.maximum(np.ptp(x, axis=0), 1e-9)
        x, every = (x - low) / span, every / span
    return split("tabular", x, _classes(rng, z, plan.classes), size, step=every.astype(np.float32), groups=groups)


def _varied(rng: Generator, plan: Plan) -> Plan:
    """The plan with other numbers of columns, from two thirds to three halves."""
    counts = {
        kind: max(2 if kind == "amounts" else 1, round(getattr(plan, kind) * float(rng.uniform(0.67, 1.5))))
        for kind in (*COLUMNS, "causes", "segments")
        if getattr(plan, kind)
    }
    groups = tuple(max(2, round(group * float(rng.uniform(0.67, 1.5)))) for group in plan.groups)
    return replace(plan, groups=groups, **counts)


def _causes(rng: Generator, plan: Plan, n: int) -> Doubles:
    """Hidden causes (n, L): segments of unequal size, each with its centre and spread."""
    shares = rng.dirichlet(np.full(plan.segments, 1.5))
    segment = rng.choice(plan.segments, n, p=shares)
    centres = rng.normal(0, 0.9, (plan.segments, plan.causes))
    spread = rng.uniform(0.4, 1.0, (plan.segments, plan.causes))
    return np.asarray(centres[segment] + spread[segment] * rng.normal(size=(n, plan.causes)))


def _mixture(rng: Generator, z: Doubles) -> Doubles:
    """A mixture (n,) of two or three causes and some noise of its own, of unit variance."""
    loads = rng.normal(0, 1, z.shape[1]) * (rng.random(z.shape[1]) < 2.5 / z.shape[1])
    loads[rng.integers(z.shape[1])] += rng.choice([-1.0, 1.0])
    mixed = z @ loads + rng.uniform(0.15, 0.8) * rng.normal(size=len(z))
    return np.asarray((mixed - mixed.mean()) / mixed.std())


def _column(rng: Generator, kind: str, s: Doubles) -> tuple[Doubles, float]:
    """A column (n,) and the distance between its values, 0 where any is possible."""
    values, step = _skewed(rng, s, counted=kind == "counts") if kind in ("amounts", "counts") else _even(rng, kind, s)
    return np.asarray(values, np.float64), step


def _skewed(rng: Generator, s: Doubles, *, counted: bool) -> tuple[Doubles, float]:
    """Money or durations with two decimals, some mostly zero; or counts."""
    if counted:
        counts = rng.poisson(np.exp(np.minimum(rng.uniform(-1.5, 2.0) + rng.uniform(0.4, 1.0) * s, 6)))
        return np.minimum(counts, np.ceil(np.quantile(counts, 0.999))), 1.0
    values = np.exp(rng.uniform(1, 6) + rng.uniform(0.4, 1.2) * s)
    if rng.random() < 0.4:
        values = np.where(rng.permutation(s) + s > rng.uniform(-0.5, 1.2), values, 0)
    return np.round(np.minimum(values, np.quantile(values, 0.999)), 2), 0.01


def _even(rng: Generator, kind: str, s: Doubles) -> tuple[Doubles, float]:
    """Columns without a long tail."""
    if kind == "shares":
        return np.round(1 / (1 + np.exp(-(rng.normal() + rng.uniform(0.6, 2.0) * s))), 3), 0.001
    if kind == "whole":
        return np.clip(np.round(rng.uniform(30, 60) + rng.uniform(6, 15) * s), 0, 110), 1.0
    if kind == "ordinal":
        return np.clip(np.round(3 + rng.normal(0, 0.6) + rng.uniform(0.7, 1.3) * s), 1, 5), 1.0
    if kind == "flags":
        return np.where(s > rng.uniform(-0.5, 2.2), 1.0, 0.0), 1.0
    return rng.uniform(-50, 50) + rng.uniform(0.5, 20) * s, 0.0


def _one_hot(
    rng: Generator, z: Doubles, sizes: tuple[int, ...], columns: list[Doubles], steps: list[float]
) -> tuple[Integers, ...]:
    """Append one-hot groups to the columns, and return where they are."""
    groups = []
    for size in sizes:
        wish = 1.2 * z @ rng.normal(0, 0.7, (z.shape[1], size)) + rng.normal(0, 0.8, size)
        chosen = (wish + rng.gumbel(size=wish.shape)).argmax(axis=1)
        groups.append(np.arange(len(columns), len(columns) + size))
        columns += list((chosen[:, None] == np.arange(size)).astype(np.float64).T)
        steps += [1.0] * size
    return tuple(groups)


def _classes(rng: Generator, z: Doubles, classes: int) -> Codes:
    """Classes (n,) by the largest of a few bumpy functions of the causes; no class is rarer than 4 %."""
    hidden = np.tanh(z @ rng.normal(0, 0.8, (z.shape[1], 24)) + rng.normal(0, 0.5, 24))
    scores = hidden @ rng.normal(0, 1, (24, classes)) + 0.35 * rng.normal(size=(len(z), classes))
    wanted = 0.04 + (1 - 0.04 * classes) * rng.dirichlet(np.full(classes, 2.0))
    for _ in range(40):  # moves each class's score until its share is about the one wanted
        shares = np.bincount(scores.argmax(axis=1), minlength=classes) / len(z)
        scores = scores + 0.7 * scores.std() * (wanted - shares) / (wanted + shares)
    return np.asarray(scores.argmax(axis=1), np.int32)
