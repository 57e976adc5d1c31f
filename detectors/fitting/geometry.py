"""The space of clean inputs: secret and principal directions, reference rows, Fourier features, spacing."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features import space
from detectors.features.inputs import REACH, UNITS_PER_SD
from detectors.features.space import FOURIER, LARGEST_V, PER_SD, SKETCH, TURN, Space

Array = npt.NDArray[Any]

EXACT = 2**24 - 1  # whole numbers up to here have exact float32 sums
REFERENCES = 512
BANDWIDTHS = np.repeat([0.35, 0.7, 1.4, 1.4], FOURIER // 4)  # of the median distance between clean inputs
RIDGE = 0.001  # of the mean eigenvalue; five times the noise of whole-number columns
ALIVE = 0.001  # of the median variance: columns that vary less have no residual worth looking at
LARGEST_FREQUENCY = 700  # 32 x 700 x 720 < 2^24
CLASS_WEIGHT = 20  # rows of the mean of all classes mixed into each class's
NEIGHBOURS, NEWCOMERS = 3000, 1500
SAME = 4  # units of u: closer inputs are copies and say nothing about the usual spacing


def fit(z: Array, group: Array, groups: int, chance: np.random.Generator) -> Space:
    """Space of clean normalised inputs z (n, D) with their answers' groups (n,); the spacing is still to come."""
    mean = np.rint(z.mean(0)).astype(np.float32)
    matrix, unit = _directions(z, chance)
    offset = mean @ matrix
    sd = (z @ matrix - offset) * unit
    unit[:SKETCH] *= PER_SD / max(float(sd[:, :SKETCH].std()), 1e-6)
    v_unit = max(float(np.quantile(np.abs(sd[:, SKETCH : 2 * SKETCH]), 0.9995)) * 1.2, 1e-6) / LARGEST_V
    unit[SKETCH : 2 * SKETCH] /= v_unit
    v = np.clip(np.rint(sd[:, SKETCH : 2 * SKETCH] / v_unit), -LARGEST_V, LARGEST_V)
    frequency, turn = _frequencies(v, v_unit, chance)
    references, starts = _references(v, group, groups, chance)
    geometry = Space(
        mean=mean,
        matrix=matrix,
        offset=offset.astype(np.float32),
        unit=unit.astype(np.float32),
        inner=np.full(1, min(SKETCH, max(1, z.shape[1] // 2)), np.int32),
        v_unit=np.full(1, v_unit, np.float32),
        wide=np.ascontiguousarray(np.vstack([frequency.T, references]).T, dtype=np.float32),
        turn=np.full(1, turn, np.float32),
        phase=chance.uniform(0, TURN, FOURIER).astype(np.float32),
        norms=(references**2).sum(1).astype(np.int32),
        starts=starts,
        class_mean=np.zeros((groups, FOURIER), np.float32),
        spread=np.ones(1, np.float32),
        spacing=np.ones(1, np.float32),
    )
    return _centred(geometry, v.astype(np.float32), group, groups)


def spacing(u_fitted: Array, u_held: Array) -> Array:
    """Median distance (1,) of a held-out input to the nearest of at most 3,000 fitted ones, in units of u."""
    a = u_fitted[:NEIGHBOURS].astype(np.float64)
    b = u_held[:NEWCOMERS].astype(np.float64)
    squared = (b**2).sum(1)[:, None] + (a**2).sum(1) - 2 * b @ a.T
    nearest = np.sqrt(np.maximum(squared.min(1), 0))
    nearest = nearest[nearest > SAME]
    return np.full(1, np.median(nearest) if len(nearest) else PER_SD, np.float32)


def _directions(z: Array, chance: np.random.Generator) -> tuple[Array, Array]:
    """Whole-number matrix (D, 96) of three kinds of directions, and standard deviations a unit of its products."""
    width = z.shape[1]
    exact = z.astype(np.float64)
    mean = exact.mean(0)
    covariance = (exact.T @ exact / len(z) - np.outer(mean, mean)) / UNITS_PER_SD**2
    value, vector = np.linalg.eigh(covariance)
    value, vector = value[::-1].clip(0), vector[:, ::-1]
    vector = vector * np.sign(vector[np.abs(vector).argmax(0), np.arange(width)])
    keyed = chance.standard_normal((width, SKETCH)) / np.sqrt(width)
    principal = np.zeros((width, SKETCH))
    principal[:, : min(width, SKETCH)] = vector[:, :SKETCH]
    real = np.hstack([keyed, principal, _residuals(covariance, value, vector, chance)])
    largest = np.abs(real).sum(0)
    scale = np.where(largest > 0, (EXACT / REACH - width / 2) / np.where(largest > 0, largest, 1), 1.0)
    return np.rint(real * scale).astype(np.float32), 1 / scale / UNITS_PER_SD


def _residuals(covariance: Array, value: Array, vector: Array, chance: np.random.Generator) -> Array:
    """Directions (D, 32): of columns drawn by the secret, how far each lies from what all others predict.

    With P the inverse of the covariance and a ridge, column j given the others is normal with variance 1 / P_jj, and
    deviates by (P (x - mean))_j / sqrt(P_jj) standard deviations: the conditional terms of Mason, Tracy, Young,
    Decomposition of T2 for multivariate control chart interpretation, 1995, doi:10.1080/00224065.1995.11979573.
    Zero where there are fewer columns.
    """
    precision = (vector / (value + RIDGE * value.mean() + 1e-9)) @ vector.T
    own = np.diag(covariance)
    alive = np.flatnonzero(own > ALIVE * np.median(own[own > 0])) if (own > 0).any() else np.zeros(0, np.int64)
    chosen = np.sort(chance.permutation(alive)[:SKETCH])
    made = np.zeros((len(covariance), SKETCH))
    made[:, : len(chosen)] = precision[:, chosen] / np.sqrt(np.diag(precision)[chosen])
    return made


def _frequencies(v: Array, v_unit: float, chance: np.random.Generator) -> tuple[Array, float]:
    """Whole-number Fourier frequencies (32, 128), and table steps a unit of their product with v."""
    pairs = chance.integers(0, len(v), (2, 2000))
    distance = np.sqrt(((v[pairs[0]] - v[pairs[1]]) ** 2).sum(1))
    usual = max(float(np.median(distance)), 1.0)
    frequency = chance.standard_normal((SKETCH, FOURIER)) / (BANDWIDTHS * usual)  # radians a unit of v
    scale = LARGEST_FREQUENCY / float(np.abs(frequency).max())
    return np.rint(frequency * scale), TURN / (2 * np.pi) / scale


def _references(v: Array, group: Array, groups: int, chance: np.random.Generator) -> tuple[Array, Array]:
    """At most 512 distinct rows of v by class, and where each class begins (groups + 1,)."""
    _, first = np.unique(v, axis=0, return_index=True)
    chosen = chance.permutation(first)[:REFERENCES]
    chosen = chosen[np.argsort(group[chosen], kind="stable")]
    return v[chosen], np.searchsorted(group[chosen], np.arange(groups + 1)).astype(np.int32)


def _centred(geometry: Space, v: Array, group: Array, groups: int) -> Space:
    """The same with the classes' mean Fourier features, and how far single ones lie from them."""
    phi = np.empty((len(v), FOURIER), np.float32)
    ignored = np.empty((2, len(v)), np.float32)
    space.place(v, v @ geometry.wide, group, geometry, phi, ignored[0], ignored[1])
    everyone = phi.mean(0)
    mean = [
        (phi[group == k].sum(0) + CLASS_WEIGHT * everyone) / ((group == k).sum() + CLASS_WEIGHT) for k in range(groups)
    ]
    class_mean = np.array(mean, np.float32)
    spread = ((phi - class_mean[group]) ** 2).sum(1).mean()
    return geometry._replace(class_mean=class_mean, spread=np.full(1, max(float(spread), 1e-3), np.float32))
