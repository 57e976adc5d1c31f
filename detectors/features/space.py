"""Where an input lies among clean ones: keyed projections, directions, nearest reference rows, Fourier features.

Matrix products are exact, so that nothing depends on the batch, the BLAS or its threads: their operands are whole
numbers in float32, scaled such that every partial sum stays below 2^24.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.inputs import UNITS_PER_SD, between
from schemas.compiled import compiled

SKETCH = 32  # projections of each of the three kinds
FOURIER = 128
PER_SD = 256  # units of the keyed projections a standard deviation
LARGEST_U = 2047
LARGEST_V = 720  # 32 x 720 x 720 < 2^24
FAR = np.float32(4)  # conditional standard deviations that one column may count for
TURN = 4096  # steps of the cosine table
COSINE = (np.sqrt(2) * np.cos(2 * np.pi * np.arange(TURN) / TURN)).astype(np.float32)
NOWHERE = np.int32(1 << 30)  # squared distance where there is no reference row

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


class Space(NamedTuple):
    """The geometry of clean inputs; D = min(F, 1024) normalised columns, K classes, R reference rows.

    Attributes
    ----------
    mean : (D,) f4, whole numbers, of the normalised columns
    matrix, offset : (D, 96) and (96,) f4, whole numbers: keyed Gaussian, principal, residual directions; mean @ matrix
    unit : (96,) f4, of a product: to units of u, to units of v, to standard deviations
    inner : (1,) i4, principal directions outside of which the residual is taken
    v_unit : (1,) f4, standard deviations a unit of v
    wide : (32, 128 + R) f4, whole numbers: [Fourier frequencies | reference rows, by class]
    turn, phase : (1,) and (128,) f4, table steps a unit of v @ frequency, and to begin with
    norms : (R,) i4, squared lengths of the reference rows
    starts : (K + 1,) i4, where each class's reference rows begin
    class_mean : (K, 128) f4, mean Fourier features of each class
    spread : (1,) f4, mean squared length of centred Fourier features
    spacing : (1,) f4, usual distance in u of a new input to the nearest of 3,000 others
    """

    mean: Array
    matrix: Array
    offset: Array
    unit: Array
    inner: Array
    v_unit: Array
    wide: Array
    turn: Array
    phase: Array
    norms: Array
    starts: Array
    class_mean: Array
    spread: Array
    spacing: Array


@compiled
def project(z: Array, product: Array, space: Space, u: Array, v: Array, residual: Array, unlike: Array) -> None:
    """Split ``z @ matrix`` into its three parts.

    Parameters
    ----------
    z, product : (N, D) and (N, 96), whole numbers
    u : out (N, 32) i2, keyed projections, 256 units a standard deviation
    v : out (N, 32) f4, principal directions, whole numbers within +-720
    residual : out (N,) f4, log squared length outside the inner principal directions, squared sd
    unlike : out (N,) f4, log of the sum over 32 secret columns of how far each lies from what all the others predict,
        conditional standard deviations, at most 4 each
    """
    tiny = np.float32(1e-3)
    for i in range(len(z)):
        inside = np.float32(0)
        apart = np.float32(0)
        for c in range(SKETCH):
            u[i, c] = np.int16(clip_round((product[i, c] - space.offset[c]) * space.unit[c], LARGEST_U))
            k = SKETCH + c
            step = (product[i, k] - space.offset[k]) * space.unit[k]
            v[i, c] = clip_round(step, LARGEST_V)
            if c < space.inner[0]:
                inside += step * step
            k = 2 * SKETCH + c
            apart += between(np.float32(0), abs(product[i, k] - space.offset[k]) * space.unit[k], FAR)
        inside *= space.v_unit[0] * space.v_unit[0]
        residual[i] = np.log(max(squared_distance(z[i], space.mean) - inside, tiny))
        unlike[i] = np.log(apart + tiny)


@compiled
def clip_round(x: Scalar, limit: int) -> Scalar:
    """Nearest whole number within the limit."""
    edge = np.float32(limit)
    return np.rint(between(-edge, x, edge))


@compiled
def squared_distance(z: Array, mean: Array) -> Scalar:
    """Squared distance of a normalised row to the mean row, squared sd; the sum is over whole numbers."""
    total = np.int64(0)
    for j in range(len(z)):
        d = np.int32(z[j] - mean[j])
        total += np.int32(d * d)
    return np.float32(total) * np.float32(1 / UNITS_PER_SD**2)


@compiled
def place(v: Array, wide: Array, group: Array, space: Space, phi: Array, knn: Array, trust: Array) -> None:
    """Fourier features, and log distance to the nearest reference rows.

    Parameters
    ----------
    v, wide : (N, 32) and (N, 128 + R) f4, ``v @ space.wide``
    group : (N,) i4, the answer's class; -1 where there is no answer, then the nearest reference row's stands in
    phi : out (N, 128) f4, sqrt(2) cos(...) less the mean of the class (Rahimi, Recht 2007)
    knn : out (N,) f4, log distance to the nearest reference row with the same answer
    trust : out (N,) f4, that less the log distance to the nearest with another answer (Jiang et al. 2018,
        arXiv:1805.11783); NaN where there is only one class
    """
    for i in range(len(v)):
        length = np.int32(0)
        for c in range(SKETCH):
            length += np.int32(v[i, c]) * np.int32(v[i, c])
        same = NOWHERE
        other = NOWHERE
        closest = 0
        for k in range(len(space.starts) - 1):
            start, stop = space.starts[k], space.starts[k + 1]
            nearest = nearest_of(wide[i, FOURIER + start : FOURIER + stop], space.norms[start:stop])
            if k == group[i]:
                same = nearest
            else:
                closest = k if nearest < other else closest
                other = min(other, nearest)
        fourier(wide[i], group[i] if group[i] >= 0 else closest, space, phi[i])
        if group[i] < 0:
            same, other = other, NOWHERE
        knn[i] = log_distance(same, length)
        trust[i] = knn[i] - log_distance(other, length) if other < NOWHERE else np.float32(np.nan)


@compiled
def fourier(product: Array, group: Scalar, space: Space, phi: Array) -> None:
    """Random Fourier features of a row, centred on its class."""
    for c in range(len(phi)):
        step = np.int32(np.floor(product[c] * space.turn[0] + space.phase[c])) & np.int32(TURN - 1)
        phi[c] = COSINE[step] - space.class_mean[group, c]


@compiled
def nearest_of(product: Array, norms: Array) -> Scalar:
    """Squared distance to the nearest of some reference rows, less the row's own squared length."""
    nearest = NOWHERE
    for j in range(len(norms)):
        nearest = np.int32(min(nearest, np.int32(norms[j] - np.int32(np.int32(product[j]) * 2))))
    return nearest


@compiled
def log_distance(squared: Scalar, length: Scalar) -> Scalar:
    """Log distance in units of v, at least that of one unit."""
    d = NOWHERE if squared == NOWHERE else max(squared + length, np.int32(1))
    return np.float32(0.5) * np.log(np.float32(d))
