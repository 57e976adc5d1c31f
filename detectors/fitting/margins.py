"""The columns of clean inputs one by one: centre, spread, histogram, most frequent value."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.inputs import LEVELS, REACH, SURPRISE_UNIT, UNITS_PER_SD, WIDEST, Margins

Array = npt.NDArray[Any]

SPREAD_FLOOR = 0.3  # of the usual spread: columns that hardly ever move are not blown up
SMALL = 0.1  # of the usual range: less is another unit
TAIL = 0.005
FINEST = 1e-3  # of a column's range: closer values count as the same
CEILING = 8.0  # nats of surprise
COLUMNS = 256  # worked on at a time


def fit(x: Array, chance: np.random.Generator) -> Margins:
    """Margins of clean inputs (n, F)."""
    width = x.shape[1]
    parts = [_describe(x[:, start : start + COLUMNS]) for start in range(0, width, COLUMNS)]
    median, spread, reach, low, high, mode = (np.concatenate(c) for c in zip(*parts, strict=True))
    spread = np.maximum(spread, _spread_floor(spread, reach, median))
    cell = np.maximum(high - low, np.maximum(FINEST * reach, _smallest(median)))
    margins = Margins(
        centre=median.astype(np.float32),
        gain=(UNITS_PER_SD / spread).astype(np.float32),
        low=low.astype(np.float32),
        inverse_width=((LEVELS - 2) / cell * (1 - 1e-6)).astype(np.float32),
        surprise=np.zeros((width, LEVELS), np.int16),
        mode=mode.astype(np.float32),
        tolerance=np.maximum(FINEST * reach, _smallest(median)).astype(np.float32),
        weights=_odd(chance, width),
        salt=chance.integers(0, 1 << 63, 1, dtype=np.uint64),
        bucket=np.zeros(0, np.int32),
        sign=np.zeros(0, np.float32),
        fold_gain=np.ones(1, np.float32),
    )
    margins = margins._replace(surprise=_surprise(x, margins))
    return _folding(x, margins, chance) if width > WIDEST else margins


def _describe(x: Array) -> tuple[Array, ...]:
    """Median, standard deviation, range, outer quantiles and mode of each of a few columns."""
    n = len(x)
    ordered = np.sort(x, axis=0).astype(np.float64)
    reach = ordered[-1] - ordered[0]
    step = np.where(reach > 0, FINEST * reach, 1.0)
    code = np.rint((ordered - ordered[0]) / step)
    start = np.where(np.vstack([np.ones((1, x.shape[1]), bool), np.diff(code, axis=0) > 0]), np.arange(n)[:, None], 0)
    longest = np.argmax(np.arange(n)[:, None] - np.maximum.accumulate(start, axis=0), axis=0)
    mode = np.take_along_axis(ordered, longest[None], 0)[0]
    tails = ordered[[int(TAIL * (n - 1)), int(np.ceil((1 - TAIL) * (n - 1)))]]
    return ordered[n // 2], ordered.std(0), reach, tails[0], tails[1], mode


def _spread_floor(spread: Array, reach: Array, median: Array) -> Array:
    """Least spread of each column.

    Pixels and other columns in one unit share a floor, so that one which hardly moved in the clean period stays
    comparable; columns of a far smaller range are in another unit (age beside income) and judged against their own.
    A column that never moved shares the floor only if nearly all others are in one unit.
    """
    moving = spread > 0
    if not moving.any():
        return _smallest(median)
    shared = SPREAD_FLOOR * np.median(spread[moving])
    own = SPREAD_FLOOR * np.median(spread[moving] / reach[moving]) * reach
    one_unit = np.quantile(reach[moving], 0.25, method="lower") > SMALL * reach.max()
    still = np.full(len(spread), shared) if one_unit else _smallest(median)
    return np.where(moving, np.where(reach > SMALL * np.median(reach[moving]), shared, own), still)


def _odd(chance: np.random.Generator, count: int) -> Array:
    """Random odd numbers (count,) u8."""
    return np.asarray(chance.integers(0, 1 << 63, count, dtype=np.uint64) * np.uint64(2) + np.uint64(1))


def _smallest(median: Array) -> Array:
    """A difference that float32 can still tell at a column's usual value."""
    return np.asarray(np.maximum(1e-6 * np.abs(median), 1e-9))


def _surprise(x: Array, margins: Margins) -> Array:
    """-log frequency of each level of each column, with half a record added to each."""
    level = np.clip((x - margins.low) * margins.inverse_width + np.float32(1), 0, LEVELS - 1).astype(np.int8)
    counts = np.stack([(level == k).sum(0) for k in range(LEVELS)], axis=1) + 0.5
    nats = -np.log(counts / counts.sum(1, keepdims=True))
    return np.asarray(np.rint(np.minimum(nats, CEILING) / SURPRISE_UNIT), np.int16)


def _folding(x: Array, margins: Margins, chance: np.random.Generator) -> Margins:
    """Choose buckets and signs for wide inputs, and a gain that keeps their sums in reach."""
    width = x.shape[1]
    bucket = chance.permutation(np.arange(width, dtype=np.int32) % np.int32(WIDEST))
    sign = np.where(chance.integers(0, 2, width) > 0, np.float32(1), np.float32(-1))
    order = np.argsort(bucket, kind="stable")
    z = np.clip((x[:, order] - margins.centre[order]) * margins.gain[order], -REACH, REACH) * sign[order]
    sums = np.add.reduceat(z, np.searchsorted(bucket[order], np.arange(WIDEST)), axis=1)
    spread = float(np.median(sums.std(0)))
    gain = np.full(1, UNITS_PER_SD / max(spread, 1e-6), np.float32)
    return margins._replace(bucket=bucket, sign=sign, fold_gain=gain)
