"""What a model's inputs always satisfy on the clean period, and one pass over a record against it."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]

KINDS = (
    "off_grid",
    "out_of_range",
    "unseen_category",
    "changed_constant",
    "broken_group",
    "impossible_pair",
    "bad_number",
    "unrounded",
)
WORDS = (
    "values between the steps that a column has always had",
    "values far outside the range ever seen",
    "categories that no customer has",
    "another value in a column that is constant",
    "one-hot groups that do not sum to one",
    "pairs of categories that exclude each other",
    "numbers that are missing or not finite",
    "numbers with more digits than others send",
)
FIRMNESS = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.3)  # honest clients do lose numbers, and format them in their own way
K = len(KINDS)
STEPS = (1.0, 0.5, 0.25, 0.1, 0.05, 0.01, 1 / 255, 0.001)
COARSE = 0.2  # a finer step is a way of rounding, not a fact
ON_GRID = 0.97  # share of clean rows that must obey for a grid or a group to be one
FINEST = 1e-30  # two values nearer to each other are one: steps a unit must fit float32
OFF = 0.02  # steps between a value and its grid that still count as on it
PAIRED = 128  # binary columns whose pairs are looked at
LIT = 32  # columns of these that one record may set before pairs are no longer counted


class Constraints(NamedTuple):
    """Hard facts about F columns.

    Attributes
    ----------
    low, high : (F,) f4, the range with slack
    outside : (F,) u1, which kind a value outside is
    base, per_unit : (F,) f4, a grid's origin and steps a unit; 0 where the column is continuous
    group : (G, 2) i4, first column and end of one-hot groups
    paired : (B,) i4, the 0/1 columns whose pairs are looked at
    excluded : (B, B) bool, pairs of them never seen together that chance would have put together
    """

    low: Array
    high: Array
    outside: Array
    base: Array
    per_unit: Array
    group: Array
    paired: Array
    excluded: Array


def learn(x: Array) -> Constraints:
    """Constraints of (N, F) clean rows, N at least one."""
    least, most = x.min(0), x.max(0)
    base, per_unit = _grids(x, least, most)
    low, high = _ranges(x, least, most, per_unit)
    binary = ((x == 0) | (x == 1)).all(0)
    outside = np.where(least == most, np.where(least == 0, KINDS.index("unseen_category"), 3), 1).astype(np.uint8)
    group = _groups(x, binary)
    paired, excluded = _pairs(x, binary & (least < most), group)
    return Constraints(low, high, outside, base, per_unit, group, paired, excluded)


def _grids(x: Array, least: Array, most: Array) -> tuple[Array, Array]:
    """Largest step on which nearly every row lies: origin and steps a unit, (F,) each."""
    base, per_unit = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    two = (((x == least) | (x == most)).all(0)) & (most.astype(np.float64) - least > FINEST)
    base[two], per_unit[two] = least[two], 1.0 / (most[two].astype(np.float64) - least[two])
    largest = np.maximum(np.abs(least), np.abs(most)).astype(np.float64)
    for step in STEPS:
        open_ = np.flatnonzero((per_unit == 0) & (least < most) & (largest / step < 1e5))
        for part in np.array_split(open_, max(1, len(open_) // 256)):
            r = x[:, part].astype(np.float64) / step
            on = (np.abs(r - np.rint(r)) < OFF).mean(0) >= ON_GRID
            per_unit[part[on]] = 1.0 / step
    return base.astype(np.float32), per_unit.astype(np.float32)


def _ranges(x: Array, least: Array, most: Array, per_unit: Array) -> tuple[Array, Array]:
    """Range with slack for what was not seen yet; signs, unit intervals and two-valued columns get none."""
    bulk = np.quantile(x, (0.01, 0.99), axis=0)
    width = most - least
    low = least - np.maximum(0.25 * width, 3.0 * (bulk[0] - least))
    high = most + np.maximum(0.25 * width, 3.0 * (most - bulk[1]))
    unit = (least >= 0) & (most <= 1)
    low = np.where(least >= 0, np.minimum(least, 0), low)
    high = np.where(unit, 1, np.where(most <= 0, 0, high))
    fixed = (width == 0) | (np.abs(width * per_unit - 1) < 1e-6)
    low, high = np.where(fixed, least, low), np.where(fixed, most, high)
    grain = 1e-6 * np.maximum(1.0, np.abs(x).max(0))
    return (low - grain).astype(np.float32), (high + grain).astype(np.float32)


def _groups(x: Array, binary: Array) -> Array:
    """Runs of 0/1 columns, two of which vary, that sum to one in nearly every row: (G, 2)."""
    found, start, width = [], 0, x.shape[1]
    while start < width:
        total, stop = np.zeros(len(x), np.float32), start
        closed = False
        while stop < min(width, start + 512) and binary[stop] and not closed:
            total += x[:, stop]
            stop += 1
            if (total > 1).mean() > 0.005:
                break
            closed = stop - start > 1 and (total == 1).mean() >= ON_GRID
        if closed and np.ptp(x[:, start:stop], axis=0).sum() >= 2:
            found.append((start, stop))
        start = stop if closed else start + 1
    return np.array(found, np.int32).reshape(-1, 2)


def _pairs(x: Array, binary: Array, group: Array) -> tuple[Array, Array]:
    """Pairs of 0/1 columns that were never one together though chance would have done it a dozen times."""
    share = x.mean(0) * binary
    chosen = np.sort(np.argsort(-share * (1 - share), kind="stable")[:PAIRED])
    chosen = chosen[binary[chosen]]
    on = x[:, chosen].astype(np.float64)
    count = on.sum(0)
    excluded = (on.T @ on == 0) & (np.outer(count, count) / len(x) >= 12)
    for start, stop in group:
        inside = (chosen >= start) & (chosen < stop)
        excluded[np.ix_(inside, inside)] = False
    useful = excluded.any(0)
    return chosen[useful].astype(np.int32), excluded[np.ix_(useful, useful)]


@compiled
def check(x: Array, bad: Array, rules: Constraints, counts: Array, columns: Array) -> None:
    """Count what each record violates.

    Parameters
    ----------
    x, bad : (N, F) f4 and (N,) tamed numbers
    counts : out (N, 8) u2, violations of each kind; of the last only whether
    columns : out (N, 8) i4, a column that violates the kind, -1 if none
    """
    lit = np.empty(LIT, np.int64)
    excess = np.empty(x.shape[1], np.float32)
    for i in range(len(x)):
        for k in range(K):
            counts[i, k] = 0
            columns[i, k] = -1
        if _measure(x[i], rules, excess) > 0:
            _name_columns(x[i], rules, excess, counts[i], columns[i])
        _check_groups(x[i], rules.group, counts[i], columns[i])
        _check_pairs(x[i], rules, lit, counts[i], columns[i])
        counts[i, 6] = bad[i]


@compiled
def _measure(x: Array, rules: Constraints, excess: Array) -> Any:
    """How far each value is outside its range or off its grid; returns how many are. Compiles to vector code."""
    for j in range(len(x)):
        r = (x[j] - rules.base[j]) * rules.per_unit[j]
        outside = max(rules.low[j] - x[j], x[j] - rules.high[j])
        excess[j] = max(outside, abs(r - np.rint(r)) - np.float32(OFF))
    strange = np.int32(0)
    for j in range(len(x)):
        strange += np.int32(excess[j] > np.float32(0))
    return strange


@compiled
def _name_columns(x: Array, rules: Constraints, excess: Array, counts: Array, columns: Array) -> None:
    for j in range(len(x)):
        if excess[j] > np.float32(0):
            k = np.int64(rules.outside[j])
            if x[j] >= rules.low[j] and x[j] <= rules.high[j]:
                k = np.int64(7 if rules.per_unit[j] * np.float32(COARSE) > np.float32(1) else 0)
            counts[k] = 1 if k == 7 else counts[k] + 1
            columns[k] = j


@compiled
def _check_groups(x: Array, group: Array, counts: Array, columns: Array) -> None:
    for g in range(len(group)):
        total = np.float32(0)
        for j in range(group[g, 0], group[g, 1]):
            total += x[j]
        if abs(total - np.float32(1)) > np.float32(1e-3):
            counts[4] += 1
            columns[4] = group[g, 0]


@compiled
def _check_pairs(x: Array, rules: Constraints, lit: Array, counts: Array, columns: Array) -> None:
    n = 0
    for b in range(len(rules.paired)):
        j = rules.paired[b]
        if x[j] > np.float32(0.5) and n < LIT:
            for a in range(n):
                if rules.excluded[lit[a], b]:
                    counts[5] += 1
                    columns[5] = j
            lit[n] = b
            n += 1
